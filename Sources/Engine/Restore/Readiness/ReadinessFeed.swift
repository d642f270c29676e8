// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives
internal import Synchronization

/// Keeps a board as the server has it: each type by one list and one watch where that is allowed, otherwise by namespaces.
final class ReadinessFeed: Sendable {
  let client: KubernetesClient
  let options: ReadinessOptions
  let store: ReadinessStore
  let interest: ReadinessInterest
  let gate: ListGate
  let pauses: Pauses
  private let rules: NamespaceRules
  private let resources: [(type: ReadinessType, resource: APIResource)]
  private let watches = Mutex(0)

  /// Makes a feed that asks for nothing yet; types that the server lacks are gaps from the start.
  init(
    client: KubernetesClient,
    discovery: Discovery,
    clock: any Clock<Duration>,
    options: ReadinessOptions,
    interest: ReadinessInterest,
    store: ReadinessStore
  ) {
    self.client = client
    self.options = options
    self.interest = interest
    self.store = store
    gate = ListGate(width: options.parallelLists)
    rules = NamespaceRules(client)
    var waiting = InventoryOptions()
    waiting.clock = clock
    waiting.retry = options.retry
    waiting.randomSeed = options.randomSeed
    pauses = Pauses(waiting)
    resources = Self.resources(interest, discovery, store)
  }

  private static func resources(
    _ interest: ReadinessInterest,
    _ discovery: Discovery,
    _ store: ReadinessStore
  ) -> [(type: ReadinessType, resource: APIResource)] {
    let served = Dictionary(
      discovery.preferred.map { ($0.groupResource, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let hasSlices = served[ReadinessType.endpointSlices.rawValue] != nil
    let needed = interest.names.keys.reduce(into: Set(interest.names.keys)) { needed, type in
      needed.formUnion(type.companions(hasSlices: hasSlices))
    }
    var resources: [(type: ReadinessType, resource: APIResource)] = []
    for type in ReadinessType.allCases where needed.contains(type) {
      if let resource = served[type.rawValue] {
        resources.append((type, resource))
        store.write { $0.scopes.set(.loading(), type, nil) }
      } else {
        let reason = "the cluster does not serve '\(type.rawValue)'"
        store.write { $0.scopes.set(.gap(reason), type, nil) }
      }
    }
    return resources
  }

  /// Feeds the board until the task is cancelled, or nothing is left that may be looked at.
  ///
  /// - Throws: `KubernetesError` when the server does not accept the user any more.
  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (type, resource) in resources {
        group.addTask { try await self.follow(type, resource) }
      }
      // The first failure ends the others.
      for try await _ in group {}
    }
  }

  /// Follows a type: a few namespaces one by one, and more in one list, which others may have the right to.
  private func follow(_ type: ReadinessType, _ resource: APIResource) async throws {
    guard resource.isNamespaced else {
      if let refusal = try await scope(type, resource, nil).run() { leaveGap(refusal, type, nil) }
      return
    }
    guard interest.namespaces.count > options.fewNamespaces else {
      return try await followByNamespace(type, resource, reviews: false)
    }
    guard try await scope(type, resource, nil).run() != nil else { return }
    try await followByNamespace(type, resource, reviews: true)
  }

  /// Follows a type in each namespace.
  ///
  /// With `reviews` it asks first what is allowed there, as one who may not look at the whole cluster is mostly refused.
  private func followByNamespace(
    _ type: ReadinessType,
    _ resource: APIResource,
    reviews: Bool
  ) async throws {
    let namespaces = interest.namespaces
    store.write { $0.scopes.split(type, namespaces) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for namespace in namespaces {
        group.addTask {
          if reviews, case .denied = await self.permission(resource, namespace) {
            let reason = "the user may not list '\(resource.groupResource)' there"
            self.leaveGap(reason, type, namespace)
            return
          }
          if let refusal = try await self.scope(type, resource, namespace).run() {
            self.leaveGap(refusal, type, namespace)
          }
        }
      }
      // The first failure ends the others.
      for try await _ in group {}
    }
  }

  /// What the user may do in a namespace; asked in some namespaces at a time.
  private func permission(_ resource: APIResource, _ namespace: String) async -> ListPermission {
    guard await gate.enter() else { return .unknown("the following was stopped") }
    defer { gate.leave() }
    return await rules.mayList(resource, in: namespace)
  }

  private func scope(
    _ type: ReadinessType,
    _ resource: APIResource,
    _ namespace: String?
  ) -> ReadinessScope {
    ReadinessScope(feed: self, type: type, resource: resource, namespace: namespace)
  }

  private func leaveGap(_ reason: String, _ type: ReadinessType, _ namespace: String?) {
    store.write { board in
      board.scopes.set(.gap(reason), type, namespace)
      board.markAll()
    }
  }

  /// Takes one of the watches that may be open at a time; false when all are taken.
  func takeWatch() -> Bool {
    watches.withLock { count in
      guard count < options.maximumWatches else { return false }
      count += 1
      return true
    }
  }

  func releaseWatch() { watches.withLock { $0 -= 1 } }
}
