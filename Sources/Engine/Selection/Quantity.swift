// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// A quantity as Kubernetes writes it: `10Gi`, `500m`, `1e3`.
///
/// Exact to billionths, to which finer ones are rounded up, away from zero; amounts beyond 10²⁷ count as that. Digits behind
/// the eighteenth of a fraction only make it round up. Source: Kubernetes API reference, Quantity.
struct Quantity: Sendable, Hashable, Comparable {
  /// In billionths of what is counted: bytes, cores, objects.
  let nanos: Int128

  static let zero = Quantity(nanos: 0)

  private static let unit: Int128 = 1_000_000_000
  private static let largest = power(10, 36) ?? .max
  private static let fractionLimit = 18
  private static let exponentLimit = 60
  private static let exponents: [String: Int] = [
    "": 0, "n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18,
  ]
  private static let shifts: [String: Int] = [
    "Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60,
  ]

  private init(nanos: Int128) { self.nanos = nanos }

  /// So many whole ones.
  init(_ count: Int) { nanos = Int128(count) * Self.unit }

  /// Reads a quantity; nil when the text is none.
  init?(_ text: String) {
    guard let number = Number(text) else { return nil }
    let suffix = String(text[number.end...])
    if let shift = Self.shifts[suffix] {
      // Where the number is that of a binary suffix, the API server counts no further than Int64.
      let most = Int128(Int64.max) * Self.unit
      nanos = number.scaled(exponent: 9, factor: 1 << Int128(shift), most: most)
    } else if let exponent = Self.exponents[suffix] ?? Self.exponent(suffix) {
      nanos = number.scaled(exponent: exponent + 9, factor: 1, most: Self.largest)
    } else {
      return nil
    }
  }

  /// Reads a member of a resource list, which may be a text or a number; nil when it is neither.
  init?(_ json: JSONValue) {
    switch json {
    case .string(let text): self.init(text)
    case .number(let number): self.init(number.text)
    case .null, .bool, .array, .object: return nil
    }
  }

  /// The nearest floating-point number.
  var value: Double { Double(nanos) / 1e9 }

  static func < (left: Quantity, right: Quantity) -> Bool { left.nanos < right.nanos }

  static func + (left: Quantity, right: Quantity) -> Quantity {
    let (sum, overflows) = left.nanos.addingReportingOverflow(right.nanos)
    return overflows ? Quantity(nanos: left.nanos < 0 ? -largest : largest) : Quantity(nanos: sum)
  }

  static func - (left: Quantity, right: Quantity) -> Quantity {
    left + Quantity(nanos: -right.nanos)
  }

  static func * (left: Quantity, count: Int) -> Quantity {
    let (product, overflows) = left.nanos.multipliedReportingOverflow(by: Int128(count))
    let isNegative = (left.nanos < 0) != (count < 0)
    return overflows ? Quantity(nanos: isNegative ? -largest : largest) : Quantity(nanos: product)
  }

  /// `e3` and `E-2`; nil for other suffixes.
  private static func exponent(_ suffix: String) -> Int? {
    guard suffix.first == "e" || suffix.first == "E", let exponent = Int(suffix.dropFirst()) else {
      return nil
    }
    return min(max(exponent, -exponentLimit), exponentLimit)
  }

  /// nil where it is too large.
  private static func power(_ base: Int128, _ exponent: Int) -> Int128? {
    var power: Int128 = 1
    for _ in 0..<exponent {
      let (next, overflows) = power.multipliedReportingOverflow(by: base)
      if overflows { return nil }
      power = next
    }
    return power
  }

  /// The digits in front of the suffix.
  private struct Number {
    var isNegative = false
    /// Without the point.
    var digits: Int128 = 0
    /// How many of them are behind the point.
    var fraction = 0
    /// Whether there were others than zeros behind those.
    var hasRest = false
    /// Whether there were more than fit.
    var isTooLarge = false
    var end: String.Index

    init?(_ text: String) {
      end = text.startIndex
      if let sign = text.first, sign == "+" || sign == "-" {
        isNegative = sign == "-"
        end = text.index(after: end)
      }
      var count = 0
      var isBehindPoint = false
      while end < text.endIndex {
        let character = text[end]
        if character == ".", !isBehindPoint {
          isBehindPoint = true
        } else if character.isASCII, let digit = character.wholeNumberValue {
          take(digit, isBehindPoint)
          count += 1
        } else {
          break
        }
        end = text.index(after: end)
      }
      if count == 0 { return nil }
    }

    private mutating func take(_ digit: Int, _ isBehindPoint: Bool) {
      if isBehindPoint, fraction == Quantity.fractionLimit {
        hasRest = hasRest || digit > 0
        return
      }
      let (tens, isFirstOver) = digits.multipliedReportingOverflow(by: 10)
      let (sum, isSecondOver) = tens.addingReportingOverflow(Int128(digit))
      if isFirstOver || isSecondOver { isTooLarge = true } else { digits = sum }
      if isBehindPoint { fraction += 1 }
    }

    /// The number times a factor and a power of ten, rounded away from zero.
    func scaled(exponent: Int, factor: Int128, most: Int128) -> Int128 {
      let sign: Int128 = isNegative ? -1 : 1
      if digits == 0, !hasRest { return 0 }
      let (product, overflows) = digits.multipliedReportingOverflow(by: factor)
      if isTooLarge || overflows { return sign * most }
      let places = exponent - fraction
      if places >= 0 {
        guard let scale = Quantity.power(10, places) else {
          return sign * (product == 0 ? 1 : most)
        }
        let (scaled, overflows) = product.multipliedReportingOverflow(by: scale)
        return sign * (overflows ? most : min(scaled + (hasRest ? 1 : 0), most))
      }
      guard let divisor = Quantity.power(10, -places) else { return sign }
      let (quotient, remainder) = product.quotientAndRemainder(dividingBy: divisor)
      return sign * min(quotient + (remainder > 0 || hasRest ? 1 : 0), most)
    }
  }
}

extension Quantity: CustomStringConvertible {
  /// As Kubernetes writes amounts that are no bytes: `3`, `1500m`.
  var description: String {
    for (suffix, divisor) in [("", Self.unit), ("m", 1_000_000), ("u", 1000)] as [(String, Int128)]
    {
      if nanos % divisor == 0 { return "\(nanos / divisor)\(suffix)" }
    }
    return "\(nanos)n"
  }

  /// As Kubernetes writes bytes: `1536Mi`.
  var bytesText: String {
    for (suffix, shift) in Self.shifts.sorted(by: { $0.value > $1.value }) {
      let divisor = Self.unit << Int128(shift)
      if nanos != 0, nanos % divisor == 0 { return "\(nanos / divisor)\(suffix)" }
    }
    return description
  }
}
