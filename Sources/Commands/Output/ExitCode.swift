// SPDX-License-Identifier: Apache-2.0

/// How a command ended, as the process's exit code; the table of `docs/commands.md`.
public enum ExitCode: Int32, Sendable, CaseIterable {
  /// Everything asked for was done.
  case done = 0
  /// It could not be done.
  case failed = 1
  /// The command line cannot be understood, or asks for what cannot be.
  case usage = 2
  /// It was done, but some objects are missing or there were errors on the way.
  case doneWithIssues = 3
  /// Something named on the command line does not exist.
  case notFound = 10
  /// Somebody else is working on the same thing.
  case locked = 11
  /// The credentials do not allow it, or there are none.
  case denied = 12
  /// It was interrupted.
  case interrupted = 130

  /// What the code means, for the documentation.
  var meaning: String {
    switch self {
    case .done: "done"
    case .failed: "failed"
    case .usage: "the command line cannot be understood"
    case .doneWithIssues: "done, with issues: something is missing or went wrong on the way"
    case .notFound: "something named on the command line does not exist"
    case .locked: "locked: somebody else is working on the same thing"
    case .denied: "denied: missing or refused credentials or permissions"
    case .interrupted: "interrupted"
    }
  }
}
