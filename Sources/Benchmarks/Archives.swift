// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Glibc
internal import ObjectStorage
internal import Primitives
internal import Sandbox
internal import Velero

/// Reading archives: the index against `gzip -dc | tar t`, single objects, and a million of them.
enum Archives {
  private static let rounds = 5
  private static let pickCount = 100
  private static let blockBytes = 1 << 20

  /// Measures an archive of generated objects in members, and of the same in one stream.
  static func run(objects count: Int, directory: String) async throws {
    let tar = try tar(PopulatedCluster(objectCount: count).objects)
    let bytes = tar.reduce(0) { $0 + $1.bytes.count }
    let store = DirectoryStore(root: directory)
    var encoder = DeflateEncoder()
    let members = tar.map { block in
      block.bytes.withUnsafeBytes { encoder.gzip($0, repeats: block.repeats) }
    }
    try await store.put("members", Array(members.joined()))
    try await store.put("stream", Gzip.compress(Array(tar.map(\.bytes).joined())))
    for key in ["members", "stream"] {
      let index = try await measureIndex(store, key, bytes)
      try await measurePicks(store, key, index)
    }
    var tool: [Double] = []
    for _ in 0..<rounds {
      tool.append(
        ContinuousClock().measure {
          _ = system("gzip -dc '\(directory)/members' | tar t >/dev/null")
        }
          / .seconds(1)
      )
    }
    report("gzip -dc | tar t", tool, bytes: bytes)
  }

  /// Makes the index of many small objects, whose archive is never held, and tells the memory.
  static func million(objects count: Int) async throws {
    let builder = ArchiveIndexBuilder()
    let compressor = GzipCompressor(level: 1)
    var writer = ArchiveWriter(modified: Timestamp(seconds: 0))
    var block = ArchiveBlock()
    writer.appendStart(to: &block)
    var builtSeconds = 0.0
    for number in 0...count {
      if number < count {
        try append(number, &writer, &block)
      } else {
        writer.appendEnd(to: &block)
      }
      guard block.bytes.count >= blockBytes || number == count else { continue }
      let member = compressor.compress(block.bytes)
      builtSeconds += try ContinuousClock().measure { try builder.consume(member) } / .seconds(1)
      block.removeAll()
    }
    let index = try builder.finish()
    var file: [UInt8] = []
    let encoding = ContinuousClock().measure { file = index.encoded() } / .seconds(1)
    var again: ArchiveIndex?
    let decoding =
      ContinuousClock().measure { again = ArchiveIndex(file: file, of: index.stamp) } / .seconds(1)
    precondition(again?.itemCount == count, "the index can be read again")
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    BenchmarkTool.report([
      "measurement": "index of many objects, made, written and read again", "objects": count,
      "index_s": BenchmarkTool.rounded(builtSeconds), "file_mb": file.count / 1_000_000,
      "write_s": BenchmarkTool.rounded(encoding), "read_s": BenchmarkTool.rounded(decoding),
      "peak_mib": usage.ru_maxrss / 1024,
    ])
  }

  private static func append(
    _ number: Int,
    _ writer: inout ArchiveWriter,
    _ block: inout ArchiveBlock
  ) throws {
    let namespace = "team-\(number % 500)"
    let item = ArchiveItem(
      resource: "configmaps",
      version: "v1",
      isPreferredVersion: true,
      namespace: namespace,
      name: "settings-of-service-\(number)"
    )
    let json =
      "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"\(item.name)\","
      + "\"namespace\":\"\(namespace)\",\"labels\":{\"app\":\"app-\(number % 5000)\",\"tier\":\"web\"}}}"
    try Array(json.utf8).withUnsafeBytes { try writer.append(item, body: $0, to: &block) }
  }

  private static func measureIndex(
    _ store: DirectoryStore,
    _ key: String,
    _ bytes: Int
  ) async throws -> ArchiveIndex {
    var times: [Double] = []
    var index: ArchiveIndex?
    for _ in 0..<rounds {
      let start = ContinuousClock.now
      let builder = ArchiveIndexBuilder()
      for try await chunk in try await store.read(key) { try builder.consume(chunk) }
      index = try builder.finish()
      times.append((ContinuousClock.now - start) / .seconds(1))
    }
    report("index of an archive, \(key)", times, bytes: bytes)
    guard let index else { preconditionFailure("there is a round") }
    return index
  }

  private static func measurePicks(
    _ store: DirectoryStore,
    _ key: String,
    _ index: ArchiveIndex
  ) async throws {
    var random = SplitMix64(state: 7)
    var times: [Double] = []
    for _ in 0..<rounds {
      let picks = (0..<pickCount).map { _ in Int.random(in: 0..<index.copyCount, using: &random) }
      let start = ContinuousClock.now
      try await ArchiveItemReader(store: store, key: key, index: index).read(copies: picks) {
        _,
        _ in
      }
      times.append((ContinuousClock.now - start) / .seconds(1))
    }
    report("\(pickCount) random objects, \(key)", times, bytes: nil)
  }

  private static func report(_ name: String, _ times: [Double], bytes: Int?) {
    let median = times.sorted()[times.count / 2]
    BenchmarkTool.report([
      "measurement": name, "median_ms": BenchmarkTool.rounded(median * 1000),
      "tar_mb_per_s": bytes.map { "\(Int(Double($0) / median / 1e6))" } ?? "",
    ])
  }

  /// The place that an object has in an archive.
  static func address(_ object: PopulatedObject) -> ObjectAddress {
    let group = object.apiVersion.split(separator: "/").dropLast().first.map { ".\($0)" } ?? ""
    return ObjectAddress(
      type: plural(object.kind.lowercased()) + group,
      namespace: object.metadata["namespace"]?.string,
      name: object.metadata["name"]?.string ?? ""
    )
  }

  /// The plural that Kubernetes has of its own kinds.
  private static func plural(_ kind: String) -> String {
    if kind.hasSuffix("s") { return kind + "es" }
    return kind.hasSuffix("y") ? kind.dropLast() + "ies" : kind + "s"
  }

  /// The tar of objects, in blocks of about a megabyte.
  static func tar(_ objects: some Sequence<PopulatedObject>) throws -> [ArchiveBlock] {
    var writer = ArchiveWriter(modified: Timestamp(seconds: 0))
    var blocks = [ArchiveBlock()]
    writer.appendStart(to: &blocks[0])
    for object in objects {
      let address = address(object)
      let item = ArchiveItem(
        resource: address.type,
        version: "v1",
        isPreferredVersion: true,
        namespace: address.namespace,
        name: address.name
      )
      try object.bytes.withUnsafeBytes {
        try writer.append(item, body: $0, to: &blocks[blocks.count - 1])
      }
      if blocks[blocks.count - 1].bytes.count >= blockBytes { blocks.append(ArchiveBlock()) }
    }
    writer.appendEnd(to: &blocks[blocks.count - 1])
    return blocks
  }
}
