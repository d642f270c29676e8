// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Sandbox
internal import Velero

/// Planning the restore of an archive of generated objects, changing them as a restore does, and noting what they ask of the target.
enum RestorePlans {
  private static let rounds = 5

  static func run(objects count: Int) throws {
    let objects = Array(PopulatedCluster(objectCount: count).objects)
    let builder = ArchiveIndexBuilder()
    for block in try Archives.tar(objects) { try builder.consume(Gzip.compress(block.bytes)) }
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
    BenchmarkTool.report([
      "measurement": "plan of a restore, and its changes to objects", "objects": index.itemCount,
      "plan_ms": BenchmarkTool.rounded(planning * 1000),
      "changed_per_s": Int(Double(objects.count) / changing),
      "mb_per_s": BenchmarkTool.rounded(Double(bytes) / changing / 1e6),
      "noted_per_s": Int(Double(objects.count) / noting),
    ])
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
