// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

extension BackupsScreen {
  static let columns = [
    TableColumn("name", title: "Name", width: 28, minimum: 14, flex: 2, isFrozen: true),
    TableColumn("phase", title: "Phase", width: 17),
    TableColumn("cluster", title: "Cluster", width: 7),
    TableColumn("age", title: "Age", width: 6, alignment: .right),
    TableColumn("expires", title: "Expires", width: 11, minimum: 10, priority: 1),
    TableColumn("objects", title: "Objects", width: 8, alignment: .right, priority: 4),
    TableColumn("issues", title: "Issues", width: 8, minimum: 7, priority: 2),
    TableColumn("size", title: "Size", width: 9, alignment: .right, priority: 3),
    TableColumn("verified", title: "Verified", width: 14, minimum: 9, priority: 5),
    TableColumn("location", title: "Location", width: 14, minimum: 8, flex: 1, priority: 6),
  ]

  /// The columns; the clusters are told where there are backups of several.
  var shownColumns: [TableColumn] {
    Self.columns.filter { $0.id != "cluster" || showsClusters }
  }

  func row(_ place: BackupPlace, _ world: World) -> TableRow {
    guard let entry = entries[place] else { return TableRow([]) }
    return TableRow(
      [
        TableCell(place.name), entry.status(world).cell,
      ] + (showsClusters ? [entry.origin(world).cell] : []) + [
        TableCell(entry.started.map { HumanText.age(world.now - $0) } ?? "unknown"),
        entry.expiry(world), Self.number(entry.objectCount.map { HumanText.count($0) }),
        entry.trouble, Self.number(entry.sizeBytes.map { HumanText.bytes($0) }),
        entry.verified(world), TableCell(place.location, .dim),
      ],
      isStale: world.backups[place.location]?.isStale ?? false
    )
  }

  private static func number(_ text: String?) -> TableCell {
    text.map { TableCell($0) } ?? TableCell("unknown", .dim)
  }

  /// Rows in the order that was asked for; the newest first else.
  ///
  /// Equal ones stay so, and unknown values come last.
  func sorted(_ rows: [BackupEntry], _ world: World) -> [BackupEntry] {
    guard let sort = pane.sort else { return rows }
    let keys = rows.map { ($0, Self.key(of: $0, sort.column, world)) }
    return keys.enumerated().sorted { left, right in
      switch (left.element.1, right.element.1) {
      case (let first?, let second?) where first != second:
        (first < second) == sort.isAscending
      case (_?, nil): true
      case (nil, _?): false
      default: left.offset < right.offset
      }
    }.map(\.element.0)
  }

  private static func key(of entry: BackupEntry, _ column: String, _ world: World) -> SortKey? {
    switch column {
    case "name": .text(entry.place.name)
    case "phase": .text(entry.backup.status.phase.text)
    case "cluster": .number(entry.origin(world).rank)
    // The youngest has the least age.
    case "age": entry.started.map { .number(-$0.seconds) }
    case "expires": BackupExpiry(entry.backup, at: world.now).moment.map { .number($0.seconds) }
    case "objects": entry.objectCount.map { .number(Int64($0)) }
    case "issues":
      .number(Int64(entry.backup.status.errors) << 32 + Int64(entry.backup.status.warnings))
    case "size": entry.sizeBytes.map { .number($0) }
    case "verified": entry.verification.map { .number($0.time.seconds) }
    case "location": .text(entry.place.location)
    default: nil
    }
  }
}

/// What rows are sorted by.
enum SortKey: Sendable, Hashable, Comparable {
  case number(Int64)
  case text(String)
}

extension BackupEntry {
  /// What a filter is compared with.
  var subject: FilterQuery.Subject {
    let labels = backup.labels
    return FilterQuery.Subject(
      texts: [place.name, place.location, backup.status.phase.text],
      namespace: backup.spec.includedNamespaces.joined(separator: ","),
      phase: backup.status.phase.text,
      label: { labels[$0] }
    )
  }
}

