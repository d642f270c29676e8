// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Testing

/// What every store must do, run against each of them with an empty store.
struct ObjectStoreConformance {
  let store: any ObjectStore

  /// Runs every part against a fresh store each.
  static func run(_ makeStore: () async throws -> any ObjectStore) async throws {
    try await ObjectStoreConformance(store: makeStore()).checkOneObject()
    try await ObjectStoreConformance(store: makeStore()).checkRanges()
    try await ObjectStoreConformance(store: makeStore()).checkStreams()
    try await ObjectStoreConformance(store: makeStore()).checkFailedPuts()
    try await ObjectStoreConformance(store: makeStore()).checkConditions()
    try await ObjectStoreConformance(store: makeStore()).checkListing()
    try await ObjectStoreConformance(store: makeStore()).checkPages()
    try await ObjectStoreConformance(store: makeStore()).checkKeys()
    try await ObjectStoreConformance(store: makeStore()).checkReplacing()
  }

  private func checkOneObject() async throws {
    #expect(try await store.list() == ListPage())
    #expect(try await store.head("a/b") == nil)
    await expect(.notFound) { _ = try await store.read("a/b") }
    await expect(.notFound) { _ = try await store.size("a/b") }
    try await store.delete("a/b")

    try await store.put("a/b", Array("first".utf8))
    #expect(try await store.get("a/b", limit: 5) == Array("first".utf8))
    #expect(try await store.size("a/b") == 5)
    #expect(try await store.exists("a/b"))
    #expect(try await !store.exists("a/c"))
    #expect(try await !store.exists("a"))
    await expect(.notFound) { _ = try await store.read("a") }
    await expect(.tooLarge) { _ = try await store.get("a/b", limit: 4) }

    try await store.put("a/b", Array("2nd".utf8))
    #expect(try await store.get("a/b", limit: 5) == Array("2nd".utf8))
    try await store.put("a/b", [])
    #expect(try await store.get("a/b", limit: 0) == [])
    #expect(try await store.size("a/b") == 0)

    try await store.delete("a/b")
    #expect(try await !store.exists("a/b"))
    #expect(try await store.list() == ListPage())
  }

