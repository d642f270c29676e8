// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage

/// The store of a read-only location: it is read as it is, and refuses every change with `.readOnly`.
public struct ReadOnlyStore: ObjectStore {
  private let base: any ObjectStore
  private let location: String

  /// Takes a store and the name of its location.
  public init(_ base: any ObjectStore, location: String) {
    self.base = base
    self.location = location
  }

  /// What messages call the store.
  public var name: String { base.name }

  /// Which store it is: that of its base.
  public var identity: String { base.identity }

  /// Refuses.
  public func put(
    _ key: String,
    condition: PutCondition,
    body: (any ObjectWriter) async throws -> Void
  ) async throws {
    throw ObjectStoreError.readOnly("put '\(key)'", location: location)
  }

  /// Opens an object, or a part of it, for reading; see `ObjectStore`.
  public func read(_ key: String, range: ObjectRange) async throws(ObjectStoreError) -> ObjectBody {
    try await base.read(key, range: range)
  }

  /// What is known of an object without reading it; see `ObjectStore`.
  public func head(_ key: String) async throws(ObjectStoreError) -> ObjectInfo? {
    try await base.head(key)
  }

  /// One page of the keys that start with a prefix, in order; see `ObjectStore`.
  public func listPage(_ request: ListRequest) async throws(ObjectStoreError) -> ListPage {
    try await base.listPage(request)
  }

  /// Refuses.
  public func delete(_ key: String) async throws(ObjectStoreError) {
    throw .readOnly("delete '\(key)'", location: location)
  }

  /// Refuses.
  public func removeAbandoned(prefix: String) async throws(ObjectStoreError) {
    throw .readOnly("remove the unfinished files of '\(prefix)'", location: location)
  }
}

extension ObjectStoreError {
  /// Why something is not done in a location that may only be read.
  static func readOnly(_ action: String, location: String) -> ObjectStoreError {
    ObjectStoreError(
      code: .readOnly,
      message: "cannot \(action): the location '\(location)' is read-only",
      hint:
        "its 'accessMode' in the configuration is ReadOnly; choose another location with --location"
    )
  }
}
