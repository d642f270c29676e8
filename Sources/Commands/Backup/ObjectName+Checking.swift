// SPDX-License-Identifier: Apache-2.0

internal import Engine

extension ObjectName {
  /// Checks the name of a backup, or of something else.
  static func check(_ name: String, of kind: String = "backup") throws(UsageError) {
    if isSubdomain(name) { return }
    throw UsageError("'\(name)' cannot be the name of a \(kind)", hint: rule)
  }
}
