// SPDX-License-Identifier: Apache-2.0

/// Whether something is in a backup, and why.
public enum Verdict: Sendable, Hashable {
  /// It is taken.
  case taken(Inclusion)
  /// It is left out.
  case left(Exclusion)

  /// Whether it is taken.
  public var isTaken: Bool {
    if case .taken = self { true } else { false }
  }
}

extension Verdict: CustomStringConvertible {
  /// The reason in words, for screens and logs.
  public var description: String {
    switch self {
    case .taken(let inclusion): inclusion.description
    case .left(let exclusion): exclusion.description
    }
  }
}

/// Why an object is in a backup.
public enum Inclusion: Sendable, Hashable {
  /// The filter takes its namespace, its type and its labels.
  case filter
  /// A Namespace whose labels match the label selector.
  case namespaceMatchesSelector
  /// A Namespace that the namespace filter takes.
  case namespaceIncluded
  /// A Namespace in which at least one listed object lives.
  case namespaceOfObjects
  /// The volume that a bound claim names.
  case volumeOfClaim(String)
  /// A claim that a pod mounts.
  case claimOfPod(String)
  /// A pod that mounts a taken claim.
  case podOfClaim(String)
  /// A claim in the same volume group as a taken one.
  case volumeGroupOfClaim(String)
  /// The priority class that a pod names.
  case priorityClassOfPod(String)
  /// A cluster role binding that names a taken service account.
  case bindingOfServiceAccount(String)
  /// The cluster role that a taken binding refers to.
  case roleOfBinding(String)
  /// The definition of a custom resource that has taken instances.
  case definitionOfCustomResource(String)
}

extension Inclusion: CustomStringConvertible {
  /// The reason in words, in lower case and without a stop.
  public var description: String {
    switch self {
    case .filter: "matches the filter"
    case .namespaceMatchesSelector: "namespace whose labels match the selector"
    case .namespaceIncluded: "namespace that the filter includes"
    case .namespaceOfObjects: "namespace of objects that were listed"
    case .volumeOfClaim(let claim): "volume of the claim '\(claim)'"
    case .claimOfPod(let pod): "claim of the pod '\(pod)'"
    case .podOfClaim(let claim): "pod that mounts the claim '\(claim)'"
    case .volumeGroupOfClaim(let claim): "in the volume group of the claim '\(claim)'"
    case .priorityClassOfPod(let pod): "priority class of the pod '\(pod)'"
    case .bindingOfServiceAccount(let account): "binding of the service account '\(account)'"
    case .roleOfBinding(let binding): "role of the binding '\(binding)'"
    case .definitionOfCustomResource(let name): "definition of the custom resource '\(name)'"
    }
  }
}

/// Why an object, or a whole type, is not in a backup.
public enum Exclusion: Sendable, Hashable {
  /// The API server does not offer the verbs a backup and a restore need.
  case missingVerbs([String])
  /// The same objects are read under another group.
  case sameAs(String)
  /// The filter's list of excluded types names it.
  case typeExcluded(entry: String)
  /// The filter names types, and this is none of them.
  case typeNotIncluded
  /// Volume snapshots: Velero never takes them as plain objects.
  case volumeSnapshot
  /// Cluster-scoped, and `--include-cluster-resources=false`.
  case clusterResourcesOff
  /// Cluster-scoped, and the filter takes only such objects of this scope that others need.
  case clusterResourcesOnlyWhenNeeded
  /// Its namespace is excluded by name or pattern.
  case namespaceExcluded(String)
  /// Its namespace is labelled `velero.io/exclude-from-backup=true`.
  case namespaceLabelledOut(String)
  /// The filter names namespaces, and its own is none of them.
  case namespaceNotIncluded(String)
  /// Its labels do not match the selector.
  case labelsDoNotMatch
  /// It is labelled `velero.io/exclude-from-backup=true`.
  case labelledOut
  /// It is being deleted.
  case beingDeleted
  /// A Namespace that the filter does not name and in which nothing was listed.
  case namespaceNotNeeded
}

extension Exclusion: CustomStringConvertible {
  /// The reason in words, in lower case and without a stop.
  public var description: String {
    switch self {
    case .missingVerbs(let verbs):
      "the API server does not offer \(verbs.joined(separator: ", ")) for this type"
    case .sameAs(let other): "the same objects are read as '\(other)'"
    case .typeExcluded(let entry): "the type is excluded by '\(entry)'"
    case .typeNotIncluded: "the filter does not include the type"
    case .volumeSnapshot: "volume snapshots are not backed up as objects"
    case .clusterResourcesOff: "cluster-scoped, and --include-cluster-resources=false"
    case .clusterResourcesOnlyWhenNeeded:
      "cluster-scoped, and taken only where a backed-up object needs it"
    case .namespaceExcluded(let namespace): "the namespace '\(namespace)' is excluded"
    case .namespaceLabelledOut(let namespace):
      "the namespace '\(namespace)' is labelled velero.io/exclude-from-backup=true"
    case .namespaceNotIncluded(let namespace):
      "the filter does not include the namespace '\(namespace)'"
    case .labelsDoNotMatch: "its labels do not match the selector"
    case .labelledOut: "it is labelled velero.io/exclude-from-backup=true"
    case .beingDeleted: "it is being deleted"
    case .namespaceNotNeeded: "the filter does not name it and nothing was listed in it"
    }
  }
}
