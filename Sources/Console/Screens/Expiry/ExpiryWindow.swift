// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// When a backup disappears, roughly.
enum ExpiryWindow: Int, Sendable, Hashable, Comparable, CaseIterable {
  /// Its time is over, or its deletion was not finished.
  case overdue
  /// Before midnight.
  case today
  /// Within seven days.
  case week
  /// After that.
  case later
  /// Not at all, as things are.
  case never

  /// When a backup disappears.
  init(_ backup: Backup, _ world: World) {
    switch BackupExpiry(backup, at: world.now).standing {
    case .overdue, .deleting: self = .overdue
    case .protected, .unlimited: self = .never
    case .kept(let moment):
      let days = world.day(of: moment) - world.day(of: world.now)
      self = days == 0 ? .today : days < 7 ? .week : .later
    }
  }

  /// By time.
  static func < (left: ExpiryWindow, right: ExpiryWindow) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The words for it.
  var title: String {
    switch self {
    case .overdue: "overdue"
    case .today: "today"
    case .week: "7 days"
    case .later: "later"
    case .never: "never"
    }
  }

  /// The colour of it.
  var role: Role {
    switch self {
    case .overdue: .bad
    case .today: .warn
    case .week: .accent
    case .later: .text
    case .never: .dim
    }
  }

  /// The sign of it.
  func glyph(_ glyphs: Glyphs) -> Character {
    switch self {
    case .overdue: Character(glyphs.cross)
    case .today: Character(glyphs.up)
    case .week: Character(glyphs.right)
    case .later: Character(glyphs.circle)
    case .never: Character(glyphs.bullet)
    }
  }
}

extension World {
  /// The number of a moment's day in local time, counted from 1970.
  func day(of moment: Timestamp) -> Int64 {
    let seconds = localTime.reading(of: moment).seconds
    return seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
  }
}

/// What becomes of a backup whose time is over.
enum ExpiryFate: Sendable, Hashable {
  /// The next collection removes it.
  case goes
  /// It stays, and why.
  case stays(CollectionHold)
  /// That is being found out.
  case reading
  /// That could not be found out, and why.
  case unknown(String)

  /// A word or two, for a table.
  func short(_ world: World) -> String {
    switch self {
    case .goes: "goes next"
    case .stays(.readOnly): "kept: read-only"
    case .stays(.inProgress): "kept: at work"
    case .stays(.restoring): "kept: restoring"
    case .stays(.unfinished): "kept: unfinished"
    case .stays(.volumeData): "kept: volume data"
    case .stays(.unknown): "kept: not known"
    case .reading: "\(world.spinner) reading"
    case .unknown: "? not known why"
    }
  }

  /// One line for people.
  func text(_ world: World) -> String {
    switch self {
    case .goes: "goes with the next collection"
    case .stays(let hold): "stays: \(hold.reason)"
    case .reading: "\(world.spinner) reading why it is still here"
    case .unknown(let reason): "? not known why it is still here: \(reason)"
    }
  }

  /// What can be done about it.
  var advice: String {
    switch self {
    case .goes: "C collects now; e keeps it longer"
    case .stays(.readOnly): "who may write to the location has to collect it"
    case .stays(.inProgress): "it can go when that is over"
    case .stays(.restoring): "it can go when the restore is over"
    case .stays(.unfinished): "it can go when the server is done with it"
    case .stays(.unknown): "Ctrl-R reads again; D deletes it all the same"
    case .stays(.volumeData): "D deletes it all the same; that data then stays behind"
    case .reading: ""
    case .unknown: "Ctrl-R reads again"
    }
  }

  var role: Role {
    switch self {
    case .goes: .warn
    case .stays: .bad
    case .reading: .dim
    case .unknown: .warn
    }
  }
}
