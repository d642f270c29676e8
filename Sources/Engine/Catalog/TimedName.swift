// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// Names that end in a time, such as `nightly-20260102030405`.
public enum TimedName {
  /// Digits of the time: year, month, day, hour, minute, second.
  private static let digits = 14

  /// Velero's order: names that end in a time with the same beginning newest first, all else by name.
  ///
  /// Source: Velero 1.18, `pkg/cmd/util/output/backup_printer.go`.
  public static func isInOrder(_ left: String, _ right: String) -> Bool {
    if let first = parts(left), let second = parts(right), first.0 == second.0 {
      return first.1 > second.1
    }
    return left < right
  }

  /// A name with a time at its end.
  public static func make(_ beginning: String, at time: Timestamp) -> String {
    let text = String(time.truncatedToSeconds.description.filter(\.isNumber))
    return "\(beginning)-\(text)"
  }

  /// The beginning and the time of a name; nil for names of another form.
  private static func parts(_ name: String) -> (Substring, Substring)? {
    let time = name.suffix(digits)
    let rest = name.dropLast(digits)
    guard time.count == digits, time.allSatisfy({ $0.isASCII && $0.isNumber }), rest.last == "-"
    else { return nil }
    return (rest, time)
  }
}
