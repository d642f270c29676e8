// SPDX-License-Identifier: Apache-2.0

/// What reading all of a catalog came to.
public struct CatalogReading<Value: Sendable>: Sendable {
  /// The entries that have a record, in the order of their names.
  public var entries: [Value]
  /// Names under which there are files and no record.
  public var unrecorded: [String]
  /// The entries that cannot be used.
  public var problems: [CatalogProblem]

  /// Makes a reading.
  public init(
    entries: [Value] = [],
    unrecorded: [String] = [],
    problems: [CatalogProblem] = []
  ) {
    self.entries = entries
    self.unrecorded = unrecorded
    self.problems = problems
  }
}

/// An entry of a catalog that cannot be used, and why.
public struct CatalogProblem: Sendable, Hashable {
  /// What is wrong with an entry.
  public enum Kind: String, Sendable, Hashable {
    /// The record is there and makes no sense: nothing can be done with it.
    case damaged
    /// The record is there and could not be read; nothing is known of the entry.
    case unreadable
    /// It is no part of an entry.
    case foreign
  }

  /// What is wrong.
  public var kind: Kind
  /// The name of the entry in the directory of backups or restores.
  public var name: String
  /// What cannot be used, and why.
  public var message: String
  /// What the reader can do about it.
  public var hint: String?

  /// Makes a problem.
  public init(_ kind: Kind, _ name: String, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.name = name
    self.message = message
    self.hint = hint
  }
}
