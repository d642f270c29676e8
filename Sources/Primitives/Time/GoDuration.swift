// SPDX-License-Identifier: Apache-2.0

/// A length of time in Go's text form, such as `720h0m0s` or `1.5h`.
///
/// Kubernetes and Velero store durations as Go strings. Values are whole nanoseconds in `Int64`, so the
/// range is about ±292 years, as in Go. Source: Go package `time`, `ParseDuration` and `Duration.String`.
public struct GoDuration: Sendable, Hashable {
  /// The length in nanoseconds; negative values are allowed.
  public var nanoseconds: Int64

  /// Makes a duration of whole nanoseconds.
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Makes a duration of whole seconds.
  ///
  /// - Parameter seconds: Up to about 9.2 billion in size; more gives the longest duration of that sign.
  public init(seconds: Int64) {
    let (product, isBeyond) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    nanoseconds = isBeyond ? (seconds < 0 ? -Int64.max : .max) : product
  }

  /// The longest duration, about 292 years.
  public static let longest = GoDuration(nanoseconds: .max)
  /// The longest one back in time; its opposite is a duration, too.
  public static let longestBack = GoDuration(nanoseconds: -Int64.max)

  /// The length in whole seconds, rounded towards zero.
  public var seconds: Int64 { nanoseconds / 1_000_000_000 }
}

extension GoDuration {
  private static let units: [(suffix: String, nanoseconds: Int64)] = [
    ("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000),
    ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
  ]

  /// Reads Go's duration syntax: an optional sign, then numbers with units `ns us µs ms s m h`.
  ///
  /// Returns nil where Go's `ParseDuration` reports an error: no unit (except for `0`), an unknown unit
  /// (days are none), an empty text, or a value that does not fit.
  public init?(_ text: some StringProtocol) {
    var rest = text[...]
    var negative = false
    if let sign = rest.first, sign == "-" || sign == "+" {
      negative = sign == "-"
      rest = rest.dropFirst()
    }
    if rest == "0" {
      nanoseconds = 0
      return
    }
    guard !rest.isEmpty else { return nil }
    var total: Int64 = 0
    while !rest.isEmpty {
      guard let part = Self.takePart(&rest) else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(part)
      guard !overflow else { return nil }
      total = sum
    }
    nanoseconds = negative ? -total : total
  }

  /// Takes one number with its unit off the front.
  private static func takePart<Text: StringProtocol>(_ rest: inout Text) -> Int64?
  where Text.SubSequence == Text {
    let whole = rest.prefix(while: { $0.isASCII && $0.isNumber })
    rest = rest.dropFirst(whole.count)
    var fraction = ""
    if rest.first == "." {
      rest = rest.dropFirst()
      let digits = rest.prefix(while: { $0.isASCII && $0.isNumber })
      fraction = String(digits)
      rest = rest.dropFirst(digits.count)
    }
    guard !(whole.isEmpty && fraction.isEmpty) else { return nil }
    let suffix = rest.prefix(while: { $0 != "." && !($0.isASCII && $0.isNumber) })
    rest = rest.dropFirst(suffix.count)
    guard let unit = units.first(where: { $0.suffix == String(suffix) })?.nanoseconds,
      let count = whole.isEmpty ? 0 : Int64(whole)
    else { return nil }
    let (base, overflow) = count.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    return base.addingReportingOverflow(scale(fraction, unit)).overflow
      ? nil : base + scale(fraction, unit)
  }

  /// The fraction of a unit that decimal digits name; digits below a nanosecond are cut off.
  private static func scale(_ digits: String, _ unit: Int64) -> Int64 {
    var result: Int64 = 0
    var step = unit
    for digit in digits.utf8 {
      step /= 10
      if step == 0 { break }
      result += Int64(digit - 48) * step
    }
    return result
  }
}

extension GoDuration: Comparable {
  /// Whether `left` is the shorter one, or further back.
  public static func < (left: GoDuration, right: GoDuration) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

extension GoDuration {
  /// The most days that `shorthand` takes.
  public static let shorthandLimitDays: Int64 = 36_500

  /// Reads a length of time as people write it: Go's form, or whole days or weeks, as `36h`, `1h30m`, `30d`, `2w`.
  ///
  /// Returns nil for other text, for nothing or less, and for more than `shorthandLimitDays`. Spaces do not count.
  public init?(shorthand text: String) {
    let text = text.filter { $0 != " " }
    let limit = GoDuration(seconds: Self.shorthandLimitDays * 86_400)
    let days: [Character: Int64] = ["d": 1, "w": 7]
    if let unit = text.last.flatMap({ days[$0] }) {
      let digits = text.dropLast()
      guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let count = Int64(digits),
        count > 0, count <= Self.shorthandLimitDays / unit
      else { return nil }
      self.init(seconds: count * unit * 86_400)
      return
    }
    guard let duration = GoDuration(text), duration.nanoseconds > 0, duration <= limit else {
      return nil
    }
    self = duration
  }
}

extension GoDuration: CustomStringConvertible {
  /// Go's canonical form: `0s`, `1.5s`, `10m0s`, `720h0m0s`, `250ms`.
  public var description: String {
    let magnitude = nanoseconds.magnitude
    let sign = nanoseconds < 0 ? "-" : ""
    switch magnitude {
    case 0: return "0s"
    case 1..<1_000: return "\(sign)\(magnitude)ns"
    case 1_000..<1_000_000: return sign + Self.decimal(magnitude, 1_000) + "µs"
    case 1_000_000..<1_000_000_000: return sign + Self.decimal(magnitude, 1_000_000) + "ms"
    default: break
    }
    let wholeSeconds = magnitude / 1_000_000_000
    let hours = wholeSeconds / 3600
    let minutes = wholeSeconds / 60 % 60
    let rest = Self.decimal(magnitude % 60_000_000_000, 1_000_000_000)
    if hours > 0 { return "\(sign)\(hours)h\(minutes)m\(rest)s" }
    return minutes > 0 ? "\(sign)\(minutes)m\(rest)s" : "\(sign)\(rest)s"
  }

  /// Writes `value / unit` without trailing zeros.
  private static func decimal(_ value: UInt64, _ unit: UInt64) -> String {
    var fraction = String(value % unit + unit).dropFirst()
    while fraction.last == "0" { fraction = fraction.dropLast() }
    return fraction.isEmpty ? "\(value / unit)" : "\(value / unit).\(fraction)"
  }
}
