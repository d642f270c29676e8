// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage
public import Velero

/// The backups of a store; names without a record are backups that are being written or were never finished.
public struct BackupCatalog: RecordCatalog {
  /// What a backup's record is.
  public typealias Record = Backup

  /// What makes a backup exist.
  public static let recordFile = BackupFile.record

  /// Where the backups are.
  public let store: any ObjectStore
  /// How their keys are made.
  public let layout: StoreLayout

  /// Takes a store; nothing is read yet.
  public init(store: any ObjectStore, layout: StoreLayout = StoreLayout()) {
    self.store = store
    self.layout = layout
  }

  /// What the keys of all backups start with.
  public var root: String { layout.backups }

  /// The backup that a common prefix stands for; nil for other text.
  public func name(ofPrefix prefix: String) -> String? { layout.backupName(ofPrefix: prefix) }

  /// The key of a file of a backup.
  public func key(_ file: BackupFile, of name: String) -> String {
    layout.key(file, ofBackup: name)
  }
}
