// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

/// The newest complete backup in the store that was made of the same cluster with the same filter: all that is known of sizes
/// before a backup.
struct EarlierBackup: Sendable, Hashable {
  /// Its name.
  var name: String
  /// When it began.
  var started: Timestamp
  /// How many objects it holds.
  var objectCount: Int
  /// How many bytes its archive has in the store.
  var storedBytes: Int64

  /// A store with more backups than this is not searched: every record would have to be read.
  private static let searchLimit = 500

  /// Looks for it.
  ///
  /// - Parameters:
  ///   - backup: What is asked for.
  ///   - cluster: The cluster; nil when that is not known, and then nothing is found.
  ///   - catalog: The store.
  /// - Returns: nil when there is none, and also when the store cannot be read: it is an extra.
  static func find(
    like backup: Backup,
    of cluster: ClusterIdentity?,
    in catalog: BackupCatalog
  ) async -> EarlierBackup? {
    guard let cluster, let filter = Filter(backup), let names = try? await catalog.names(),
      names.count <= searchLimit,
      let reading = try? await catalog.entries({ record -> Backup? in
        let isAlike =
          record.status.phase == .completed && Filter(record) == filter
          && ClusterIdentity(annotations: record.annotations) == cluster
        return isAlike ? record : nil
      })
    else { return nil }
    let dated = reading.entries.compactMap { record in
      record.flatMap { record in record.status.startTimestamp.map { (record, $0) } }
    }
    guard let (newest, started) = dated.max(by: { $0.1 < $1.1 }),
      let files = try? await catalog.files(newest.name),
      let archive = files.first(where: {
        $0.key == catalog.layout.key(.contents, ofBackup: newest.name)
      })
    else { return nil }
    return EarlierBackup(
      name: newest.name,
      started: started,
      objectCount: newest.status.progress?.itemsBackedUp ?? 0,
      storedBytes: archive.sizeBytes
    )
  }

  /// What two backups have in common that take the same objects.
  private struct Filter: Hashable {
    let filter: BackupFilter
    let policy: String
    let roots: Set<BackupRoot>

    init?(_ backup: Backup) {
      guard let backup = try? BackupScope.asked(backup),
        let roots = try? BackupScope.roots(in: backup.annotations),
        var filter = try? BackupFilter(backup.spec)
      else { return nil }
      if filter.includedNamespaces.isEmpty { filter.includedNamespaces = ["*"] }
      // In which order objects come does not change which they are.
      filter.orderedResources = [:]
      self.filter = filter
      self.roots = Set(roots)
      policy = backup.spec.resourcePolicyName
    }
  }
}
