// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import TestSupport
import Velero

@testable import Engine

/// A store with backups and restores, and what works on it.
struct LifecycleFixture {
  let store: any ObjectStore
  let directory: TemporaryDirectory

  init(_ store: any ObjectStore) throws {
    self.store = store
    directory = try TemporaryDirectory()
  }

  var catalog: BackupCatalog { BackupCatalog(store: store) }
  var restores: RestoreCatalog { RestoreCatalog(store: store) }
  var journal: OperationJournal { OperationJournal(directory: directory.path("operations")) }

  var deletion: BackupDeletion {
    BackupDeletion(catalog: catalog, restores: restores, journal: journal, clock: .fixed())
  }

  var editor: ExpiryEditor { ExpiryEditor(catalog: catalog, journal: journal, clock: .fixed()) }

  func collection(isReadOnly: Bool = false) -> BackupCollection {
    var location = StorageLocation.directory("nas", path: "/nas")
    if isReadOnly { location.accessMode = .readOnly }
    return BackupCollection(
      location,
      catalog: catalog,
      restores: restores,
      journal: journal,
      clock: .fixed()
    )
  }

  /// A record that begins ten days before the present of tests and ends so many hours after it.
  static func record(
    _ name: String,
    endsIn hours: Int64? = -1,
    phase: BackupPhase = .completed,
    cluster: String? = nil
  ) -> Backup {
    var backup = Backup(name: name)
    backup.spec.ttl = GoDuration(seconds: 240 * 3600)
    backup.status.phase = phase
    backup.status.startTimestamp = .test + GoDuration(seconds: -240 * 3600)
    backup.status.expiration = hours.map { .test + GoDuration(seconds: $0 * 3600) }
    if let cluster { backup.annotations[ClusterIdentity.annotation] = cluster }
    return backup
  }

  /// Writes a backup with all its files; returns its record as it is read again.
  @discardableResult
  static func write(_ record: Backup, into store: any ObjectStore) async throws -> Backup {
    let layout = StoreLayout()
    let lists: Set<BackupFile> = [
      .podVolumeBackups, .volumeInfo, .volumeSnapshots, .csiVolumeSnapshots,
    ]
    for file in BackupFile.current where file != .record {
      let bytes =
        lists.contains(file) ? Gzip.compress(Array("null\n".utf8)) : Array(record.name.utf8)
      try await store.put(layout.key(file, ofBackup: record.name), bytes)
    }
    try await store.put(layout.key(.record, ofBackup: record.name), record.encoded())
    return try Backup(parsing: record.encoded())
  }

  /// Writes a restore with a record and a log.
  static func writeRestore(
    _ name: String,
    from backup: String,
    phase: RestorePhase = .completed,
    into store: any ObjectStore
  ) async throws {
    var restore = Restore(name: name)
    restore.spec.backupName = backup
    restore.status.phase = phase
    restore.status.startTimestamp = .test
    let files = try await RestoreCatalog(store: store).create(restore)
    try await files.write(.logs, [1])
  }

  func keys() async throws -> [String] { try await store.list().objects.map(\.key) }
}
