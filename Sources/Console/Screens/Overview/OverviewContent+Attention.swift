// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

extension OverviewContent {
  /// Failures older than this are history.
  static let failureSeconds: Int64 = 7 * 86_400
  /// Failed backups that are named one by one.
  static let namedFailures = 4
  /// A backup that says for so long that it is at work, and is none of this program's, is looked at.
  static let stuckSeconds: Int64 = 3600

  /// What should be looked at, the worst first.
  var attention: OverviewPanel {
    var panel = OverviewPanel(kind: .attention)
    panel.rows = clusterRows + coverageRows + locationRows + failureRows + storeRows
    let overdue = overdue
    if !overdue.isEmpty {
      panel.rows.append(
        row(.overdue, .warn, "\(HumanText.counted(overdue.count, "backup")) overdue for collection")
      )
    }
    if panel.rows.isEmpty { panel.rows = [OverviewRow(label: calm)] }
    return panel
  }

  /// What is said when nothing was found; that all is well only when all was looked at.
  private var calm: TextLine {
    let unread = world.unreadLocations
    let standings = (world.locations.value ?? []).map { ($0.name, world.standing(of: $0).role) }
    let isAwaited = standings.contains { $0.1 == .running || $0.1 == .dim }
    guard world.coverage.value != nil, world.locations.value != nil, unread.failed.isEmpty,
      unread.awaited.isEmpty, !isAwaited
    else { return TextLine("\(world.spinner) nothing so far; not all is known yet", .dim) }
    let unknown = standings.filter { $0.1 != .ok }.map { "'\($0.0)'" }
    guard unknown.isEmpty else {
      let names = HumanText.some(unknown, limit: 2)
      let verb = unknown.count == 1 ? "stands" : "stand"
      return TextLine("? nothing found; not known how \(names) \(verb)", .warn)
    }
    return TextLine("\(Character(world.glyphs.check)) nothing needs attention", .ok)
  }

  private func row(_ attention: OverviewAttention, _ role: Role, _ text: String) -> OverviewRow {
    let sign = Character(role == .bad ? world.glyphs.cross : world.glyphs.up)
    return OverviewRow(item: .attention(attention), label: TextLine("\(sign) \(text)", Style(role)))
  }

  private var clusterRows: [OverviewRow] {
    let reason = world.cluster.failure.map { ": \($0.message)" } ?? ""
    switch world.cluster.phase {
    case .lost(let since):
      return [row(.cluster, .bad, "no answer since \(world.ago(since))\(reason)")]
    case .failed: return [row(.cluster, .bad, "the cluster cannot be used\(reason)")]
    case .none, .connecting, .connected: return []
    }
  }

  private var coverageRows: [OverviewRow] {
    var rows: [OverviewRow] = []
    if let failure = world.coverage.failure {
      rows.append(row(.coverage, .bad, "protection is not known: \(failure.message)"))
    }
    let counts = standings.summary.namespaces
    if let never = counts[.never], never > 0 {
      let verb = never == 1 ? "was" : "were"
      rows.append(
        row(.unprotected, .bad, "\(HumanText.counted(never, "namespace")) \(verb) never backed up")
      )
    }
    if let old = counts[.tooOld], old > 0 {
      let limit = HumanText.duration(world.maximumAge)
      rows.append(
        row(
          .outdated,
          .warn,
          "\(HumanText.counted(old, "namespace")): no backup newer than \(limit)"
        )
      )
    }
    if let unknown = counts[.unknown], unknown > 0 {
      let places = world.coverage.value?.unreadPlaces ?? []
      let reason = places.isEmpty ? "" : ", '\(HumanText.some(places, limit: 2))' is not read"
      let text = "\(HumanText.counted(unknown, "namespace")): not known whether backed up\(reason)"
      rows.append(row(.unknown, .warn, text))
    }
    if let gaps = world.coverage.value?.gaps, !gaps.isEmpty {
      let types = HumanText.some(gaps.flatMap(\.resources), limit: 3)
      rows.append(row(.gaps, .warn, "not looked at: \(types): \(gaps[0].reason)"))
    }
    return rows
  }

  private var locationRows: [OverviewRow] {
    (world.locations.value ?? []).compactMap { location in
      let reason =
        location.problem ?? world.backups[location.name]?.failure?.message
        ?? world.health[location.name]?.value?.reason
      guard let reason else { return nil }
      return row(.location(location.name), .bad, "location '\(location.name)': \(reason)")
    }
  }

  /// The backups whose time is over.
  var overdue: [BackupPlace] {
    backups.filter { ExpiryWindow($0.backup, world) == .overdue }.map(\.place)
  }

  /// Backups that failed lately or seem stuck, and are not named one by one.
  var unnamedFailures: [BackupPlace] {
    failures.dropFirst(Self.namedFailures - 1).compactMap { row in
      guard case .attention(.backup(let place)) = row.item else { return nil }
      return place
    }
  }

  /// Backups that failed lately, and those that seem stuck; many are counted.
  private var failureRows: [OverviewRow] {
    let found = failures
    guard found.count > Self.namedFailures else { return found }
    let more = found.count - Self.namedFailures + 1
    return found.prefix(Self.namedFailures - 1)
      + [row(.moreBackups, .warn, "\(more) more backups failed or seem stuck")]
  }

  /// Backups that failed lately, and those that seem stuck.
  private var failures: [OverviewRow] {
    let own = world.operations.running
    return backups.compactMap { entry -> OverviewRow? in
      let status = entry.backup.status
      guard let started = entry.started else { return nil }
      let age = (world.now - started).seconds
      let phase = entry.status(world)
      switch status.phase {
      case .failed, .failedValidation, .partiallyFailed:
        guard age <= Self.failureSeconds else { return nil }
        let role: Role = status.phase == .partiallyFailed ? .warn : .bad
        let errors = status.errors > 0 ? ", \(HumanText.counted(status.errors, "error"))" : ""
        return row(
          .backup(entry.place),
          role,
          "\(entry.place.name)\(foreignMark(entry)) \(phase.word)\(errors), \(world.ago(started))"
        )
      case .completed, .deleting, .other: return nil
      default:
        guard age > Self.stuckSeconds,
          !own.contains(where: {
            $0.isBackup(entry.place.name, in: entry.place.location)
          })
        else { return nil }
        return row(
          .backup(entry.place),
          .warn,
          "\(entry.place.name)\(foreignMark(entry)) \(phase.word) since \(world.ago(started))"
        )
      }
    }
  }

  /// What lies in the stores and is no backup.
  private var storeRows: [OverviewRow] {
    let own = world.operations.running
    return world.backups.sorted { $0.key < $1.key }.flatMap { name, reading -> [OverviewRow] in
      guard let listing = reading.value else { return [] }
      var rows: [OverviewRow] = []
      let unfinished = listing.unrecorded.filter { backup in
        !own.contains { $0.isBackup(backup, in: name) }
      }
      if !unfinished.isEmpty {
        let names = HumanText.some(unfinished, limit: 2)
        rows.append(
          row(.unfinished(location: name), .warn, "never finished in '\(name)': \(names)")
        )
      }
      if let problem = listing.problems.first {
        let more = listing.problems.count > 1 ? " and \(listing.problems.count - 1) more" : ""
        rows.append(row(.damaged(location: name), .bad, problem.message + more))
      }
      return rows
    }
  }
}
