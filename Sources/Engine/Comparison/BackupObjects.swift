// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
public import Primitives
internal import Velero

/// Reads single objects out of the backups of a store.
public struct BackupObjects: Sendable {
  private let catalog: BackupCatalog
  private let indexes: ArchiveIndexes

  /// Takes a store; nothing is read yet.
  public init(catalog: BackupCatalog, indexes: ArchiveIndexes) {
    self.catalog = catalog
    self.indexes = indexes
  }

  /// An object as a backup has it.
  ///
  /// - Parameters:
  ///   - address: The object.
  ///   - name: The backup.
  /// - Returns: The object; nil when the backup has none of the name.
  /// - Throws: `EngineError` `.corrupt` and `VeleroError` for a damaged archive; `ObjectStoreError`, `.notFound` when there is
  ///   none.
  public func object(_ address: ObjectAddress, in name: String) async throws -> JSONValue? {
    try await object(address, in: name, try await indexes.index(of: name))
  }

  /// The same with an index that was read before.
  public func object(
    _ address: ObjectAddress,
    in name: String,
    _ index: ArchiveIndex
  ) async throws -> JSONValue? {
    guard let copy = index.mainCopy(of: address) else { return nil }
    var object: JSONValue?
    try await read([copy.number], of: name, index) { object = $1 }
    return object
  }

  /// Passes on the objects of entries, in the archive's order.
  func read(
    _ copies: [Int],
    of name: String,
    _ index: ArchiveIndex,
    _ body: (_ copy: Int, JSONValue) async throws -> Void
  ) async throws {
    let key = catalog.layout.key(.contents, ofBackup: name)
    let reader = ArchiveItemReader(store: catalog.store, key: key, index: index)
    try await reader.read(copies: copies) { copy, bytes in
      do {
        try await body(copy, try JSONValue(parsing: bytes))
      } catch let error as JSONError {
        throw EngineError(.corrupt, "'\(index.path(ofCopy: copy))' of '\(name)' is \(error)")
      }
    }
  }
}

extension ArchiveIndex {
  /// The entry that stands for an object: in the directory that every reader looks into, else its first.
  public func mainCopy(of address: ObjectAddress) -> ArchivedCopy? {
    number(resource: address.type, namespace: address.namespace, name: address.name)
      .flatMap { self[$0].mainCopy }
  }
}

extension ArchivedItem {
  /// The entry that stands for the object: in the directory that every reader looks into, else the first.
  public var mainCopy: ArchivedCopy? {
    let copies = copies
    return copies.first { $0.version == .unversioned } ?? copies.first
  }

  /// Where the object is.
  public var address: ObjectAddress {
    ObjectAddress(type: resource, namespace: namespace, name: name)
  }
}