  private func checkRanges() async throws {
    let bytes = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }
    try await store.put("large", bytes)
    for range in [0..<1, 599_999..<600_000, 100..<500_000, 262_143..<262_145] {
      let part = ObjectRange.bytes(Int64(range.lowerBound)..<Int64(range.upperBound))
      #expect(try await store.get("large", range: part, limit: 600_000) == Array(bytes[range]))
    }
    let tail = try await store.get("large", range: .suffix(10), limit: 10)
    #expect(tail == Array(bytes.suffix(10)))
    #expect(try await store.get("large", range: .bytes(5..<5), limit: 0) == [])
    let cut = try await store.get("large", range: .bytes(599_990..<700_000), limit: 10)
    #expect(cut == tail)
    await expect(.invalidRange) {
      _ = try await store.read("large", range: .bytes(600_000..<600_001))
    }
    let body = try await store.read("large", range: .bytes(3..<9))
    #expect(body.objectSizeBytes == 600_000)
    #expect(body.range == 3..<9)
  }

  private func checkStreams() async throws {
    var random = SplitMix64(state: 1)
    var expected: [UInt8] = []
    let chunks = (0..<50).map { _ in
      [UInt8](
        repeating: .random(in: 0...255, using: &random),
        count: .random(in: 0...90_000, using: &random)
      )
    }
    for chunk in chunks { expected += chunk }
    try await store.put("streamed", condition: .any) { writer in
      for chunk in chunks { try await writer.write(chunk) }
      #expect(try await !store.exists("streamed"))
      #expect(try await store.list() == ListPage())
    }
    var read: [UInt8] = []
    for try await chunk in try await store.read("streamed") {
      #expect(!chunk.isEmpty)
      read += chunk
    }
    #expect(read == expected)
    for try await _ in try await store.read("streamed") { break }
  }

  private func checkFailedPuts() async throws {
    struct Stop: Error {}
    for before in [nil, "before"] as [String?] {
      if let before { try await store.put("x/y/z", Array(before.utf8)) }
      await #expect(throws: Stop.self) {
        try await store.put("x/y/z", condition: .any) { writer in
          try await writer.write(Array("half".utf8))
          throw Stop()
        }
      }
      #expect(try await store.exists("x/y/z") == (before != nil))
      #expect(try await store.list().objects.count == (before == nil ? 0 : 1))
    }
    #expect(try await store.get("x/y/z", limit: 10) == Array("before".utf8))

    let cancelled = Task {
      try await store.put("cancelled", condition: .any) { writer in
        try await writer.write([1])
        withUnsafeCurrentTask { $0?.cancel() }
      }
    }
    await expect(.cancelled) { try await cancelled.value }
    #expect(try await !store.exists("cancelled"))
  }

  private func checkConditions() async throws {
    try await store.put("once", [1], condition: .ifAbsent)
    await expect(.alreadyExists) { try await store.put("once", [2], condition: .ifAbsent) }
    #expect(try await store.get("once", limit: 1) == [1])

    // Somebody else comes first while the put is under way.
    await expect(.alreadyExists) {
      try await store.put("raced", condition: .ifAbsent) { writer in
        try await writer.write([2])
        try await store.put("raced", [1], condition: .ifAbsent)
      }
    }
    #expect(try await store.get("raced", limit: 1) == [1])

    let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<8 as Range<UInt8> {
        group.addTask { [store] in
          do {
            try await store.put("contended", [number], condition: .ifAbsent)
            return true
          } catch let error as ObjectStoreError where error.code == .alreadyExists {
            return false
          }
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(winners == 1)
  }

  private func checkListing() async throws {
    for key in ["b/1", "b/2/x", "b/2/y", "b-1", "b.json", "a", "c/d/e/f", "bb"] {
      try await store.put(key, Array(key.utf8))
    }
    let all = try await store.list()
    #expect(
      all.objects.map(\.key) == ["a", "b-1", "b.json", "b/1", "b/2/x", "b/2/y", "bb", "c/d/e/f"]
    )
    #expect(all.objects.map(\.sizeBytes) == [1, 3, 6, 3, 5, 5, 2, 7])

    let top = try await store.list(delimiter: .slash)
    #expect(top.objects.map(\.key) == ["a", "b-1", "b.json", "bb"])
    #expect(top.prefixes == ["b/", "c/"])
    let below = try await store.list(prefix: "b/", delimiter: .slash)
    #expect(below.objects.map(\.key) == ["b/1"])
    #expect(below.prefixes == ["b/2/"])
    let partial = try await store.list(prefix: "b", delimiter: .slash)
    #expect(partial.objects.map(\.key) == ["b-1", "b.json", "bb"])
    #expect(partial.prefixes == ["b/"])
    #expect(try await store.list(prefix: "b/2/x").objects.map(\.key) == ["b/2/x"])
    #expect(try await store.list(prefix: "c/d/e").objects.map(\.key) == ["c/d/e/f"])
    #expect(try await store.list(prefix: "none/") == ListPage())
    #expect(try await store.list(prefix: "a/") == ListPage())

    try await store.delete("b/2/x")
    try await store.delete("b/2/y")
    #expect(try await store.list(prefix: "b/", delimiter: .slash).prefixes == [])
    await expect(.tooLarge) { _ = try await store.list(limit: 2) }
  }

  private func checkPages() async throws {
    var keys: [String] = []
    for number in 0..<23 { keys.append("p/\(number % 5)/\(number)") }
    for key in keys { try await store.put(key, []) }
    keys.sort()
    for limit in [1, 2, 7, 22, 23, 24] {
      #expect(try await pages(ListRequest(prefix: "p/", limit: limit)) == keys)
      let prefixes = try await pages(ListRequest(prefix: "p/", delimiter: .slash, limit: limit))
      #expect(prefixes == ["p/0/", "p/1/", "p/2/", "p/3/", "p/4/"])
    }
    let behind = try await store.listPage(ListRequest(prefix: "p/", after: "p/1/5"))
    #expect(behind.objects.first?.key == "p/1/6" || behind.objects.first?.key == "p/2/12")
    #expect(behind.objects.allSatisfy { $0.key > "p/1/5" })
  }

  private func pages(_ first: ListRequest) async throws -> [String] {
    var request = first
    var entries: [String] = []
    while true {
      let page = try await store.listPage(request)
      #expect(page.objects.count + page.prefixes.count <= request.limit)
      entries += page.objects.map(\.key) + page.prefixes
      guard let next = page.next else { return entries }
      request.after = next
    }
  }

  private func checkKeys() async throws {
    for key in ["", "/a", "a/", "a//b", "a/../b", "."] {
      await expect(.invalidKey) { try await store.put(key, [1]) }
      await expect(.invalidKey) { _ = try await store.read(key) }
      await expect(.invalidKey) { _ = try await store.head(key) }
      await expect(.invalidKey) { try await store.delete(key) }
    }
    let odd = [
      " ", "a b", "a\nb", "#?%2F&=+", "system:node", "'\"\\", "ünï/日本/🙂", "-rf", "*", ".hidden",
      String(repeating: "k", count: 255) + "/" + String(repeating: "l", count: 255),
    ].sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for key in odd { try await store.put(key, Array(key.utf8)) }
    for key in odd {
      #expect(try await store.get(key, limit: 1024) == Array(key.utf8))
    }
    #expect(try await store.list().objects.map(\.key) == odd)
  }

  private func checkReplacing() async throws {
    let old = [UInt8](repeating: 1, count: 1_000_000)
    try await store.put("replaced", old)
    let body = try await store.read("replaced")
    try await store.put("replaced", [UInt8](repeating: 2, count: 2_000_000))
    #expect(try await body.collect(upTo: 1_000_000) == old)
    let second = try await store.read("replaced")
    try await store.delete("replaced")
    let bytes = try await second.collect(upTo: 2_000_000)
    #expect(bytes.count == 2_000_000 && bytes.allSatisfy { $0 == 2 })
  }
}

/// Expects an `ObjectStoreError` with a code, whose message says something.
func expect(
  _ code: ObjectStoreError.Code,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> Void
) async {
  do {
    try await body()
    Issue.record("nothing was thrown instead of \(code)", sourceLocation: sourceLocation)
  } catch let error as ObjectStoreError {
    #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    #expect(!error.message.isEmpty, sourceLocation: sourceLocation)
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
  }
}
