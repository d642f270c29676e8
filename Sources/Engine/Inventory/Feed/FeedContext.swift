// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives
internal import Synchronization

/// What all followers of one inventory share.
final class FeedContext: Sendable {
  let client: KubernetesClient
  let options: InventoryOptions
  let store = InventoryStore()
  let gate: ListGate
  /// Lists write one after the other: two that want the store's lock for every object would block their threads.
  let writing = ListGate(width: 1)
  let pauses: Pauses
  let namespaces = NamespaceSource()
  let rules: NamespaceRules
  /// An element for each hint that other types are served now; only the newest waits.
  let discoveryHints: AsyncStream<Void>
  private let hint: AsyncStream<Void>.Continuation
  private let watches = Mutex(0)

  init(_ client: KubernetesClient, _ options: InventoryOptions) {
    self.client = client
    self.options = options
    gate = ListGate(width: options.parallelLists)
    pauses = Pauses(options)
    rules = NamespaceRules(client)
    (discoveryHints, hint) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  var now: Timestamp { options.wallClock.now() }

  /// Has the types found out again, soon.
  func rediscover() { hint.yield() }

  /// Waits until all lists are read, so that new connections do not hold them up; at most for the option's time.
  func waitForLists() async {
    await withTaskGroup(of: Void.self) { [pauses, gate, options] group in
      group.addTask { await pauses.sleep(options.watchDelay) }
      group.addTask { await gate.waitUntilEmpty() }
      await group.next()
      group.cancelAll()
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
