// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal

/// What actions are about: never the row under the cursor while anything is marked, also when the filter hides all that is.
extension ListPane {
  /// The marked rows that are seen, in the order of the list; the one under the cursor where nothing is marked.
  ///
  /// For what changes or destroys: nobody is to lose what they do not see.
  public var targets: [ID] {
    guard list.marks.isEmpty else { return ids.filter { list.isMarked($0) } }
    return [list.cursor].compactMap { $0 }
  }

  /// The same with the marked rows that the filter hides, which come last, in the order of their names in clicks.
  ///
  /// For what only takes up what was chosen, as a filter or a plan does; `hiddenRemark` says so.
  public var allTargets: [ID] {
    guard hiddenMarkCount > 0 else { return targets }
    return targets + list.marks.subtracting(ids).sorted { key($0) < key($1) }
  }

  /// Why `targets` is empty, of rows that are called so.
  func missing(_ noun: String) -> String {
    list.marks.isEmpty
      ? "there is no \(noun) under the cursor"
      : "all marked rows are hidden by the filter"
  }

  /// What the user should know of `allTargets`; nil where all of them are seen.
  func hiddenRemark(_ noun: String) -> String? {
    HiddenMarks.remark(hiddenMarkCount, of: list.marks.count, noun)
  }
}

/// What is said of marked rows that a filter hides, and that count all the same.
enum HiddenMarks {
  /// `2 of 5 marked objects are hidden by the filter, and are taken too`; nil where none is hidden.
  static func remark(_ hidden: Int, of count: Int, _ noun: String) -> String? {
    guard hidden > 0 else { return nil }
    let verb = hidden == 1 ? "is hidden by the filter, and is" : "are hidden by the filter, and are"
    return
      "\(HumanText.count(hidden)) of \(HumanText.counted(count, "marked \(noun)")) \(verb) taken too"
  }

  /// `5 marked (2 hidden)`; nil where nothing is marked.
  static func count(_ count: Int, hidden: Int) -> String? {
    guard count > 0 else { return nil }
    let marked = "\(HumanText.count(count)) marked"
    return hidden > 0 ? "\(marked) (\(HumanText.count(hidden)) hidden)" : marked
  }
}
