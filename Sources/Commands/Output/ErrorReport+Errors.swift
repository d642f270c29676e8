// SPDX-License-Identifier: Apache-2.0

extension ErrorReport {
  /// What is said about an error, and how the process ends: the one table from errors to exit codes.
  init(_ error: any Error) {
    switch error {
    case let error as UsageError:
      self.init(exitCode: .usage, code: "usage", message: error.message, hint: error.hint)
    case let error as CommandFailure:
      self.init(
        exitCode: error.exitCode,
        code: error.code,
        message: error.message,
        hint: error.hint
      )
    case let error as OutputError:
      self.init(exitCode: .failed, code: "output", message: error.message)
    case is CancellationError:
      self.init(exitCode: .interrupted, code: "interrupted", message: "interrupted")
    default:
      self.init(exitCode: .failed, code: "failed", message: "\(error)")
    }
  }
}
