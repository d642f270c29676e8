// SPDX-License-Identifier: Apache-2.0

import Foundation
import Primitives
import Testing
import Velero

struct ArchiveTests {
  @Test(arguments: [
    "gnu.tar.gz", "gnu-pax.tar.gz", "python-gnu.tar.gz", "python-pax.tar.gz", "go.tar.gz",
  ])
  func `archives of other programs are read`(name: String) throws {
    let bytes = try golden(name)
    for size in [1, 100, bytes.count] {
      let reader = ArchiveReader()
      var lines: [String] = []
      for start in stride(from: 0, to: bytes.count, by: size) {
        try reader.consume(Array(bytes[start..<min(start + size, bytes.count)])) { entry, body in
          guard entry.kind == .file else { return }
          #expect(entry.modifiedSeconds == 1_767_323_045)
          lines.append("\(SHA256.hexDigest(Array(body))) \(body.count) \(entry.path)")
        }
      }
      try reader.finish()
      let expected = try goldenLines("manifest.txt").sorted()
      #expect(lines.sorted() == expected)
    }
  }

  private static let items = [
    ArchiveItem(
      resource: "pods",
      version: "v1",
      isPreferredVersion: true,
      namespace: "web",
      name: "app-1"
    ),
    ArchiveItem(
      resource: "clusterroles.rbac.authorization.k8s.io",
      version: "v1",
      isPreferredVersion: true,
      namespace: nil,
      name: "system:node"
    ),
    ArchiveItem(
      resource: "horizontalpodautoscalers.autoscaling",
      version: "v1",
      isPreferredVersion: false,
      namespace: "web",
      name: "app"
    ),
  ]

  private static func archive() throws -> [UInt8] {
    var writer = ArchiveWriter(modified: Timestamp(seconds: 1_767_323_045))
    var encoder = DeflateEncoder()
    var block = ArchiveBlock()
    var archive: [UInt8] = []
    writer.appendStart(to: &block)
    for item in items {
      try Array(#"{"kind":"X","#.utf8).withUnsafeBytes { head in
        try Array(#""n":1}"#.utf8).withUnsafeBytes { body in
          try writer.append(item, head: head, body: body, to: &block)
        }
      }
      // Every object in a member of its own, which no reader sees.
      archive += block.bytes.withUnsafeBytes { encoder.gzip($0, repeats: block.repeats) }
      block = ArchiveBlock()
    }
    writer.appendEnd(to: &block)
    return archive + block.bytes.withUnsafeBytes { encoder.gzip($0, repeats: block.repeats) }
  }

  private static let paths = [
    "metadata/version",
    "resources/pods/namespaces/web/app-1.json",
    "resources/pods/v1-preferredversion/namespaces/web/app-1.json",
    "resources/clusterroles.rbac.authorization.k8s.io/cluster/system:node.json",
    "resources/clusterroles.rbac.authorization.k8s.io/v1-preferredversion/cluster/system:node.json",
    "resources/horizontalpodautoscalers.autoscaling/v1/namespaces/web/app.json",
  ]

