// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
public import Primitives
public import Velero

/// A backup of a location with the room it takes.
public struct LocationBackup: Sendable, Hashable {
  /// The record.
  public var record: Backup
  /// The bytes of all its files.
  public var sizeBytes: Int64
  /// The number of its files.
  public var files: Int

  /// Makes a value.
  public init(record: Backup, sizeBytes: Int64 = 0, files: Int = 0) {
    self.record = record
    self.sizeBytes = sizeBytes
    self.files = files
  }

  /// The name.
  public var name: String { record.name }

  /// The cluster it is of; nil when its record does not say.
  public var cluster: ClusterIdentity? { ClusterIdentity(annotations: record.annotations) }
}

/// How much of a location is of one cluster.
public struct ClusterShare: Sendable, Hashable {
  /// The cluster; nil for backups whose records do not say.
  public var cluster: ClusterIdentity?
  /// How many backups are of it.
  public var backups: Int
  /// The bytes of their files.
  public var sizeBytes: Int64
  /// When the latest of them began.
  public var latest: Timestamp?
}

/// What is in a location: its backups with the room they take, and what belongs to none.
public struct LocationContents: Sendable, Hashable {
  /// The backups in the order of their names.
  public var backups: [LocationBackup]
  /// Names with files and without a record: backups that are being written or were never finished.
  public var unrecorded: [String]
  /// What cannot be used.
  public var problems: [CatalogProblem]
  /// The bytes of everything below the directory of the backups.
  public var sizeBytes: Int64

  /// Makes a value.
  public init(
    backups: [LocationBackup] = [],
    unrecorded: [String] = [],
    problems: [CatalogProblem] = [],
    sizeBytes: Int64 = 0
  ) {
    self.backups = backups
    self.unrecorded = unrecorded
    self.problems = problems
    self.sizeBytes = sizeBytes
  }

  /// The backups by cluster, the cluster with the most bytes first, those that do not say last.
  public var shares: [ClusterShare] {
    var shares: [ClusterIdentity?: ClusterShare] = [:]
    for backup in backups {
      let cluster = backup.cluster
      var share = shares[cluster] ?? ClusterShare(cluster: cluster, backups: 0, sizeBytes: 0)
      share.backups += 1
      share.sizeBytes += backup.sizeBytes
      if let started = backup.record.status.startTimestamp {
        share.latest = max(share.latest ?? started, started)
      }
      shares[cluster] = share
    }
    return shares.values.sorted { left, right in
      guard let leftID = left.cluster?.uid else { return false }
      guard let rightID = right.cluster?.uid else { return true }
      return left.sizeBytes == right.sizeBytes
        ? leftID < rightID : left.sizeBytes > right.sizeBytes
    }
  }
}

extension BackupCatalog {
  /// Reads all records, and the sizes of all files from one listing.
  ///
  /// - Returns: What is in the location.
  /// - Throws: `ObjectStoreError` when the store cannot be listed or is not to be reached; `CancellationError`.
  public func contents() async throws -> LocationContents {
    let reading = try await records()
    var contents = LocationContents(unrecorded: reading.unrecorded, problems: reading.problems)
    var sizes: [String: (bytes: Int64, files: Int)] = [:]
    var request = ListRequest(prefix: root, limit: ListRequest.limits.upperBound)
    repeat {
      try Task.checkCancellation()
      let page = try await store.listPage(request)
      for object in page.objects {
        contents.sizeBytes += object.sizeBytes
        let rest = object.key.dropFirst(root.count)
        guard let slash = rest.firstIndex(of: "/") else { continue }
        let (bytes, files) = sizes[String(rest[..<slash])] ?? (0, 0)
        sizes[String(rest[..<slash])] = (bytes + object.sizeBytes, files + 1)
      }
      request.after = page.next
    } while request.after != nil
    contents.backups = reading.entries.map { record in
      let size = sizes[record.name] ?? (0, 0)
      return LocationBackup(record: record, sizeBytes: size.bytes, files: size.files)
    }
    return contents
  }
}
