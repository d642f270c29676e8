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
  /// The entry of the filter that names the type; nil when it is taken without being named, or is not listed.
  public let entry: FilterEntry?

  init(
    _ resource: APIResource,
    listing: Exclusion?,
    acceptsAdditions: Bool,
    entry: FilterEntry? = nil
  ) {
    self.resource = resource
    self.listing = listing
    self.acceptsAdditions = acceptsAdditions
    self.entry = entry
  }

  /// `plural.group`, or `plural` in the core group.
  public var groupResource: String { resource.groupVersionResource.groupResource }

  /// The same where the filter is restricted to some objects: their types are read, also those that are taken only when needed, and
  /// no others.
  func restricted(to only: ObjectSet?) -> TypeRule {
    // Namespace objects are decided by what is in them.
    guard let only, groupResource != "namespaces" else { return self }
    let hasMembers = only.hasMembers(ofType: groupResource)
    switch listing {
    case nil where !hasMembers:
      return TypeRule(
        resource,
        listing: .notPartOf(only.title),
        acceptsAdditions: acceptsAdditions
      )
    case .clusterResourcesOnlyWhenNeeded where hasMembers:
      return TypeRule(resource, listing: nil, acceptsAdditions: acceptsAdditions)
    default: return self
    }
  }
}

/// Decides about types as Velero 1.18 does, in either filter style.
///
/// Source: velero/03, section 4.
struct TypeRules {
  private struct Legacy {
    let included: ResourceEntries
    let excluded: ResourceEntries
    let cluster: Bool?
  }

  private struct Scoped {
    var includedCluster: ResourceEntries
    var excludedCluster: ResourceEntries
    var includedNamespaced: ResourceEntries
    var excludedNamespaced: ResourceEntries
  }

  private enum Style {
    case legacy(Legacy)
    case scoped(Scoped)
  }

  private static let namespaces = "namespaces"
  private static let snapshots = "volumesnapshots.snapshot.storage.k8s.io"
  private static let snapshotContents = "volumesnapshotcontents.snapshot.storage.k8s.io"
  private static let neededVerbs = ["list", "create", "get", "delete"]

  private let style: Style
  private let namespaceFilter: NamespaceFilter

  /// Reads a filter's lists.
  ///
  /// - Parameters:
  ///   - filter: The filter; of its policy the lists of types are applied, in the new style only.
  ///   - discovery: What the API server serves.
  ///   - namespaces: The namespace filter as it came out.
  init(filter: BackupFilter, discovery: Discovery, namespaces: NamespaceFilter) {
    namespaceFilter = namespaces
    switch filter.resources {
    case .legacy(let legacy):
      style = .legacy(
        Legacy(
          included: ResourceEntries(legacy.included, .includedResources, discovery: discovery),
          excluded: ResourceEntries(legacy.excluded, .excludedResources, discovery: discovery),
          cluster: legacy.includeClusterResources
        )
      )
    case .scoped(let lists):
      var scoped = Self.scoped(lists, discovery)
      if let policy = filter.policies?.resources { Self.add(policy, to: &scoped, discovery) }
      style = .scoped(scoped)
    }
  }

  private static func scoped(_ lists: ScopedResourceFilter, _ discovery: Discovery) -> Scoped {
    func entries(_ texts: [String], _ field: FilterField, _ isNamespaced: Bool) -> ResourceEntries {
      ResourceEntries(texts, field, discovery: discovery, isNamespaced: isNamespaced)
    }
    return Scoped(
      includedCluster: entries(lists.includedCluster, .includedCluster, false),
      excludedCluster: entries(lists.excludedCluster, .excludedCluster, false),
      includedNamespaced: entries(lists.includedNamespaced, .includedNamespaced, true),
      excludedNamespaced: entries(lists.excludedNamespaced, .excludedNamespaced, true)
    )
  }

