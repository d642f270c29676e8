// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Synchronization

/// Where a run's events wait to be shown, without ever holding up the run.
///
/// Phases are kept until they are read; of the figures only the last ones count.
final class ProgressBoard: Sendable {
  private struct State {
    var progress: Progress
    /// Phases begun since the last look, each with the figures it began with.
    var unseen: [Progress] = []
    var hasNews = false
    var issues: [Issue] = []
  }

  /// How many issues are kept; a finished run has them all, one that ends early the first.
  private static let issueLimit = 20

  /// One element a time that there may be news; several changes may give one.
  private let changes: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation
  private let state: Mutex<State>

  /// Makes a board without news.
  ///
  /// - Parameter showsBytes: Whether bytes say something about how far the run is.
  init(showsBytes: Bool = true) {
    state = Mutex(State(progress: Progress(phase: "", bytes: showsBytes ? 0 : nil)))
    (changes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Notes that a phase begins.
  func enter(_ phase: String) {
    state.withLock { state in
      state.progress.phase = phase
      state.progress.detail = ""
      state.unseen.append(state.progress)
    }
    continuation.yield()
  }

  /// Notes new figures.
  func change(_ body: (inout Progress) -> Void) {
    state.withLock { state in
      body(&state.progress)
      state.hasNews = true
    }
    continuation.yield()
  }

  /// Keeps an issue, which is printed when the run is over.
  func keep(_ issue: Issue) {
    state.withLock { state in
      if state.issues.count < Self.issueLimit { state.issues.append(issue) }
    }
  }

  /// The first issues of the run.
  var issues: [Issue] { state.withLock { $0.issues } }

  /// Runs `body`, which notes here how it goes, and shows its progress on the error output meanwhile.
  ///
  /// - Parameters:
  ///   - context: The command.
  ///   - body: The run.
  /// - Returns: What it came to; the progress is cleared away.
  func watch<Outcome: Sendable>(
    _ context: CommandContext,
    _ body: () async throws -> Outcome
  ) async -> Result<Outcome, any Error> {
    let display = ProgressDisplay(
      output: context.errorOutput,
      stopwatch: context.invocation.stopwatch
    )
    async let shown: Void = show(on: display)
    let result: Result<Outcome, any Error>
    do {
      result = .success(try await body())
    } catch {
      result = .failure(error)
    }
    continuation.finish()
    // Progress that nobody can see any more is no reason to lose what was done.
    try? await shown
    try? await display.finish()
    return result
  }

  private func show(on display: ProgressDisplay) async throws {
    for await _ in changes {
      for progress in news() { try await display.update(progress) }
    }
    for progress in news() { try await display.update(progress) }
  }

  /// What is new since the last look, oldest first.
  private func news() -> [Progress] {
    state.withLock { state in
      let last = state.hasNews ? [state.progress] : []
      defer {
        state.unseen = []
        state.hasNews = false
      }
      return state.unseen + last
    }
  }
}
