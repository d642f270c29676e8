// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The namespaces that are looked at one by one where not all may be listed at once.
struct KnownNamespaces: Sendable, Equatable {
  var names: [String]
  /// Whether these are all that there are.
  var isComplete: Bool
  /// Grows when what was forbidden is to be asked for again.
  var round = 0
}

/// Tells the followers of types which namespaces there are.
final class NamespaceSource: Sendable {
  private struct State {
    /// nil until the list of namespaces has come or was refused.
    var known: KnownNamespaces?
    var listeners: [UInt64: AsyncStream<KnownNamespaces>.Continuation] = [:]
    var nextListener: UInt64 = 0
  }

  private let state = Mutex(State())

  func set(_ names: [String], isComplete: Bool) {
    change { known in
      KnownNamespaces(names: names, isComplete: isComplete, round: known?.round ?? 0)
    }
  }

  /// Has all that was forbidden asked for again.
  func beginRound() {
    change { known in
      known.map {
        KnownNamespaces(names: $0.names, isComplete: $0.isComplete, round: $0.round + 1)
      }
    }
  }

  /// What is known, as soon as it is, and after each change; only the newest waits.
  func updates() -> AsyncStream<KnownNamespaces> {
    let (stream, continuation) = AsyncStream<KnownNamespaces>.makeStream(
      bufferingPolicy: .bufferingNewest(1)
    )
    let (id, known) = state.withLock { state in
      state.nextListener += 1
      state.listeners[state.nextListener] = continuation
      return (state.nextListener, state.known)
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.listeners.removeValue(forKey: id) }
    }
    if let known { continuation.yield(known) }
    return stream
  }

  private func change(_ body: (KnownNamespaces?) -> KnownNamespaces?) {
    let (known, listeners) = state.withLock { state in
      let known = body(state.known)
      guard known != state.known else {
        return (known, [AsyncStream<KnownNamespaces>.Continuation]())
      }
      state.known = known
      return (known, Array(state.listeners.values))
    }
    guard let known else { return }
    for listener in listeners { listener.yield(known) }
  }
}
