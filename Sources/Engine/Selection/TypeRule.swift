// SPDX-License-Identifier: Apache-2.0

public import Kubernetes

/// What a filter says about one type.
public struct TypeRule: Sendable {
  /// The type, in its preferred version.
  public let resource: APIResource
  /// Whether the type's objects are listed, and why not.
  public let listing: Exclusion?
  /// Whether single objects of the type may come in because others need them.
  public let acceptsAdditions: Bool

  /// `plural.group`, or `plural` in the core group.
  public var groupResource: String { resource.groupVersionResource.groupResource }
}

/// Decides about types as Velero 1.18 does, in either filter style.
///
/// Source: velero/03, section 4.
struct TypeRules {
  private enum Style {
    case legacy(included: ResourceEntries, excluded: ResourceEntries, cluster: Bool?)
    case scoped(
      includedCluster: ResourceEntries,
      excludedCluster: ResourceEntries,
      includedNamespaced: ResourceEntries,
      excludedNamespaced: ResourceEntries
    )
  }

  private static let namespaces = "namespaces"
  private static let snapshots = "volumesnapshots.snapshot.storage.k8s.io"
  private static let snapshotContents = "volumesnapshotcontents.snapshot.storage.k8s.io"
  private static let neededVerbs = ["list", "create", "get", "delete"]

  private let style: Style
  private let includesEverything: Bool

  init(filter: ResourceFilter, discovery: Discovery, namespaces: NamespaceFilter) {
    includesEverything = namespaces.includesEverything
    switch filter {
    case .legacy(let legacy):
      style = .legacy(
        included: ResourceEntries(legacy.included, discovery: discovery),
        excluded: ResourceEntries(legacy.excluded, discovery: discovery),
        cluster: legacy.includeClusterResources
      )
    case .scoped(let scoped):
      style = .scoped(
        includedCluster: ResourceEntries(
          scoped.includedCluster,
          discovery: discovery,
          isNamespaced: false
        ),
        excludedCluster: ResourceEntries(
          scoped.excludedCluster,
          discovery: discovery,
          isNamespaced: false
        ),
        includedNamespaced: ResourceEntries(
          scoped.includedNamespaced,
          discovery: discovery,
          isNamespaced: true
        ),
        excludedNamespaced: ResourceEntries(
          scoped.excludedNamespaced,
          discovery: discovery,
          isNamespaced: true
        )
      )
    }
  }

  func rule(for resource: APIResource) -> TypeRule {
    let name = resource.groupVersionResource.groupResource
    let missing = Self.neededVerbs.filter { !resource.verbs.contains($0) }
    guard missing.isEmpty else {
      return TypeRule(resource: resource, listing: .missingVerbs(missing), acceptsAdditions: false)
    }
    guard name != Self.snapshots, name != Self.snapshotContents else {
      return TypeRule(resource: resource, listing: .volumeSnapshot, acceptsAdditions: false)
    }
    switch style {
    case .legacy(let included, let excluded, let cluster):
      let listing = Self.legacyListing(
        resource,
        name,
        (included, excluded, cluster),
        includesEverything
      )
      return TypeRule(
        resource: resource,
        listing: listing,
        acceptsAdditions: resource.isNamespaced
          ? listing == nil
          : Self.legacyAcceptsAdditions(name, (included, excluded, cluster), includesEverything)
      )
    case .scoped(let includedCluster, let excludedCluster, let included, let excluded):
      let listing =
        resource.isNamespaced
        ? Self.namespacedListing(name, included, excluded)
        : Self.clusterListing(name, includedCluster, excludedCluster)
      return TypeRule(
        resource: resource,
        listing: listing,
        acceptsAdditions: resource.isNamespaced
          ? listing == nil : excludedCluster.entry(for: name) == nil
      )
    }
  }

  private static func legacyListing(
    _ resource: APIResource,
    _ name: String,
    _ filter: (included: ResourceEntries, excluded: ResourceEntries, cluster: Bool?),
    _ includesEverything: Bool
  ) -> Exclusion? {
    if !resource.isNamespaced {
      if filter.cluster == false { return .clusterResourcesOff }
      if filter.cluster == nil, name != namespaces, !includesEverything {
        return .clusterResourcesOnlyWhenNeeded
      }
    }
    if let entry = filter.excluded.entry(for: name) { return .typeExcluded(entry: entry) }
    let isIncluded =
      filter.included.isEmpty || filter.included.hasStar || filter.included.entry(for: name) != nil
    return isIncluded ? nil : .typeNotIncluded
  }

  /// The opposite of Velero's `ShouldExclude` for a cluster-scoped type in the old style.
  private static func legacyAcceptsAdditions(
    _ name: String,
    _ filter: (included: ResourceEntries, excluded: ResourceEntries, cluster: Bool?),
    _ includesEverything: Bool
  ) -> Bool {
    if filter.excluded.entry(for: name) != nil || filter.cluster == false { return false }
    guard filter.cluster == nil else { return true }
    return filter.included.isEmpty || filter.included.hasStar
      || filter.included.entry(for: name) != nil
  }

  private static func namespacedListing(
    _ name: String,
    _ included: ResourceEntries,
    _ excluded: ResourceEntries
  ) -> Exclusion? {
    if let entry = excluded.entry(for: name) { return .typeExcluded(entry: entry) }
    if included.isEmpty || included.hasStar || included.entry(for: name) != nil { return nil }
    return .typeNotIncluded
  }

  /// Without any cluster-scoped list Velero 1.18 lists no cluster-scoped type but namespaces: it excludes
  /// volume snapshot contents itself, so that its "nothing is set" case never holds.
  private static func clusterListing(
    _ name: String,
    _ included: ResourceEntries,
    _ excluded: ResourceEntries
  ) -> Exclusion? {
    if let entry = excluded.entry(for: name) { return .typeExcluded(entry: entry) }
    if included.hasStar || included.entry(for: name) != nil || name == namespaces { return nil }
    return included.isEmpty ? .clusterResourcesOnlyWhenNeeded : .typeNotIncluded
  }
}
