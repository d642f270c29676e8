// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

/// The backup that a restore is made from, as the flags name it.
struct RestoreSource {
  /// The backup's record.
  var backup: Backup
  /// The schedule that was named; nil when the backup was.
  var schedule: String?

  /// What default names of restores begin with.
  var title: String { schedule ?? backup.name }

  /// Finds the backup in the store.
  ///
  /// - Parameters:
  ///   - arguments: The flags.
  ///   - catalog: The store's backups.
  /// - Returns: The backup's record.
  /// - Throws: `UsageError` unless just one of `--from-backup` and `--from-schedule` is given; `CommandFailure` with `notFound`.
  static func find(_ arguments: ParsedArguments, in catalog: BackupCatalog) async throws
    -> RestoreSource
  {
    switch try names(arguments) {
    case .backup(let name):
      return RestoreSource(backup: try await catalog.existingRecord(name))
    case .schedule(let name):
      let allowsPartial = arguments[RestoreCreateFlags.allowPartiallyFailed] ?? false
      let backup = try await newest(of: name, allowsPartial: allowsPartial, catalog)
      return RestoreSource(backup: backup, schedule: name)
    }
  }

  /// What the flags name.
  enum Names: Sendable, Hashable {
    case backup(String)
    case schedule(String)
  }

  /// Reads the flags.
  ///
  /// - Throws: `UsageError` unless just one is given.
  static func names(_ arguments: ParsedArguments) throws(UsageError) -> Names {
    let backup = arguments[RestoreCreateFlags.fromBackup].flatMap { $0.isEmpty ? nil : $0 }
    let schedule = arguments[RestoreCreateFlags.fromSchedule].flatMap { $0.isEmpty ? nil : $0 }
    switch (backup, schedule) {
    case (let backup?, nil):
      guard arguments[RestoreCreateFlags.allowPartiallyFailed] != true else {
        throw UsageError(
          "'--allow-partially-failed' goes with '--from-schedule'",
          hint: "a backup that is named is taken however it ended"
        )
      }
      return .backup(backup)
    case (nil, let schedule?): return .schedule(schedule)
    case (nil, nil), (.some, .some):
      throw UsageError(
        "a restore needs just one of '--from-backup' and '--from-schedule'",
        hint: "'binnacle backup get' lists the backups"
      )
    }
  }

  /// The backup of a schedule that began last, of those that can be restored from.
  private static func newest(
    of schedule: String,
    allowsPartial: Bool,
    _ catalog: BackupCatalog
  ) async throws -> Backup {
    let label = VeleroLabel.validValue(schedule)
    let found = try await catalog.entries { record -> Backup? in
      record.labels[VeleroLabel.scheduleName] == label ? record : nil
    }
    let backups = found.entries.compactMap(\.self)
    let sound = backups.filter { backup in
      backup.status.phase == .completed
        || (allowsPartial && backup.status.phase == .partiallyFailed)
    }
    let newest = sound.max { left, right in
      let moments = [left, right].map { $0.status.startTimestamp ?? Timestamp(seconds: 0) }
      return (moments[0], left.name) < (moments[1], right.name)
    }
    if let newest { return newest }
    let isPartial = backups.contains { $0.status.phase == .partiallyFailed }
    throw CommandFailure.notFound(
      "there is no Completed backup of the schedule '\(schedule)' in \(catalog.store.name)",
      hint: isPartial
        ? "there are PartiallyFailed ones, which --allow-partially-failed takes"
        : "'binnacle backup get -l \(VeleroLabel.scheduleName)=\(label)' lists its backups"
    )
  }
}
