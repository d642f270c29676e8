// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

extension ExpiryScreen {
  static let columns = [
    TableColumn("window", title: "When", width: 7),
    TableColumn("name", title: "Name", width: 26, minimum: 14, flex: 2),
    TableColumn("ends", title: "Ends", width: 13),
    TableColumn("date", title: "Date", width: 16, priority: 3),
    TableColumn("size", title: "Size", width: 9, alignment: .right, priority: 4),
    TableColumn("note", title: "Note", width: 17, flex: 1, priority: 1),
    TableColumn("location", title: "Location", width: 12, minimum: 8, flex: 1, priority: 5),
  ]

  static let sortColumns = columns.filter { ["name", "ends", "size", "location"].contains($0.id) }

  /// Where the parts are.
  private struct Layout {
    var line: Rect
    var summary: Rect
    var timeline: Rect
    var table: Rect
    var detail: Rect?
  }

  private func layout(_ size: Size) -> Layout {
    var (line, rest) = Rect(size).splitTop(1)
    let (summary, below) = rest.splitTop(1)
    let rows = size.height >= 34 ? 7 : size.height >= 20 ? 5 : 0
    let (timeline, under) = below.splitTop(size.width >= 60 ? rows : 0)
    rest = under
    if size.width >= 120, rest.height >= 8 {
      let (right, left) = rest.splitRight(44)
      return Layout(line: line, summary: summary, timeline: timeline, table: left, detail: right)
    }
    guard rest.height >= 14 else {
      return Layout(line: line, summary: summary, timeline: timeline, table: rest, detail: nil)
    }
    let (bottom, top) = rest.splitBottom(6)
    return Layout(line: line, summary: summary, timeline: timeline, table: top, detail: bottom)
  }

  /// How many rows of the table are seen.
  func height(_ world: World) -> Int { max(1, layout(world.screenSize).table.height - 1) }

  func draw(_ canvas: inout Canvas, _ world: World) {
    guard StateText.draw(world.locations, "the locations", world, in: &canvas) else { return }
    if let lines = emptyLines(world) { return StateText.draw(lines, in: &canvas) }
    let layout = layout(canvas.size)
    canvas.within(layout.line) {
      pane.drawFilter(in: &$0, total: entries.count, noun: "backup")
    }
    canvas.within(layout.summary) { drawSummary(&$0, world) }
    if !layout.timeline.isEmpty {
      canvas.within(layout.timeline) { ExpiryTimeline(entries.values, world).draw(in: &$0) }
    }
    let notes = world.locationNotes(world.backups)
    let (bottom, top) = layout.table.splitBottom(min(notes.count, max(0, layout.table.height - 4)))
    canvas.within(bottom) { canvas in
      for (y, note) in notes.enumerated() { canvas.spans(note.spans, x: 1, y: y) }
    }
    canvas.within(top) { canvas in
      var table = pane.table(Self.columns) { row($0, world) }
      table.emptyText = "no backup matches the filter"
      table.draw(in: &canvas, state: pane.list)
    }
    if let detail = layout.detail { canvas.within(detail) { drawDetail(&$0, world) } }
  }

  /// How many backups end when, in words.
  private func drawSummary(_ canvas: inout Canvas, _ world: World) {
    var counts: [ExpiryWindow: Int] = [:]
    for entry in entries.values { counts[ExpiryWindow(entry.backup, world), default: 0] += 1 }
    var spans = [TextSpan(" ")]
    for window in ExpiryWindow.allCases {
      let count = counts[window] ?? 0
      spans.append(
        TextSpan(
          "\(window.glyph(world.glyphs)) \(window.title) \(HumanText.count(count))  ",
          Style(count > 0 ? window.role : .dim)
        )
      )
    }
    canvas.spans(spans, x: 0, y: 0)
  }

  private func drawDetail(_ canvas: inout Canvas, _ world: World) {
    guard let place = pane.cursor, let entry = entries[place] else { return }
    let inner = canvas.box(canvas.bounds, title: place.name)
    canvas.within(inner.inset(x: 1, y: 0)) { canvas in
      let lines = facts(entry, world).wrapped(to: canvas.size.width)
      for (y, line) in lines.enumerated() where y < canvas.size.height {
        canvas.spans(line.spans, x: 0, y: y)
      }
    }
  }

  private func facts(_ entry: BackupEntry, _ world: World) -> Facts {
    var facts = Facts(labelWidth: 10)
    let role = ExpiryWindow(entry.backup, world).role
    if case .overdue(let moment) = BackupExpiry(entry.backup, at: world.now).standing {
      facts.add("ended", "\(world.ago(moment)), on \(world.local(moment))", role)
    } else {
      facts.add("ends", entry.expiryLine(world), role)
    }
    if let fate = fate(entry, world) {
      facts.add("then", fate.text(world), fate.role)
      if !fate.advice.isEmpty { facts.add("", fate.advice, .dim) }
    }
    if isLastOfItsCluster(entry) {
      facts.add("mind", "it is the newest complete backup of its cluster", .warn)
    }
    if entry.origin(world).isOther {
      facts.add("cluster", entry.origin(world).sentence, .warn)
    }
    let status = entry.status(world)
    facts.add("phase", status.text, status.role)
    facts.add("kept for", "\(Self.length(entry.backup.spec.ttl)) from its beginning")
    if let started = entry.started {
      facts.add("began", "\(world.ago(started)), on \(world.local(started))")
    }
    if let size = entry.sizeBytes { facts.add("size", HumanText.bytes(size)) }
    facts.add("location", entry.place.location)
    return facts
  }

