// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Terminal

/// The palette and the help: what can be done, found by typing, run by Enter; the palette finds things by their names too.
struct CommandList: Sendable {
  /// Something that can be run or opened.
  struct Entry: Sendable {
    /// What running it comes to.
    enum Target: Sendable {
      case action(Action)
      case link(ScreenLink)
      case context(String)
      /// Keys that can only be pressed.
      case keys
    }

    var target: Target
    /// What it is known by, also in clicks.
    var id: String
    /// Its name.
    var title: String
    /// What it does, a sentence; empty for things.
    var summary = ""
    /// Where it belongs: the screen, or everywhere; of things, what they are.
    var group: String
    /// The keys that call it.
    var keys = ""
    /// Why it cannot be run; nil when it can.
    var reason: String?
  }

  /// An entry that matches what is typed.
  struct Match: Sendable {
    var entry: Entry
    /// The characters of its name that do.
    var characters: [Range<Int>]
  }

  /// The most things that are listed: who sees so many types on.
  static let thingLimit = 50

  /// What stands in the frame.
  let title: String
  /// What is typed.
  private(set) var field: TextField
  /// The place of the entry under the cursor, among those that match.
  private(set) var cursor = 0
  /// Whether the sentences are shown rather than the titles.
  let isHelp: Bool
  /// The entries that match what is typed, the best first.
  private(set) var matches: [Match] = []
  /// How many things match besides, and are not listed.
  private(set) var hiddenCount = 0
  /// What can be done.
  let actions: [Entry]
  /// What can be opened by its name.
  private let things: [Entry]

  /// What can be done on the screen that is seen, with whole sentences.
  init(help application: Application) {
    self.init(application, title: "What can be done here", things: nil)
  }

  /// What can be done and opened, by its names.
  init(palette application: Application) {
    self.init(application, title: "Command", things: Entry.things(of: application.world))
  }

  private init(_ application: Application, title: String, things: [Entry]?) {
    self.title = title
    self.things = things ?? []
    isHelp = things == nil
    field = TextField(
      placeholder: things == nil
        ? "type a part of the name" : "an action, a backup, a location, a context or a namespace"
    )
    func entries(_ actions: [Action], _ group: String) -> [Entry] {
      actions.map { action in
        var reason: String?
        if case .disabled(let text) = application.availability(of: action) { reason = text }
        return Entry(
          target: .action(action),
          id: action.id.text,
          title: action.title,
          summary: action.summary,
          group: group,
          keys: application.keymap.keys(of: action.id).map(\.description).joined(separator: " "),
          reason: reason
        )
      }
    }
    actions =
      entries(type(of: application.top).actions, application.top.kind.rawValue)
      + (isHelp ? Self.moving : []) + entries(GlobalActions.all, "everywhere")
    narrow()
  }

  /// What the keys do that are no actions.
  private static let moving = MovingKeys.lines.map { line in
    let keys = line.keys.joined(separator: " ")
    return Entry(
      target: .keys,
      id: "moving \(keys)",
      title: "move",
      summary: line.text,
      group: "everywhere",
      keys: keys
    )
  }

  /// Finds what matches; while nothing is typed that is all that can be done.
  private mutating func narrow() {
    let pattern = FuzzyPattern(field.text)
    guard !pattern.isEmpty else {
      matches = actions.map { Match(entry: $0, characters: []) }
      hiddenCount = 0
      return
    }
    let words = FoldedText.bytes(field.text).split(separator: 0x20).map { Array($0) }
    let (listed, count) = things(holding: words)
    hiddenCount = count - listed.count
    var found: [(entry: Entry, place: Int, match: FuzzyMatch)] = []
    for (place, entry) in (actions + listed).enumerated() {
      let text = entry.summary.isEmpty ? entry.title : "\(entry.title) \(entry.id) \(entry.summary)"
      if let match = pattern.match(text) { found.append((entry, place, match)) }
    }
    found.sort {
      $0.match.score == $1.match.score ? $0.place < $1.place : $0.match.score > $1.match.score
    }
    matches = found.map { entry, _, match in
      Match(entry: entry, characters: isHelp ? [] : match.characters(of: entry.title))
    }
  }

  /// The things whose names hold all words, those that begin with the first one before the others, and short names before long ones:
  /// as many as are listed; and how many there are.
  private func things(holding words: [[UInt8]]) -> (listed: [Entry], count: Int) {
    let found = things.filter { thing in
      words.allSatisfy { FoldedText.contains($0, in: thing.title) }
    }
    guard found.count > Self.thingLimit, let first = words.first else {
      return (found, found.count)
    }
    let ranked = found.enumerated().map { place, thing in
      let begins = FoldedText.bytes(thing.title).starts(with: first)
      return (rank: (begins ? 0 : 1, thing.title.utf8.count, place), thing: thing)
    }
    let best = ranked.sorted { $0.rank < $1.rank }.prefix(Self.thingLimit)
    return (best.map(\.thing), found.count)
  }

  /// What an event has come to.
  enum Outcome {
    case handled
    case run(Entry)
    case close
  }

  mutating func handle(_ event: InputEvent) -> Outcome {
    if case .key(let key) = event {
      let last = max(0, matches.count - 1)
      switch key {
      case .escape: return .close
      case .enter:
        guard matches.indices.contains(cursor) else { return .handled }
        if case .keys = matches[cursor].entry.target { return .handled }
        return .run(matches[cursor].entry)
      case .up: cursor = max(0, cursor - 1)
      case .down: cursor = min(last, cursor + 1)
      case .pageUp: cursor = max(0, cursor - 10)
      case .pageDown: cursor = min(last, cursor + 10)
      case .tab: complete()
      default:
        edit(event)
      }
      return .handled
    }
    edit(event)
    return .handled
  }

  /// The entry that a click has met.
  func entry(_ id: String) -> Entry? { matches.first { $0.entry.id == id }?.entry }

  private mutating func edit(_ event: InputEvent) {
    guard field.handle(event) == .changed else { return }
    cursor = 0
    narrow()
  }

  /// Types the name of the entry under the cursor, which keeps it.
  private mutating func complete() {
    guard matches.indices.contains(cursor) else { return }
    let entry = matches[cursor].entry
    field.set(entry.title)
    narrow()
    cursor = matches.firstIndex { $0.entry.id == entry.id } ?? 0
  }
}

extension CommandList.Entry {
  /// What is known that can be opened by its name: backups, locations, contexts and namespaces.
  static func things(of world: World) -> [CommandList.Entry] {
    typealias Entry = CommandList.Entry
    let places = world.locations.value ?? []
    let backups = world.allBackups.map { backup in
      let place = backup.place
      let group = places.count > 1 ? "backup in \(place.location)" : "backup"
      let id = "backup \(place.location)/\(place.name)"
      return Entry(target: .link(.backup(place)), id: id, title: place.name, group: group)
    }
    let locations = places.map {
      Entry(
        target: .link(.location($0.name)),
        id: "location \($0.name)",
        title: $0.name,
        group: "location"
      )
    }
    let contexts = (world.contexts.value ?? []).map {
      Entry(
        target: .context($0.name),
        id: "context \($0.name)",
        title: $0.name,
        group: "context",
        reason: $0.problem
      )
    }
    let namespaces = (world.inventory?.namespaceFacets ?? []).compactMap(\.name).map {
      Entry(
        target: .link(.objects(filter: "ns:\($0)")),
        id: "namespace \($0)",
        title: $0,
        group: "namespace"
      )
    }
    return backups + locations + contexts + namespaces
  }
}
