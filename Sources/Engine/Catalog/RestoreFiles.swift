// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage
internal import Primitives
public import Velero

/// Writes the files of one restore whose record exists.
///
/// A restore that is run again writes its files anew; each is replaced as a whole or stays as it was.
public struct RestoreFiles: Sendable {
  /// Where they go.
  public let place: RestorePlace
  /// The restore.
  public let name: String

  /// The restore with its record.
  func stored(_ record: Restore) -> StoredRestore {
    StoredRestore(name: name, record: record, place: place)
  }

  /// Writes the record anew, with what came of the restore.
  ///
  /// - Throws: `ObjectStoreError`.
  public func write(_ restore: Restore) async throws(ObjectStoreError) {
    precondition(restore.name == name, "a record goes under its own name")
    try await write(.record, restore.encoded())
  }

  /// Writes what failed and what is still to do.
  ///
  /// - Throws: `ObjectStoreError`.
  public func write(_ outcome: RestoreOutcomeFile) async throws(ObjectStoreError) {
    try await write(.outcome, outcome.encoded())
  }

  /// Writes the warnings and errors.
  ///
  /// - Throws: `ObjectStoreError`.
  public func write(_ results: OperationResults) async throws(ObjectStoreError) {
    try await write(.results, results.encoded())
  }

  /// Writes the names of all objects, each with what was done in parentheses behind.
  ///
  /// - Throws: `ObjectStoreError`.
  public func write(_ list: ResourceListBuilder) async throws {
    try await place.store.put(place.key(.resourceList, of: name), condition: .any) { writer in
      var encoder = list.makeEncoder(GzipCompressor())
      while let member = encoder.next() { try await writer.write(member) }
    }
  }

  /// Writes a file whose bytes are made already, such as the log.
  ///
  /// - Throws: `ObjectStoreError`.
  public func write(_ file: RestoreFile, _ bytes: [UInt8]) async throws(ObjectStoreError) {
    try await place.store.put(place.key(file, of: name), bytes, condition: .any)
  }
}
