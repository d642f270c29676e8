// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
internal import Velero

/// The phase `Deleting` that a deletion has written into a record, and how it is taken away again.
struct DeletionMark: Sendable {
  /// The backup as it was before.
  private let record: Backup
  /// Its files but for the record.
  private let files: Set<String>
  /// The record with the mark.
  let bytes: [UInt8]
  /// Whether the store has said that it is there.
  private(set) var isCertain = true

  /// Makes the mark of a backup; nothing is written yet.
  init(of record: Backup, files: Set<String>) {
    self.record = record
    self.files = files
    var marked = record
    marked.status.phase = .deleting
    bytes = marked.encoded()
  }

  /// The same when the store did not say whether it is there.
  var doubted: DeletionMark {
    var mark = self
    mark.isCertain = false
    return mark
  }

  /// Gives the backup the record that it had, when it has the mark and all its files are there.
  ///
  /// - Returns: The files that are gone, in order; then the mark stays.
  /// - Throws: `ObjectStoreError`; it is not known then whether the mark is there.
  func takeAway(from catalog: BackupCatalog) async throws -> [String] {
    let key = catalog.key(.record, of: record.name)
    guard try await catalog.store.head(key) != nil,
      try await catalog.store.get(key, limit: CatalogLimits.recordBytes) == bytes
    else { return [] }
    let left = try await catalog.files(record.name).map(\.key)
    let gone = files.subtracting(left)
    if gone.isEmpty { try await catalog.store.put(key, record.encoded(), condition: .any) }
    return gone.sorted()
  }
}