extension BackupsScreen {
  func draw(_ canvas: inout Canvas, _ world: World) {
    guard StateText.draw(world.locations, "the locations", world, in: &canvas) else { return }
    let listings = (world.locations.value ?? []).compactMap { world.backups[$0.name]?.value }
    if let lines = Self.emptiness(listings, world) { return StateText.draw(lines, in: &canvas) }
    let (line, below) = canvas.bounds.splitTop(1)
    let notes = Self.notes(listings, world)
    let (bottom, rest) = below.splitBottom(min(notes.count, max(0, below.height - 4)))
    canvas.within(line) {
      pane.drawFilter(in: &$0, total: entries.count, noun: "backup")
    }
    canvas.within(bottom) { canvas in
      for (y, note) in notes.enumerated() where y < canvas.size.height {
        canvas.spans(note.spans, x: 1, y: y)
      }
    }
    let details: Rect
    let table: Rect
    if rest.width >= 160 {
      (details, table) = rest.splitRight(48)
    } else {
      // The table needs the width; the details go below it where there is height for both.
      let hasRoom = rest.width >= 100 && rest.height >= 28
      (details, table) = rest.splitBottom(hasRoom ? 14 : 0)
    }
    canvas.within(table) { drawTable(&$0, world) }
    if !details.isEmpty { canvas.within(details) { drawDetails(&$0, world) } }
  }

  private func drawTable(_ canvas: inout Canvas, _ world: World) {
    var table = pane.table(shownColumns) { row($0, world) }
    table.emptyText =
      showsAttentionOnly && pane.query.isEmpty
      ? "nothing needs attention; f shows all" : "no backup matches the filter"
    table.draw(in: &canvas, state: pane.list)
  }

  private func drawDetails(_ canvas: inout Canvas, _ world: World) {
    guard let place = pane.cursor, let entry = entries[place] else { return }
    let inner = canvas.box(canvas.bounds, title: place.name)
    canvas.within(inner.inset(x: 1, y: 0)) { canvas in
      let lines = BackupFacts.lines(entry, nil, world).wrapped(to: canvas.size.width)
      for (y, line) in lines.enumerated() where y < canvas.size.height {
        canvas.spans(line.spans, x: 0, y: y)
      }
    }
  }

  /// What is shown instead of a table; nil where there are backups.
  private static func emptiness(_ listings: [BackupListing], _ world: World) -> [TextLine]? {
    guard listings.allSatisfy(\.entries.isEmpty) else { return nil }
    if let lines = world.unreadLines(world.backups, "the backups") { return lines }
    let isKnown = world.locationNotes(world.backups).isEmpty
    let unfinished = listings.reduce(0) { $0 + $1.unrecorded.count }
    var lines = [
      TextLine(isKnown ? "There are no backups yet" : "No backup is known", .title),
      TextLine("8 composes a filter, shows what it takes, and makes the first one"),
    ]
    if unfinished > 0 {
      lines.append(
        TextLine("\(HumanText.counted(unfinished, "backup")) never finished or being written", .dim)
      )
    }
    return lines + notes(listings, world)
  }

  /// What the reader should know besides the rows: what is old, what cannot be used.
  private static func notes(_ listings: [BackupListing], _ world: World) -> [TextLine] {
    var notes = world.locationNotes(world.backups)
    for listing in listings {
      if let first = listing.problems.first {
        let more = listing.problems.count > 1 ? " (and \(listing.problems.count - 1) more)" : ""
        notes.append(TextLine("\(first.message)\(more)", .warn))
      }
      if !listing.unrecorded.isEmpty, !listing.entries.isEmpty {
        notes.append(
          TextLine(
            "being written, or never finished: \(HumanText.some(listing.unrecorded, limit: 3))",
            .dim
          )
        )
      }
    }
    return notes
  }
}
