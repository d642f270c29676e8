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
    switch health.state(at: now) {
    case .unknown:
      return status("?", health.latest == nil ? "never looked" : "not known", .warn)
    case .readable: return status("?", "only read", .warn)
    case .unavailable: return unavailable
    case .available:
      let age = health.age(at: now)?.seconds ?? 0
      return age > Self.freshHealthSeconds
        ? status("?", "was available", .stale) : status(Character(glyphs.check), "available", .ok)
    }
  }

  /// What is said of backups and restores where no location can be opened, so that nobody knows what there is; nil where one can.
  var locationProblems: [TextLine]? {
    guard let locations = locations.value, locations.allSatisfy({ $0.problem != nil }) else {
      return nil
    }
    if locations.isEmpty {
      return [
        TextLine("There is no location for backups", .title),
        TextLine("name one in the configuration; 5 shows the locations", .dim),
      ]
    }
    return [
      TextLine(
        locations.count == 1 ? "The location cannot be opened" : "No location can be opened",
        .bad
      )
    ] + locations.map { TextLine("'\($0.name)': \($0.problem ?? "")") }
      + [TextLine("what there is, is not known; 5 shows the locations", .dim)]
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
