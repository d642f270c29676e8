// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Sandbox
internal import Velero

/// The parts of a backup one by one, on one core, over the same generated objects.
enum Parts {
  private static let objectCount = 5000
  private static let rounds = 5

  static func run() throws {
    let objects = PopulatedCluster(objectCount: objectCount).objects.map(\.bytes)
    let bytes = objects.reduce(0) { $0 + $1.count }
    let list =
      Array("{\"kind\":\"List\",\"items\":[".utf8) + objects.joined(separator: [0x2C])
      + Array("]}".utf8)
    try measure("cut items out of a list", bytes: list.count) {
      var splitter = JSONListSplitter()
      var count = 0
      var rest = list[...]
      while !rest.isEmpty {
        count += try splitter.consume(Array(rest.prefix(128 << 10))).count
        rest = rest.dropFirst(128 << 10)
      }
      precondition(count == objects.count, "every item is cut out")
    }
    let reader = JSONReader()
    try measure("read an object's names", bytes: bytes) {
      for object in objects {
        let name = try reader.read(object) { $0["metadata"]?["name"]?.string }
        precondition(name != nil, "every object has a name")
      }
    }
    try inventory(PopulatedCluster(objectCount: objectCount).objects)
    let blocks = try archive(objects)
    try measure("write tar entries", bytes: bytes) { _ = try archive(objects) }
    let sizes = measureCompression(blocks, bytes: bytes)
    BenchmarkTool.report([
      "measurement": "size of the archive against libdeflate's level 6",
      "ratio": BenchmarkTool.rounded(Double(sizes.own) / Double(sizes.libdeflate), 4),
    ])
  }

  private static func measureCompression(
    _ blocks: [ArchiveBlock],
    bytes: Int
  ) -> (own: Int, libdeflate: Int) {
    var sizes = (own: 0, libdeflate: 0)
    var encoder = DeflateEncoder()
    measure("compress the archive, counted in object bytes", bytes: bytes) {
      sizes.own = 0
      for block in blocks {
        sizes.own += block.bytes.withUnsafeBytes { encoder.gzip($0, repeats: block.repeats).count }
      }
    }
    let compressor = GzipCompressor(level: 6)
    measure("the same with libdeflate, level 6", bytes: bytes) {
      sizes.libdeflate = blocks.reduce(0) { $0 + compressor.compress($1.bytes).count }
    }
    return sizes
  }

  /// What an inventory does with the metadata of listed objects.
  private static func inventory(_ objects: [PopulatedObject]) throws {
    let items = objects.map { object -> [UInt8] in
      JSONValue.object(JSONObject([JSONObject.Member(key: "metadata", value: object.metadata)]))
        .encoded()
    }
    let type = APIResource(
      group: "",
      version: "v1",
      name: "things",
      kind: "Thing",
      isNamespaced: true,
      verbs: ["list"]
    )
    let reader = InventoryFeed.reader()
    try measure("put metadata into an inventory", bytes: items.reduce(0) { $0 + $1.count }) {
      var table = InventoryTable([type])
      for item in items { try reader.read(item) { _ = table.put($0, 0) } }
    }
  }

  private static func archive(_ objects: [[UInt8]]) throws -> [ArchiveBlock] {
    var writer = ArchiveWriter(modified: Timestamp(seconds: 0))
    var blocks = [ArchiveBlock()]
    for (index, object) in objects.enumerated() {
      let item = ArchiveItem(
        resource: "configmaps",
        version: "v1",
        isPreferredVersion: true,
        namespace: "default",
        name: "object-\(index)"
      )
      try object.withUnsafeBytes {
        try writer.append(item, body: $0, to: &blocks[blocks.count - 1])
      }
      if blocks[blocks.count - 1].bytes.count >= 1 << 20 { blocks.append(ArchiveBlock()) }
    }
    return blocks
  }

  private static func measure(_ name: String, bytes: Int, _ body: () throws -> Void) rethrows {
    let clock = ContinuousClock()
    var times: [Double] = []
    for _ in 0..<rounds { times.append(try clock.measure(body) / .seconds(1)) }
    times.sort()
    BenchmarkTool.report([
      "measurement": name, "rounds": rounds,
      "median_ms": BenchmarkTool.rounded(times[rounds / 2] * 1000),
      "p90_ms": BenchmarkTool.rounded((times.last ?? 0) * 1000),
      "mb_per_s": BenchmarkTool.rounded(Double(bytes) / times[rounds / 2] / 1e6, 0),
    ])
  }
}
