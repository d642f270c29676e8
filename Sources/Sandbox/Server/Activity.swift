// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// One answered request.
public struct RequestRecord: Sendable, Hashable {
  /// The method in capitals.
  public var method: String
  /// The path as it was sent.
  public var path: String
  /// The query as it was sent, without the question mark.
  public var query: String
  /// The status that was answered.
  public var status: Int
  /// The size of the body that was meant to be sent; nil for watches.
  public var byteCount: Int?
}

/// What the server is busy with, and what it has done.
final class Activity: Sendable {
  /// The most requests that are remembered; older ones are dropped.
  static let recordLimit = 100_000

  private struct State {
    var running = 0
    var busyStreams: Set<Int> = []
    var nextStream = 0
    var records: [RequestRecord] = []
    var waiting: [CheckedContinuation<Void, Never>] = []
    var observer: (@Sendable (RequestRecord) -> Void)?

    var isIdle: Bool { running == 0 && busyStreams.isEmpty }

    mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
      guard isIdle else { return [] }
      defer { waiting = [] }
      return waiting
    }
  }

  private let state = Mutex(State())

  var records: [RequestRecord] { state.withLock { $0.records } }

  func clearRecords() { state.withLock { $0.records = [] } }

  func log(_ record: RequestRecord) {
    let observer = state.withLock {
      if $0.records.count >= Self.recordLimit { $0.records.removeFirst(Self.recordLimit / 2) }
      $0.records.append(record)
      return $0.observer
    }
    observer?(record)
  }

  func observe(_ observer: (@Sendable (RequestRecord) -> Void)?) {
    state.withLock { $0.observer = observer }
  }

  func requestBegan() { state.withLock { $0.running += 1 } }

  func requestEnded() { change { $0.running -= 1 } }

  /// Registers a watch, which is busy until it says otherwise.
  func streamBegan() -> Int {
    state.withLock {
      $0.nextStream += 1
      $0.busyStreams.insert($0.nextStream)
      return $0.nextStream
    }
  }

  func streamIsCaughtUp(_ stream: Int) { change { $0.busyStreams.remove(stream) } }

  func streamIsBusy(_ stream: Int) { state.withLock { _ = $0.busyStreams.insert(stream) } }

  func idle() async {
    await withCheckedContinuation { continuation in
      let isIdle = state.withLock {
        if $0.isIdle { return true }
        $0.waiting.append(continuation)
        return false
      }
      if isIdle { continuation.resume() }
    }
  }

  private func change(_ body: (inout State) -> Void) {
    let waiting = state.withLock {
      body(&$0)
      return $0.takeWaiting()
    }
    for continuation in waiting { continuation.resume() }
  }
}
