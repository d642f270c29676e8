// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Testing

/// Random operations on a store and on a dictionary must agree.
struct ObjectStoreModelTests {
  @Test(arguments: 0..<30 as Range<UInt64>)
  func `memory agrees with a dictionary`(seed: UInt64) async throws {
    try await run(MemoryStore(), seed: seed, count: 200)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `a directory agrees with a dictionary`(seed: UInt64) async throws {
    let directory = try TemporaryDirectory()
    try await run(DirectoryStore(root: directory.path + "/store"), seed: seed, count: 60)
  }

  private struct Stop: Error {}

  private func run(_ store: any ObjectStore, seed: UInt64, count: Int) async throws {
    var random = SplitMix64(state: seed)
    var model: [String: [UInt8]] = [:]
    for _ in 0..<count {
      let key = Self.key(&random)
      let bytes = [UInt8](
        repeating: .random(in: 0...255, using: &random),
        count: .random(in: 0...2000, using: &random)
      )
      switch Int.random(in: 0..<8, using: &random) {
      case 0, 1, 2:
        try await store.put(key, bytes)
        model[key] = bytes
      case 3:
        let code = await code { try await store.put(key, bytes, condition: .ifAbsent) }
        #expect(code == (model[key] == nil ? nil : .alreadyExists))
        if model[key] == nil { model[key] = bytes }
      case 4:
        try? await store.put(key, condition: .any) { writer in
          try await writer.write(bytes)
          throw Stop()
        }
      case 5:
        try await store.delete(key)
        model[key] = nil
      default:
        try await check(store, model, key, &random)
      }
    }
    for key in model.keys { try await store.delete(key) }
    #expect(try await store.list(delimiter: .slash) == ListPage())
  }

  private func check(
    _ store: any ObjectStore,
    _ model: [String: [UInt8]],
    _ key: String,
    _ random: inout SplitMix64
  ) async throws {
    #expect(try await store.exists(key) == (model[key] != nil))
    if let bytes = model[key] {
      #expect(try await store.get(key, limit: 2000) == bytes)
      if !bytes.isEmpty {
        let start = Int.random(in: 0..<bytes.count, using: &random)
        let end = Int.random(in: start...bytes.count, using: &random)
        let range = ObjectRange.bytes(Int64(start)..<Int64(end))
        #expect(try await store.get(key, range: range, limit: 2000) == Array(bytes[start..<end]))
      }
    }
    let prefix = String(key.prefix(Int.random(in: 0...key.count, using: &random)))
    let keys = model.keys.filter { $0.hasPrefix(prefix) }.sorted()
    #expect(try await store.list(prefix: prefix).objects.map(\.key) == keys)
    let rolledUp = Set(
      keys.map { key in
        let rest = key.dropFirst(prefix.count)
        return prefix + (rest.firstIndex(of: "/").map { rest[...$0] } ?? rest)
      }
    )
    let page = try await store.list(prefix: prefix, delimiter: .slash)
    #expect(page.objects.map(\.key) + page.prefixes == rolledUp.sorted { Self.order($0, $1) })
  }

  /// Objects before common prefixes, as the page gives them.
  private static func order(_ left: String, _ right: String) -> Bool {
    (left.hasSuffix("/") ? 1 : 0, left) < (right.hasSuffix("/") ? 1 : 0, right)
  }

  /// Keys of which none is the directory of another, so that a directory can hold them all.
  private static func key(_ random: inout SplitMix64) -> String {
    let depth = Int.random(in: 0...3, using: &random)
    let segments = (0..<depth).map { _ in ["a", "b", "a-b"].randomElement(using: &random) ?? "a" }
    return (segments + ["f\(Int.random(in: 0..<4, using: &random))"]).joined(separator: "/")
  }

  private func code(_ body: () async throws -> Void) async -> ObjectStoreError.Code? {
    do {
      try await body()
      return nil
    } catch {
      return (error as? ObjectStoreError)?.code
    }
  }
}
