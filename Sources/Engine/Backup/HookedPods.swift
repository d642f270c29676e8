// SPDX-License-Identifier: Apache-2.0

/// Pods of a backup that ask by their annotations for commands to be run in them: how many, and one of them.
struct HookedPods: Sendable, Hashable {
  /// How many there are.
  private(set) var count = 0
  /// The first of them in the order of their names, `namespace/name`, whichever was read first.
  private(set) var example = ""

  /// Counts a pod.
  mutating func add(_ name: String) {
    example = count == 0 ? name : min(example, name)
    count += 1
  }

  /// What is said of them; nil when there are none.
  var issue: Issue? {
    guard count > 0 else { return nil }
    return Issue(
      .warning,
      count == 1
        ? "the hooks of the pod '\(example)' were not run"
        : "the hooks of \(count) pods were not run, such as those of '\(example)'",
      subject: Issue.Subject(resource: "pods"),
      hint:
        "only a Velero server runs hooks so far; what is written while a backup is made may be in it half"
    )
  }
}
