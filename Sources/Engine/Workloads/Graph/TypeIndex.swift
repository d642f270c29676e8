// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// The types of a cluster as references name them: by kind and group, or by what a user writes.
struct TypeIndex: Sendable {
  /// What belongs to no workload though it may be owned by one: servers and controllers make it anew.
  private static let passing: Set<String> = [
    "events", "events.events.k8s.io", "endpoints", "endpointslices.discovery.k8s.io",
  ]
  private static let neededVerbs: Set<String> = ["list", "get", "create", "delete"]

  /// Each type once, in the server's order; of types that show the same objects only one.
  let all: [APIResource]
  private let discovery: Discovery
  private let byName: [String: Int]
  private let byKind: [String: [Int]]

  init(_ discovery: Discovery) {
    self.discovery = discovery
    var served: Set<String> = []
    let preferred = discovery.preferred
    for type in preferred { served.insert(type.groupResource) }
    // The other name counts only where the first one is not served.
    all = preferred.filter { type in
      let name = Cohabitation.canonical(type.groupResource)
      return name == type.groupResource || !served.contains(name)
    }
    byName = Dictionary(
      all.enumerated().map { (Cohabitation.canonical($1.groupResource), $0) },
      uniquingKeysWith: { first, _ in first }
    )
    byKind = Dictionary(grouping: all.indices, by: { [all] in all[$0].kind })
  }

  /// A type by `plural.group`; nil when it is not served.
  func type(_ groupResource: String) -> APIResource? {
    byName[Cohabitation.canonical(groupResource)].map { all[$0] }
  }

  /// The type of an object that is referred to by kind.
  ///
  /// - Parameters:
  ///   - kind: Such as `Deployment`.
  ///   - group: The API group; of what was in `extensions` once, the group that it moved to.
  /// - Returns: nil when it is not served.
  func type(kind: String, group: String) -> APIResource? {
    let own = (byKind[kind] ?? []).map { all[$0] }
    if let exact = own.first(where: { $0.group == group }) { return exact }
    guard group == "extensions" else { return nil }
    return own.first { BuiltInGroups.contains($0.group) }
  }

  /// The type that a user means: `deploy`, `statefulset`, `rollouts.argoproj.io`.
  func type(named name: String) -> APIResource? {
    let found = discovery.resource(named: name) ?? discovery.resource(named: name.lowercased())
    return found.flatMap { type($0.groupResource) }
  }

  /// The types that objects owned by others may be of: all that a backup could take, but what only passes.
  func ownable(isNamespaced: Bool) -> [APIResource] {
    all.filter { type in
      type.isNamespaced == isNamespaced && !Self.passing.contains(type.groupResource)
        && Self.neededVerbs.isSubset(of: type.verbs)
    }
  }

  /// The kind of a type in words.
  func words(_ groupResource: String) -> String {
    guard let type = type(groupResource) else { return groupResource }
    return KindWords.words(type.kind, group: type.group)
  }
}
