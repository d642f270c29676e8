// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
public import Primitives
internal import Synchronization

/// Reads relations from the API server when a preview lacks them, and keeps them.
///
/// Nothing is read twice: a pod's relations never change, a claim's and a binding's are good for its resource version. What cannot be
/// read is a gap, and is asked for again after a while, after a refusal only after minutes. Only pods, claims, cluster role bindings and Namespace objects are
/// read; never the contents of secrets.
public final class RelationStore: Sendable {
  private struct State {
    var snapshot = RelationSnapshot()
    var shapes: [PodStatement: UInt32] = [:]
    /// Types that may not be listed across namespaces.
    var refused: Set<RelationKind> = []
  }

  /// How long what was refused is not asked for again, in seconds.
  static let refusalSeconds: Int64 = 600
  /// How long what failed is not asked for again, in seconds; the client has tried several times then.
  static let failureSeconds: Int64 = 10

  private let client: KubernetesClient
  private let parallelRequests: Int
  private let clock: WallClock
  private let state = Mutex(State())

  /// Makes an empty store.
  ///
  /// - Parameters:
  ///   - client: The cluster.
  ///   - parallelRequests: How many requests may be under way at the same time.
  ///   - clock: Tells when what failed is due again.
  public init(
    client: KubernetesClient,
    parallelRequests: Int = BackupOptions().parallelLists,
    clock: WallClock = .system
  ) {
    self.client = client
    self.parallelRequests = parallelRequests
    self.clock = clock
  }

  /// What has been read so far.
  public var snapshot: RelationSnapshot { state.withLock { $0.snapshot } }

  /// Lets all that failed be asked for again; for users who have changed something and want to see it.
  public func forgetFailures() { forget { _ in true } }

  /// Lets what failed a while ago be asked for again.
  func forgetOldFailures() {
    let now = clock.now()
    forget { $0.seconds <= now.seconds }
  }

  private func forget(where isDue: (Timestamp) -> Bool) {
    state.withLock { state in
      let gaps = state.snapshot.gaps.filter { !isDue($0.expiry) }
      let namespaces = state.snapshot.namespaces.filter { !isDue($0.value.expiry) }
      guard
        gaps.count < state.snapshot.gaps.count
          || namespaces.count < state.snapshot.namespaces.count
      else { return }
      state.snapshot.gaps = gaps
      state.snapshot.namespaces = namespaces
      state.refused = []
      state.snapshot.version += 1
    }
  }

  private func expiry(after error: KubernetesError?) -> Timestamp {
    let isFinal = error.map { $0.code == .forbidden } ?? true
    let seconds = isFinal ? Self.refusalSeconds : Self.failureSeconds
    return Timestamp(seconds: clock.now().seconds + seconds)
  }

