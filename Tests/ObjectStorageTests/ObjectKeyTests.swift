// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Testing

struct ObjectKeyTests {
  @Test(arguments: [
    "a", "backups/nightly/nightly.tar.gz", "...", "a/.b", "ü/日本", "a b", "a\nb", "-", "a-b/c",
  ])
  func `a path of segments is a key`(key: String) throws {
    try ObjectKey.check(key)
    try ObjectKey.checkPrefix(key)
  }

  @Test(arguments: [
    "", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.", "a\0b", "/",
    String(repeating: "a", count: 1025), String(repeating: "ü", count: 513),
  ])
  func `anything else is none`(key: String) {
    #expect(throws: ObjectStoreError.self) { try ObjectKey.check(key) }
  }

  @Test(arguments: ["", "a", "a/", ".", "a/..", "back", String(repeating: "a", count: 1024)])
  func `the beginning of a key is a prefix`(prefix: String) throws {
    try ObjectKey.checkPrefix(prefix)
  }

  @Test(arguments: ["/", "a//", "../", "a/./b", "\0", String(repeating: "a", count: 1025)])
  func `what no key starts with is no prefix`(prefix: String) {
    #expect(throws: ObjectStoreError.self) { try ObjectKey.checkPrefix(prefix) }
  }

  @Test(
    arguments: [
      (.all, 0, 0..<0), (.all, 5, 0..<5), (.bytes(1..<3), 5, 1..<3), (.bytes(1..<30), 5, 1..<5),
      (.bytes(5..<6), 5, nil), (.bytes(0..<1), 0, nil), (.bytes(0..<0), 0, 0..<0),
      (.bytes(9..<9), 5, 5..<5), (.bytes(-1..<3), 5, nil), (.suffix(2), 5, 3..<5),
      (.suffix(9), 5, 0..<5), (.suffix(0), 5, 5..<5), (.suffix(-1), 5, 5..<5),
    ] as [(ObjectRange, Int64, Range<Int64>?)]
  )
  func `a range is cut to the object`(range: ObjectRange, size: Int64, places: Range<Int64>?) {
    #expect(range.resolved(sizeBytes: size) == places)
  }
}
