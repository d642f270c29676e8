// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// What the user is shown before backups are deleted.
struct DeletionReview: Sendable {
  private let orders: [DeletionOrder]
  private let hiddenCount: Int

  /// - Parameters:
  ///   - orders: What goes; at least one.
  ///   - hiddenCount: How many marked rows are not seen, and not among them.
  init(_ orders: [DeletionOrder], hiddenCount: Int) {
    self.orders = orders
    self.hiddenCount = hiddenCount
  }

  /// The question, with all names, counts and sizes.
  func confirmation(_ world: World) -> Confirmation {
    var lines: [ConfirmationLine] = []
    for order in orders { lines += self.lines(order, world) }
    let targets = orders.map(\.target)
    let bytes = targets.reduce(0) { $0 + $1.sizeBytes }
    let files = targets.reduce(0) { $0 + $1.files.count }
    lines.append(ConfirmationLine(""))
    lines.append(
      ConfirmationLine(
        "\(HumanText.counted(targets.count, "backup")), \(HumanText.counted(files, "file")), "
          + "\(HumanText.bytes(bytes)); this cannot be undone"
      )
    )
    if let text = Self.hidden(hiddenCount) { lines.append(ConfirmationLine(text, .warn)) }
    let names = targets.map(\.name)
    let origins = orders.map { origin($0, world) }
    lines += originLines(origins)
    return Confirmation(
      title: "Delete \(BackupActs.named(names))?",
      lines: lines,
      accept: "Delete",
      arm: Self.arm(targets, world, isForeign: origins.contains(where: \.mayBeOther)),
      launches: [
        PlannedLaunch(
          .lifecycle(.delete(orders)),
          .deletion,
          BackupActs.named(names),
          total: files
        )
      ]
    )
  }

  /// How many are of other clusters, and of how many that is not known.
  private func originLines(_ origins: [BackupOrigin]) -> [ConfirmationLine] {
    var lines: [ConfirmationLine] = []
    let others = origins.count(where: \.isOther)
    if others > 0 {
      lines.append(
        ConfirmationLine(
          orders.count == 1
            ? "It is of another cluster than the one that is looked at."
            : "\(HumanText.counted(others, "backup")) \(others == 1 ? "is" : "are") "
              + "of other clusters than the one that is looked at.",
          .bad
        )
      )
    }
    let untold = origins.count(where: \.mayBeOther) - others
    if untold > 0 {
      lines.append(
        ConfirmationLine(
          orders.count == 1
            ? "The cluster has not said who it is: the backup may be of another one."
            : "The cluster has not said who it is: \(HumanText.counted(untold, "backup")) may be of other ones.",
          .warn
        )
      )
    }
    return lines
  }

  /// What has to be typed: the count of many, in production and of what may be another cluster's the name of one; nil for nothing.
  private static func arm(
    _ targets: [DeletionTarget],
    _ world: World,
    isForeign: Bool
  ) -> String? {
    let names = targets.map(\.name)
    guard targets.contains(where: { $0.obstacle != nil }) else {
      return arm(names, world, isForeign: isForeign)
    }
    return names.count == 1 ? names[0] : "\(names.count)"
  }

  /// The same for a choice that has nothing else about it.
  static func arm(_ names: [String], _ world: World, isForeign: Bool = false) -> String? {
    if names.count > BackupActs.unarmedLimit { return "\(names.count)" }
    guard world.isProduction || isForeign, let name = names.first else { return nil }
    return names.count == 1 ? name : "\(names.count)"
  }

  /// What is said of marked backups that an action is not about; nil where there are none.
  static func hidden(_ count: Int) -> String? {
    guard count > 0 else { return nil }
    let verb = count == 1 ? "stays as it is" : "stay as they are"
    return "\(HumanText.counted(count, "marked backup")) hidden by the filter \(verb)"
  }

  /// Which backup of its name it is, where its record says so.
  static func uidLines(_ record: Backup) -> [ConfirmationLine] {
    let uid = record.json[path: "metadata", "uid"]?.string
    return uid.map { [ConfirmationLine("  its own uid is \($0)", .dim)] } ?? []
  }

  private func origin(_ order: DeletionOrder, _ world: World) -> BackupOrigin {
    BackupOrigin(order.target.record, seenFrom: world.cluster.identity)
  }

  private func lines(_ order: DeletionOrder, _ world: World) -> [ConfirmationLine] {
    let target = order.target
    let record = target.record
    let began =
      (record.status.startTimestamp ?? record.creationTimestamp)
      .map { ", begun \(world.local($0)), \(world.ago($0))" } ?? ", it is not known when"
    let objects = record.status.progress.map {
      "\(HumanText.counted($0.itemsBackedUp, "object")), "
    }
    let origin = origin(order, world)
    let place = world.locations.value?.first { $0.name == order.location }?.place
    let lines = [
      ConfirmationLine(target.name, .title),
      ConfirmationLine("  \(record.status.phase.text)\(began)", .dim),
      ConfirmationLine(
        "  \(objects ?? "")\(HumanText.counted(target.files.count, "file")), "
          + "\(HumanText.bytes(target.sizeBytes)) in '\(order.location)'"
          + (place.map { ", \($0)" } ?? ""),
        .dim
      ),
      ConfirmationLine(
        "  \(origin.sentence)",
        origin.mayBeOther ? .warn : .dim
      ),
    ]
    return lines + Self.uidLines(record) + cautions(target, world)
  }

  /// What there is to think of before a backup goes.
  private func cautions(_ target: DeletionTarget, _ world: World) -> [ConfirmationLine] {
    var lines: [ConfirmationLine] = []
    if !target.restores.isEmpty {
      lines.append(
        ConfirmationLine(
          "  with the records of \(HumanText.counted(target.restores.count, "restore")): "
            + HumanText.some(target.restores, limit: 3),
          .warn
        )
      )
    }
    if !target.running.isEmpty {
      lines.append(
        ConfirmationLine(
          "  being restored from by \(HumanText.some(target.running, limit: 3)): it will be refused",
          .bad
        )
      )
    }
    if target.isUnfinished {
      lines.append(
        ConfirmationLine("  a Velero server may still be at work on it", .bad)
      )
    }
    if !target.foreign.isEmpty {
      lines.append(
        ConfirmationLine(
          "  another machine may be restoring from it: \(HumanText.some(target.foreign, limit: 3))",
          .bad
        )
      )
    }
    if BackupExpiry(target.record, at: world.now).isProtected {
      lines.append(ConfirmationLine("  it is protected from being collected", .warn))
    }
    if target.hasVolumeData {
      lines.append(
        ConfirmationLine(
          "  the data of its volumes is kept elsewhere and stays there",
          .warn
        )
      )
    }
    return lines
  }
}
