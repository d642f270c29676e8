// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  internal import Glibc
#endif

/// A moment on the calendar, in UTC, to the nanosecond; years 1 to 9999.
public struct Timestamp: Sendable, Hashable {
  /// Whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  public var seconds: Int64
  /// Nanoseconds past the second, 0...999,999,999.
  public var nanoseconds: Int32

  /// Makes a moment.
  public init(seconds: Int64, nanoseconds: Int32 = 0) {
    precondition((0..<1_000_000_000).contains(nanoseconds), "nanoseconds are 0...999,999,999")
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// The moment later by `duration`, or earlier by a negative one; the last or first that there is beyond them.
  public static func + (moment: Timestamp, duration: GoDuration) -> Timestamp {
    let nanoseconds = Int64(moment.nanoseconds) + duration.nanoseconds % 1_000_000_000
    let carry = nanoseconds < 0 ? -1 : nanoseconds / 1_000_000_000
    let (seconds, isBeyond) = moment.seconds.addingReportingOverflow(
      duration.nanoseconds / 1_000_000_000 + carry
    )
    guard !isBeyond else {
      return duration.nanoseconds < 0
        ? Timestamp(seconds: .min) : Timestamp(seconds: .max, nanoseconds: 999_999_999)
    }
    return Timestamp(
      seconds: seconds,
      nanoseconds: Int32(nanoseconds - carry * 1_000_000_000)
    )
  }

  /// The time from `right` to `left`; the longest that there is, of either sign, beyond 292 years, as in Go.
  ///
  /// What is read from records may be years apart from everything else: 0001 and 9999 are written for never and for ever.
  public static func - (left: Timestamp, right: Timestamp) -> GoDuration {
    let (seconds, isBeyond) = left.seconds.subtractingReportingOverflow(right.seconds)
    let (scaled, isLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, isLonger) = scaled.addingReportingOverflow(
      Int64(left.nanoseconds - right.nanoseconds)
    )
    guard !isBeyond, !isLong, !isLonger else { return left < right ? .longestBack : .longest }
    return max(GoDuration(nanoseconds: sum), .longestBack)
  }

  /// The same moment without its fraction of a second, as Kubernetes writes times.
  public var truncatedToSeconds: Timestamp { Timestamp(seconds: seconds) }
}

extension Timestamp: Comparable {
  /// Whether `left` comes before `right`.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}

extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC, with as many fraction digits as are needed: `2026-01-02T03:04:05Z`.
  public var description: String {
    let (days, secondOfDay) = seconds.flooredQuotientAndRemainder(dividingBy: 86_400)
    let date = Self.civil(daysSince1970: days)
    var text =
      "\(String(date.year, minimumDigits: 4))-\(Self.two(date.month))-\(Self.two(date.day))T"
      + "\(Self.two(secondOfDay / 3600)):\(Self.two(secondOfDay / 60 % 60)):"
      + Self.two(secondOfDay % 60)
    if nanoseconds != 0 {
      var fraction = String(nanoseconds, minimumDigits: 9)[...]
      while fraction.last == "0" { fraction = fraction.dropLast() }
      text += "." + fraction
    }
    return text + "Z"
  }

  /// Reads RFC 3339 with any offset and any number of fraction digits (those below a nanosecond are cut off).
  ///
  /// Returns nil for anything else, and for days that the calendar does not have. A second of 60 is taken
  /// as the next minute's first.
  public init?(rfc3339 text: String) {
    var text = text
    guard let moment = text.withUTF8({ Timestamp(rfc3339: UnsafeRawBufferPointer($0)) }) else {
      return nil
    }
    self = moment
  }

  /// Reads RFC 3339 from its UTF-8, without an allocation.
  public init?(rfc3339 bytes: UnsafeRawBufferPointer) {
    var reader = DigitReader(bytes)
    guard let year = reader.number(4), reader.skip("-"),
      let month = reader.number(2), reader.skip("-"),
      let day = reader.number(2), reader.skip("T") || reader.skip("t"),
      let hour = reader.number(2), reader.skip(":"),
      let minute = reader.number(2), reader.skip(":"),
      let second = reader.number(2),
      let fraction = reader.fraction(),
      let offset = reader.offsetSeconds(), reader.isAtEnd,
      year >= 1, (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    let days = Self.days(year: year, month: month, day: day)
    seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
    nanoseconds = Int32(fraction)
  }

  private static func two(_ value: Int64) -> String { String(value, minimumDigits: 2) }
}

extension Timestamp {
  /// The number of days from 1970-01-01 to a day of the Gregorian calendar.
  ///
  /// Years are counted from March, in eras of 400 years, so that leap days fall at the end of a year.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = shifted.flooredQuotientAndRemainder(dividingBy: 400)
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func civil(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = (daysSince1970 + 719_468).flooredQuotientAndRemainder(
      dividingBy: 146_097
    )
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
      dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    )
  }

  private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// Where the present moment comes from; tests pass a fixed or stepped one.
public struct WallClock: Sendable {
  /// Reads the clock.
  public let now: @Sendable () -> Timestamp

  /// Makes a clock from a function.
  public init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

  /// The machine's clock.
  public static let system = WallClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
  }
}

/// Takes fixed-width numbers off the front of ASCII text.
private struct DigitReader {
  private let bytes: UnsafeRawBufferPointer
  private var at = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { at == bytes.count }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  mutating func number(_ width: Int) -> Int64? {
    guard at + width <= bytes.count else { return nil }
    var value: Int64 = 0
    for byte in bytes[at..<at + width] {
      guard byte >= 48, byte <= 57 else { return nil }
      value = value * 10 + Int64(byte - 48)
    }
    at += width
    return value
  }

  /// An optional fraction in nanoseconds; nil when a point has no digits.
  mutating func fraction() -> Int64? {
    guard skip(".") else { return 0 }
    var value: Int64 = 0
    var scale: Int64 = 100_000_000
    let start = at
    while at < bytes.count, bytes[at] >= 48, bytes[at] <= 57 {
      value += Int64(bytes[at] - 48) * scale
      scale /= 10
      at += 1
    }
    return at > start ? value : nil
  }

  /// `Z` or `±hh:mm`, in seconds east of Greenwich.
  mutating func offsetSeconds() -> Int64? {
    if skip("Z") || skip("z") { return 0 }
    let east = skip("+")
    guard east || skip("-"), let hours = number(2), skip(":"), let minutes = number(2),
      hours < 24, minutes < 60
    else { return nil }
    return (east ? 1 : -1) * (hours * 3600 + minutes * 60)
  }
}

extension Int64 {
  fileprivate func flooredQuotientAndRemainder(dividingBy divisor: Int64) -> (Int64, Int64) {
    let quotient = self >= 0 ? self / divisor : (self + 1) / divisor - 1
    return (quotient, self - quotient * divisor)
  }
}
