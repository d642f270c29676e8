// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Hands values from tasks that make them to tasks that use them, and makes the makers wait when it is full.
///
/// Any number of senders and receivers; each value goes to one receiver, in the order sent. Waiting senders and receivers are
/// served in the order they came. A cancelled task stops waiting: its `send` throws, its `receive` gives nil.
public final class BoundedChannel<Element: Sendable>: Sendable {
  private struct Waiting<Value: Sendable>: Sendable {
    let id: UInt64
    let continuation: CheckedContinuation<Value, Never>
  }

  private struct Sender: Sendable {
    let id: UInt64
    let element: Element
    let continuation: CheckedContinuation<Bool, Never>
  }

  private enum SendOutcome {
    case wait
    case refused
    case queued
    case handed(Waiting<Element?>)
  }

  private enum ReceiveOutcome {
    case wait
    case ended
    case got(Element, Sender?)
  }

  private struct State {
    var queue: [Element] = []
    var senders: [Sender] = []
    var receivers: [Waiting<Element?>] = []
    var isFinished = false
    var nextID: UInt64 = 0
    /// Tasks that were cancelled before they began to wait.
    var cancelled: Set<UInt64> = []
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// Makes an empty channel.
  ///
  /// - Parameter capacity: How many values may wait in it, at least 1.
  public init(capacity: Int) {
    precondition(capacity >= 1, "a channel holds at least one value")
    self.capacity = capacity
  }

  /// Puts a value in, waiting while the channel is full.
  ///
  /// - Throws: `CancellationError` when the task is cancelled or the channel is finished; the value is dropped then.
  public func send(_ element: Element) async throws {
    let id = newID()
    let accepted = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        enqueue(Sender(id: id, element: element, continuation: continuation))
      }
    } onCancel: {
      cancelSender(id)
    }
    guard accepted else { throw CancellationError() }
  }

  /// Takes the next value out, waiting while there is none.
  ///
  /// - Returns: nil when the channel is finished and empty, or the task is cancelled.
  public func receive() async -> Element? {
    let id = newID()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        enqueue(Waiting(id: id, continuation: continuation))
      }
    } onCancel: {
      cancelReceiver(id)
    }
  }

  /// Ends the channel: what is in it can still be received, nothing more can be sent.
  public func finish() {
    let (senders, receivers) = state.withLock { state in
      state.isFinished = true
      defer {
        state.senders = []
        state.receivers = []
      }
      return (state.senders, state.receivers)
    }
    for sender in senders { sender.continuation.resume(returning: false) }
    for receiver in receivers { receiver.continuation.resume(returning: nil) }
  }

  private func newID() -> UInt64 {
    state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
  }

  private func enqueue(_ sender: Sender) {
    let outcome = state.withLock { state -> SendOutcome in
      if state.cancelled.remove(sender.id) != nil || state.isFinished { return .refused }
      if !state.receivers.isEmpty { return .handed(state.receivers.removeFirst()) }
      if state.queue.count < capacity {
        state.queue.append(sender.element)
        return .queued
      }
      state.senders.append(sender)
      return .wait
    }
    switch outcome {
    case .wait: break
    case .refused: sender.continuation.resume(returning: false)
    case .queued: sender.continuation.resume(returning: true)
    case .handed(let receiver):
      receiver.continuation.resume(returning: sender.element)
      sender.continuation.resume(returning: true)
    }
  }

  private func enqueue(_ receiver: Waiting<Element?>) {
    let outcome = state.withLock { state -> ReceiveOutcome in
      if state.cancelled.remove(receiver.id) != nil { return .ended }
      if !state.queue.isEmpty {
        let element = state.queue.removeFirst()
        guard !state.senders.isEmpty else { return .got(element, nil) }
        let sender = state.senders.removeFirst()
        state.queue.append(sender.element)
        return .got(element, sender)
      }
      if state.isFinished { return .ended }
      state.receivers.append(receiver)
      return .wait
    }
    switch outcome {
    case .wait: break
    case .ended: receiver.continuation.resume(returning: nil)
    case .got(let element, let sender):
      receiver.continuation.resume(returning: element)
      sender?.continuation.resume(returning: true)
    }
  }

  private func cancelSender(_ id: UInt64) {
    let sender = state.withLock { state -> Sender? in
      if let place = state.senders.firstIndex(where: { $0.id == id }) {
        return state.senders.remove(at: place)
      }
      state.cancelled.insert(id)
      return nil
    }
    sender?.continuation.resume(returning: false)
  }

  private func cancelReceiver(_ id: UInt64) {
    let receiver = state.withLock { state -> Waiting<Element?>? in
      if let place = state.receivers.firstIndex(where: { $0.id == id }) {
        return state.receivers.remove(at: place)
      }
      state.cancelled.insert(id)
      return nil
    }
    receiver?.continuation.resume(returning: nil)
  }
}
