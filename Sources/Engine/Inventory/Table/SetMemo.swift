// SPDX-License-Identifier: Apache-2.0

/// Sets of annotations or owners by the JSON they were last written as, so that most need not be read again.
///
/// All objects of a workload have the same owner, and those of a Helm release the same annotations, written the same way.
/// Labels are not kept so: often each object has some of its own. Of two texts for one place the later one stays. The memo
/// counts as a user of each set that it knows.
struct SetMemo: Sendable {
  private static let slots = 2048
  /// Longer texts are not kept, so that the memo stays below a MiB and a half.
  static let longestText = 512

  private struct Entry: Sendable {
    var text: [UInt8] = []
    var set: UInt32 = 0
  }

  /// Made with the first text, since tables of tests are small.
  private var entries: [Entry] = []

  /// The set that was written so.
  func find(_ text: UnsafeRawBufferPointer, _ tag: UInt32) -> UInt32? {
    guard !entries.isEmpty else { return nil }
    let place = Int(tag) & (Self.slots - 1)
    let isSame = entries[place].text.withUnsafeBytes { $0.isEqual(text) }
    return isSame ? entries[place].set : nil
  }

  /// Notes a set that the caller has counted as used by the memo.
  ///
  /// - Returns: The set that is no longer used by it; 0 for none.
  mutating func note(_ set: UInt32, for text: UnsafeRawBufferPointer, _ tag: UInt32) -> UInt32 {
    if entries.isEmpty { entries = [Entry](repeating: Entry(), count: Self.slots) }
    let place = Int(tag) & (Self.slots - 1)
    let old = entries[place].set
    entries[place] = Entry(text: Array(text), set: set)
    return old
  }

  /// Forgets everything, and gives the sets that are no longer used by it.
  mutating func clear() -> [UInt32] {
    defer { entries = [] }
    return entries.map(\.set)
  }
}
