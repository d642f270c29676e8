// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
internal import Primitives
internal import Velero

/// The files of one backup that is being made.
struct BackupFiles: Sendable {
  let store: any ObjectStore
  let name: String
  private let layout = StoreLayout()

  init(store: any ObjectStore, name: String) {
    self.store = store
    self.name = name
  }

  /// Where the archive goes.
  var archiveKey: String { layout.key(.contents, ofBackup: name) }

  /// Whether the backup is there: its record alone decides.
  func exists() async throws -> Bool {
    try await store.exists(layout.key(.record, ofBackup: name))
  }

  /// Writes everything but the record.
  func writeRecords(_ report: RunReport, log: RunLog) async throws {
    try await put(.logs, log.compressed())
    try await put(.podVolumeBackups, SideFile.encodeList([PodVolumeBackup]?.none))
    try await put(.volumeSnapshots, SideFile.encodeList([VolumeSnapshot]?.none))
    try await put(.itemOperations, SideFile.encode([]))
    let key = layout.key(.resourceList, ofBackup: name)
    try await store.put(key, condition: .ifAbsent) { writer in
      var encoder = report.resourceList().makeEncoder(GzipCompressor())
      while let member = encoder.next() { try await writer.write(member) }
    }
    try await put(.results, log.results.encoded())
    try await put(.volumeInfo, SideFile.encode(.array(report.volumes.map(\.ordered))))
  }

  /// Writes the record, which makes the backup exist.
  ///
  /// - Parameters:
  ///   - record: The record.
  ///   - archiveBytes: The size that the archive must have. The journal keeps runs of one name apart on one machine only;
  ///     this tells when another machine's run has taken the archive away or put its own there.
  /// - Throws: `EngineError` `.locked` when the archive is not this run's; `ObjectStoreError` `.alreadyExists` when another
  ///   run was faster; the backup is its own then.
  func complete(_ record: Backup, archiveBytes: Int64) async throws {
    guard try await store.head(archiveKey)?.sizeBytes == archiveBytes else {
      throw EngineError(
        .locked,
        "the archive '\(archiveKey)' in \(store.name) is not the one that was written",
        hint: "another machine may be writing a backup of the same name; choose another name"
      )
    }
    try await put(.record, record.encoded())
  }

  /// Removes the files of a backup that has no record; one that has loses only what never became a file of it.
  ///
  /// - Returns: Whether nothing of an unfinished backup is left.
  func removeUnfinished() async -> Bool {
    let directory = layout.directory(ofBackup: name)
    do {
      try await store.removeAbandoned(prefix: directory)
      guard try await !exists() else { return true }
      let files = try await store.list(prefix: directory)
      for file in files.objects { try await store.delete(file.key) }
      return true
    } catch {
      return false
    }
  }

  private func put(_ file: BackupFile, _ bytes: [UInt8]) async throws {
    try await store.put(layout.key(file, ofBackup: name), bytes, condition: .ifAbsent)
  }
}
