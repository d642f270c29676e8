// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// All that the overview shows, worked out from what is known; nothing unknown is counted as fine.
struct OverviewContent: Sendable {
  /// The backups that sparklines are drawn of.
  static let trendBackups = 24
  /// The backups that are listed.
  static let listedBackups = 5
  /// How far ahead expiry is looked at.
  static let expirySeconds: Int64 = 7 * 86_400

  let world: World
  let standings: Standings
  let backups: [BackupEntry]

  /// Takes what is known.
  ///
  /// - Parameters:
  ///   - world: All that is known.
  ///   - standings: How the objects stand.
  ///   - backups: All backups, the newest first.
  init(_ world: World, _ standings: Standings, _ backups: [BackupEntry]) {
    self.world = world
    self.standings = standings
    self.backups = backups
  }

  /// The panels with their lines.
  var panels: [OverviewPanel] {
    OverviewPanel.Kind.allCases.map { kind in
      switch kind {
      case .attention: attention
      case .protection: protection
      case .operations: operations
      case .backups: lastBackups
      case .locations: locations
      case .expiring: expiring
      }
    }
  }

  private var glyphs: Glyphs { world.glyphs }

  // Protection.

  private var protection: OverviewPanel {
    var panel = OverviewPanel(kind: .protection)
    guard let coverage = world.coverage.value else {
      panel.rows = [unknownProtection]
      return panel
    }
    let limit = HumanText.duration(world.maximumAge)
    panel.note = "not older than \(limit)"
    if world.coverage.isLoading { panel.note += " \(world.spinner)" }
    if let readAt = world.coverage.readAt, world.coverage.isStale {
      panel.note = "as of \(world.ago(readAt))"
    }
    panel.rows += rows(standings.summary.namespaces, "namespace") { .namespaces($0) }
    panel.rows += rows(standings.summary.workloads, "workload") { .workloads($0) }
    if !coverage.gaps.isEmpty {
      panel.rows.append(
        OverviewRow(
          item: .unseenParts,
          label: TextLine(
            "? \(HumanText.counted(coverage.gaps.count, "part")) not looked at",
            .warn
          )
        )
      )
    }
    return panel
  }

  private var unknownProtection: OverviewRow {
    if let failure = world.coverage.failure {
      return OverviewRow(
        item: .unknownProtection,
        label: TextLine("\(Character(glyphs.cross)) not known: \(failure.message)", .bad)
      )
    }
    let isWaiting = world.coverage.isLoading || world.cluster.phase == .connecting
    return OverviewRow(
      label: isWaiting
        ? TextLine("\(world.spinner) reading backups and workloads", .dim)
        : TextLine("? not known: no cluster is read", .dim)
    )
  }

  private func rows(
    _ counts: [CoverageVerdict: Int],
    _ noun: String,
    _ item: (CoverageVerdict?) -> OverviewItem
  ) -> [OverviewRow] {
    let total = counts.values.reduce(0, +)
    let wanted = total - (counts[.excluded] ?? 0)
    let current = counts[.current] ?? 0
    let share = wanted > 0 ? Double(current) / Double(wanted) : 0
    let role: Role = wanted == 0 ? .dim : current == wanted ? .ok : .warn
    var rows = [
      OverviewRow(
        item: item(nil),
        label: TextLine(HumanText.counted(total, noun), .title),
        trailing: wanted == 0
          ? TextLine("none to back up", .dim)
          : TextLine(
            "\(HumanText.count(current)) of \(HumanText.count(wanted)) protected",
            Style(role)
          ),
        graph: wanted == 0 ? .none : .bar(share)
      )
    ]
    for verdict in [CoverageVerdict.never, .tooOld, .unknown, .current, .excluded] {
      guard let count = counts[verdict], count > 0 else { continue }
      rows.append(
        OverviewRow(
          item: item(verdict),
          label: TextLine(
            "  \(Standing.sign(verdict, glyphs)) \(Self.words(verdict))",
            Style(Standing.role(verdict))
          ),
          trailing: TextLine(HumanText.count(count), Style(Standing.role(verdict)))
        )
      )
    }
    return rows
  }

