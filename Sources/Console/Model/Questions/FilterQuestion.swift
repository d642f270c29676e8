// SPDX-License-Identifier: Apache-2.0

public import Engine
public import Primitives
public import Velero

/// What may be asked about filters and previews, and about operations of former runs.
public enum FilterQuestion: Sendable {
  /// The command line that makes a backup.
  case commandLine(Backup)
  /// The labels of the cluster's objects.
  case labels(InventorySnapshot)
  /// Objects of a filter's result.
  case objects(PreviewObjectsRequest)
  /// Relations that could not be read are read again.
  case retryRelations
  /// The names of the filters that are kept.
  case savedFilters
  /// A filter that is kept.
  case savedFilter(String)
  /// Keeps a filter, also in place of another.
  case saveFilter(String, Backup)
  /// Which operations were begun on this machine and did not come to their end.
  case interrupted
}

/// What is answered about filters and previews, and about operations of former runs.
public enum FilterAnswer: Sendable {
  /// A command line.
  case commandLine(String)
  /// Labels.
  case labels(LabelWords)
  /// Objects of a filter's result.
  case objects(PreviewObjects)
  /// The names of the filters that are kept, sorted.
  case savedFilters([String])
  /// A filter that is kept.
  case savedFilter(SavedFilter)
  /// A filter is kept; where, for people.
  case saved(String, place: String)
  /// What did not come to its end.
  case interrupted(InterruptedNotes)
}

/// Which objects of a filter's result are wanted.
public struct PreviewObjectsRequest: Sendable {
  /// Of which objects.
  public enum Scope: Sendable, Hashable {
    /// All.
    case all
    /// Those of a type, `plural.group`.
    case type(String)
    /// Those of a namespace; empty for those of the cluster itself.
    case namespace(String)
  }

  /// The most objects that are answered: nobody reads more, and a filter narrows them.
  public static let limit = 2000

  /// The result.
  public var result: any SelectionResult
  /// Whether those that are taken are wanted, or those that are left out.
  public var isTaken: Bool
  /// Of which objects.
  public var scope: Scope
  /// Only those that match.
  public var query: FilterQuery

  /// Describes what is wanted.
  public init(_ result: any SelectionResult, isTaken: Bool, scope: Scope, query: FilterQuery) {
    self.result = result
    self.isTaken = isTaken
    self.scope = scope
    self.query = query
  }
}

/// Objects of a filter's result, by type, namespace and name.
public struct PreviewObjects: Sendable {
  /// The first of them; at most `PreviewObjectsRequest.limit`.
  public var objects: [PreviewObject]
  /// How many match.
  public var matchCount: Int
  /// How many there are.
  public var total: Int

  /// Describes an answer.
  public init(objects: [PreviewObject], matchCount: Int, total: Int) {
    self.objects = objects
    self.matchCount = matchCount
    self.total = total
  }
}

/// A filter as it was kept.
public struct SavedFilter: Sendable {
  /// Its name.
  public var name: String
  /// What it asks for.
  public var backup: Backup
  /// What of the file is not understood, line by line.
  public var findings: [String]

  /// Describes a filter.
  public init(name: String, backup: Backup, findings: [String] = []) {
    self.name = name
    self.backup = backup
    self.findings = findings
  }
}

/// What former runs have begun and not ended, as far as it can be told.
public struct InterruptedNotes: Sendable, Hashable {
  /// The operations, the newest first.
  public var notes: [InterruptedNote]
  /// Locations of which it cannot be told, each with the reason.
  public var failures: [String]

  /// Notes operations.
  public init(_ notes: [InterruptedNote] = [], failures: [String] = []) {
    self.notes = notes
    self.failures = failures
  }
}

/// An operation that a former run has begun and not ended.
public struct InterruptedNote: Sendable, Hashable {
  /// What it was doing.
  public var kind: Operation.Kind
  /// The name of the backup or restore.
  public var name: String
  /// The name of the location.
  public var location: String
  /// When it began.
  public var started: Timestamp?

  /// Describes an operation.
  public init(kind: Operation.Kind, name: String, location: String, started: Timestamp?) {
    self.kind = kind
    self.name = name
    self.location = location
    self.started = started
  }
}