  /// Reads what a preview lacks; what cannot be read becomes a gap.
  ///
  /// - Parameters:
  ///   - preview: The preview.
  ///   - isWanted: Asked now and then; false ends the reading early.
  /// - Throws: `CancellationError` when the task is cancelled.
  public func resolve(
    _ preview: Preview,
    while isWanted: @escaping @Sendable () -> Bool = { true }
  ) async throws {
    prune(preview.inventory)
    let refused = state.withLock { $0.refused }
    let plan = RelationPlan(preview.wants, preview.inventory, refused: refused)
    let types = Dictionary(
      preview.inventory.types.map { ($0.resource.groupResource, $0.resource) },
      uniquingKeysWith: { first, _ in first }
    )
    let queue = FetchQueue(plan.fetches)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<min(parallelRequests, plan.fetches.count) {
        group.addTask {
          while isWanted(), let fetch = queue.next() {
            try await self.carryOut(fetch, types, preview, isWanted)
          }
        }
      }
      try await group.waitForAll()
    }
    if isWanted() { settle(preview) }
  }

  private func carryOut(
    _ fetch: RelationFetch,
    _ types: [String: APIResource],
    _ preview: Preview,
    _ isWanted: @Sendable () -> Bool
  ) async throws {
    do {
      switch fetch {
      case .list(let kind, let namespace), .object(let kind, let namespace, _):
        // One refusal says it for all.
        if snapshot.gap(kind, inNamespace: namespace) != nil { return }
      case .namespace: break
      }
      switch fetch {
      case .list(let kind, let namespace):
        guard let type = types[kind.type] else { return }
        try await list(kind, type, namespace, isWanted)
      case .object(let kind, let namespace, let name):
        guard let type = types[kind.type] else { return }
        let resource = type.groupVersionResource
        try await get(kind, ObjectReference(resource, namespace: namespace, name: name))
      case .namespace(let name): try await getNamespace(name)
      }
    } catch let error as KubernetesError {
      if error.code == .cancelled { throw CancellationError() }
      try await fail(fetch, error, types, preview, isWanted)
    } catch let error as JSONError {
      let message = "the answer is broken: \(error)"
      let broken = KubernetesError(code: .malformedResponse, message: message)
      try await fail(fetch, broken, types, preview, isWanted)
    } catch is Unwanted {
      return
    }
  }

  /// Ends a list that nobody wants any more.
  private struct Unwanted: Error {}

  private func list(
    _ kind: RelationKind,
    _ type: APIResource,
    _ namespace: String?,
    _ isWanted: @Sendable () -> Bool
  ) async throws {
    let options = ListOptions(resource: type.groupVersionResource, namespace: namespace)
    let reader = JSONReader()
    try await client.list(options) { event in
      guard isWanted() else { throw Unwanted() }
      guard case .items(let chunk) = event else { return }
      var batch: [RelationReading] = []
      try chunk.forEachItem { bytes in
        batch.append(try reader.read(bytes) { RelationReading($0, kind) })
      }
      keep(batch)
    }
  }

  private func get(_ kind: RelationKind, _ object: ObjectReference) async throws {
    do {
      let bytes = try await client.get(object).encoded()
      keep([try JSONReader().read(bytes) { RelationReading($0, kind) }])
    } catch let error as KubernetesError where error.code == .notFound {
      // Its row is about to go, and what it says no longer matters.
    }
  }

  private func getNamespace(_ name: String) async throws {
    let type = GroupVersionResource(group: "", version: "v1", resource: "namespaces")
    let found: NamedNamespace.Answer
    do {
      let bytes = try await client.get(ObjectReference(type, name: name)).encoded()
      found = try JSONReader().read(bytes) { view in
        .found(NamespaceFacts(view), isBeingDeleted: ItemFacts(view).isBeingDeleted)
      }
    } catch let error as KubernetesError where error.code == .notFound {
      found = .missing
    }
    keep(NamedNamespace(answer: found, expiry: expiry(after: nil)), name)
  }

  /// Where a type may not be listed across namespaces, each may be listed by itself; all else is a gap.
  private func fail(
    _ fetch: RelationFetch,
    _ error: KubernetesError,
    _ types: [String: APIResource],
    _ preview: Preview,
    _ isWanted: @Sendable () -> Bool
  ) async throws {
    switch fetch {
    case .list(let kind, nil)
    where error.code == .forbidden && (kind == .pods || kind == .claims):
      state.withLock { _ = $0.refused.insert(kind) }
      var own = RelationWants()
      own.rows[kind] = preview.wants.rows[kind]
      for fetch in RelationPlan(own, preview.inventory, refused: [kind]).fetches where isWanted() {
        try await carryOut(fetch, types, preview, isWanted)
      }
    case .object(let kind, let namespace, _) where error.code == .forbidden:
      try await carryOut(.list(kind, namespace: namespace), types, preview, isWanted)
    case .list(let kind, let namespace), .object(let kind, let namespace, _):
      var gap = RelationGap(kind: kind, namespace: namespace, reason: error.message)
      gap.expiry = expiry(after: error)
      note(gap)
    case .namespace(let name):
      let answer = NamedNamespace.Answer.unreadable(reason: error.message)
      keep(NamedNamespace(answer: answer, expiry: expiry(after: error)), name)
    }
  }

  private func keep(_ namespace: NamedNamespace, _ name: String) {
    state.withLock { state in
      state.snapshot.namespaces[name] = namespace
      state.snapshot.version += 1
    }
  }

  private func note(_ gap: RelationGap) {
    state.withLock { state in
      guard state.snapshot.gap(gap.kind, inNamespace: gap.namespace) == nil else { return }
      state.snapshot.gaps.append(gap)
      state.snapshot.version += 1
    }
  }

  private func keep(_ batch: [RelationReading]) {
    state.withLock { state in
      for reading in batch {
        state.snapshot.keep(reading) { Self.shape($0, &state.shapes, &$1) }
      }
      state.snapshot.version += 1
    }
  }

  /// The place of a pod's statement among the shapes.
  private static func shape(
    _ pod: PodStatement,
    _ places: inout [PodStatement: UInt32],
    _ shapes: inout [PodStatement]
  ) -> UInt32 {
    if let shape = places[pod] { return shape }
    let shape = UInt32(shapes.count)
    shapes.append(pod)
    places[pod] = shape
    return shape
  }

  /// Objects that were asked for and did not come are gone, and say nothing; so nobody asks for them again.
  private func settle(_ preview: Preview) {
    let inventory = preview.inventory
    state.withLock { state in
      state.snapshot.version += 1
      for (kind, rows) in preview.wants.rows {
        guard let place = inventory.place(of: kind.type) else { continue }
        for row in rows {
          let namespace = inventory.row(ofType: place, index: row).namespace
          guard state.snapshot.gap(kind, inNamespace: namespace) == nil else { continue }
          let id = RowIdentity(inventory, place: place, row: row)
          if kind == .pods, state.snapshot.pods[id] == nil {
            let nothing = PodStatement()
            state.snapshot.pods[id] = Self.shape(nothing, &state.shapes, &state.snapshot.shapes)
          }
          state.snapshot.settle(kind, id, RowVersion(inventory, place: place, row: row))
        }
      }
    }
  }

  /// Drops relations of objects that are gone, once they are more than half.
  private func prune(_ inventory: InventorySnapshot) {
    state.withLock { state in
      state.snapshot.prune(inventory)
      guard let live = inventory.identities(.pods, ifFewerThanHalfOf: state.snapshot.pods.count)
      else { return }
      let (pods, shapes) = (state.snapshot.pods, state.snapshot.shapes)
      (state.snapshot.shapes, state.shapes, state.snapshot.pods) = ([], [:], [:])
      for (id, old) in pods where live.contains(id) {
        let shape = shapes[Int(old)]
        state.snapshot.pods[id] = Self.shape(shape, &state.shapes, &state.snapshot.shapes)
      }
    }
  }
}
