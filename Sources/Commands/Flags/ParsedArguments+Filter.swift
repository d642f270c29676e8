// SPDX-License-Identifier: Apache-2.0

internal import Velero

/// The flags for labels that commands for backups and restores have in common.
extension ParsedArguments {
  /// Puts the label selectors of the flags into a spec, in place of both of what is there.
  ///
  /// - Throws: `UsageError` for text that is none.
  func setSelectors(_ spec: inout some SelectorRecord) throws(UsageError) {
    if has(BackupCreateFlags.selector.spec) || has(BackupCreateFlags.orSelector.spec) {
      (spec.labelSelector, spec.orLabelSelectors) = (nil, [])
    }
    if let text = self[BackupCreateFlags.selector] {
      spec.labelSelector = try Self.selector("--selector") { () throws(VeleroError) in
        try LabelSelector(parsing: text)
      }
    }
    if let text = self[BackupCreateFlags.orSelector] {
      spec.orLabelSelectors = try Self.selector("--or-selector") { () throws(VeleroError) in
        try LabelSelector.alternatives(parsing: text)
      }
    }
  }

  private static func selector<Value>(
    _ flag: String,
    _ parse: () throws(VeleroError) -> Value
  ) throws(UsageError) -> Value {
    do throws(VeleroError) {
      return try parse()
    } catch {
      throw UsageError(
        "flag '\(flag)': \(error.message)",
        hint: error.hint ?? "write it as kubectl takes it, such as 'app=web,tier in (front,back)'"
      )
    }
  }

  /// The labels that the record is given.
  ///
  /// - Throws: `UsageError` for keys or values that no label can have.
  func labels() throws(UsageError) -> [String: String] {
    let labels = map(BackupCreateFlags.labels)
    do throws(VeleroError) {
      try LabelSelector(matchLabels: labels).validate()
    } catch {
      let reason = error.message.split(separator: ": ", maxSplits: 1).last.map(String.init)
      throw UsageError("flag '--labels': \(reason ?? error.message)", hint: error.hint)
    }
    return labels
  }

  /// The pairs of a flag as a map; empty when it was not given.
  func map(_ flag: Flag<[MapEntry]>) -> [String: String] {
    Dictionary((self[flag] ?? []).map { ($0.key, $0.value) }) { _, last in last }
  }
}
