// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Synchronization

/// A store whose Nth operation fails, once or from then on.
struct FailingStore: ObjectStore {
  /// Which operations fail.
  enum Failure: Sendable, CaseIterable {
    case once
    case fromThenOn
  }

  let whole = MemoryStore()
  private let first: Int
  private let failure: Failure
  private let count = Counter()

  /// Makes a store whose operation number `first`, counting from 1, is the first to fail.
  init(first: Int, _ failure: Failure) { (self.first, self.failure) = (first, failure) }

  var name: String { whole.name }
  /// Whether any operation has failed.
  var hasFailed: Bool { count.value >= first }

  private func check(_ action: String) throws(ObjectStoreError) {
    let number = count.next()
    guard number == first || number > first && failure == .fromThenOn else { return }
    throw ObjectStoreError(code: .noSpace, message: "cannot \(action): operation \(number)")
  }

  func put(
    _ key: String,
    condition: PutCondition,
    body: (any ObjectWriter) async throws -> Void
  ) async throws {
    try check("put '\(key)'")
    try await whole.put(key, condition: condition) { writer in
      try await body(Writer(store: self, writer: writer))
      try check("end '\(key)'")
    }
  }

  func read(_ key: String, range: ObjectRange) async throws(ObjectStoreError) -> ObjectBody {
    try check("read '\(key)'")
    return try await whole.read(key, range: range)
  }

  func head(_ key: String) async throws(ObjectStoreError) -> ObjectInfo? {
    try check("look up '\(key)'")
    return try await whole.head(key)
  }

  func listPage(_ request: ListRequest) async throws(ObjectStoreError) -> ListPage {
    try check("list '\(request.prefix)'")
    return try await whole.listPage(request)
  }

  func delete(_ key: String) async throws(ObjectStoreError) {
    try check("delete '\(key)'")
    try await whole.delete(key)
  }

  private struct Writer: ObjectWriter {
    let store: FailingStore
    let writer: any ObjectWriter

    func write(_ chunk: [UInt8]) async throws(ObjectStoreError) {
      try store.check("write \(chunk.count) bytes")
      try await writer.write(chunk)
    }
  }

  private final class Counter: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock { $0 } }

    func next() -> Int {
      number.withLock { number in
        number += 1
        return number
      }
    }
  }
}