  private static func words(_ verdict: CoverageVerdict) -> String {
    switch verdict {
    case .current: "protected"
    case .tooOld: "outdated"
    case .never: "never backed up"
    case .unknown: "not known"
    case .excluded: "left out on purpose"
    }
  }

  // Operations.

  private var operations: OverviewPanel {
    var panel = OverviewPanel(kind: .operations)
    let running = world.operations.running
    panel.note = running.isEmpty ? "" : "\(running.count) running"
    let ended = world.operations.all.filter { !$0.isRunning }.suffix(2).reversed()
    panel.rows = (running + ended).map { operation in
      let line = OperationLine(operation, world)
      let (sign, role) = line.mark
      return OverviewRow(
        item: .operation(operation.id),
        label: TextLine("\(sign) \(operation.kind.rawValue) \(operation.subject)", Style(role)),
        trailing: TextLine(line.figures, operation.isRunning ? .text : .dim)
      )
    }
    if panel.rows.isEmpty {
      panel.rows = [OverviewRow(label: TextLine("nothing is running", .dim))]
    }
    return panel
  }

  // Backups.

  private var lastBackups: OverviewPanel {
    var panel = OverviewPanel(kind: .backups)
    if backups.isEmpty {
      panel.rows = [OverviewRow(label: noBackups)]
      return panel
    }
    panel.note = HumanText.counted(backups.count, "backup")
    panel.rows = OverviewTrend.allCases.compactMap(trend)
    // The cluster's own come first; what others have in the store is told as theirs.
    let others = backups.filter { $0.origin(world).isOther }
    let own = others.isEmpty ? backups : backups.filter { !$0.origin(world).isOther }
    if !others.isEmpty {
      panel.note += ", \(HumanText.count(others.count)) of other clusters"
    }
    if let unread = world.unreadLocations.line(world) { panel.note += ", \(unread.text)" }
    panel.rows += (own + others).prefix(Self.listedBackups).map { entry in
      let phase = entry.status(world)
      let objects = entry.backup.status.progress.map {
        "\(HumanText.counted($0.itemsBackedUp, "object"))  "
      }
      return OverviewRow(
        item: .backup(entry.place),
        label: TextLine([
          TextSpan("\(phase.text) ", Style(phase.role)),
          TextSpan(entry.place.name + foreignMark(entry)),
        ]),
        trailing: TextLine((objects ?? "") + (entry.started.map(world.ago) ?? "no time"), .dim)
      )
    }
    return panel
  }

  /// What stands behind the name of another cluster's backup.
  func foreignMark(_ entry: BackupEntry) -> String {
    entry.origin(world).isOther ? " (other cluster)" : ""
  }

  private var noBackups: TextLine {
    guard let locations = world.locations.value else {
      return world.locations.failure.map { TextLine("? not known: \($0.message)", .warn) }
        ?? TextLine("\(world.spinner) reading backups", .dim)
    }
    if locations.isEmpty { return TextLine("there is no location for backups", .warn) }
    return world.unreadLocations.line(world) ?? TextLine("no backup yet: b begins one", .warn)
  }

  /// The last backups of the cluster that are done, the newest first.
  var trendEntries: [BackupEntry] {
    Array(
      backups.lazy.filter { entry in
        entry.backup.status.phase.isRestorable && !entry.origin(world).isOther
      }.prefix(Self.trendBackups)
    )
  }

  /// A line of one figure over the last backups that are done; nil where none of them has it.
  private func trend(_ trend: OverviewTrend) -> OverviewRow? {
    let values = trendEntries.reversed().map { Self.value(trend, of: $0) ?? .nan }
    guard let last = values.last(where: \.isFinite) else { return nil }
    let text =
      switch trend {
      case .duration: HumanText.elapsed(.milliseconds(Int64(last * 1000)))
      case .size: HumanText.bytes(Int64(last))
      case .objects: HumanText.count(Int(last))
      }
    return OverviewRow(
      item: .trend(trend),
      label: TextLine(trend.rawValue),
      trailing: TextLine(text),
      graph: .sparkline(values)
    )
  }

