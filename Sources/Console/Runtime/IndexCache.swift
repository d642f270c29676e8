// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Synchronization
internal import Velero

/// The indexes of archives that were read last, so that walking through the objects of a backup does not read its index each time.
///
/// A backup may be replaced by another one of its name; whoever reads a location anew says which records it has found.
final class IndexCache: Sendable {
  /// How many are kept; one of 100,000 objects takes some 10 MB.
  static let limit = 4

  /// What differs between two runs that have made a backup of one name; its end and its marks may change without that.
  private struct Run: Sendable, Hashable {
    var started: Timestamp?
    var completed: Timestamp?
    var phase: BackupPhase

    init(_ record: Backup) {
      started = record.status.startTimestamp
      completed = record.status.completionTimestamp
      phase = record.status.phase
    }
  }

  private struct Entry {
    var place: BackupPlace
    var index: ArchiveIndex
    /// What chooses objects of it; nil before somebody has asked.
    var selector: ArchiveSelector?
    /// The run as it was known when the index was read; nil where it was not.
    var run: Run?
  }

  private struct State {
    var kept: [Entry] = []
    var runs: [BackupPlace: Run] = [:]
  }

  private let state = Mutex(State())

  /// The index of a backup, if it is kept.
  func index(of place: BackupPlace) -> ArchiveIndex? {
    state.withLock { state in state.kept.first { $0.place == place }?.index }
  }

  /// What chooses objects of a backup, if it is kept.
  func selector(of place: BackupPlace) -> ArchiveSelector? {
    state.withLock { state in state.kept.first { $0.place == place }?.selector }
  }

  /// Keeps what chooses objects of a backup, as long as its index is kept.
  func keep(_ selector: ArchiveSelector, of place: BackupPlace) {
    state.withLock { state in
      guard let at = state.kept.firstIndex(where: { $0.place == place }) else { return }
      state.kept[at].selector = selector
    }
  }

  /// Keeps an index; the oldest goes.
  func keep(_ index: ArchiveIndex, of place: BackupPlace) {
    state.withLock { state in
      state.kept.removeAll { $0.place == place }
      state.kept.append(Entry(place: place, index: index, run: state.runs[place]))
      if state.kept.count > Self.limit { state.kept.removeFirst() }
    }
  }

  /// Lets go of the indexes of a location whose backups are gone, or may have become others.
  ///
  /// - Parameters:
  ///   - records: The records the location has now.
  ///   - location: Its name.
  func keepOnly(_ records: [Backup], of location: String) {
    state.withLock { state in
      state.runs = state.runs.filter { $0.key.location != location }
      for record in records {
        state.runs[BackupPlace(location: location, name: record.name)] = Run(record)
      }
      let runs = state.runs
      state.kept.removeAll { entry in
        entry.place.location == location
          && (entry.run == nil || entry.run != runs[entry.place])
      }
    }
  }
}
