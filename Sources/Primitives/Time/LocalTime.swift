// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How far the local time is ahead of UTC.
public struct LocalTime: Sendable {
  /// How far it is ahead at a moment; negative where it is behind.
  public let offset: @Sendable (Timestamp) -> GoDuration

  /// Makes a local time from a function.
  public init(offset: @escaping @Sendable (Timestamp) -> GoDuration) { self.offset = offset }

  /// UTC itself.
  public static let utc = LocalTime { _ in GoDuration(nanoseconds: 0) }

  /// The machine's time zone, as the process was started with it.
  public static let system = LocalTime { moment in
    var seconds = time_t(moment.seconds)
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return GoDuration(nanoseconds: 0) }
    return GoDuration(seconds: Int64(parts.tm_gmtoff))
  }

  /// A moment as the wall of this place shows it: the timestamp whose UTC has the local figures.
  public func reading(of moment: Timestamp) -> Timestamp { moment + offset(moment) }
}
