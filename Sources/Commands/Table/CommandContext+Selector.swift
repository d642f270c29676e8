// SPDX-License-Identifier: Apache-2.0

internal import Velero

extension CommandContext {
  /// The label selector that a flag holds, or nil when it was not given.
  ///
  /// - Throws: `UsageError` for a text that is none.
  func selector(_ flag: Flag<String>) throws(UsageError) -> LabelSelector? {
    guard let text = self[flag] else { return nil }
    do throws(VeleroError) {
      return try LabelSelector(parsing: text)
    } catch {
      throw UsageError(error.message, hint: error.hint)
    }
  }
}
