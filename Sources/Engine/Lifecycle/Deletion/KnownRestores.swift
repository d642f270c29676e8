// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
internal import Velero

/// The restores of a store while several backups of it are deleted: names are listed anew each time, and each record is read
/// once.
///
/// A record may have changed since; whoever deletes one reads it again under its lock.
final class KnownRestores: Sendable {
  /// Where a restore is: its place's number, and its name.
  private struct Key: Hashable {
    let place: Int
    let name: String
  }

  private let catalog: RestoreCatalog
  private let known = Mutex<[Key: StoredRestore]>([:])

  init(_ catalog: RestoreCatalog) { self.catalog = catalog }

  /// All restores, as `RestoreCatalog.restores()` gives them.
  ///
  /// - Throws: As that.
  func reading() async throws -> CatalogReading<StoredRestore> {
    var all = CatalogReading<StoredRestore>()
    for (number, place) in catalog.places.enumerated() {
      let names = try await place.names()
      let before = known.withLock { $0 }
      let new = try await place.entries(
        names.filter { before[Key(place: number, name: $0)] == nil },
        { $0 }
      )
      var read: [StoredRestore] = new.entries.map {
        StoredRestore(name: $0.name, record: $0, place: place)
      }
      read += new.unrecorded.map { StoredRestore(name: $0, record: nil, place: place) }
      known.withLock { known in
        for restore in read { known[Key(place: number, name: restore.name)] = restore }
      }
      all.entries += names.compactMap { before[Key(place: number, name: $0)] } + read
      all.problems += new.problems
    }
    all.entries.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return all
  }
}
