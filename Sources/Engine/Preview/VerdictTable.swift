// SPDX-License-Identifier: Apache-2.0

/// The verdicts of a preview, each known by a number from 1 on.
struct VerdictTable {
  private(set) var verdicts: [Verdict] = []
  private var numbers: [Verdict: UInt32] = [:]

  /// The number of a verdict that many rows may have.
  mutating func number(of verdict: Verdict) -> UInt32 {
    if let number = numbers[verdict] { return number }
    let number = append(verdict)
    numbers[verdict] = number
    return number
  }

  /// The number of a verdict that is one row's own.
  mutating func append(_ verdict: Verdict) -> UInt32 {
    verdicts.append(verdict)
    return UInt32(verdicts.count)
  }

  subscript(number: UInt32) -> Verdict { verdicts[Int(number) - 1] }
}
