// SPDX-License-Identifier: Apache-2.0

/// A part of a filter, by the flag that sets it.
public enum FilterField: String, Sendable, Hashable, CaseIterable {
  /// `includedNamespaces`.
  case includedNamespaces = "--include-namespaces"
  /// `excludedNamespaces`.
  case excludedNamespaces = "--exclude-namespaces"
  /// `includedResources`.
  case includedResources = "--include-resources"
  /// `excludedResources`.
  case excludedResources = "--exclude-resources"
  /// `includeClusterResources`.
  case clusterResources = "--include-cluster-resources"
  /// `includedClusterScopedResources`.
  case includedCluster = "--include-cluster-scoped-resources"
  /// `excludedClusterScopedResources`.
  case excludedCluster = "--exclude-cluster-scoped-resources"
  /// `includedNamespaceScopedResources`.
  case includedNamespaced = "--include-namespace-scoped-resources"
  /// `excludedNamespaceScopedResources`.
  case excludedNamespaced = "--exclude-namespace-scoped-resources"
  /// `labelSelector`.
  case selector = "--selector"
  /// `orLabelSelectors`.
  case orSelector = "--or-selector"
  /// `orderedResources`.
  case orderedResources = "--ordered-resources"
  /// `resourcePolicy`.
  case resourcePolicy = "--resource-policies-configmap"
  /// No field of Velero's: a workload, with all it needs.
  case workload = "--workload"
  /// No field of Velero's: a Helm release.
  case helmRelease = "--helm-release"

  /// The flag.
  public var flag: String { rawValue }
}

/// One entry of a filter as its user wrote it: what a reason points at.
public struct FilterEntry: Sendable, Hashable, CustomStringConvertible {
  /// Which part of the filter it is in.
  public var field: FilterField
  /// The entry: a name, a pattern, a selector.
  public var text: String
  /// Whether the resource policy has it, not the filter itself; `field` is the list that it joins.
  public var isFromPolicy: Bool

  /// Makes an entry.
  public init(_ field: FilterField, _ text: String, isFromPolicy: Bool = false) {
    self.field = field
    self.text = text
    self.isFromPolicy = isFromPolicy
  }

  /// `--exclude-resources=secrets`.
  public var description: String {
    isFromPolicy ? "'\(text)' of the resource policy" : "\(field.flag)=\(text)"
  }
}

/// What in a filter takes an object: all three parts hold at once.
public struct FilterMatch: Sendable, Hashable, CustomStringConvertible {
  /// The entry that names its type; nil when the filter names no types.
  public var type: FilterEntry?
  /// The entry that names its namespace; nil when the filter takes all, and for cluster-scoped objects.
  public var namespace: FilterEntry?
  /// The selector that its labels match; nil without one.
  public var selector: String?

  /// Makes a match; the default is that of a filter that leaves nothing out.
  public init(type: FilterEntry? = nil, namespace: FilterEntry? = nil, selector: String? = nil) {
    self.type = type
    self.namespace = namespace
    self.selector = selector
  }

  /// `matches tier=db and --include-namespaces=shop*`.
  public var description: String {
    let parts = [selector, namespace?.description, type?.description].compactMap(\.self)
    guard let last = parts.last else {
      return "matches the filter, which leaves no such object out"
    }
    let first = parts.dropLast().joined(separator: ", ")
    return "matches " + (first.isEmpty ? last : "\(first) and \(last)")
  }
}
