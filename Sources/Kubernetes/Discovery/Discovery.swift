// SPDX-License-Identifier: Apache-2.0

/// The types that a server serves.
public struct Discovery: Sendable, Hashable {
  /// The groups in the server's order, the core group first.
  public var groups: [APIGroup]
  /// Every type in every served version, in the order of the groups.
  public var resources: [APIResource]
  /// What could not be found out; the rest is complete.
  public var failures: [DiscoveryFailure]

  /// Makes a discovery.
  public init(groups: [APIGroup], resources: [APIResource], failures: [DiscoveryFailure] = []) {
    self.groups = groups
    self.resources = resources
    self.failures = failures
  }

  /// Each type once, in its group's preferred version, or in the first one that has it; in the server's order.
  public var preferred: [APIResource] {
    let favourites = Dictionary(
      groups.map { ($0.name, $0.preferredVersion) },
      uniquingKeysWith: { first, _ in first }
    )
    var chosen: [GroupVersionResource: String] = [:]
    for resource in resources {
      let key = resource.withoutVersion
      let isFavourite = favourites[resource.group] == resource.version
      if chosen[key] == nil || isFavourite { chosen[key] = resource.version }
    }
    return resources.filter { chosen[$0.withoutVersion] == $0.version }
  }

  /// The type that a user means, among the preferred versions.
  ///
  /// Names are plural, short, singular, or a kind, in this order; case counts. A group after the first dot
  /// restricts them: the group itself, or else the first one that begins so (`deploy.ap`).
  ///
  /// - Parameter named: Such as `pods`, `po`, `deployments.apps`, `gadgets.example.org`.
  /// - Returns: nil when nothing has this name.
  public func resource(named: String) -> APIResource? {
    let parts = named.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first.map(String.init), !name.isEmpty else { return nil }
    let preferred = preferred
    guard parts.count > 1 else { return Self.find(name, in: preferred) }
    let group = String(parts[1])
    return Self.find(name, in: preferred.filter { $0.group == group })
      ?? Self.find(name, in: preferred.filter { $0.group.hasPrefix(group) })
  }

  private static func find(_ name: String, in resources: [APIResource]) -> APIResource? {
    resources.first { $0.name == name }
      ?? resources.first { $0.shortNames.contains(name) }
      ?? resources.first {
        ($0.singularName.isEmpty ? $0.kind.lowercased() : $0.singularName) == name
      }
      ?? resources.first { $0.kind == name }
  }
}

extension APIResource {
  fileprivate var withoutVersion: GroupVersionResource {
    GroupVersionResource(group: group, version: "", resource: name)
  }
}
