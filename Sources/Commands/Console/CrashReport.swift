// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension CommandLineTool {
  /// The variable with which the Swift runtime is told how to report a crash; read once, when a process starts.
  private static let crashVariable = "SWIFT_BACKTRACE"

  /// Starts this program anew if it will open the console, so that a crash there is reported without questions.
  ///
  /// The runtime would otherwise ask for a key on the terminal that the console has just left. The process keeps its number and
  /// its terminal. Nothing happens where the variable is set, for other commands, or when the program cannot be started again.
  ///
  /// To be called first of all: the new program inherits what the calling thread does with signals.
  public static func restartForConsole() {
    guard isatty(0) == 1, isatty(1) == 1,
      EnvironmentVariables.ofProcess()[crashVariable] == nil,
      opensConsole(Array(CommandLine.arguments.dropFirst()), table: .standard)
    else { return }
    // Its own name, where it can be told, is what lists of processes show.
    var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let length = readlink("/proc/self/exe", &path, path.count - 1)
    EnvironmentVariables.withAll(adding: "\(crashVariable)=interactive=no,color=no") { variables in
      if length > 0 { execve(path, CommandLine.unsafeArgv, variables) }
      execve("/proc/self/exe", CommandLine.unsafeArgv, variables)
    }
  }

  /// Whether a command line opens the console when it is given on a terminal.
  static func opensConsole(_ arguments: [String], table: CommandTable) -> Bool {
    let usual = ConsoleOpen.command.verb
    guard case .run(let command, _)? = try? table.resolve(arguments, usual: usual) else {
      return false
    }
    return command.path == ConsoleOpen.command.path
  }
}
