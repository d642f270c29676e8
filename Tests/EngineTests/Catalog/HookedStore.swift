// SPDX-License-Identifier: Apache-2.0

import ObjectStorage

/// A store that tells of puts, lists and deletions before they are done, and cannot read or delete some keys.
struct HookedStore: ObjectStore {
  let base: MemoryStore
  /// How keys end that cannot be read, with the failure.
  var unreadable: [String: ObjectStoreError.Code] = [:]
  /// How keys end that cannot be deleted, with the failure.
  var undeletable: [String: ObjectStoreError.Code] = [:]
  /// Called before a key is written.
  var onPut: @Sendable (String) async throws -> Void = { _ in }
  /// Called with the prefix before a list.
  var onList: @Sendable (String) -> Void = { _ in }
  /// Called before a key is deleted; what it throws is the failure.
  var onDelete: @Sendable (String) async throws(ObjectStoreError) -> Void = {
    (_) throws(ObjectStoreError) in
  }

  var name: String { base.name }
  var identity: String { base.identity }

  private func check(_ key: String, _ codes: [String: ObjectStoreError.Code])
    throws(ObjectStoreError)
  {
    for (ending, code) in codes where key.hasSuffix(ending) {
      throw ObjectStoreError(code: code, message: "cannot touch '\(key)'")
    }
  }

  func put(
    _ key: String,
    condition: PutCondition,
    body: (any ObjectWriter) async throws -> Void
  ) async throws {
    try await onPut(key)
    try await base.put(key, condition: condition, body: body)
  }

  func read(_ key: String, range: ObjectRange) async throws(ObjectStoreError) -> ObjectBody {
    try check(key, unreadable)
    return try await base.read(key, range: range)
  }

  func head(_ key: String) async throws(ObjectStoreError) -> ObjectInfo? {
    try await base.head(key)
  }

  func listPage(_ request: ListRequest) async throws(ObjectStoreError) -> ListPage {
    onList(request.prefix)
    return try await base.listPage(request)
  }

  func delete(_ key: String) async throws(ObjectStoreError) {
    try check(key, undeletable)
    try await onDelete(key)
    try await base.delete(key)
  }
}
