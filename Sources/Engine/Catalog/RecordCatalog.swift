// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage
internal import Primitives
public import Velero

/// The backups or the restores of a store: which there are, their records and their files.
///
/// Nothing is kept between calls; each reads the store as it is. Entries that cannot be used are told and do not keep
/// the others from being read.
public protocol RecordCatalog: Sendable {
  /// What an entry's record is.
  associatedtype Record: VeleroObject
  /// The files that an entry may have.
  associatedtype File: Sendable

  /// The file with the record.
  static var recordFile: File { get }
  /// Where the entries are.
  var store: any ObjectStore { get }
  /// What the keys of all entries start with; each has a directory of its own below it.
  var root: String { get }
  /// The entry that a common prefix of `root` stands for; nil for other text.
  func name(ofPrefix prefix: String) -> String?
  /// The key of a file of an entry.
  func key(_ file: File, of name: String) -> String
}

/// How much of a store's catalog is read.
public enum CatalogLimits {
  /// The most bytes of a record; Velero's have a few kilobytes, and etcd's limit for objects is 1.5 MiB.
  public static let recordBytes = 8 << 20
  /// The most entries that are listed.
  public static let entries = 100_000
  /// How many records are read at a time; stores in a network answer each after some milliseconds.
  public static let parallelReads = 16
  /// The most bytes that a JSON file may have when it is inflated and read as a whole.
  public static let jsonBytes = 256 << 20
}

extension RecordCatalog {
  /// The names under which something is stored, in order; some may lack a record.
  ///
  /// - Throws: `ObjectStoreError`; `.tooLarge` beyond `CatalogLimits.entries` names.
  public func names() async throws(ObjectStoreError) -> [String] {
    try await listing().prefixes.compactMap(name(ofPrefix:))
  }

  /// The record of an entry; nil when there is none.
  ///
  /// - Parameter name: The entry's name, which the record has to bear.
  /// - Returns: The record.
  /// - Throws: `EngineError` `.corrupt` for a record that cannot be understood or is another entry's;
  ///   `ObjectStoreError` when it cannot be read.
  public func record(_ name: String) async throws -> Record? {
    let key = self.key(Self.recordFile, of: name)
    do {
      let bytes = try await store.get(key, limit: CatalogLimits.recordBytes)
      let record = try Record(parsing: bytes)
      if record.name == name { return record }
      throw damaged(key, "it is of the \(Record.kind.lowercased()) '\(record.name)'")
    } catch let error as ObjectStoreError where error.code == .notFound {
      return nil
    } catch let error as VeleroError {
      throw damaged(key, error.message)
    }
  }

  /// All entries, each as what `transform` makes of its record, so that a store of many thousands need not be held.
  ///
  /// `CatalogLimits.parallelReads` records are read at a time.
  ///
  /// - Parameter transform: Called once a record, from several tasks at a time.
  /// - Returns: The results in the order of the names, and what could not be used.
  /// - Throws: `ObjectStoreError` when the store cannot be listed or is not to be reached; `CancellationError`.
  public func entries<Value: Sendable>(
    _ transform: @escaping @Sendable (Record) -> Value
  ) async throws -> CatalogReading<Value> {
    let listing = try await listing()
    var reading = try await entries(listing.prefixes.compactMap(name(ofPrefix:)), transform)
    reading.problems = listing.objects.map { stray($0.key) } + reading.problems
    return reading
  }

  /// The entries of names that are listed.
  ///
  /// - Throws: As `entries`.
  func entries<Value: Sendable>(
    _ names: [String],
    _ transform: @escaping @Sendable (Record) -> Value
  ) async throws -> CatalogReading<Value> {
    let entries = try await names.mapInParallel(limit: CatalogLimits.parallelReads) { name in
      try await entry(name, transform)
    }
    var reading = CatalogReading<Value>()
    for (name, entry) in zip(names, entries) {
      switch entry {
      case .record(let value): reading.entries.append(value)
      case .unrecorded: reading.unrecorded.append(name)
      case .problem(let problem): reading.problems.append(problem)
      }
    }
    return reading
  }

  /// The records of all entries, in the order of their names.
  ///
  /// - Returns: The records, and what could not be used.
  /// - Throws: As `entries`.
  public func records() async throws -> CatalogReading<Record> { try await entries { $0 } }

  /// The keys of all files of an entry with their sizes.
  ///
  /// - Throws: `ObjectStoreError`.
  public func files(_ name: String) async throws(ObjectStoreError) -> [ObjectInfo] {
    try await store.list(prefix: root + name + "/").objects
  }

  private func entry<Value: Sendable>(
    _ name: String,
    _ transform: (Record) -> Value
  ) async throws -> CatalogEntry<Value> {
    do {
      guard let record = try await record(name) else { return .unrecorded }
      return .record(transform(record))
    } catch let error as EngineError where error.code == .corrupt {
      return .problem(CatalogProblem(.damaged, name, error.message, hint: error.hint))
    } catch let error as ObjectStoreError where error.code != .cancelled {
      // A store that cannot be reached has no entries of which one could say anything.
      guard error.code != .unavailable else { throw error }
      return .problem(CatalogProblem(.unreadable, name, error.message, hint: error.hint))
    }
  }

  private func listing() async throws(ObjectStoreError) -> ListPage {
    try await store.list(prefix: root, delimiter: .slash, limit: CatalogLimits.entries)
  }

  private func stray(_ key: String) -> CatalogProblem {
    let kind = Record.kind.lowercased()
    return CatalogProblem(
      .foreign,
      String(key.dropFirst(root.count)),
      "'\(key)' in \(store.name) belongs to no \(kind)",
      hint: "each \(kind) has a directory of its own; find out who put the file there"
    )
  }

  func damaged(_ key: String, _ reason: String) -> EngineError {
    EngineError(
      .corrupt,
      "cannot use '\(key)' in \(store.name): \(reason)",
      hint: "copy the file again from where it came from, or remove the directory"
    )
  }
}

/// What reading one entry came to.
private enum CatalogEntry<Value: Sendable>: Sendable {
  case record(Value)
  case unrecorded
  case problem(CatalogProblem)
}
