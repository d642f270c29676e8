// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// What the user is shown before backups are collected whose time is over.
struct CollectionReview: Sendable {
  /// What goes; at least one backup.
  var orders: [CollectionOrder]
  /// Backups whose time is over and that stay, each with the reason.
  var staying: [(name: String, reason: String)]
  /// How many overdue backups are not seen or not marked, and not among them.
  var leftOutCount: Int

  /// The most lines about backups that stay.
  private static let stayingLimit = 5

  /// The question, with all names, ends and sizes.
  func confirmation(_ world: World) -> Confirmation {
    var lines: [ConfirmationLine] = []
    for order in orders {
      for entry in order.plan.entries { lines += self.lines(entry, order.location, world) }
    }
    let entries = orders.flatMap(\.plan.entries)
    let files = entries.reduce(0) { $0 + $1.backup.files }
    let bytes = entries.reduce(0) { $0 + $1.backup.sizeBytes }
    lines.append(ConfirmationLine(""))
    lines.append(
      ConfirmationLine(
        "\(HumanText.counted(entries.count, "backup")), \(HumanText.counted(files, "file")), "
          + "\(HumanText.bytes(bytes)), with the records of their restores; this cannot be undone"
      )
    )
    for (name, reason) in staying.prefix(Self.stayingLimit) {
      lines.append(ConfirmationLine("\(name) stays: \(reason)", .dim))
    }
    if staying.count > Self.stayingLimit {
      let more = HumanText.count(staying.count - Self.stayingLimit)
      lines.append(ConfirmationLine("\(more) more stay", .dim))
    }
    if leftOutCount > 0 {
      lines.append(
        ConfirmationLine(
          "\(HumanText.counted(leftOutCount, "overdue backup")) "
            + "\(leftOutCount == 1 ? "is" : "are") not marked, or hidden by the filter, and "
            + "\(leftOutCount == 1 ? "stays" : "stay")",
          .warn
        )
      )
    }
    let names = entries.map(\.name)
    let isForeign = orders.contains { order in
      order.plan.entries.contains {
        world.mayBeOfOtherCluster(BackupPlace(location: order.location, name: $0.name))
      }
    }
    return Confirmation(
      title: "Collect \(BackupActs.named(names))?",
      lines: lines,
      accept: "Delete",
      arm: DeletionReview.arm(names, world, isForeign: isForeign),
      launches: [
        PlannedLaunch(
          .lifecycle(.collect(orders)),
          .deletion,
          BackupActs.named(names),
          total: files
        )
      ]
    )
  }

  private func lines(_ entry: ExpiryEntry, _ location: String, _ world: World)
    -> [ConfirmationLine]
  {
    let end =
      switch entry.expiry.standing {
      case .overdue(let moment): "ended \(world.ago(moment))"
      case .deleting: "its deletion was not finished"
      case .kept, .protected, .unlimited: ""
      }
    let size =
      "\(HumanText.counted(entry.backup.files, "file")), \(HumanText.bytes(entry.backup.sizeBytes))"
    let isForeign = world.isOfOtherCluster(BackupPlace(location: location, name: entry.name))
    return [
      ConfirmationLine(entry.name, .title),
      ConfirmationLine("  \(end), \(size) in '\(location)'", .dim),
    ] + DeletionReview.uidLines(entry.backup.record)
      + (isForeign ? [ConfirmationLine("  of another cluster", .warn)] : [])
  }
}