  @Test func `objects lie where Velero looks for them`() throws {
    let reader = ArchiveReader()
    var paths: [String] = []
    try reader.consume(try Self.archive()) { entry, body in
      paths.append(entry.path)
      let text = entry.path == "metadata/version" ? "1.1.0\n" : #"{"kind":"X","n":1}"#
      #expect(Array(body) == Array(text.utf8))
    }
    try reader.finish()
    #expect(paths == Self.paths)
    #expect(
      paths.dropFirst().map { ArchivePath(parsing: $0)?.text } == paths.dropFirst().map { $0 }
    )
    #expect(Self.items.flatMap(\.paths).map(\.text) == Array(paths.dropFirst()))
  }

  @Test func `gzip and tar accept what is written`() throws {
    try withTemporaryDirectory { directory in
      try Data(try Self.archive()).write(to: URL(fileURLWithPath: directory + "/b.tar.gz"))
      try run("gzip", "-t", "b.tar.gz", in: directory)
      let listing = try run("tar", "-tzf", "b.tar.gz", in: directory)
      #expect(listing.split(separator: "\n").map { String($0) } == Self.paths)
      let detail = try run("tar", "--utc", "--numeric-owner", "-tvzf", "b.tar.gz", in: directory)
      #expect(
        detail.hasPrefix("-rwxr-xr-x 0/0               6 2026-01-02 03:04 metadata/version\n")
      )
    }
  }

  @Test func `bodies that are not wanted are not read`() throws {
    let reader = ArchiveReader()
    var sizes: [Int] = []
    try reader.consume(try Self.archive(), wantsBody: { $0.path.contains("pods") }) { _, body in
      sizes.append(body.count)
    }
    try reader.finish()
    #expect(sizes == [0, 18, 18, 0, 0, 0])
  }

  @Test func `every cut of an archive is truncated`() throws {
    let archive = try Self.archive()
    for length in 0..<archive.count {
      let code = veleroCode {
        let reader = ArchiveReader()
        try reader.consume(Array(archive[..<length])) { _, _ in }
        try reader.finish()
      }
      #expect(code == .truncated, "cut at \(length)")
    }
  }

  @Test func `what is no archive is corrupt`() {
    for bytes in [Array("text".utf8), Gzip.compress([UInt8](repeating: 7, count: 600))] {
      #expect(veleroCode { try ArchiveReader().consume(bytes) { _, _ in } } == .corrupt)
    }
    #expect(
      veleroCode {
        var limits = ArchiveLimits()
        limits.totalBytes = 1000
        try ArchiveReader(limits: limits).consume(try Self.archive()) { _, _ in }
      } == .tooLarge
    )
  }

  @Test(arguments: [
    ("pods", "web", ".."), ("pods", "..", "a"), ("pods", "web", "a/b"), ("pods", "web", ""),
    ("..", "web", "a"), ("pods", "", "a"), ("pods", "web", "a\u{0}"),
  ])
  func `a name that leads out of the archive is refused`(
    resource: String,
    namespace: String,
    name: String
  ) {
    var writer = ArchiveWriter(modified: Timestamp(seconds: 0))
    var block = ArchiveBlock()
    let item = ArchiveItem(
      resource: resource,
      version: "v1",
      isPreferredVersion: true,
      namespace: namespace,
      name: name
    )
    let code = veleroCode {
      try [].withUnsafeBytes { try writer.append(item, body: $0, to: &block) }
    }
    #expect(code == .unsafePath)
    #expect(block == ArchiveBlock())
  }

  @Test(arguments: [
    "metadata/version", "resources/pods/cluster/a", "resources/pods/a.json", "resources",
    "resources/pods/namespaces/a.json", "resources/pods/v1/v2/cluster/a.json", "",
    "resources/pods/cluster/x/a.json", "resources/pods/cluster/.json", "resources//cluster/a.json",
    "resources/pods/namespaces//a.json", "other/pods/cluster/a.json",
    "resources/pods/v1/namespaces/a/b/c.json", "resources/pods//cluster/a.json",
    "resources/pods/cluster/a/\u{301}b.json",
  ])
  func `other paths are none of objects`(path: String) {
    #expect(ArchivePath(parsing: path) == nil)
  }

  @Test func `paths are taken apart`() {
    #expect(
      ArchivePath(parsing: "resources/deployments.apps/v1-preferredversion/namespaces/a/b.c.json")
        == ArchivePath(
          resource: "deployments.apps",
          version: .preferred("v1"),
          namespace: "a",
          name: "b.c"
        )
    )
    #expect(
      ArchivePath(parsing: "resources/nodes/v1beta1/cluster/n.json")
        == ArchivePath(resource: "nodes", version: .other("v1beta1"), namespace: nil, name: "n")
    )
    // A namespace and a name that look like other parts of the path.
    #expect(
      ArchivePath(parsing: "resources/pods/namespaces/cluster/namespaces.json")
        == ArchivePath(resource: "pods", namespace: "cluster", name: "namespaces")
    )
  }
}
