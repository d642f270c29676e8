// SPDX-License-Identifier: Apache-2.0

import Foundation
import ObjectStorage
import Testing

struct DirectoryStoreTests {
  private let directory: TemporaryDirectory
  private let store: DirectoryStore

  init() throws {
    directory = try TemporaryDirectory()
    store = DirectoryStore(root: directory.path + "/store")
  }

  @Test func `memory conforms`() async throws {
    try await ObjectStoreConformance.run { MemoryStore() }
  }

  @Test func `a directory conforms`() async throws {
    var number = 0
    try await ObjectStoreConformance.run {
      number += 1
      return DirectoryStore(root: "\(directory.path)/\(number)")
    }
  }

  @Test func `a root with a slash at its end and one that is there conform`() async throws {
    var number = 0
    try await ObjectStoreConformance.run {
      number += 1
      let root = "\(directory.path)/slash-\(number)/"
      try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
      return DirectoryStore(root: root, createsRoot: false)
    }
  }

  @Test func `a missing root is an empty store or an error, as asked`() async throws {
    #expect(try await store.list() == ListPage())
    try await store.removeAbandoned(prefix: "")
    #expect(directory.contents == [])
    let strict = DirectoryStore(root: directory.path + "/absent", createsRoot: false)
    await expect(.unavailable) { _ = try await strict.list() }
    await expect(.unavailable) { _ = try await strict.read("a") }
    await expect(.unavailable) { try await strict.put("a", []) }
    #expect(directory.contents == [])
  }

  @Test func `a store is the same one by whatever path it is named`() async throws {
    let link = directory.path + "/link"
    let path = directory.path + "/store"
    let before = DirectoryStore(root: path).identity
    try await DirectoryStore(root: path).put("a", [])
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    #expect(DirectoryStore(root: path).identity == before)
    #expect(DirectoryStore(root: link + "/").identity == before)
    #expect(DirectoryStore(root: directory.path + "/other").identity != before)
    let here = FileManager.default.currentDirectoryPath
    #expect(DirectoryStore(root: "absent/x").identity == "directory '\(here)/absent/x'")
    #expect(DirectoryStore(root: "/").identity == "directory '/'")
  }

  @Test func `only the owner may read`() async throws {
    try await store.put("backups/b/b.tar.gz", [1])
    for (path, mode) in [
      ("store", 0o700), ("store/backups", 0o700), ("store/backups/b/b.tar.gz", 0o600),
    ] {
      let attributes = try FileManager.default.attributesOfItem(
        atPath: directory.path + "/" + path
      )
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode, "\(path)")
    }
  }

  @Test func `the unfinished file lies beside its target and is never listed`() async throws {
    try await store.put("backups/b/old", [1])
    try await store.put("backups/b/new", condition: .any) { writer in
      try await writer.write([1, 2, 3])
      let files = directory.contents.filter { $0.hasSuffix(".tmp") }
      #expect(files.count == 1)
      #expect(files.first?.hasPrefix("store/backups/b/.binnacle-") == true)
      #expect(try await store.list().objects.map(\.key) == ["backups/b/old"])
      #expect(try await store.list(delimiter: .slash).prefixes == ["backups/"])
      // Another put into the directory leaves the file of a live one alone.
      try await store.put("backups/b/other", [2])
      try await store.removeAbandoned(prefix: "")
      try await writer.write([4])
    }
    #expect(try await store.get("backups/b/new", limit: 4) == [1, 2, 3, 4])
  }

  @Test func `a failed put leaves no directory behind`() async throws {
    struct Stop: Error {}
    await #expect(throws: Stop.self) {
      try await store.put("a/b/c/d", condition: .any) { _ in throw Stop() }
    }
    #expect(directory.contents == ["store"])
  }

  @Test func `deleting the last file removes its directories but not the root`() async throws {
    try await store.put("a/b/c", [])
    try await store.put("a/d", [])
    try await store.delete("a/b/c")
    #expect(directory.contents == ["store", "store/a", "store/a/d"])
    try await store.delete("a/d")
    #expect(directory.contents == ["store"])
  }

  @Test func `puts and deletes in one directory do not trip over each other`() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<6 {
        group.addTask { [store] in
          for round in 0..<25 {
            try await store.put("shared/deep/\(number)", [UInt8(round)])
            try await store.delete("shared/deep/\(number)")
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(directory.contents == ["store"])
  }

  @Test func `empty directories are no prefixes`() async throws {
    try await store.put("a/x", [])
    for path in ["b", "c/d/e"] {
      try FileManager.default.createDirectory(
        atPath: directory.path + "/store/" + path,
        withIntermediateDirectories: true
      )
    }
    #expect(try await store.list(delimiter: .slash).prefixes == ["a/"])
    #expect(try await store.list(prefix: "c/", delimiter: .slash).prefixes == [])
  }

  @Test func `a file in the way of a directory and the reverse are conflicts`() async throws {
    try await store.put("a", [1])
    await expect(.conflict) { try await store.put("a/b", [1]) }
    #expect(try await store.head("a/b") == nil)
    await expect(.notFound) { _ = try await store.read("a/b") }
    try await store.delete("a/b")
    try await store.put("d/e", [1])
    await expect(.conflict) { try await store.put("d", [1]) }
    await expect(.conflict) { try await store.put("d", [1], condition: .ifAbsent) }
    try await store.delete("d")
    #expect(try await store.list().objects.map(\.key) == ["a", "d/e"])
  }

  @Test func `a store below a file is a clear error`() async throws {
    let file = directory.path + "/file"
    #expect(FileManager.default.createFile(atPath: file, contents: nil))
    for root in [file, file + "/below"] {
      let broken = DirectoryStore(root: root)
      await expect(.conflict) { try await broken.put("a", []) }
    }
    await expect(.conflict) { _ = try await DirectoryStore(root: file).list() }
  }

  @Test func `a segment that no file system takes is refused`() async throws {
    let long = String(repeating: "n", count: 256)
    await expect(.invalidKey) { try await store.put("a/\(long)", []) }
    await expect(.invalidKey) { try await store.put(".binnacle-0000000000000000.tmp", []) }
    await expect(.invalidKey) { try await store.put(".binnacle-1.tmp/a", []) }
    #expect(directory.contents == [])
  }

  @Test func `symbolic links are followed, in circles only once`() async throws {
    try await store.put("real/file", [7])
    let root = directory.path + "/store/"
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: root + "link", withDestinationPath: "real/file")
    try manager.createSymbolicLink(atPath: root + "linked", withDestinationPath: "real")
    try manager.createSymbolicLink(atPath: root + "real/up", withDestinationPath: "..")
    try manager.createSymbolicLink(atPath: root + "dangling", withDestinationPath: "nowhere")
    #expect(
      try await store.list().objects.map(\.key) == ["link", "linked/file", "real/file"]
    )
    #expect(try await store.list(delimiter: .slash).prefixes == ["linked/", "real/"])
    #expect(try await store.get("linked/file", limit: 1) == [7])
  }
}
