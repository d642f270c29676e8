// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
public import Primitives

/// The inventory of one cluster, kept as the server has it.
///
/// Every type that can be listed is listed once, as metadata only, a few types at a time, and then watched; nothing is polled. Readers
/// take a snapshot whenever they like, which costs microseconds and never waits for the network. What may not be listed
/// is a gap with its reason in the snapshot's types, and is asked for again only after minutes. A connection that breaks
/// makes its type stale, and its rows stay. Ends with `stop`; until then its tasks keep it alive.
public final class InventoryFeed: Sendable {
  private let context: FeedContext
  private let supervisor: InventorySupervisor

  /// Makes a feed; nothing is asked before `start`.
  public init(client: KubernetesClient, options: InventoryOptions = InventoryOptions()) {
    context = FeedContext(client, options)
    supervisor = InventorySupervisor(context)
  }

  /// The types that a feed lists, each with its objects once.
  public static func types(of discovery: Discovery) -> [APIResource] {
    TypePlan(discovery.preferred).followed
  }

  /// A reader of listed objects for views that go into an `InventoryTable`: it leaves out what that does not keep.
  public static func reader() -> JSONReader { ObjectFields.reader() }

  /// Begins to list and watch, once, and returns when the first snapshot has all types.
  ///
  /// - Parameter discovery: What the server serves; later changes of that are found out by the feed.
  public func start(_ discovery: Discovery) async { await supervisor.start(discovery) }

  /// Lists all types anew and watches them from there.
  ///
  /// What is forbidden is asked for again. What is known stays until its new list is there.
  public func relist() async { await supervisor.relist() }

  /// What is known now.
  public func snapshot() -> InventorySnapshot { context.store.snapshot() }

  /// An element now and after every change; those that come while nobody looks are one.
  ///
  /// Each call gives a stream of its own. It ends when the feed is stopped.
  public var changes: AsyncStream<Void> { context.store.changes.stream() }

  /// Waits until no type's first list is under way any more, whatever came of it.
  ///
  /// - Returns: What is known then; earlier when the task is cancelled or the feed is stopped.
  public func loaded() async -> InventorySnapshot {
    // Asked without a snapshot, after which every change would copy what it touches.
    for await _ in context.store.stateChanges.stream() where !context.store.isLoading { break }
    return snapshot()
  }

  /// Ends all lists and watches, and returns when they have ended; what was current is stale then.
  public func stop() async { await supervisor.stop() }
}
