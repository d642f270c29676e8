// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Velero

/// Makes a preview, and shows on a terminal what it is at.
enum PreviewRun {
  /// Makes the preview.
  ///
  /// - Parameters:
  ///   - backup: What is asked for.
  ///   - client: The cluster.
  ///   - context: The command.
  /// - Returns: A preview that is exact, or incomplete for good, with the reading of what was asked for.
  /// - Throws: `UsageError` when the filter makes no sense together with its resource policy; what reading throws.
  static func perform(
    _ backup: Backup,
    _ client: KubernetesClient,
    _ context: CommandContext
  ) async throws -> (preview: Preview, scope: ScopedBackup) {
    let scope = try await BackupScope.read(backup, with: client)
    let filter = scope.filter
    guard filter.problems.isEmpty else {
      throw UsageError(
        filter.problems.joined(separator: "\n"),
        hint: "correct the filter or its resource policy"
      )
    }
    let reader = PreviewReader(client: client, clock: context.invocation.clock)
    // Whoever reads a file or a pipe wants the result alone.
    guard context.errorOutput.isTerminal else {
      return (try await reader.read(filter), scope)
    }
    let display = ProgressDisplay(
      output: context.errorOutput,
      stopwatch: context.invocation.stopwatch
    )
    let (stages, continuation) = AsyncStream.makeStream(of: PreviewReader.Stage.self)
    async let shown: Void = show(stages, on: display)
    let result: Result<Preview, any Error>
    do {
      result = .success(try await reader.read(filter) { continuation.yield($0) })
    } catch {
      result = .failure(error)
    }
    continuation.finish()
    try? await shown
    try? await display.finish()
    return (try result.get(), scope)
  }

  private static func show(
    _ stages: AsyncStream<PreviewReader.Stage>,
    on display: ProgressDisplay
  ) async throws {
    for await stage in stages { try await display.announce(stage.text) }
  }
}

extension PreviewReader.Stage {
  /// What is being done, for people.
  fileprivate var text: String {
    switch self {
    case .discovery: "asking the cluster what it serves"
    case .metadata(let count): "listing the metadata of \(count) types"
    case .relations: "reading what they need"
    }
  }
}
