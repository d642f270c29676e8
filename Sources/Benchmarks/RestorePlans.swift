// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import ObjectStorage
internal import Primitives
internal import Sandbox
internal import Velero

/// Planning the restore of an archive of generated objects, changing them as a restore does, and noting what they ask of the target.
enum RestorePlans {
  private static let rounds = 5

  static func run(objects count: Int) async throws {
    let objects = Array(PopulatedCluster(objectCount: count).objects)
    let builder = ArchiveIndexBuilder()
    var archive: [UInt8] = []
    for block in try Archives.tar(objects) { archive += Gzip.compress(block.bytes) }
    try builder.consume(archive)
    let index = try builder.finish()
    let planner = RestorePlanner(
      filter: RestoreFilter(excludedNamespaces: ["none*"]),
      mapping: NamespaceMapping(["shop": "shop-copy"]),
      discovery: discovery(of: index)
    )
    var plan = planner.plan(index)
    let planning = median { plan = planner.plan(index) }
    precondition(plan.restoredCount > 0, "the plan restores something")
    let transform = RestoreTransform(
      .init(backup: "b", restore: "r", mapping: NamespaceMapping(["shop": "shop-copy"]))
    )
    let reader = JSONReader()
    var bytes = 0
    let changing = try median {
      bytes = 0
      for object in objects {
        let json = try reader.read(object.bytes) { $0.value }
        let outcome = transform.apply(to: json, at: Archives.address(object))
        bytes += outcome.object.encoded().count
      }
    }
    let values = try objects.map { (try reader.read($0.bytes) { $0.value }, Archives.address($0)) }
    let noting = median {
      var facts = PreflightFacts()
      for (value, address) in values { facts.note(value, at: address, verbs: ["create"]) }
    }
    let selecting = try await selection(from: archive, index)
    BenchmarkTool.report([
      "measurement": "plan of a restore, and its changes to objects", "objects": index.itemCount,
      "plan_ms": BenchmarkTool.rounded(planning * 1000),
      "first_selection_ms": BenchmarkTool.rounded(selecting.first * 1000),
      "next_selection_ms": BenchmarkTool.rounded(selecting.next * 1000),
      "changed_per_s": Int(Double(objects.count) / changing),
      "mb_per_s": BenchmarkTool.rounded(Double(bytes) / changing / 1e6),
      "noted_per_s": Int(Double(objects.count) / noting),
    ])
  }

  /// How long it takes to say what a filter takes that is being typed: the first time, when what pods bring along is read, and then.
  private static func selection(
    from archive: [UInt8],
    _ index: ArchiveIndex
  ) async throws -> (first: Double, next: Double) {
    let store = MemoryStore()
    try await store.put("archive", archive)
    let selector = ArchiveSelector(
      index: index,
      reader: ArchiveItemReader(store: store, key: "archive", index: index)
    )
    let discovery = discovery(of: index)
    var times: [Double] = []
    for round in 0...rounds {
      var selection = try ArchiveSelection(RestoreSpec(), RestoreOptions())
      selection.filter.excludedNamespaces = ["none-\(round)*"]
      let start = ContinuousClock.now
      let preview = try await selector.preview(selection, discovery: discovery)
      times.append((ContinuousClock.now - start) / .seconds(1))
      precondition(preview.takenCount > 0 && preview.isWhole, "the filter takes something")
    }
    return (times[0], times.dropFirst().sorted()[rounds / 2])
  }

  private static func median(_ body: () throws -> Void) rethrows -> Double {
    var times: [Double] = []
    for _ in 0..<rounds { times.append(try ContinuousClock().measure(body) / .seconds(1)) }
    return times.sorted()[rounds / 2]
  }

  /// A target that serves all types of the archive.
  private static func discovery(of index: ArchiveIndex) -> Discovery {
    let resources = Set(index.items.map(\.resource)).sorted().map { resource in
      let parts = resource.split(separator: ".", maxSplits: 1).map(String.init)
      return APIResource(
        group: parts.count > 1 ? parts[1] : "",
        version: "v1",
        name: parts[0],
        kind: "",
        isNamespaced: true,
        verbs: []
      )
    }
    let groups = Set(resources.map(\.group)).sorted().map {
      APIGroup(name: $0, versions: ["v1"], preferredVersion: "v1")
    }
    return Discovery(groups: groups, resources: resources)
  }
}
