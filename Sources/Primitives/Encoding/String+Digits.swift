// SPDX-License-Identifier: Apache-2.0

extension String {
  /// Writes a number with as many zeros in front as it lacks digits.
  ///
  /// - Parameters:
  ///   - number: Any number; a sign stands before the zeros and is no digit.
  ///   - radix: The base, 2...36; digits beyond 9 are lower-case letters.
  ///   - minimumDigits: How many digits there are at least; a larger number has more.
  public init(_ number: some BinaryInteger, radix: Int = 10, minimumDigits: Int) {
    let digits = String(number.magnitude, radix: radix)
    let zeros = String(repeating: "0", count: Swift.max(0, minimumDigits - digits.utf8.count))
    self = (number < 0 ? "-" : "") + zeros + digits
  }
}
