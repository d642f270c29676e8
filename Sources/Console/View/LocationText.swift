// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

extension World {
  /// A location that was found in order longer ago than so many seconds is not called available any more.
  static let freshHealthSeconds: Int64 = 24 * 3600

  /// How a location stands, as far as it was looked at.
  func standing(of location: ConsoleLocation) -> StatusText {
    func status(_ glyph: Character, _ word: String, _ role: Role) -> StatusText {
      StatusText(glyph: glyph, word: word, role: role)
    }
    let unavailable = status(Character(glyphs.cross), "unavailable", .bad)
    if location.problem != nil { return unavailable }
    if isValidating(location.name) { return status(spinner, "validating", .running) }
    let reading = health[location.name] ?? Loadable()
    guard let health = reading.value else {
      return reading.failure == nil
        ? status(spinner, "reading", .dim) : status("?", "not known", .warn)
    }
    switch health.state {
    case .unknown: return status("?", "never looked", .warn)
    case .unavailable: return unavailable
    case .available:
      let age = health.age(at: now)?.seconds ?? 0
      return age > Self.freshHealthSeconds
        ? status("?", "was available", .stale) : status(Character(glyphs.check), "available", .ok)
    }
  }

  /// Whether a location is being probed by this program.
  func isValidating(_ location: String) -> Bool {
    operations.running.contains { $0.kind == .validation && $0.subject == location }
  }
}

extension World {
  /// The room of the screen that is seen: between the top line and the hint line, or the operations above that.
  ///
  /// The least that screens are drawn in where the terminal has less.
  var screenSize: Size {
    let least = Application.minimumSize
    return Size(
      width: max(least.width, size.width),
      height: max(1, max(least.height, size.height) - 2 - drawerHeight)
    )
  }
}

extension LocationHealth {
  /// When it was looked at last.
  func looked(_ world: World) -> String { latest.map { world.ago($0.started) } ?? "never" }

  /// The latest times in milliseconds, nil for failures.
  func milliseconds(last count: Int) -> [Double?] {
    latencies.suffix(count).map { $0.duration.map { $0 / .milliseconds(1) } }
  }
}
