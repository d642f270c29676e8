// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage
internal import Primitives
public import Velero

/// The backups of a store: which there are, their records and their files.
///
/// Nothing is kept between calls; each reads the store as it is. Entries that cannot be used are told and do not keep
/// the others from being read.
public struct BackupCatalog: Sendable {
  /// The most bytes of a record; Velero's have a few kilobytes, and etcd's limit for objects is 1.5 MiB.
  public static let recordLimitBytes = 8 << 20
  /// The most backups that are listed.
  public static let backupLimit = 100_000
  /// How many records are read at a time; stores in a network answer each after some milliseconds.
  public static let parallelReads = 16

  /// Where the backups are.
  public let store: any ObjectStore
  /// How their keys are made.
  public let layout: StoreLayout

  /// Takes a store; nothing is read yet.
  public init(store: any ObjectStore, layout: StoreLayout = StoreLayout()) {
    self.store = store
    self.layout = layout
  }

  /// The names under which something is stored, in order; some may lack a record and so be no backups.
  ///
  /// - Throws: `ObjectStoreError`; `.tooLarge` beyond `backupLimit` names.
  public func names() async throws(ObjectStoreError) -> [String] {
    try await listing().prefixes.compactMap(layout.backupName(ofPrefix:))
  }

  /// The record of a backup; nil when there is none, which means that there is no such backup.
  ///
  /// - Parameter name: The backup's name, which the record has to bear.
  /// - Returns: The record.
  /// - Throws: `EngineError` `.corrupt` for a record that cannot be understood or is another backup's;
  ///   `ObjectStoreError` when it cannot be read.
  public func record(_ name: String) async throws -> Backup? {
    let key = layout.key(.record, ofBackup: name)
    do {
      let bytes = try await store.get(key, limit: Self.recordLimitBytes)
      let backup = try Backup(parsing: bytes)
      if backup.name == name { return backup }
      throw damaged(key, "it is of the backup '\(backup.name)'")
    } catch let error as ObjectStoreError where error.code == .notFound {
      return nil
    } catch let error as VeleroError {
      throw damaged(key, error.message)
    }
  }

  /// All backups, each as what `transform` makes of its record, so that a store of many thousands need not be held.
  ///
  /// `parallelReads` records are read at a time.
  ///
  /// - Parameter transform: Called once a record, from several tasks at a time.
  /// - Returns: The results in the order of the names, and what could not be used.
  /// - Throws: `ObjectStoreError` when the store cannot be listed or is not to be reached; `CancellationError`.
  public func backups<Value: Sendable>(
    _ transform: @escaping @Sendable (Backup) -> Value
  ) async throws -> CatalogReading<Value> {
    let listing = try await listing()
    let names = listing.prefixes.compactMap(layout.backupName(ofPrefix:))
    let entries = try await names.mapInParallel(limit: Self.parallelReads) { name in
      try await entry(name, transform)
    }
    var reading = CatalogReading<Value>()
    reading.problems = listing.objects.map { stray($0.key) }
    for (name, entry) in zip(names, entries) {
      switch entry {
      case .backup(let value): reading.backups.append(value)
      case .unfinished: reading.unfinished.append(name)
      case .problem(let problem): reading.problems.append(problem)
      }
    }
    return reading
  }

  /// The records of all backups, in the order of their names.
  ///
  /// - Returns: The records, and what could not be used.
  /// - Throws: As `backups`.
  public func records() async throws -> CatalogReading<Backup> { try await backups { $0 } }

  /// The keys of all files of a backup with their sizes.
  ///
  /// - Throws: `ObjectStoreError`.
  public func files(_ name: String) async throws(ObjectStoreError) -> [ObjectInfo] {
    try await store.list(prefix: layout.directory(ofBackup: name)).objects
  }

  private enum Entry<Value: Sendable>: Sendable {
    case backup(Value)
    case unfinished
    case problem(CatalogProblem)
  }

  private func entry<Value: Sendable>(
    _ name: String,
    _ transform: (Backup) -> Value
  ) async throws -> Entry<Value> {
    do {
      guard let record = try await record(name) else { return .unfinished }
      return .backup(transform(record))
    } catch let error as EngineError where error.code == .corrupt {
      return .problem(CatalogProblem(.damaged, name, error.message, hint: error.hint))
    } catch let error as ObjectStoreError where error.code != .cancelled {
      // A store that cannot be reached has no entries of which one could say anything.
      guard error.code != .unavailable else { throw error }
      return .problem(CatalogProblem(.unreadable, name, error.message, hint: error.hint))
    }
  }

  private func listing() async throws(ObjectStoreError) -> ListPage {
    try await store.list(prefix: layout.backups, delimiter: .slash, limit: Self.backupLimit)
  }

  private func stray(_ key: String) -> CatalogProblem {
    CatalogProblem(
      .foreign,
      String(key.dropFirst(layout.backups.count)),
      "'\(key)' in \(store.name) belongs to no backup",
      hint: "each backup has a directory of its own; find out who put the file there"
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
