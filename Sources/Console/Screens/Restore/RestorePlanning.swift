// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// The plan of a restore as far as it is known: the last one, what it is of, and the one that is being made.
struct RestorePlanning: Sendable {
  /// A plan, and what it is of.
  struct Plan: Sendable {
    /// What was asked for.
    var request: RestoreRequest
    /// The connection that it was made with.
    var generation: Int
    /// What would be done.
    var preview: RestorePreview
    /// When it was made.
    var time: Timestamp
    /// The places of the entries by where they are in the backup.
    var places: [ObjectAddress: Int]

    /// The entry of an object of the backup.
    func entry(_ source: ObjectAddress) -> RestoreEntry? {
      places[source].map { preview.entries[$0] }
    }
  }

  /// One that is being made.
  struct Attempt: Sendable {
    /// What is asked for.
    var request: RestoreRequest
    /// The connection that it is made with.
    var generation: Int
    /// What its answers bear.
    var token: Token
    /// What is being done.
    var stage = RestoreStage.reading
    /// How far it is.
    var progress = RestoreRunProgress()
  }

  /// The last plan; nil before the first.
  private(set) var plan: Plan?
  /// The attempt under way.
  private(set) var attempt: Attempt?
  /// Why the last attempt failed; nil when it did not.
  private(set) var failure: Failure?

  /// Whether the plan is of what is asked for now, in the cluster that is connected now.
  func isCurrent(_ request: RestoreRequest?, generation: Int) -> Bool {
    guard let plan, let request, attempt == nil, failure == nil else { return false }
    return plan.generation == generation && plan.request.isPlannedAs(request)
  }

  /// Whether the attempt under way is of what is asked for now.
  func isUnderWay(_ request: RestoreRequest?, generation: Int) -> Bool {
    guard let attempt, let request else { return false }
    return attempt.generation == generation && attempt.request.isPlannedAs(request)
  }

  /// An attempt begins, in place of the one under way.
  mutating func begin(_ request: RestoreRequest, _ context: inout UpdateContext, location: String) {
    abandon(&context)
    let token = context.ask(.restore(.plan(request, location: location)))
    failure = nil
    attempt = Attempt(
      request: request,
      generation: context.world.cluster.generation,
      token: token
    )
  }

  /// Nobody waits for the attempt under way any more.
  mutating func abandon(_ context: inout UpdateContext) {
    context.forget(attempt?.token)
    attempt = nil
  }

  /// Takes an answer, if it is to the attempt under way.
  ///
  /// - Returns: Whether there is another plan now.
  mutating func take(_ answer: Answer, _ token: Token, at now: Timestamp) -> Bool {
    guard let attempt, attempt.token == token else { return false }
    switch answer {
    case .restore(.planning(let stage, let progress)):
      self.attempt?.stage = stage
      self.attempt?.progress = progress
    case .restore(.plan(let preview)):
      plan = Plan(
        request: attempt.request,
        generation: attempt.generation,
        preview: preview,
        time: now,
        places: Dictionary(
          preview.entries.enumerated().map { ($0.element.source, $0.offset) },
          uniquingKeysWith: { first, _ in first }
        )
      )
      self.attempt = nil
      return true
    case .failed(let failure):
      self.failure = failure
      self.attempt = nil
    default: break
    }
    return false
  }
}

extension RestoreRequest {
  /// Whether another request comes to the same plan: what a restore is called makes no difference to it.
  func isPlannedAs(_ other: RestoreRequest) -> Bool {
    restore.spec == other.restore.spec && options == other.options
  }
}
