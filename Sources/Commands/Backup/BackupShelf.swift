// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
internal import Primitives
internal import Velero

/// The backups of a store: which there are, their records and their files.
struct BackupShelf: Sendable {
  /// The most bytes of a record; Velero's have a few kilobytes, and etcd's limit for objects is 1.5 MiB.
  static let recordLimitBytes = 8 << 20
  /// The most backups that are listed.
  static let backupLimit = 100_000

  /// Where the backups are.
  let store: any ObjectStore
  /// How their keys are made.
  let layout: StoreLayout

  /// Takes a store.
  init(store: any ObjectStore, layout: StoreLayout = StoreLayout()) {
    self.store = store
    self.layout = layout
  }

  /// The names under which something is stored, in order; some may lack a record and so be no backups.
  func directoryNames() async throws -> [String] {
    let page = try await store.list(
      prefix: layout.backups,
      delimiter: .slash,
      limit: Self.backupLimit
    )
    return page.prefixes.compactMap(layout.backupName(ofPrefix:))
  }

  /// The record of a backup; nil when there is none, which means that there is no such backup.
  ///
  /// - Throws: `CommandFailure` for a record that cannot be understood; what reading throws.
  func record(_ name: String) async throws -> Backup? {
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

  private func damaged(_ key: String, _ reason: String) -> CommandFailure {
    CommandFailure.failed(
      "cannot use '\(key)' in \(store.name): \(reason)",
      code: "corrupt",
      hint: "copy the file again from where it came from, or remove the directory"
    )
  }

  /// The record of a backup that has to be there.
  ///
  /// - Throws: `CommandFailure` with `notFound`, with a name that is near when there is one.
  func existingRecord(_ name: String) async throws -> Backup {
    if let record = ObjectName.isSubdomain(name) ? try await record(name) : nil { return record }
    let names = (try? await directoryNames()) ?? []
    let hint: String
    if names.contains(name) {
      hint =
        "there are files under its name but no record: the backup was not finished, or is being written"
    } else if let nearest = Suggestion.nearest(to: name, among: names) {
      hint = "did you mean '\(nearest)'?"
    } else {
      hint = "'binnacle backup get' lists the backups"
    }
    throw CommandFailure.notFound("there is no backup '\(name)' in \(store.name)", hint: hint)
  }

  /// The records of all backups in Velero's order, and what is wrong with those that cannot be read.
  func records() async throws -> (records: [Backup], problems: [CommandFailure]) {
    var records: [Backup] = []
    var problems: [CommandFailure] = []
    for name in try await directoryNames() {
      do {
        if let record = try await record(name) { records.append(record) }
      } catch let failure as CommandFailure {
        problems.append(failure)
      }
    }
    return (records.sorted(by: Backup.isInOrder), problems)
  }

  /// The keys of all files of a backup with their sizes.
  func files(_ name: String) async throws -> [ObjectInfo] {
    try await store.list(prefix: layout.directory(ofBackup: name)).objects
  }

  /// A JSON file of a backup; nil when it is missing.
  ///
  /// - Throws: `CommandFailure` when it is damaged or has more than `limit` bytes inflated.
  func json(_ file: BackupFile, of name: String, limit: Int = 256 << 20) async throws -> JSONValue?
  {
    let key = layout.key(file, ofBackup: name)
    var bytes: [UInt8] = []
    do {
      try await store.readInflated(key) { block in
        guard bytes.count + block.count <= limit else {
          throw CommandFailure.failed("cannot read '\(key)': it has more than \(limit) bytes")
        }
        bytes += block
      }
      return try JSONValue(parsing: bytes)
    } catch let error as ObjectStoreError where error.code == .notFound {
      return nil
    } catch let error as JSONError {
      throw damaged(key, "\(error)")
    }
  }
}
