// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension Timestamp {
  /// Go's default text of a time in UTC: `2026-01-02 03:04:05 +0000 UTC`.
  ///
  /// Velero's tables and descriptions print times so. Source: Go package `time`, `Time.String`.
  var goText: String {
    let text = truncatedToSeconds.description
    return text.prefix(10) + " " + text.dropFirst(11).dropLast() + " +0000 UTC"
  }
}
