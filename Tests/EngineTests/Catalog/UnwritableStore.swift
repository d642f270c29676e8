// SPDX-License-Identifier: Apache-2.0

import ObjectStorage

/// A store that is read and refuses all writes, but for those to keys with an ending.
struct UnwritableStore: ObjectStore {
  let base: MemoryStore
  let code: ObjectStoreError.Code
  /// What it is known by, when it is not what its base is.
  var alias: String?
  /// How keys end that are written all the same; nil for none.
  var acceptedEnding: String?

  var name: String { base.name }
  var identity: String { alias ?? base.identity }

  private var refusal: ObjectStoreError { ObjectStoreError(code: code, message: "not here") }

  func put(
    _ key: String,
    condition: PutCondition,
    body: (any ObjectWriter) async throws -> Void
  ) async throws {
    guard let acceptedEnding, key.hasSuffix(acceptedEnding) else { throw refusal }
    try await base.put(key, condition: condition, body: body)
  }

  func read(_ key: String, range: ObjectRange) async throws(ObjectStoreError) -> ObjectBody {
    try await base.read(key, range: range)
  }

  func head(_ key: String) async throws(ObjectStoreError) -> ObjectInfo? {
    try await base.head(key)
  }

  func listPage(_ request: ListRequest) async throws(ObjectStoreError) -> ListPage {
    try await base.listPage(request)
  }

  func delete(_ key: String) async throws(ObjectStoreError) { throw refusal }
}
