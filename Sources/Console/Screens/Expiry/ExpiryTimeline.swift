// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// How many backups end on which day, as bars that stand on a line of dates; what is overdue stands before today.
struct ExpiryTimeline: Sendable, Hashable {
  /// The columns of a day.
  static let dayWidth = 5

  private let overdue: Int
  /// How many end so many days from now.
  private let days: [Int64: Int]
  /// The number of today.
  private let today: Int64

  /// Counts backups.
  init(_ entries: some Sequence<BackupEntry>, _ world: World) {
    var (overdue, days) = (0, [Int64: Int]())
    let today = world.day(of: world.now)
    for entry in entries {
      let expiry = BackupExpiry(entry.backup, at: world.now)
      if expiry.isOver {
        overdue += 1
      } else if let moment = expiry.moment {
        days[world.day(of: moment) - today, default: 0] += 1
      }
    }
    (self.overdue, self.days, self.today) = (overdue, days, today)
  }

  /// Draws the bars over all rows but the last two, and the dates below them.
  func draw(in canvas: inout Canvas) {
    let rows = canvas.size.height - 2
    guard rows > 0, canvas.size.width > 2 * Self.dayWidth else { return }
    let count = (canvas.size.width - 2) / Self.dayWidth - 1
    let greatest = max(1, overdue, (0..<count).map { days[Int64($0)] ?? 0 }.max() ?? 0)
    func column(_ place: Int) -> Rect {
      Rect(x: 1 + place * Self.dayWidth, y: 0, width: Self.dayWidth, height: rows + 2)
    }
    canvas.within(column(0)) {
      draw(overdue, greatest, .bad, rows, in: &$0)
      label("over", "due", overdue > 0 ? .bad : .dim, rows, in: &$0)
    }
    for day in 0..<max(0, count) {
      let role: Role = day == 0 ? .warn : day < 7 ? .accent : .gaugeFill
      let (weekday, date) = Self.names(today + Int64(day), isFirst: day == 0)
      canvas.within(column(day + 1)) {
        draw(days[Int64(day)] ?? 0, greatest, role, rows, in: &$0)
        label(weekday, date, day == 0 ? .title : .dim, rows, in: &$0)
      }
    }
  }

  /// A bar with its number on top.
  private func draw(
    _ count: Int,
    _ greatest: Int,
    _ role: Role,
    _ rows: Int,
    in canvas: inout Canvas
  ) {
    guard count > 0 else { return }
    let levels = canvas.glyphs.sparkLevels
    // The top row is the number's where the bar is highest.
    let steps = max(1, count * (rows - 1) * levels.count / greatest)
    let full = rows > 1 ? steps / levels.count : 0
    var y = rows - 1
    for _ in 0..<full {
      for x in 0..<3 { canvas.glyph(levels[levels.count - 1], x: x, y: y, style: Style(role)) }
      y -= 1
    }
    if rows > 1, steps % levels.count > 0 {
      let level = levels[steps % levels.count - 1]
      for x in 0..<3 { canvas.glyph(level, x: x, y: y, style: Style(role)) }
      y -= 1
    }
    let text = count > 999 ? "999+" : "\(count)"
    canvas.text(text, x: 0, y: max(0, y), style: Style(role), width: Self.dayWidth - 1)
  }

  private func label(
    _ upper: String,
    _ lower: String,
    _ role: Role,
    _ rows: Int,
    in canvas: inout Canvas
  ) {
    canvas.text(upper, x: 0, y: rows, style: Style(role), width: Self.dayWidth - 1)
    canvas.text(lower, x: 0, y: rows + 1, style: Style(role), width: Self.dayWidth - 1)
  }

  private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The weekday, and the day of the month; the month's name on its first day.
  private static func names(_ day: Int64, isFirst: Bool) -> (String, String) {
    let place = Int((day % 7 + 7) % 7)
    let text = Timestamp(seconds: day * 86_400).description
    let parts = text.split(separator: "T").first?.split(separator: "-") ?? []
    guard parts.count == 3, let month = Int(parts[1]), (1...12).contains(month) else {
      return (weekdays[place], "")
    }
    let date = parts[2] == "01" ? months[month - 1] : String(parts[2])
    return (isFirst ? "now" : weekdays[place], date)
  }
}
