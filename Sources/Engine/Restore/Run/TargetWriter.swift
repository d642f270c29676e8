// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Sends requests to the target: measured, so that the gate knows how the server bears them, and tried again by patience.
struct TargetWriter: Sendable {
  let client: KubernetesClient
  let waiting: Waiting
  let limits: RestoreLimits

  private var gate: RequestGate { waiting.gate }

  /// A fresh patience for one object.
  var patience: Patience { Patience(waiting, limit: limits.resource) }

  /// Sends one request.
  ///
  /// - Throws: `KubernetesError`; `CancellationError` for a task that is cancelled.
  func send<Value: Sendable>(_ request: () async throws -> Value) async throws -> Value {
    var result: Result<Value, any Error>?
    let time = await Self.measure(waiting.clock) {
      do {
        result = .success(try await request())
      } catch {
        result = .failure(error)
      }
    }
    switch result {
    case .success(let value):
      gate.answered(in: time / .seconds(1))
      return value
    case .failure(let error as KubernetesError):
      if error.code == .cancelled { throw CancellationError() }
      if error.code == .tooManyRequests { gate.refused() }
      // An answer is an answer; only a server that gives none says nothing.
      if error.httpStatus != nil, error.code != .tooManyRequests {
        gate.answered(in: time / .seconds(1))
      }
      throw error
    case .failure(let error): throw error
    case nil: throw CancellationError()
    }
  }

  /// Sends a request that may be sent twice, as often as patience allows; conflicts pass as other troubles do.
  func sendPatiently<Value: Sendable>(
    _ request: () async throws -> Value
  ) async throws -> Value {
    var patience = patience
    while true {
      do {
        return try await send(request)
      } catch let error as KubernetesError
        where error.isTransient || error.code == .conflict
      {
        guard try await patience.goesOn(after: error) else { throw error }
      }
    }
  }

  /// Merges a patch into an object, as often as patience allows: it comes to the same each time.
  ///
  /// - Throws: `KubernetesError`; `CancellationError`.
  func merge(_ patch: JSONValue, into reference: ObjectReference) async throws {
    _ = try await sendPatiently {
      try await client.patch(
        reference,
        .merge(patch),
        options: WriteOptions(isRepeated: false)
      )
    }
  }

  /// An object of the target; nil when there is none.
  ///
  /// - Throws: `KubernetesError`.
  func live(_ reference: ObjectReference) async throws -> JSONValue? {
    do {
      return try await sendPatiently { try await client.get(reference) }
    } catch let error as KubernetesError where error.code == .notFound {
      return nil
    }
  }

  /// Waits until an object that is being deleted has gone.
  ///
  /// - Parameters:
  ///   - reference: The object.
  ///   - uid: Which one of the name.
  /// - Returns: Whether it has gone within the limit.
  /// - Throws: `KubernetesError`; `CancellationError` when the restore is stopped meanwhile.
  func waitUntilGone(_ reference: ObjectReference, uid: String?) async throws -> Bool {
    var waited = Duration.zero
    while true {
      guard let object = try await live(reference),
        object[path: "metadata", "uid"]?.string == uid
      else { return true }
      guard waited < limits.terminating else { return false }
      try await waiting.sleep(limits.poll)
      waited += limits.poll
    }
  }

  private static func measure<C: Clock<Duration>>(
    _ clock: C,
    _ body: () async -> Void
  ) async -> Duration {
    let start = clock.now
    await body()
    return start.duration(to: clock.now)
  }
}
