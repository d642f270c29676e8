// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal

/// The locations of which it is not known what backups they hold.
struct UnreadLocations: Sendable, Hashable {
  /// Those that cannot be opened or read.
  var failed: [String] = []
  /// Those that are being read for the first time.
  var awaited: [String] = []

  /// Says so in a few words; nil where all are read.
  func line(_ world: World) -> TextLine? {
    func names(_ all: [String]) -> String { HumanText.some(all.map { "'\($0)'" }, limit: 2) }
    if !failed.isEmpty { return TextLine("? not known of \(names(failed))", .warn) }
    return awaited.isEmpty ? nil : TextLine("\(world.spinner) reading \(names(awaited))", .dim)
  }
}

extension World {
  /// The locations whose backups are not known; none before the locations are.
  var unreadLocations: UnreadLocations {
    var unread = UnreadLocations()
    for location in locations.value ?? [] {
      let reading = backups[location.name] ?? Loadable()
      if location.problem != nil || reading.value == nil && reading.failure != nil {
        unread.failed.append(location.name)
      } else if reading.value == nil {
        unread.awaited.append(location.name)
      }
    }
    return unread
  }

  /// What the reader of rows should know of where they come from: what cannot be opened or read, and what is shown as it was.
  ///
  /// - Parameter readings: What was read of each location, by its name.
  /// - Returns: A line for each location of which not all is known now, in the order of the locations.
  func locationNotes<Value>(_ readings: [String: Loadable<Value>]) -> [TextLine] {
    (locations.value ?? []).compactMap { location in
      let name = "'\(location.name)'"
      if let problem = location.problem { return TextLine("\(name): \(problem)", .warn) }
      let reading = readings[location.name] ?? Loadable()
      if let line = StateText.staleness(reading, self) {
        return TextLine([TextSpan("\(name) ", .dim)] + line.spans)
      }
      guard reading.value == nil, let failure = reading.failure else { return nil }
      return TextLine("\(name): \(failure.message)", .bad)
    }
  }

  /// What is shown where there are no rows while a location is not read, or cannot be; nil where all that can be opened are read.
  ///
  /// - Parameters:
  ///   - readings: What was read of each location, by its name.
  ///   - what: What is read, for `reading …` and `cannot read …`.
  /// - Returns: The lines.
  func unreadLines<Value>(_ readings: [String: Loadable<Value>], _ what: String) -> [TextLine]? {
    if let locationProblems { return locationProblems }
    let usable = (locations.value ?? []).filter { $0.problem == nil }
      .map { readings[$0.name] ?? Loadable() }.filter { $0.value == nil }
    let notes = locationNotes(readings)
    if usable.contains(where: { $0.failure == nil }) {
      return [TextLine("\(spinner) reading \(what)", .dim)] + notes
    }
    let failures = usable.compactMap(\.failure)
    guard let first = failures.first else { return nil }
    let isSame = failures.allSatisfy { $0.kind == first.kind }
    var lines = [TextLine(StateText.heading(isSame ? first.kind : .other, what), .bad)] + notes
    if let hint = first.hint { lines.append(TextLine(hint, .dim)) }
    return lines + [TextLine("Ctrl-R reads again", .dim)]
  }
}