  /// A length of time, in days where it is whole days.
  private static func length(_ duration: GoDuration) -> String {
    let seconds = duration.seconds
    return seconds > 0 && seconds % 86_400 == 0
      ? "\(seconds / 86_400)d" : HumanText.duration(duration)
  }

  /// Whether no later backup of the same cluster can be restored from.
  private func isLastOfItsCluster(_ entry: BackupEntry) -> Bool {
    guard entry.backup.status.phase == .completed else { return false }
    let cluster = ClusterIdentity(annotations: entry.backup.annotations)
    return !entries.values.contains { other in
      other.place != entry.place && other.backup.status.phase == .completed
        && ClusterIdentity(annotations: other.backup.annotations) == cluster
        && BackupEntry.isNewer(other, entry)
    }
  }

  func row(_ place: BackupPlace, _ world: World) -> TableRow {
    guard let entry = entries[place] else { return TableRow([]) }
    let window = ExpiryWindow(entry.backup, world)
    let expiry = BackupExpiry(entry.backup, at: world.now)
    let isHead = heads.contains(place)
    return TableRow(
      [
        TableCell(isHead ? window.title : "", window.role), TableCell(place.name),
        TableCell(ends(expiry, window, world), window.role),
        TableCell(expiry.moment.map { String(world.local($0).dropLast(3)) } ?? "", .dim),
        entry.sizeBytes.map { TableCell(HumanText.bytes($0)) } ?? TableCell("unknown", .dim),
        note(entry, expiry, world), TableCell(place.location, .dim),
      ],
      isStale: world.backups[place.location]?.isStale ?? false
    )
  }

  private func ends(_ expiry: BackupExpiry, _ window: ExpiryWindow, _ world: World) -> String {
    let text =
      switch expiry.standing {
      case .kept(let moment): world.until(moment)
      case .overdue(let moment): world.ago(moment)
      case .protected: "protected"
      case .unlimited: "no end"
      case .deleting: "deleting"
      }
    return "\(window.glyph(world.glyphs)) \(text)"
  }

  private func note(_ entry: BackupEntry, _ expiry: BackupExpiry, _ world: World) -> TableCell {
    if let fate = fate(entry, world) { return TableCell(fate.short(world), fate.role) }
    if case .protected(let former?) = expiry.standing {
      return TableCell("else \(world.local(former).dropLast(9))", .dim)
    }
    let isSoon = ExpiryWindow(entry.backup, world) <= .week
    if isSoon, isLastOfItsCluster(entry) {
      return TableCell("newest of cluster", .warn)
    }
    if entry.origin(world).isOther { return TableCell("other cluster", .warn) }
    let status = entry.status(world)
    return entry.backup.status.phase == .completed ? TableCell("") : status.cell
  }

  // States.

  private func emptyLines(_ world: World) -> [TextLine]? {
    guard entries.isEmpty else { return nil }
    if let lines = world.unreadLines(world.backups, "the backups") { return lines }
    let notes = world.locationNotes(world.backups)
    return [
      TextLine(
        notes.isEmpty
          ? "Nothing ends, since there are no backups yet"
          : "Nothing is known to end: no backup is known",
        .title
      ), TextLine("8 composes a filter, shows what it takes, and makes the first one"),
    ] + notes
  }

  // Order.

  /// By the end of time; as the user wants it, where something else was chosen.
  func sorted(_ rows: [BackupEntry], _ world: World) -> [BackupEntry] {
    let sort = pane.sort ?? TableSort("ends")
    let keyed = rows.map { ($0, Self.key(of: $0, sort.column, world)) }
    return keyed.sorted { left, right in
      switch (left.1, right.1) {
      case (let first?, let second?) where first != second:
        (first < second) == sort.isAscending
      case (_?, nil): true
      case (nil, _?): false
      default: Self.isBefore(left.0, right.0, world)
      }
    }.map(\.0)
  }

  private static func isBefore(_ left: BackupEntry, _ right: BackupEntry, _ world: World) -> Bool {
    let windows = (ExpiryWindow(left.backup, world), ExpiryWindow(right.backup, world))
    if windows.0 != windows.1 { return windows.0 < windows.1 }
    if left.place.name != right.place.name { return left.place.name < right.place.name }
    return left.place.location < right.place.location
  }

  private static func key(of entry: BackupEntry, _ column: String, _ world: World) -> SortKey? {
    switch column {
    case "name": return .text(entry.place.name)
    case "size": return entry.sizeBytes.map { .number($0) }
    case "location": return .text(entry.place.location)
    default:
      let expiry = BackupExpiry(entry.backup, at: world.now)
      // A deletion that was cut off comes before all others.
      if expiry.standing == .deleting { return .number(.min) }
      return expiry.moment.map { .number($0.seconds) }
    }
  }
}
