// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The command line of Binnacle.
public enum CommandLineTool {
  /// Runs one command and says how it ended.
  ///
  /// Never throws and never ends the process: errors are printed to the invocation's error output. Cancelling the
  /// task cancels the command, which then cleans up and gives 130.
  ///
  /// - Parameter invocation: The command line with all that belongs to it.
  /// - Returns: An `ExitCode` as number.
  public static func run(_ invocation: Invocation) async -> Int32 {
    await run(invocation, table: .standard).rawValue
  }

  static func run(_ invocation: Invocation, table: CommandTable) async -> ExitCode {
    do {
      return try await dispatch(invocation, table)
    } catch let error as OutputError where error.isClosed {
      // Whoever reads has seen enough, as with `binnacle backup contents x | head`.
      return .done
    } catch {
      return await report(error, invocation)
    }
  }

  private static func dispatch(_ invocation: Invocation, _ table: CommandTable) async throws
    -> ExitCode
  {
    // On a terminal a line without a command opens the console; elsewhere it is a question for help.
    let isInteractive = invocation.input.isTerminal && invocation.output.isTerminal
    let usual = isInteractive || !invocation.arguments.isEmpty ? ConsoleOpen.command.verb : nil
    switch try table.resolve(invocation.arguments, usual: usual) {
    case .help(let text):
      try await invocation.output.write(text)
      return .done
    case .run(let command, let arguments):
      let context = CommandContext(
        invocation: invocation,
        arguments: arguments,
        command: command,
        table: table
      )
      if command.usesLocations { try await Wiring(context).tellConfiguration(context) }
      return try await command.run(context)
    }
  }

  private static func report(_ error: any Error, _ invocation: Invocation) async -> ExitCode {
    let report = ErrorReport(error)
    let output = invocation.errorOutput
    let text: String
    if asksForJSON(invocation.arguments) {
      text = report.json.text(.pretty) + "\n"
    } else {
      let style = TextStyle(
        output: output,
        environment: invocation.environment,
        noColor: invocation.arguments.contains("--no-color")
      )
      text = report.text(columns: columns(of: output), style: style)
    }
    // Where the error output is gone too there is nobody left to tell; the exit code still speaks.
    try? await output.write(text)
    return report.exitCode
  }

  /// Where lines of text break: on a terminal at its width, at most 100; elsewhere nowhere, so that programs find
  /// each message on one line.
  static func columns(of output: Output) -> Int {
    output.isTerminal ? min(max(output.columns() ?? 80, 40), 100) : Int.max
  }

  /// Whether the command line asks for JSON; found without parsing, since the parsing may be what failed.
  private static func asksForJSON(_ arguments: [String]) -> Bool {
    for (argument, next) in zip(arguments, arguments.dropFirst() + [""]) {
      switch argument {
      case "--": return false
      case "-o", "--output": if next == "json" { return true }
      case "-ojson", "-o=json", "--output=json": return true
      default: break
      }
    }
    return false
  }
}
