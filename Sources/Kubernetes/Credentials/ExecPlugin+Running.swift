// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Primitives

extension ExecPlugin {
  /// Runs the plugin and reads its answer; blocks its thread.
  func run(
    _ configuration: ClientConfiguration,
    _ cancellation: ChildProcess.Cancellation
  ) throws(KubernetesError) -> ExecCredential {
    let isInteractive = try isInteractive(configuration.environment)
    let process = ChildProcess(
      path: try program(configuration.environment),
      arguments: arguments,
      environment: variables(
        configuration.environment,
        info: try info(configuration, isInteractive: isInteractive)
      ),
      usesTerminal: isInteractive,
      timeLimit: .seconds(isInteractive ? Self.interactiveTimeLimitSeconds : Self.timeLimitSeconds)
    )
    let outcome: ChildProcess.Outcome
    do {
      outcome = try process.run(cancellation)
    } catch {
      throw failure(error, isInteractive: isInteractive)
    }
    guard outcome.status == 0 else { throw failure(outcome) }
    return try ExecCredential(output: outcome.output, plugin: self)
  }

  private func isInteractive(_ environment: ProcessEnvironment) throws(KubernetesError) -> Bool {
    switch interactiveMode {
    case .never: return false
    case .ifAvailable: return environment.isInteractive
    case .always:
      guard environment.isInteractive else {
        throw failure(
          "it has to talk to the user, and there is no terminal to do so",
          hint: "log in with the plugin in a terminal first, or use credentials that need no login"
        )
      }
      return true
    }
  }

  /// The program's path: the command itself, or where `PATH` has it.
  private func program(_ environment: ProcessEnvironment) throws(KubernetesError) -> String {
    if command.contains("/") {
      if access(command, X_OK) == 0 { return command }
      let reason = String(cString: strerror(errno)).lowercased()
      throw failure("cannot run it: \(reason)", hint: missingHint)
    }
    for folder in (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
      let path = "\(folder)/\(command)"
      if access(path, X_OK) == 0 { return path }
    }
    throw failure("no such program in PATH", hint: missingHint)
  }

  private var missingHint: String {
    installHint.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
      ?? "install the program that the kubeconfig names, or correct the kubeconfig"
  }

  private func variables(_ environment: ProcessEnvironment, info: JSONValue) -> [String] {
    var variables = environment.variables
    for variable in self.environment { variables[variable.name] = variable.value.value }
    variables["KUBERNETES_EXEC_INFO"] = info.text()
    return variables.map { "\($0.key)=\($0.value)" }.sorted()
  }

  private func failure(
    _ failure: ChildProcess.Failure,
    isInteractive: Bool
  ) -> KubernetesError {
    switch failure {
    case .cancelled: return .cancelled
    case .cannotStart(let number):
      return self.failure(
        "cannot start it: \(String(cString: strerror(number)).lowercased())",
        hint: missingHint
      )
    case .timedOut:
      let limit = isInteractive ? Self.interactiveTimeLimitSeconds : Self.timeLimitSeconds
      return self.failure(
        "it did not end within \(limit) s",
        hint: "run the command by hand to see what it waits for"
      )
    case .tooMuchOutput:
      return self.failure(
        "it printed more than \(ChildProcess.outputLimitBytes >> 20) MiB",
        hint: "run the command by hand to see what it prints"
      )
    }
  }

  private func failure(_ outcome: ChildProcess.Outcome) -> KubernetesError {
    let how =
      outcome.status < 0 ? "signal \(-outcome.status) ended it" : "exit code \(outcome.status)"
    let words = TextExcerpt.firstLine(of: outcome.errorOutput)
    return failure(
      words.isEmpty ? how : "\(how), saying: \(words)",
      hint: "log in again with the tool that the plugin belongs to"
    )
  }
}
