// SPDX-License-Identifier: Apache-2.0

public import Engine
public import Primitives

/// Names an operation of this run of the program.
public struct OperationID: Sendable, Hashable, Comparable {
  /// Counts the operations.
  public let number: Int

  /// By age.
  public static func < (left: OperationID, right: OperationID) -> Bool {
    left.number < right.number
  }
}

/// What is new about an operation.
public enum OperationNews: Sendable {
  /// It has entered a stage, named for people.
  case stage(String)
  /// How far it is.
  case progress(OperationProgress)
  /// Something went other than asked.
  case issue(Issue)
  /// A line for its log.
  case line(String)
  /// What only a restore tells.
  case restore(RestoreEvent)
  /// What came of a restore; before it is over.
  case restored(RestoreOutcome)
  /// Lines for its log, the oldest first.
  case lines([String])
  /// It is over.
  case ended(OperationEnd)
}

/// How far an operation is.
public struct OperationProgress: Sendable, Hashable {
  /// Objects, keys or steps that are dealt with.
  public var done = 0
  /// How many there are; nil while nobody knows.
  public var total: Int?
  /// Whether the total is an estimate.
  public var isTotalEstimated = false
  /// Bytes that were read or written.
  public var bytes: Int64 = 0
  /// What it is at, such as a type or an object.
  public var current = ""

  /// Nothing was done yet.
  public init() {}
}

/// How an operation ended.
public struct OperationEnd: Sendable, Hashable {
  /// What came of it.
  public enum Outcome: Sendable, Hashable {
    /// All that was asked.
    case done
    /// Done, with something missing.
    case doneWithIssues
    /// The user stopped it.
    case cancelled
    /// It could not be done.
    case failed
  }

  /// What came of it.
  public var outcome: Outcome
  /// One line for people.
  public var text: String
  /// More lines: reasons and hints.
  public var details: [String]

  /// Describes an end.
  public init(_ outcome: Outcome, _ text: String, details: [String] = []) {
    self.outcome = outcome
    self.text = text
    self.details = details
  }
}

/// An operation that this program runs or has run.
public struct Operation: Sendable {
  /// What it does.
  public enum Kind: String, Sendable, Hashable {
    /// Makes a backup.
    case backup
    /// Restores objects.
    case restore
    /// Removes backups.
    case deletion
    /// Changes when backups expire.
    case expiry
    /// Reads backups and compares.
    case verification
    /// Tries a location.
    case validation
  }

  /// How it stands.
  public enum State: Sendable, Hashable {
    /// It is at work.
    case running
    /// It was told to stop.
    case cancelling
    /// It is over.
    case ended(OperationEnd)
  }

  /// Names it.
  public let id: OperationID
  /// What it does.
  public let kind: Kind
  /// The name of what it is about: a backup, a restore or a location.
  public let subject: String
  /// When it was begun.
  public let started: Timestamp
  /// What was begun; nil where that is not known.
  public let planned: PlannedLaunch?
  /// How it stands.
  public internal(set) var state = State.running
  /// The stage it is in, for people.
  public internal(set) var stage = "starting"
  /// How far it is.
  public internal(set) var progress = OperationProgress()
  /// What went other than asked; at most `Operations.issueLimit`.
  public internal(set) var issues: [Issue] = []
  /// How many issues there were.
  public internal(set) var issueCount = 0
  /// The last lines of its log; at most `Operations.lineLimit`.
  public internal(set) var lines: [String] = []
  /// How it goes, of a restore; nil of any other operation.
  public internal(set) var restore: RestoreTrack?
  /// When something last moved.
  public internal(set) var moved: Timestamp
  /// When it was over.
  public internal(set) var ended: Timestamp?
  /// Samples of the progress for the rate, a second apart at least; the newest last.
  var samples: [ProgressSample] = []

  /// Whether it is at work.
  public var isRunning: Bool {
    if case .ended = state { false } else { true }
  }
}

/// How far an operation was at a moment.
struct ProgressSample: Sendable, Hashable {
  var time: Timestamp
  var done: Int
  var bytes: Int64
}

/// What this program is doing and has done.
public struct Operations: Sendable {
  /// The most issues that are kept of one operation.
  public static let issueLimit = 1000
  /// The most lines of a log that are kept.
  public static let lineLimit = 1000
  /// The most ended operations that are kept.
  public static let endedLimit = 100
  /// After so many seconds without movement an operation is called stalled.
  public static let stallSeconds: Int64 = 5
  /// Rates are of the last so many samples.
  static let sampleLimit = 10

  /// All of them, the newest last.
  public private(set) var all: [Operation] = []
  private var count = 0

  /// None.
  public init() {}

  /// Those at work, the oldest first.
  public var running: [Operation] { all.filter(\.isRunning) }

  /// The operation with an id.
  public func operation(_ id: OperationID) -> Operation? { all.first { $0.id == id } }

  /// Notes that an operation begins.
  public mutating func begin(
    _ kind: Operation.Kind,
    _ subject: String,
    total: Int? = nil,
    planned: PlannedLaunch? = nil,
    at now: Timestamp
  ) -> OperationID {
    count += 1
    let id = OperationID(number: count)
    var operation = Operation(
      id: id,
      kind: kind,
      subject: subject,
      started: now,
      planned: planned,
      moved: now
    )
    operation.progress.total = total
    operation.progress.isTotalEstimated = total != nil
    if kind == .restore { operation.restore = RestoreTrack() }
    all.append(operation)
    let ended = all.filter { !$0.isRunning }
    if ended.count > Self.endedLimit, let oldest = ended.first?.id {
      all.removeAll { $0.id == oldest }
    }
    return id
  }

  /// Notes that an operation was told to stop.
  public mutating func cancel(_ id: OperationID) {
    change(id) { if $0.isRunning { $0.state = .cancelling } }
  }

  /// Takes news.
  public mutating func take(_ news: OperationNews, of id: OperationID, at now: Timestamp) {
    change(id) { $0.take(news, at: now) }
  }

  private mutating func change(_ id: OperationID, _ body: (inout Operation) -> Void) {
    guard let place = all.firstIndex(where: { $0.id == id }) else { return }
    body(&all[place])
  }
}

extension Operation {
  mutating func take(_ news: OperationNews, at now: Timestamp) {
    switch news {
    case .stage(let text):
      stage = text
      moved = now
    case .progress(let progress): take(progress, at: now)
    case .issue(let issue):
      issueCount += 1
      if issues.count < Operations.issueLimit { issues.append(issue) }
    case .line(let line): take(.lines([line]), at: now)
    case .lines(let added):
      lines += added
      if lines.count > Operations.lineLimit {
        lines.removeFirst(lines.count - Operations.lineLimit)
      }
    case .restore(let event):
      restore?.take(event)
      if case .readiness = event { moved = now }
    case .restored(let outcome): restore?.end(outcome)
    case .ended(let end):
      state = .ended(end)
      ended = now
    }
  }

  private mutating func take(_ progress: OperationProgress, at now: Timestamp) {
    if progress != self.progress { moved = now }
    var progress = progress
    // A total that was expected stays until the operation knows better.
    if progress.total == nil, let total = self.progress.total {
      progress.total = max(total, progress.done)
      progress.isTotalEstimated = true
    }
    self.progress = progress
    if let last = samples.last, (now - last.time).seconds < 1 { return }
    samples.append(ProgressSample(time: now, done: progress.done, bytes: progress.bytes))
    if samples.count > Operations.sampleLimit { samples.removeFirst() }
  }
}
