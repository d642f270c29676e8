// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
internal import Velero

/// A restore's filter: which objects of an archive are taken, and why others are not.
///
/// Pure. Objects are asked about in two stages, as Velero does: those that are listed in the archive, and those that others
/// bring along, for which neither selectors nor the rule about cluster-scoped objects count.
/// Source: velero/05, section 3.
public struct RestoreSelection: Sendable {
  /// Types that come along whatever the filter says: data that others are restored from.
  public static let mustHave: Set<String> = [
    "datauploads.velero.io", "volumesnapshotcontents.snapshot.storage.k8s.io",
  ]

  /// The filter.
  public let filter: RestoreFilter
  private let included: ResourceEntries
  private let excluded: ResourceEntries
  private let never: ResourceEntries
  private let includedNamespaces: [(pattern: NamePattern, entry: FilterEntry)]
  private let excludedNamespaces: [(pattern: NamePattern, entry: FilterEntry)]
  private let selectorText: String

  /// Applies a filter.
  ///
  /// - Parameters:
  ///   - filter: Sound, as `RestoreFilter.problems` says.
  ///   - discovery: What the target serves; entries are resolved by it.
  public init(filter: RestoreFilter, discovery: Discovery) {
    self.filter = filter
    included = ResourceEntries(
      filter.resources.included,
      .includedResources,
      discovery: discovery
    )
    excluded = ResourceEntries(
      filter.resources.excluded,
      .excludedResources,
      discovery: discovery
    )
    never = ResourceEntries(
      RestoreFilter.neverRestored,
      .excludedResources,
      discovery: discovery
    )
    includedNamespaces = Self.entries(filter.includedNamespaces, .includedNamespaces)
    excludedNamespaces = Self.entries(filter.excludedNamespaces, .excludedNamespaces)
    selectorText = filter.selectors.map { $0.isEmpty ? "the empty selector" : $0.description }
      .joined(separator: " or ")
  }

  private static func entries(
    _ texts: [String],
    _ field: FilterField
  ) -> [(pattern: NamePattern, entry: FilterEntry)] {
    texts.map { (NamePattern($0), FilterEntry(field, $0)) }
  }

  /// Why an object that the archive lists is not restored; nil when it is.
  ///
  /// - Parameters:
  ///   - resource: Its type, `plural.group`.
  ///   - namespace: Its namespace in the backup; nil for cluster-scoped objects.
  ///   - label: Gives the value of one of its labels, or nil.
  /// - Returns: The reason; nil when it is restored.
  public func exclusion(
    ofListed resource: String,
    namespace: String?,
    label: (String) -> String?
  ) -> RestoreSkip? {
    if let skip = exclusion(ofType: resource, isNamespaced: namespace != nil) { return skip }
    if Self.mustHave.contains(resource) { return nil }
    return namespace.flatMap { exclusion(ofNamespace: $0) } ?? exclusion(ofLabels: label)
  }

  /// Why an object that another one brings along is not restored; nil when it is.
  public func exclusion(ofNeeded resource: String, namespace: String?) -> RestoreSkip? {
    if namespace == nil, filter.resources.includeClusterResources == false {
      return .filter(.clusterResourcesOff)
    }
    if Self.mustHave.contains(resource) { return nil }
    return exclusion(ofEntries: resource) ?? namespace.flatMap { exclusion(ofNamespace: $0) }
  }

  /// What the filter says of a listed type in one of the scopes.
  func exclusion(ofType resource: String, isNamespaced: Bool) -> RestoreSkip? {
    if !isNamespaced, filter.resources.includeClusterResources == false {
      return .filter(.clusterResourcesOff)
    }
    if let skip = exclusion(ofEntries: resource) { return skip }
    guard !isNamespaced, filter.resources.includeClusterResources == nil,
      !Self.mustHave.contains(resource), let entry = narrowing
    else { return nil }
    return .clusterResourcesOnlyWhenNeeded(by: entry)
  }

  /// What the filter says of a namespace of the backup; not for the types of `mustHave`.
  func exclusion(ofNamespace namespace: String) -> RestoreSkip? {
    if let hit = excludedNamespaces.first(where: { $0.pattern.matches(namespace) }) {
      return .filter(.namespaceExcluded(namespace, by: hit.entry))
    }
    let isTaken =
      includedNamespaces.isEmpty
      || includedNamespaces.contains { $0.pattern.matches(namespace) }
    return isTaken ? nil : .filter(.namespaceNotIncluded(namespace))
  }

  /// What the filter says of a listed object's labels; not for the types of `mustHave`.
  func exclusion(ofLabels label: (String) -> String?) -> RestoreSkip? {
    let isTaken = filter.selectors.isEmpty || filter.selectors.contains { $0.matches(label) }
    return isTaken ? nil : .filter(.labelsDoNotMatch(selectorText))
  }

  private func exclusion(ofEntries resource: String) -> RestoreSkip? {
    if Self.mustHave.contains(resource) { return nil }
    if never.entry(for: resource) != nil { return .neverRestored(type: resource) }
    if let entry = excluded.entry(for: resource) { return .filter(.typeExcluded(by: entry)) }
    let isTaken = included.isOpen || included.entry(for: resource) != nil
    return isTaken ? nil : .filter(.typeNotIncluded(in: .includedResources))
  }

  /// The entry that makes the filter take less than every namespace; nil when it takes them all.
  private var narrowing: FilterEntry? {
    guard !filter.includesAllNamespaces else { return nil }
    return excludedNamespaces.first?.entry
      ?? FilterEntry(.includedNamespaces, filter.includedNamespaces.joined(separator: ","))
  }

  /// The entries of the include list that stand for a type of the archive or for none at all.
  func unmatchedResources(of resources: some Sequence<String>) -> [FilterEntry] {
    let named = Set(resources.compactMap { included.entry(for: $0) })
    return filter.resources.included.filter { $0 != "*" }
      .map { FilterEntry(.includedResources, $0) }.filter { !named.contains($0) }
  }
}
