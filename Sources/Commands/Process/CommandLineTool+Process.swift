// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension CommandLineTool {
  /// Runs the command line of this process, to its end or until it is interrupted.
  ///
  /// SIGINT, SIGTERM and SIGHUP cancel the running command, which cleans up and ends with code 130; a second one
  /// ends the process at once. A reader who closes standard output early ends it quietly.
  ///
  /// - Returns: The exit code for the process.
  @concurrent public static func runProcess() async -> Int32 {
    let interruptions = Interruptions.listen()
    let invocation = Invocation(
      arguments: Array(CommandLine.arguments.dropFirst()),
      environment: EnvironmentVariables.ofProcess(),
      input: .standard(),
      output: .descriptor(1),
      errorOutput: .descriptor(2)
    )
    return await withTaskGroup(of: Int32?.self) { group in
      group.addTask { await run(invocation) }
      group.addTask {
        for await _ in interruptions { break }
        return nil
      }
      var code: Int32?
      while code == nil, let ended = await group.next() {
        code = ended
        group.cancelAll()
      }
      return code ?? ExitCode.interrupted.rawValue
    }
  }
}
