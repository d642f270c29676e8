// SPDX-License-Identifier: Apache-2.0

public import Engine
public import Velero

/// What may be asked about restores.
public enum RestoreQuestion: Sendable {
  /// What the archive of a backup holds.
  case contents(BackupPlace)
  /// What a restore takes of its backup; what the index alone says may come before the whole.
  case selection(ArchiveSelection, BackupPlace)
  /// What a restore would do; how far the planning is comes before the plan.
  case plan(RestoreRequest, location: String)
  /// What the files of a restore say.
  case facts(location: String, name: String)
}

/// What is answered about restores.
public enum RestoreAnswer: Sendable {
  /// What the archive of a backup holds.
  case contents(ArchiveContents)
  /// What a restore takes of its backup.
  case selection(ArchivePreview)
  /// How far the planning is.
  case planning(RestoreStage, RestoreRunProgress)
  /// What a restore would do.
  case plan(RestorePreview)
  /// What the files of a restore say.
  case facts(RestoreFacts)
}

/// What the archive of a backup holds, for whoever composes a restore of it.
public struct ArchiveContents: Sendable {
  /// The backup's record.
  public var backup: Backup
  /// How many objects there are.
  public var objectCount: Int
  /// Namespaces that objects are in, with how many, by name.
  public var namespaces: [String: Int]
  /// Types, `plural.group`, with how many objects, by name.
  public var types: [String: Int]
  /// The labels.
  public var labels: LabelWords

  /// Describes an archive.
  public init(
    backup: Backup,
    objectCount: Int,
    namespaces: [String: Int] = [:],
    types: [String: Int] = [:],
    labels: LabelWords = LabelWords()
  ) {
    self.backup = backup
    self.objectCount = objectCount
    self.namespaces = namespaces
    self.types = types
    self.labels = labels
  }

  /// Reads the index of an archive.
  public init(_ backup: Backup, _ index: ArchiveIndex) {
    self.backup = backup
    objectCount = index.itemCount
    (namespaces, types) = ([:], [:])
    for item in index.items {
      if let namespace = item.namespace { namespaces[namespace, default: 0] += 1 }
      types[item.resource, default: 0] += 1
    }
    labels = LabelWords(index.labelCounts)
  }
}

/// What the files of a restore say.
public struct RestoreFacts: Sendable {
  /// Its record; nil for one of Velero, which keeps it in the cluster.
  public var record: Restore?
  /// What was asked for beyond the record's spec; nil when that cannot be read.
  public var options: RestoreOptions?
  /// What failed and what was left; nil when nothing says.
  public var outcome: RestoreOutcomeFile?
  /// Its warnings and errors; nil when nothing says.
  public var results: OperationResults?
  /// Whether its files are on this machine, since the store took no writes.
  public var isLocal: Bool

  /// Describes a restore.
  public init(
    record: Restore?,
    options: RestoreOptions? = nil,
    outcome: RestoreOutcomeFile? = nil,
    results: OperationResults? = nil,
    isLocal: Bool = false
  ) {
    self.record = record
    self.options = options
    self.outcome = outcome
    self.results = results
    self.isLocal = isLocal
  }
}
