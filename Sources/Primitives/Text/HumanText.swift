// SPDX-License-Identifier: Apache-2.0

/// Numbers for people to read.
public enum HumanText {
  /// A count with commas: `12,345`.
  public static func count(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// A number of bytes in decimal units with one digit after the point: `4.2 MB`, `512 B`.
  public static func bytes(_ value: Int64) -> String {
    var rest = Double(value)
    for unit in ["B", "kB", "MB", "GB", "TB", "PB"] {
      if rest < 999.95 || unit == "PB" {
        return unit == "B" ? "\(value) B" : "\(tenths(rest)) \(unit)"
      }
      rest /= 1000
    }
    return "\(value) B"
  }

  /// A length of time: `0.4 s`, `12.0 s`, `3 min 05 s`, `2 h 07 min`.
  public static func elapsed(_ duration: Duration) -> String {
    let milliseconds =
      duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    let seconds = milliseconds / 1000
    switch seconds {
    case ..<60: return "\(tenths(Double(milliseconds) / 1000)) s"
    case ..<3600: return "\(seconds / 60) min \(twoDigits(seconds % 60)) s"
    default: return "\(seconds / 3600) h \(twoDigits(seconds / 60 % 60)) min"
    }
  }

  /// A short time: `0.42 ms`, `18 ms`, `2,034 ms`.
  public static func milliseconds(_ duration: Duration) -> String {
    let microseconds =
      duration.components.seconds * 1_000_000
      + duration.components.attoseconds / 1_000_000_000_000
    if microseconds < 10_000 {
      let hundredths = (microseconds + 5) / 10
      let fraction = hundredths % 100
      return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) ms"
    }
    return "\(count(Int((microseconds + 500) / 1000))) ms"
  }

  /// A length of time in its largest unit, as kubectl writes ages: `29d`, `5h`, `3m`, `10s`.
  ///
  /// Source: `duration.ShortHumanDuration` in k8s.io/apimachinery: years of 365 days, days, hours, minutes,
  /// seconds; each cut off, not rounded.
  public static func short(_ duration: GoDuration) -> String {
    let seconds = duration.seconds
    // A second of clock difference is forgiven.
    if seconds < -1 { return "<invalid>" }
    if seconds < 0 { return "0s" }
    if seconds < 60 { return "\(seconds)s" }
    if seconds < 3600 { return "\(seconds / 60)m" }
    if seconds < 86_400 { return "\(seconds / 3600)h" }
    if seconds < 86_400 * 365 { return "\(seconds / 86_400)d" }
    return "\(seconds / (86_400 * 365))y"
  }

  /// A length of time in its largest unit, and the next one where the first alone would be coarse: `90s`, `4m30s`, `7h5m`,
  /// `30h`, `3d8h`.
  ///
  /// Source: `duration.HumanDuration` in k8s.io/apimachinery, which kubectl's ages are written with.
  public static func age(_ duration: GoDuration) -> String {
    let seconds = max(0, duration.seconds)
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400)
    func pair(_ first: String, _ rest: Int64, _ unit: String) -> String {
      rest == 0 ? first : first + "\(rest)\(unit)"
    }
    switch seconds {
    case ..<120: return "\(seconds)s"
    case ..<600: return pair("\(minutes)m", seconds % 60, "s")
    case ..<(180 * 60): return "\(minutes)m"
    case ..<(8 * 3600): return pair("\(hours)h", minutes % 60, "m")
    case ..<(48 * 3600): return "\(hours)h"
    case ..<(192 * 3600): return pair("\(days)d", hours % 24, "h")
    case ..<(2 * 365 * 86_400): return "\(days)d"
    case ..<(8 * 365 * 86_400): return pair("\(days / 365)y", days % 365, "d")
    default: return "\(days / 365)y"
    }
  }

  /// A length of time as one would type it: `24h`, `1h30m`; Go's form without the zeros at its end.
  public static func duration(_ duration: GoDuration) -> String {
    var text = "\(duration)"
    if text.hasSuffix("m0s") { text.removeLast(2) }
    if text.hasSuffix("h0m") { text.removeLast(2) }
    return text
  }

  /// A number and a noun that agree: `1 object`, `2 objects`.
  public static func counted(_ value: Int, _ noun: String) -> String {
    "\(count(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  /// The first of some names, and how many more there are: `a, b and 3 more`.
  public static func some(_ names: [String], limit: Int) -> String {
    let shown = names.prefix(limit).joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(count(names.count - limit)) more" : shown
  }

  private static func twoDigits(_ value: Int64) -> String { (value < 10 ? "0" : "") + "\(value)" }

  private static func tenths(_ value: Double) -> String {
    let scaled = Int((value * 10).rounded())
    return "\(scaled / 10).\(scaled % 10)"
  }
}
