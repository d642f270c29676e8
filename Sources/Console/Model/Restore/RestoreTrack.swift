// SPDX-License-Identifier: Apache-2.0

public import Engine

/// How a restore goes, beyond what all operations tell.
public struct RestoreTrack: Sendable {
  /// A wave that has begun.
  public struct Wave: Sendable, Hashable {
    /// Its number, from 1.
    public var number: Int
    /// Its types.
    public var types: [String]
    /// How many of its objects are dealt with.
    public var done: Int
    /// What was done before it, of all waves.
    public var doneBefore: Int
  }

  /// The most failed objects that are kept while it runs.
  public static let failureLimit = 1000
  /// Groups are made anew for every failure up to so many, and then for every so-manieth.
  private static let groupStep = 25

  /// The stage it is in.
  public private(set) var stage = RestoreStage.reading
  /// How far it is.
  public private(set) var progress = RestoreRunProgress()
  /// The waves that have begun, in their order.
  public private(set) var waves: [Wave] = []
  /// The objects that failed, at most `failureLimit`.
  public private(set) var failures: [RestoreEntry] = []
  /// The objects that failed, by cause.
  public private(set) var groups: [FailureGroup] = []
  /// How the restored workloads stand; nil before they are looked at.
  public private(set) var readiness: ReadinessReport?
  /// What came of it; nil while it runs.
  public private(set) var outcome: RestoreOutcome?

  /// Nothing was done yet.
  public init() {}

  /// Takes an event of the run.
  public mutating func take(_ event: RestoreEvent) {
    switch event {
    case .stage(let stage):
      self.stage = stage
      if stage != .objects { groups = FailureGroup.groups(of: failures) }
    case .progress(let progress): take(progress)
    case .failed(let entry): take(entry)
    case .readiness(let report): readiness = report
    case .issue, .line: break
    }
  }

  /// Takes what came of it.
  public mutating func end(_ outcome: RestoreOutcome) {
    self.outcome = outcome
    readiness = outcome.readiness ?? readiness
    groups = FailureGroup.groups(of: outcome.failures)
  }

  private mutating func take(_ new: RestoreRunProgress) {
    progress = new
    guard new.wave > 0 else { return }
    if waves.last?.number != new.wave {
      waves.append(
        Wave(number: new.wave, types: new.waveTypes, done: 0, doneBefore: new.done)
      )
    }
    let place = waves.count - 1
    waves[place].done = new.done - waves[place].doneBefore
  }

  private mutating func take(_ failed: RestoreEntry) {
    guard failures.count < Self.failureLimit else { return }
    failures.append(failed)
    if failures.count <= Self.groupStep || failures.count.isMultiple(of: Self.groupStep) {
      groups = FailureGroup.groups(of: failures)
    }
  }
}
