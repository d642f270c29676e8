// SPDX-License-Identifier: Apache-2.0

import Foundation
import Primitives
import TestSupport
import Testing
import Velero

/// The files of a directory store, looked at without the program.
struct StoredFiles: Sendable {
  let root: String

  /// Every file and directory below the root, also unfinished ones, sorted.
  var all: [String] {
    (FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []).sorted()
  }

  /// What should be there when exactly these backups are, each complete.
  static func expected(_ names: [String]) -> [String] {
    let files = names.flatMap { name in
      ["backups/\(name)"]
        + BackupFile.current.map { "backups/\(name)/\($0.fileName(backup: name))" }
    }
    return (names.isEmpty ? [] : ["backups"] + files).sorted()
  }

  func bytes(_ file: BackupFile, of backup: String) throws -> [UInt8] {
    try readFile("\(root)/\(StoreLayout().key(file, ofBackup: backup))")
  }

  /// The paths in an archive with their bytes; throws unless it can be read to its end.
  func archive(_ backup: String) throws -> [String: [UInt8]] {
    var entries: [String: [UInt8]] = [:]
    let reader = ArchiveReader()
    try reader.consume(bytes(.contents, of: backup)) { entry, body in
      entries[entry.path] = Array(body)
    }
    try reader.finish()
    return entries
  }

  /// Every file under a final name can be read to its end, and a record means that all files are there.
  func expectWholeFiles(of backup: String) throws {
    let present = BackupFile.current.filter { (try? bytes($0, of: backup)) != nil }
    for file in present {
      let name = file.fileName(backup: backup)
      let content = try bytes(file, of: backup)
      if name.hasSuffix(".gz") {
        #expect(throws: Never.self, "\(name)") {
          try Gzip.decompress(content, limit: 64 << 20)
        }
      }
    }
    guard present.contains(.record) else { return }
    #expect(present == BackupFile.current)
    let record = try Backup(parsing: bytes(.record, of: backup))
    let objects = try archive(backup).keys.filter {
      $0.hasPrefix("resources/") && !$0.contains("-preferredversion/")
    }
    #expect(record.name == backup)
    #expect(record.status.progress?.itemsBackedUp == objects.count)
  }
}
