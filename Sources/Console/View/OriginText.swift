// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Terminal
internal import Velero

/// Which cluster a backup is of, seen from the one that is looked at.
enum BackupOrigin: Sendable, Hashable {
  /// The one that is looked at.
  case own
  /// Another one.
  case other(ClusterIdentity)
  /// Its record does not say.
  case unsaid
  /// Its record says it; who is looked at is not known.
  case untold(ClusterIdentity)

  init(_ backup: Backup, seenFrom own: ClusterIdentity?) {
    guard let source = ClusterIdentity(annotations: backup.annotations) else {
      self = .unsaid
      return
    }
    guard let own else {
      self = .untold(source)
      return
    }
    self = source == own ? .own : .other(source)
  }

  /// Whether it is known to be another cluster.
  var isOther: Bool { if case .other = self { true } else { false } }

  /// Whether its record names a cluster, and that is not known to be the one that is looked at.
  var mayBeOther: Bool {
    switch self {
    case .other, .untold: true
    case .own, .unsaid: false
    }
  }

  /// In a sentence: `of another cluster (…)`.
  var sentence: String {
    switch self {
    case .own: "of this cluster"
    case .other(let cluster): "of another cluster (\(cluster.uid))"
    case .unsaid: "its record does not say of which cluster"
    case .untold(let cluster): "of the cluster \(cluster.uid); whether it is this one is not known"
    }
  }

  /// In a table.
  var cell: TableCell {
    switch self {
    case .own: TableCell("this", .dim)
    case .other: TableCell("other", .warn)
    case .unsaid: TableCell("?", .dim)
    case .untold: TableCell("?", .warn)
    }
  }

  /// Own backups first, then those that may be, then those of others.
  var rank: Int64 {
    switch self {
    case .own: 0
    case .unsaid, .untold: 1
    case .other: 2
    }
  }
}

extension BackupEntry {
  /// Which cluster it is of.
  func origin(_ world: World) -> BackupOrigin {
    BackupOrigin(backup, seenFrom: world.cluster.identity)
  }
}

extension World {
  /// The record of a backup as it is known now.
  func entry(_ place: BackupPlace) -> BackupEntry? {
    backups[place.location]?.value?.entries.first { $0.place == place }
  }

  /// Whether a backup is known to be of another cluster than the one that is looked at.
  func isOfOtherCluster(_ place: BackupPlace) -> Bool {
    entry(place)?.origin(self).isOther ?? false
  }

  /// Whether a backup names a cluster that is not known to be the one that is looked at.
  func mayBeOfOtherCluster(_ place: BackupPlace) -> Bool {
    entry(place)?.origin(self).mayBeOther ?? false
  }
}
