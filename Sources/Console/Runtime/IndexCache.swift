// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Synchronization

/// The indexes of archives that were read last, so that walking through the objects of a backup does not read its index each time.
///
/// A backup may be replaced by another one of its name; whoever reads a location anew lets go of its indexes.
final class IndexCache: Sendable {
  /// How many are kept; one of 100,000 objects takes some 10 MB.
  static let limit = 4

  private let kept = Mutex<[(place: BackupPlace, index: ArchiveIndex)]>([])

  /// The index of a backup, if it is kept.
  func index(of place: BackupPlace) -> ArchiveIndex? {
    kept.withLock { kept in kept.first { $0.place == place }?.index }
  }

  /// Keeps an index; the oldest goes.
  func keep(_ index: ArchiveIndex, of place: BackupPlace) {
    kept.withLock { kept in
      kept.removeAll { $0.place == place }
      kept.append((place, index))
      if kept.count > Self.limit { kept.removeFirst() }
    }
  }

  /// Lets go of the indexes of a location.
  func forget(location: String) {
    kept.withLock { kept in kept.removeAll { $0.place.location == location } }
  }
}
