// SPDX-License-Identifier: Apache-2.0

public import Engine
public import Primitives
public import Velero

/// What may be asked about what is in stores.
public enum BackupQuestion: Sendable {
  /// What the files of a backup say beyond its record.
  case details(BackupPlace)
  /// What is in the archive of a backup; how far the reading is comes before it.
  case contents(BackupPlace)
  /// An object as the first of these backups has it that has it at all.
  case object(ObjectAddress, among: [BackupPlace])
  /// The objects of these backups that match, backup by backup in this order.
  case search(SearchQuery, [BackupPlace])
  /// What differs between two states; how far the comparison is comes before it.
  case difference(DifferenceSubject)
  /// An object in two states.
  case states(ObjectAddress, DifferenceSubject)
  /// The lines of a log, in several answers.
  case log(LogSource)
  /// What would go with backups.
  case deletion([BackupPlace])
}

/// What is answered about what is in stores.
public enum BackupAnswer: Sendable {
  /// What the files of a backup say beyond its record.
  case details(BackupDetails)
  /// So much of an archive is read to find out what is in it.
  case indexing(readBytes: Int64, totalBytes: Int64)
  /// What is in the archive of a backup.
  case contents(ArchiveIndex)
  /// An object, and the backup it is of; nil when none of the backups has it.
  case object(JSONValue?, BackupPlace?)
  /// What one backup has of what is looked for.
  case found(SearchStep)
  /// How far a comparison is.
  case comparing(DifferenceProgress)
  /// What differs.
  case difference(BackupDifference)
  /// An object in two states, nil where there is none.
  case states(JSONValue?, JSONValue?)
  /// More lines of a log, and whether they are the last.
  case log([LogEntry], LogEnd?)
  /// What would go with backups.
  case deletion([DeletionOrder])
}

/// What the files of a backup say beyond its record.
public struct BackupDetails: Sendable {
  /// One of its files.
  public struct File: Sendable, Hashable {
    /// Its name in the backup's directory.
    public var name: String
    /// Its size.
    public var sizeBytes: Int64
  }

  /// The record as it is in the store now.
  public var record: Backup
  /// Its files.
  public var files: [File]
  /// The warnings and errors; nil when there is no file of them.
  public var results: OperationResults?
  /// The description as the command prints it.
  public var description: String
}

/// How the reading of a log ended.
public enum LogEnd: Sendable, Hashable {
  /// All lines were given.
  case complete
  /// The log goes on behind the last line that is shown.
  case cut(limit: Int)
}

/// Two states to compare: a backup, and another one or the cluster.
public struct DifferenceSubject: Sendable, Hashable {
  /// The earlier state.
  public var before: BackupPlace
  /// The later one; nil for the cluster as it is now.
  public var after: BackupPlace?
  /// The objects that are compared; nil for all.
  public var objects: [ObjectAddress]?

  /// Names two states.
  public init(before: BackupPlace, after: BackupPlace? = nil, objects: [ObjectAddress]? = nil) {
    self.before = before
    self.after = after
    self.objects = objects
  }
}

/// What one backup has of what is looked for.
public struct SearchStep: Sendable {
  /// An object that was found.
  public struct Hit: Sendable, Hashable {
    /// The object.
    public var address: ObjectAddress
    /// The bytes of its JSON.
    public var sizeBytes: Int
  }

  /// The backup.
  public var place: BackupPlace
  /// The objects, in the archive's order.
  public var hits: [Hit]
  /// Whether there are more than are given.
  public var isCut: Bool
  /// Why the backup could not be searched; nil when it was.
  public var failure: Failure?
  /// Whether it was the last one.
  public var isLast: Bool
}
