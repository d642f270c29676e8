// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Synchronization

/// Where a run's events wait to be shown, without ever holding up the run.
///
/// Phases are kept until they are read; of the figures only the last ones count.
final class ProgressBoard: Sendable {
  private struct State {
    var stage = BackupStage.discovery
    var figures = RunProgress()
    /// Phases begun since the last look, each with the figures it began with.
    var unseen: [Progress] = []
    var hasNews = false
    var issues: [Issue] = []
  }

  /// How many issues are kept; a finished run has them all, one that ends early the first.
  private static let issueLimit = 20

  /// One element a time that there may be news; several changes may give one.
  let changes: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation
  private let state = Mutex(State())

  init() {
    (changes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Takes an event of the run.
  func take(_ event: BackupEvent) {
    state.withLock { state in
      switch event {
      case .phase(let stage):
        state.stage = stage
        state.unseen.append(Self.progress(state))
      case .progress(let figures):
        state.figures = figures
        state.hasNews = true
      // Issues are printed when the run is over.
      case .issue(let issue):
        if state.issues.count < Self.issueLimit { state.issues.append(issue) }
      }
    }
    continuation.yield()
  }

  /// Ends the changes.
  func close() { continuation.finish() }

  /// What is new since the last look, oldest first.
  func news() -> [Progress] {
    state.withLock { state in
      let last = state.hasNews ? [Self.progress(state)] : []
      defer {
        state.unseen = []
        state.hasNews = false
      }
      return state.unseen + last
    }
  }

  /// The first issues of the run.
  var issues: [Issue] { state.withLock { $0.issues } }

  private static func progress(_ state: State) -> Progress {
    Progress(
      phase: state.stage.text,
      objects: state.figures.objectsTaken,
      bytes: state.figures.listedBytes
    )
  }
}

extension BackupStage {
  /// What is being done, for people.
  fileprivate var text: String {
    switch self {
    case .discovery: "asking the cluster what it serves"
    case .selection: "applying the filter"
    case .objects: "reading objects"
    case .additions: "fetching what they need"
    case .records: "writing lists and logs"
    case .completion: "writing the record"
    }
  }
}
