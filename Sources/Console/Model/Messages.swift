// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// Something the console has told the user.
public struct Notice: Sendable, Hashable {
  /// How much it matters.
  public enum Severity: Int, Sendable, Hashable, Comparable {
    /// For information; goes away by itself.
    case info
    /// Something the user should look at; goes away by itself.
    case warning
    /// Something failed; stays until it is dismissed.
    case error

    /// By weight.
    public static func < (left: Severity, right: Severity) -> Bool {
      left.rawValue < right.rawValue
    }
  }

  /// How much it matters.
  public var severity: Severity
  /// The text; one line.
  public var text: String
  /// What more there is to say: reasons, hints, whole error texts.
  public var details: [String]
  /// When it was said.
  public var time: Timestamp
  /// Counts the notices of this run of the program.
  public var number: Int
}

/// What the console has told the user: the notice on the screen, and those before it.
public struct Notices: Sendable {
  /// The most that are kept.
  public static let limit = 500
  /// How long information stays on the screen.
  public static let infoSeconds: Int64 = 4
  /// How long a warning stays on the screen.
  public static let warningSeconds: Int64 = 8

  /// All that are kept, oldest first.
  public private(set) var history: [Notice] = []
  /// Those on the screen, oldest first.
  public private(set) var shown: [Notice] = []
  private var count = 0

  /// Nothing was said yet.
  public init() {}

  /// Says something.
  public mutating func say(
    _ severity: Notice.Severity,
    _ text: String,
    details: [String] = [],
    at now: Timestamp
  ) {
    count += 1
    let notice = Notice(
      severity: severity,
      text: text,
      details: details,
      time: now,
      number: count
    )
    history.append(notice)
    if history.count > Self.limit { history.removeFirst(history.count - Self.limit) }
    // The same said twice is one line on the screen.
    shown.removeAll { $0.text == text && $0.severity == severity }
    // Errors stay; of the rest only the newest is worth the place.
    shown.removeAll { $0.severity != .error }
    shown.append(notice)
  }

  /// Whether something on the screen goes away by itself.
  public var isExpiring: Bool { shown.contains { $0.severity.seconds != nil } }

  /// Takes from the screen what has stood there long enough.
  public mutating func expire(at now: Timestamp) {
    shown.removeAll { notice in
      guard let seconds = notice.severity.seconds else { return false }
      return (now - notice.time).seconds >= seconds
    }
  }

  /// Takes the newest notice from the screen.
  ///
  /// - Returns: Whether there was one.
  @discardableResult public mutating func dismiss() -> Bool { shown.popLast() != nil }

  /// Takes all notices from the screen.
  public mutating func dismissAll() { shown.removeAll() }
}

extension Notice.Severity {
  fileprivate var seconds: Int64? {
    switch self {
    case .info: Notices.infoSeconds
    case .warning: Notices.warningSeconds
    case .error: nil
    }
  }
}
