// SPDX-License-Identifier: Apache-2.0

/// A failure that a command finds itself, beside those of the modules below.
struct CommandFailure: Error, Sendable {
  /// How the command ends.
  var exitCode: ExitCode
  /// A word for programs, such as `notFound`.
  var code: String
  /// What, on which object, and why.
  var message: String
  /// What the reader can do.
  var hint: String?

  /// Something named does not exist.
  static func notFound(_ message: String, hint: String? = nil) -> CommandFailure {
    CommandFailure(exitCode: .notFound, code: "notFound", message: message, hint: hint)
  }

  /// Something is not as it has to be.
  static func failed(_ message: String, code: String = "failed", hint: String? = nil)
    -> CommandFailure
  {
    CommandFailure(exitCode: .failed, code: code, message: message, hint: hint)
  }
}
