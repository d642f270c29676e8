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
///
/// Objects that others brought name the one that did, as `namespace/name` or `name`; its own reason is that object's matter.
public enum Inclusion: Sendable, Hashable {
  /// The filter takes its type, its namespace and its labels.
  case filter(FilterMatch)
  /// A Namespace whose labels match this selector.
  case namespaceMatchesSelector(String)
  /// A Namespace that the namespace filter takes, for the sake of this entry if one is needed.
  case namespaceIncluded(by: FilterEntry?)
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
  /// The cluster role that a binding gives to a taken service account.
  case roleOfBinding(String)
  /// The definition of a custom resource that has taken instances.
  case definitionOfCustomResource(String)
  /// It is one of the objects that the filter is restricted to, and the rest of the filter allows it.
  case member(Membership)

  /// Taken by a filter that leaves nothing out.
  public static let filter = Inclusion.filter(FilterMatch())

  /// Whether another object brought it in.
  public var isForOthers: Bool {
    switch self {
    case .filter, .namespaceIncluded, .namespaceMatchesSelector, .namespaceOfObjects: false
    case .member(let membership): !membership.isAsked
    case .volumeOfClaim, .claimOfPod, .podOfClaim, .volumeGroupOfClaim, .priorityClassOfPod,
      .bindingOfServiceAccount, .roleOfBinding, .definitionOfCustomResource:
      true
    }
  }
}

extension Inclusion: CustomStringConvertible {
  /// The reason in words, in lower case and without a stop.
  public var description: String {
    switch self {
    case .filter(let match): match.description
    case .namespaceMatchesSelector(let selector):
      "namespace whose labels match the selector \(selector)"
    case .namespaceIncluded(let entry):
      "namespace that the filter includes" + (entry.map { ", by \($0)" } ?? "")
    case .namespaceOfObjects: "namespace of objects that were listed"
    case .volumeOfClaim(let claim): "volume of the claim '\(claim)'"
    case .claimOfPod(let pod): "claim of the pod '\(pod)'"
    case .podOfClaim(let claim): "pod that mounts the claim '\(claim)'"
    case .volumeGroupOfClaim(let claim): "in the volume group of the claim '\(claim)'"
    case .priorityClassOfPod(let pod): "priority class of the pod '\(pod)'"
    case .bindingOfServiceAccount(let account): "binding of the service account '\(account)'"
    case .roleOfBinding(let binding): "role of the binding '\(binding)'"
    case .definitionOfCustomResource(let name): "definition of the custom resource '\(name)'"
    case .member(let membership): membership.description
    }
  }
}

/// Why an object, or a whole type, is not in a backup.
public enum Exclusion: Sendable, Hashable {
  /// The API server does not offer the verbs a backup and a restore need.
  case missingVerbs([String])
  /// The same objects are read under another group.
  case sameAs(String)
  /// This entry of the filter excludes its type.
  case typeExcluded(by: FilterEntry)
  /// This list of the filter names types, and its own is none of them.
  case typeNotIncluded(in: FilterField)
  /// Volume snapshots: Velero never takes them as plain objects.
  case volumeSnapshot
  /// Cluster-scoped, and `--include-cluster-resources=false`.
  case clusterResourcesOff
  /// Cluster-scoped, and the filter takes only such objects of this scope that others need: because it narrows the
  /// namespaces, or, when nil, because none of its entries asks for the type.
  case clusterResourcesOnlyWhenNeeded(NamespaceFilter.Narrowing?)
  /// Its namespace is excluded by this entry.
  case namespaceExcluded(String, by: FilterEntry)
  /// Its namespace is labelled `velero.io/exclude-from-backup=true`.
  case namespaceLabelledOut(String)
  /// The filter names namespaces, and its own is none of them.
  case namespaceNotIncluded(String)
  /// Its labels do not match the selector, or, in words, any of several.
  case labelsDoNotMatch(String)
  /// It is labelled `velero.io/exclude-from-backup=true`.
  case labelledOut
  /// It is being deleted.
  case beingDeleted
  /// A Namespace that the filter does not name and in which nothing was listed.
  case namespaceNotNeeded
  /// The filter is restricted to what belongs to this, in words, and it does not.
  case notPartOf(String)

  /// Whether the reason is one object's own: Velero would have collected it, and then left it out.
  var isAboutTheObject: Bool { self == .labelledOut || self == .beingDeleted }
}

extension Exclusion: CustomStringConvertible {
  /// The reason in words, in lower case and without a stop.
  public var description: String {
    switch self {
    case .missingVerbs(let verbs):
      "the API server does not offer \(verbs.joined(separator: ", ")) for this type"
    case .sameAs(let other): "the same objects are read as '\(other)'"
    case .typeExcluded(let entry): "the type is excluded by \(entry)"
    case .typeNotIncluded(let field): "the type is none of those of \(field.flag)"
    case .volumeSnapshot: "volume snapshots are not backed up as objects"
    case .clusterResourcesOff: "cluster-scoped, and --include-cluster-resources=false"
    case .clusterResourcesOnlyWhenNeeded(let narrowing):
      "cluster-scoped, and \(Self.cause(narrowing)); taken only where a backed-up object needs it"
    case .namespaceExcluded(let namespace, let entry):
      "the namespace '\(namespace)' is excluded by \(entry)"
    case .namespaceLabelledOut(let namespace):
      "label \(Selection.excludeLabel)=true on the namespace '\(namespace)'"
    case .namespaceNotIncluded(let namespace):
      "the namespace '\(namespace)' is none of those of \(FilterField.includedNamespaces.flag)"
    case .labelsDoNotMatch(let selector): "its labels do not match \(selector)"
    case .labelledOut: "label \(Selection.excludeLabel)=true"
    case .beingDeleted: "it is being deleted"
    case .namespaceNotNeeded: "the filter does not name it and nothing was listed in it"
    case .notPartOf(let title): "not part of \(title)"
    }
  }

  private static func cause(_ narrowing: NamespaceFilter.Narrowing?) -> String {
    switch narrowing {
    case .entry(let entry): "namespaces are filtered by \(entry)"
    case .label(let namespace):
      "namespaces are filtered by the label \(Selection.excludeLabel)=true on '\(namespace)'"
    case nil: "nothing in the filter asks for the type"
    }
  }
}

extension Verdict {
  /// Whether Velero would have collected the object, and so keeps the Namespace it is in, even if it then leaves it out.
  ///
  /// A list across namespaces also brings objects of namespaces that the filter leaves out.
  var isOfCollected: Bool {
    switch self {
    case .taken: true
    case .left(let exclusion): exclusion.isAboutTheObject
    }
  }
}
