// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage
internal import Primitives
public import Velero

/// A restore that something is known of.
public struct StoredRestore: Sendable {
  /// Its name.
  public var name: String
  /// The record; nil for a restore of Velero, which keeps it in the cluster alone.
  public var record: Restore?
  /// Where its files are.
  public var place: RestorePlace
}

/// The restores of backups of a store: which there are, their records and their files.
///
/// They are kept in the store beside the backups, as Velero does, and where the store takes no writes in a place of this
/// machine. Both places are read as one; a name is taken when it is taken in either.
public struct RestoreCatalog: Sendable {
  /// The store's own restores.
  public let shared: RestorePlace
  /// Those of this machine, for a store that takes no writes; nil where there is no such place.
  public let local: RestorePlace?

  /// Takes the places; nothing is read yet.
  ///
  /// - Parameters:
  ///   - store: The store with the backups.
  ///   - layout: How its keys are made.
  ///   - local: Where restores of stores that take no writes are kept, those of each store apart from the others'.
  public init(
    store: any ObjectStore,
    layout: StoreLayout = StoreLayout(),
    local: (any ObjectStore)? = nil
  ) {
    shared = RestorePlace(store: store, layout: layout, isLocal: false)
    let digest = SHA256.hexDigest(store.identity).prefix(Self.digestLength)
    self.local = local.map {
      RestorePlace(store: $0, layout: StoreLayout(prefix: String(digest)), isLocal: true)
    }
  }

  /// Digits of a store's digest, enough to tell apart all stores that a machine ever sees.
  private static let digestLength = 16

  /// Where restores are looked for, in that order.
  var places: [RestorePlace] { [shared] + [local].compactMap(\.self) }

  /// What the journal calls a restore of this catalog.
  public func operation(_ name: String) -> JournaledOperation {
    JournaledOperation(.restore, name, store: shared.store.identity)
  }

  /// The names of all restores, in order.
  ///
  /// - Throws: `ObjectStoreError`.
  public func names() async throws(ObjectStoreError) -> [String] {
    var names: Set<String> = []
    for place in places { names.formUnion(try await place.names()) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// One restore; nil when there is none of the name.
  ///
  /// - Throws: `EngineError` `.corrupt` for a record that cannot be understood; `ObjectStoreError` when it cannot be read.
  public func restore(_ name: String) async throws -> StoredRestore? {
    for place in places {
      if let record = try await place.record(name) {
        return StoredRestore(name: name, record: record, place: place)
      }
      if try await !place.files(name).isEmpty {
        return StoredRestore(name: name, record: nil, place: place)
      }
    }
    return nil
  }

  /// All restores, those with a record and those without, in the order of their names.
  ///
  /// - Returns: The restores, and what could not be used; no name is left over.
  /// - Throws: `ObjectStoreError` when a place cannot be listed or is not to be reached; `CancellationError`.
  public func restores() async throws -> CatalogReading<StoredRestore> {
    var all = CatalogReading<StoredRestore>()
    for place in places {
      let reading = try await place.records()
      all.entries += reading.entries.map {
        StoredRestore(name: $0.name, record: $0, place: place)
      }
      all.entries += reading.unrecorded.map {
        StoredRestore(name: $0, record: nil, place: place)
      }
      all.problems += reading.problems
    }
    all.entries.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return all
  }

  /// Makes a restore exist by writing its record, into the store or, where that takes no writes, on this machine.
  ///
  /// - Parameter restore: The record, as it is at the beginning.
  /// - Returns: What writes its files.
  /// - Throws: `EngineError` `.alreadyExists` when the name is taken; `ObjectStoreError` when neither place can be
  ///   written. No record exists then.
  public func create(_ restore: Restore) async throws -> RestoreFiles {
    for place in places where try await !place.files(restore.name).isEmpty {
      throw taken(restore.name, in: place)
    }
    do {
      return try await create(restore, in: shared)
    } catch let error as ObjectStoreError where [.readOnly, .denied].contains(error.code) {
      guard let local else { throw error }
      return try await create(restore, in: local)
    }
  }

  /// What writes the files of a restore that exists, to go on with it; nil for one without a record.
  ///
  /// - Throws: As `restore`.
  public func files(of name: String) async throws -> RestoreFiles? {
    guard let found = try await restore(name), found.record != nil else { return nil }
    return RestoreFiles(place: found.place, name: name)
  }

  /// Deletes all files of a restore, its record last, so that one whose deletion was cut off is still listed and can be
  /// deleted again.
  ///
  /// - Parameters:
  ///   - restore: The restore.
  ///   - onDeleted: Told of each key when it is gone, also when the deletion then fails.
  /// - Returns: The keys that were deleted, in their order.
  /// - Throws: `ObjectStoreError`, `.readOnly` or `.denied` for a store that takes no writes.
  public func delete(
    _ restore: StoredRestore,
    onDeleted: (String) -> Void = { _ in }
  ) async throws -> [String] {
    let (store, record) = (restore.place.store, restore.place.key(.record, of: restore.name))
    let keys = try await restore.place.files(restore.name).map(\.key)
    let order = keys.filter { $0 != record } + keys.filter { $0 == record }
    for key in order {
      try await delete(key, of: restore)
      onDeleted(key)
    }
    try await store.removeAbandoned(prefix: restore.place.layout.directory(ofRestore: restore.name))
    return order
  }

  private func delete(_ key: String, of restore: StoredRestore) async throws(ObjectStoreError) {
    do throws(ObjectStoreError) {
      try await restore.place.store.delete(key)
    } catch {
      var error = error
      if [.readOnly, .denied].contains(error.code) {
        error.message = "cannot delete the restore '\(restore.name)': \(error.message)"
        error.hint = error.hint ?? "somebody who may write to the store has to delete it"
      }
      throw error
    }
  }

  private func create(_ restore: Restore, in place: RestorePlace) async throws -> RestoreFiles {
    let key = place.key(.record, of: restore.name)
    do {
      try await place.store.put(key, restore.encoded(), condition: .ifAbsent)
    } catch  where error.code == .alreadyExists {
      throw taken(restore.name, in: place)
    }
    return RestoreFiles(place: place, name: restore.name)
  }

  private func taken(_ name: String, in place: RestorePlace) -> EngineError {
    EngineError(
      .alreadyExists,
      "there is a restore '\(name)' in \(place.store.name) already",
      hint: "choose another name; 'binnacle restore retry \(name)' does what failed or was left"
    )
  }
}
