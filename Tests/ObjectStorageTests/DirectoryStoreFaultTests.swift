// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import ObjectStorage
import Testing

/// What a directory store does when the machine fails it; each failure happens in a process of its own.
struct DirectoryStoreFaultTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func `a put that is killed leaves nothing listed, and the next put cleans up`() async throws
  {
    let root = directory.path
    let store = DirectoryStore(root: root)
    try await store.put("backups/b/kept", [1])
    try await store.put("backups/b/replaced", [1])
    for key in ["backups/b/replaced", "backups/b/new", "backups/c/first"] {
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [root = root as String, key = key as String] in
        try await DirectoryStore(root: root).put(key, condition: .any) { writer in
          try await writer.write([UInt8](repeating: 2, count: 100_000))
          kill(getpid(), SIGKILL)
        }
      }
    }
    // The second put into the directory has removed what the first one left.
    #expect(directory.contents.filter { $0.hasSuffix(".tmp") }.count == 2)
    #expect(
      try await store.list().objects.map(\.key) == ["backups/b/kept", "backups/b/replaced"]
    )
    #expect(try await store.list(prefix: "backups/", delimiter: .slash).prefixes == ["backups/b/"])
    #expect(try await store.get("backups/b/replaced", limit: 1) == [1])

    try await store.put("backups/b/next", [3])
    #expect(directory.contents.filter { $0.hasSuffix(".tmp") }.count == 1)
    try await store.removeAbandoned(prefix: "backups/b/")
    #expect(directory.contents.filter { $0.hasSuffix(".tmp") }.count == 1)
    try await store.removeAbandoned(prefix: "backups/none/")
    try await store.removeAbandoned(prefix: "backups/c/")
    #expect(
      directory.contents == [
        "backups", "backups/b", "backups/b/kept", "backups/b/next", "backups/b/replaced",
      ]
    )
  }

  @Test func `deleting the last object also removes what a killed put left beside it`() async throws
  {
    let root = directory.path
    let store = DirectoryStore(root: root)
    try await store.put("a/b", [1])
    await #expect(processExitsWith: .signal(SIGKILL)) { [root = root as String] in
      try await DirectoryStore(root: root).put("a/c", condition: .any) { _ in
        kill(getpid(), SIGKILL)
      }
    }
    try await store.delete("a/b")
    #expect(directory.contents == [])
  }

  @Test func `a file beyond the allowed size is an error and leaves nothing`() async throws {
    let root = directory.path
    await #expect(processExitsWith: .success) { [root = root as String] in
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
      try #require(setrlimit(__rlimit_resource_t(1), &limit) == 0)
      let store = DirectoryStore(root: root)
      try await store.put("small", [UInt8](repeating: 1, count: 100_000))
      await expect(.tooLarge) {
        // Even a caller that ignores the error does not get half an object.
        try await store.put("large", condition: .any) { writer in
          for _ in 0..<3 { try? await writer.write([UInt8](repeating: 1, count: 50_000)) }
        }
      }
    }
    #expect(directory.contents == ["small"])
  }

  @Test func `a full file system is an error with a hint and leaves nothing`() async throws {
    let root = directory.path
    // Where the process may not mount anything there is no small file system to fill.
    guard mount("tmpfs", root, "tmpfs", 0, "size=64k") == 0 else { return }
    defer { umount2(root, Int32(MNT_DETACH)) }
    let store = DirectoryStore(root: root)
    try await store.put("a/small", [1])
    do {
      try await store.put("a/large", [UInt8](repeating: 1, count: 1_000_000))
      Issue.record("1 MB fitted into 64 KiB")
    } catch {
      #expect(error.code == .noSpace)
      #expect(error.message.contains("'a/large'"))
      #expect(error.hint?.contains("free space") == true)
    }
    #expect(try await store.list().objects.map(\.key) == ["a/small"])
    try await store.put("a/small", [2])
    try #require(mount("tmpfs", root, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), "size=64k") == 0)
    await expect(.readOnly) { try await store.put("a/small", [3]) }
    await expect(.readOnly) { try await store.put("b/new", [3]) }
    await expect(.readOnly) { try await store.delete("a/small") }
    #expect(try await store.get("a/small", limit: 1) == [2])
  }

  @Test func `a directory that may not be written is denied`() async throws {
    let root = directory.path
    await #expect(processExitsWith: .success) { [root = root as String] in
      let store = DirectoryStore(root: root)
      try await store.put("a/b", [1])
      try #require(chmod(root + "/a", 0o500) == 0)
      // Root may write everywhere, so that it becomes somebody else first.
      if getuid() == 0 {
        try #require(chown(root, 65_534, 65_534) == 0 && chown(root + "/a", 65_534, 65_534) == 0)
        try #require(chown(root + "/a/b", 65_534, 65_534) == 0)
        try #require(setgid(65_534) == 0 && setuid(65_534) == 0)
      }
      await expect(.denied) { try await store.put("a/c", [1]) }
      await expect(.denied) { try await store.delete("a/b") }
      #expect(try await store.get("a/b", limit: 1) == [1])
      try #require(chmod(root + "/a", 0) == 0)
      await expect(.denied) { _ = try await store.list() }
      await expect(.denied) { _ = try await store.read("a/b") }
      await expect(.denied) { _ = try await store.head("a/b") }
      try #require(chmod(root + "/a", 0o700) == 0)
    }
  }
}
