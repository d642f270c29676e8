// SPDX-License-Identifier: Apache-2.0

/// Looks for a text in many lines; small letters stand for both kinds.
///
/// The bytes of a line are put together and folded in one place that is used again, so that a line costs no memory of its own.
struct LineSearch {
  private let pattern: SubstringPattern
  private let needle: [UInt8]
  private var folded: [UInt8] = []

  init(_ text: String) {
    pattern = SubstringPattern(text)
    needle = FoldedText.bytes(text)
  }

  /// Whether a line holds it, also across its pieces.
  mutating func isFound(in line: TextLine) -> Bool {
    guard !needle.isEmpty else { return false }
    folded.removeAll(keepingCapacity: true)
    for span in line.spans {
      let isDone: Void? = span.text.utf8.withContiguousStorageIfAvailable {
        folded.append(contentsOf: $0)
      }
      if isDone == nil { folded.append(contentsOf: span.text.utf8) }
    }
    let needle = needle
    let found: Bool? = folded.withUnsafeMutableBufferPointer { bytes in
      var all: UInt8 = 0
      for index in bytes.indices {
        let byte = bytes[index]
        all |= byte
        bytes[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
      }
      guard all < 0x80 else { return nil }
      return FoldedText.find(needle, in: UnsafeBufferPointer(bytes), from: 0) != nil
    }
    // Letters beyond ASCII are folded by the rules of Unicode.
    return found ?? pattern.isFound(in: line.text)
  }
}