  private static func value(_ trend: OverviewTrend, of entry: BackupEntry) -> Double? {
    let status = entry.backup.status
    switch trend {
    case .duration:
      guard let start = status.startTimestamp, let end = status.completionTimestamp else {
        return nil
      }
      return max(0, Double((end - start).nanoseconds) / 1e9)
    case .size: return entry.sizeBytes.map(Double.init)
    case .objects: return status.progress.map { Double($0.itemsBackedUp) }
    }
  }

  // Locations.

  private var locations: OverviewPanel {
    var panel = OverviewPanel(kind: .locations)
    guard let locations = world.locations.value else {
      let failure = world.locations.failure
      panel.rows = [
        OverviewRow(
          label: failure.map { TextLine("\(Character(glyphs.cross)) \($0.message)", .bad) }
            ?? TextLine("\(world.spinner) reading locations", .dim)
        )
      ]
      return panel
    }
    panel.rows = locations.map(row)
    if locations.isEmpty {
      panel.rows = [
        OverviewRow(label: TextLine("no location: name one in the configuration", .warn))
      ]
    }
    return panel
  }

  private func row(_ location: ConsoleLocation) -> OverviewRow {
    let reading = world.backups[location.name]
    let (sign, role, text): (Character, Role, String) =
      if let problem = location.problem {
        (Character(glyphs.cross), .bad, problem)
      } else if let failure = reading?.failure {
        (Character(glyphs.cross), .bad, failure.message)
      } else if let health = world.health[location.name]?.value,
        health.state(at: world.now) == .unavailable
      {
        (Character(glyphs.cross), .bad, "unavailable: \(health.reason ?? "not told why")")
      } else if let value = reading?.value, let readAt = reading?.readAt {
        standing(of: location, holding: value.entries.count, readAt: readAt)
      } else {
        (world.spinner, .running, "reading")
      }
    let marks = location.isReadOnly ? " read-only" : ""
    return OverviewRow(
      item: .location(location.name),
      label: TextLine([TextSpan("\(sign) ", Style(role)), TextSpan(location.name + marks)]),
      trailing: TextLine(text, role == .ok ? .dim : Style(role))
    )
  }

  /// A location whose backups could be read: that alone does not say that it is in order.
  private func standing(
    of location: ConsoleLocation,
    holding count: Int,
    readAt: Timestamp
  ) -> (Character, Role, String) {
    let standing = world.standing(of: location)
    let backups = "\(HumanText.counted(count, "backup")) \(world.ago(readAt))"
    return (standing.glyph, standing.role, "\(standing.word), \(backups)")
  }

  // Expiry.

  private var expiring: OverviewPanel {
    var panel = OverviewPanel(kind: .expiring)
    let soon = backups.compactMap { entry in
      entry.backup.status.expiration.map { (entry: entry, time: $0) }
    }.filter { ($0.time - world.now).seconds <= Self.expirySeconds }
      .sorted { ($0.time, $0.entry.place.name) < ($1.time, $1.entry.place.name) }
    let unread = world.unreadLocations.line(world)
    panel.note = soon.isEmpty ? "" : HumanText.counted(soon.count, "backup")
    if !soon.isEmpty, let unread { panel.note += ", \(unread.text)" }
    panel.rows = soon.map { entry, time in
      let isOver = time <= world.now
      return OverviewRow(
        item: .expiring(entry.place),
        label: TextLine(entry.place.name + foreignMark(entry)),
        trailing: isOver
          ? TextLine("\(Character(glyphs.up)) overdue \(HumanText.age(world.now - time))", .warn)
          : TextLine(world.until(time))
      )
    }
    if panel.rows.isEmpty {
      let none =
        world.locations.value == nil ? "? not known yet" : "nothing expires this week"
      panel.rows = [OverviewRow(label: unread ?? TextLine(none, .dim))]
    }
    return panel
  }
}