  /// Each list in its turn, since one that came before counts.
  private static func add(
    _ policy: ScopedResourceFilter,
    to scoped: inout Scoped,
    _ discovery: Discovery
  ) {
    scoped.excludedNamespaced.add(
      policy: policy.excludedNamespaced,
      unlessIn: scoped.includedNamespaced,
      discovery: discovery,
      isNamespaced: true
    )
    scoped.includedNamespaced.add(
      policy: policy.includedNamespaced,
      unlessIn: scoped.excludedNamespaced,
      discovery: discovery,
      isNamespaced: true
    )
    scoped.excludedCluster.add(
      policy: policy.excludedCluster,
      unlessIn: scoped.includedCluster,
      discovery: discovery,
      isNamespaced: false
    )
    scoped.includedCluster.add(
      policy: policy.includedCluster,
      unlessIn: scoped.excludedCluster,
      discovery: discovery,
      isNamespaced: false
    )
  }

  func rule(for resource: APIResource) -> TypeRule {
    let missing = Self.neededVerbs.filter { !resource.verbs.contains($0) }
    guard missing.isEmpty else {
      return TypeRule(resource, listing: .missingVerbs(missing), acceptsAdditions: false)
    }
    let name = resource.groupVersionResource.groupResource
    guard name != Self.snapshots, name != Self.snapshotContents else {
      return TypeRule(resource, listing: .volumeSnapshot, acceptsAdditions: false)
    }
    switch style {
    case .legacy(let lists): return rule(resource, name, lists)
    case .scoped(let lists):
      return resource.isNamespaced
        ? Self.namespacedRule(resource, name, lists) : Self.clusterRule(resource, name, lists)
    }
  }

  private func rule(_ resource: APIResource, _ name: String, _ lists: Legacy) -> TypeRule {
    if !resource.isNamespaced, lists.cluster == false {
      return TypeRule(resource, listing: .clusterResourcesOff, acceptsAdditions: false)
    }
    // What is `ShouldExclude` for a cluster-scoped type in Velero is just this, unless the switch is on.
    let isForced = !resource.isNamespaced && lists.cluster == true
    if let entry = lists.excluded.entry(for: name) {
      return TypeRule(resource, listing: .typeExcluded(by: entry), acceptsAdditions: false)
    }
    let entry = lists.included.isOpen ? nil : lists.included.entry(for: name)
    guard lists.included.isOpen || entry != nil else {
      return TypeRule(
        resource,
        listing: .typeNotIncluded(in: .includedResources),
        acceptsAdditions: isForced
      )
    }
    if !resource.isNamespaced, lists.cluster == nil, name != Self.namespaces,
      let narrowing = namespaceFilter.narrowing
    {
      return TypeRule(
        resource,
        listing: .clusterResourcesOnlyWhenNeeded(narrowing),
        acceptsAdditions: true
      )
    }
    return TypeRule(resource, listing: nil, acceptsAdditions: true, entry: entry)
  }

  private static func namespacedRule(
    _ resource: APIResource,
    _ name: String,
    _ lists: Scoped
  ) -> TypeRule {
    if let entry = lists.excludedNamespaced.entry(for: name) {
      return TypeRule(resource, listing: .typeExcluded(by: entry), acceptsAdditions: false)
    }
    if lists.includedNamespaced.isOpen {
      return TypeRule(resource, listing: nil, acceptsAdditions: true)
    }
    guard let entry = lists.includedNamespaced.entry(for: name) else {
      return TypeRule(
        resource,
        listing: .typeNotIncluded(in: .includedNamespaced),
        acceptsAdditions: false
      )
    }
    return TypeRule(resource, listing: nil, acceptsAdditions: true, entry: entry)
  }

  /// Without any cluster-scoped list Velero 1.18 lists no cluster-scoped type but namespaces: it excludes
  /// volume snapshot contents itself, so that its "nothing is set" case never holds.
  private static func clusterRule(
    _ resource: APIResource,
    _ name: String,
    _ lists: Scoped
  ) -> TypeRule {
    if let entry = lists.excludedCluster.entry(for: name) {
      return TypeRule(resource, listing: .typeExcluded(by: entry), acceptsAdditions: false)
    }
    let entry = lists.includedCluster.entry(for: name)
    guard lists.includedCluster.hasStar || entry != nil || name == namespaces else {
      return TypeRule(
        resource,
        listing: .clusterResourcesOnlyWhenNeeded(nil),
        acceptsAdditions: true
      )
    }
    return TypeRule(resource, listing: nil, acceptsAdditions: true, entry: entry)
  }
}
