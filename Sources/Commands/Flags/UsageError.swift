// SPDX-License-Identifier: Apache-2.0

/// A command line that cannot be understood, or that asks for what cannot be done; exit code 2.
struct UsageError: Error, Sendable, Hashable {
  /// What is wrong, lower case, with the word in quotes.
  var message: String
  /// What to write instead.
  var hint: String?

  /// Makes an error.
  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}
