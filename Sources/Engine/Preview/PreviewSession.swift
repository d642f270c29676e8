// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Where previews get their objects from.
public protocol InventorySource: Sendable {
  /// What is known now.
  func snapshot() -> InventorySnapshot
  /// An element now and after every change; those that come while nobody looks are one. Each call gives a stream of its own.
  var changes: AsyncStream<Void> { get }
}

extension InventoryFeed: InventorySource {}

/// Previews of one filter after the other, kept exact while the cluster changes.
///
/// A filter that is shown is evaluated in memory at once and after every change of the inventory; relations that it needs are read
/// meanwhile, and each round of them brings a better preview, until it is exact. Another filter ends the reading for the last
/// one; what was read is kept. Nothing is polled.
public final class PreviewSession: Sendable {
  private struct State {
    var filter: BackupFilter?
    /// Counts the filters, so that work for an old one is seen to be so.
    var generation = 0
    var latest: Preview?
  }

  private let source: any InventorySource
  private let relations: RelationStore
  private let grounds = GroundCache()
  private let state = Mutex(State())
  private let output: AsyncStream<Preview>.Continuation
  private let wake: AsyncStream<Void>.Continuation
  private let wakes: AsyncStream<Void>
  private let lack: AsyncStream<Void>.Continuation
  private let lacks: AsyncStream<Void>

  /// The previews, newest last, for one reader; those that come while nobody looks are dropped but for the last.
  public let previews: AsyncStream<Preview>

  /// Makes a session; nothing happens before `run`.
  ///
  /// - Parameters:
  ///   - source: The inventory.
  ///   - relations: Where relations are read and kept; may be shared with other sessions of the cluster.
  public init(source: any InventorySource, relations: RelationStore) {
    self.source = source
    self.relations = relations
    (previews, output) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    (lacks, lack) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Shows another filter; its first preview comes at once.
  public func show(_ filter: BackupFilter) {
    state.withLock { state in
      state.filter = filter
      state.generation += 1
    }
    wake.yield()
  }

  /// Shows no filter any more; nothing is evaluated until another one is shown.
  public func hide() {
    state.withLock { state in
      state.filter = nil
      state.latest = nil
      state.generation += 1
    }
  }

  /// Asks again for relations that could not be read, for a user who has changed something and wants to see it.
  public func retry() {
    relations.forgetFailures()
    wake.yield()
  }

  /// Works until the task is cancelled; once only.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { for await _ in self.source.changes { self.wake.yield() } }
      group.addTask { await self.readRelations() }
      for await _ in wakes { evaluate() }
      group.cancelAll()
    }
    output.finish()
  }

  private func evaluate() {
    let (filter, generation) = state.withLock { ($0.filter, $0.generation) }
    guard let filter else { return }
    relations.forgetOldFailures()
    let ground = grounds.ground(source.snapshot(), relations.snapshot)
    let preview = ground.evaluate(filter)
    let isCurrent = state.withLock { state in
      guard state.generation == generation else { return false }
      state.latest = preview
      return true
    }
    // For another filter, a wake is on its way.
    guard isCurrent else { return }
    output.yield(preview)
    if !preview.wants.isEmpty { lack.yield() }
  }

  private func readRelations() async {
    for await _ in lacks {
      let (latest, generation) = state.withLock { ($0.latest, $0.generation) }
      guard let latest, !latest.wants.isEmpty else { continue }
      do {
        try await relations.resolve(latest) {
          self.state.withLock { $0.generation } == generation
        }
      } catch {
        return
      }
      wake.yield()
    }
  }
}

extension PreviewSession {
  /// The preview of one filter, once nothing about it is to come any more; for commands.
  ///
  /// - Parameters:
  ///   - filter: The filter.
  ///   - source: The inventory; may still be loading.
  ///   - relations: Where relations are read and kept.
  /// - Returns: A preview that is exact, or incomplete for good.
  /// - Throws: `CancellationError`.
  public static func settledPreview(
    of filter: BackupFilter,
    source: any InventorySource,
    relations: RelationStore
  ) async throws -> Preview {
    let grounds = GroundCache()
    for await _ in source.changes {
      while true {
        try Task.checkCancellation()
        let preview = grounds.ground(source.snapshot(), relations.snapshot).evaluate(filter)
        if preview.pending == 0 { return preview }
        // Lists that are still to come may bring more to ask for.
        if preview.pending > preview.wants.count { break }
        try await relations.resolve(preview)
      }
    }
    throw CancellationError()
  }
}

/// The last ground, which serves as long as neither the objects nor the relations change.
private final class GroundCache: Sendable {
  private let last = Mutex<PreviewGround?>(nil)

  func ground(_ inventory: InventorySnapshot, _ relations: RelationSnapshot) -> PreviewGround {
    let last = last.withLock { $0 }
    let ground: PreviewGround
    if let last, last.inventory.changeCount == inventory.changeCount {
      ground = last.relations.version == relations.version ? last : last.with(relations)
    } else {
      ground = PreviewGround(inventory, relations)
    }
    self.last.withLock { $0 = ground }
    return ground
  }
}
