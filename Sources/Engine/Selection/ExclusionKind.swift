// SPDX-License-Identifier: Apache-2.0

/// Why objects are not in a backup, without what differs from one object to the next: what they are counted by.
///
/// The raw values are written into machine-readable output and stay as they are.
public enum ExclusionKind: String, Sendable, Hashable, CaseIterable {
  /// The API server does not offer the verbs a backup and a restore need.
  case missingVerbs
  /// The same objects are read under another group.
  case sameAs
  /// An entry of the filter excludes the type.
  case typeExcluded
  /// The filter names types, and this is none of them.
  case typeNotIncluded
  /// Volume snapshots are never taken as plain objects.
  case volumeSnapshot
  /// Cluster-scoped, and such objects are switched off.
  case clusterResourcesOff
  /// Cluster-scoped, and nothing that is taken needs it.
  case clusterResourcesOnlyWhenNeeded
  /// An entry of the filter excludes the namespace.
  case namespaceExcluded
  /// The namespace is labelled to be left out.
  case namespaceLabelledOut
  /// The filter names namespaces, and this is none of them.
  case namespaceNotIncluded
  /// The labels do not match the selector.
  case labelsDoNotMatch
  /// The object is labelled to be left out.
  case labelledOut
  /// The object is being deleted.
  case beingDeleted
  /// A Namespace that the filter does not name and in which nothing is taken.
  case namespaceNotNeeded
  /// The filter is restricted to a workload or a Helm release, and the object does not belong to it.
  case notPartOf
}

extension Exclusion {
  /// What it is counted by.
  public var kind: ExclusionKind {
    switch self {
    case .missingVerbs: .missingVerbs
    case .sameAs: .sameAs
    case .typeExcluded: .typeExcluded
    case .typeNotIncluded: .typeNotIncluded
    case .volumeSnapshot: .volumeSnapshot
    case .clusterResourcesOff: .clusterResourcesOff
    case .clusterResourcesOnlyWhenNeeded: .clusterResourcesOnlyWhenNeeded
    case .namespaceExcluded: .namespaceExcluded
    case .namespaceLabelledOut: .namespaceLabelledOut
    case .namespaceNotIncluded: .namespaceNotIncluded
    case .labelsDoNotMatch: .labelsDoNotMatch
    case .labelledOut: .labelledOut
    case .beingDeleted: .beingDeleted
    case .namespaceNotNeeded: .namespaceNotNeeded
    case .notPartOf: .notPartOf
    }
  }

  /// The reason in words, without the namespace that an object is in, so that it is the same for many objects.
  public var generalDescription: String {
    switch self {
    case .namespaceExcluded(_, let entry): "its namespace is excluded by \(entry)"
    case .namespaceLabelledOut: "label \(Selection.excludeLabel)=true on its namespace"
    case .namespaceNotIncluded:
      "its namespace is none of those of \(FilterField.includedNamespaces.flag)"
    case .missingVerbs, .sameAs, .typeExcluded, .typeNotIncluded, .volumeSnapshot,
      .clusterResourcesOff, .clusterResourcesOnlyWhenNeeded, .labelsDoNotMatch, .labelledOut,
      .beingDeleted, .namespaceNotNeeded, .notPartOf:
      description
    }
  }
}
