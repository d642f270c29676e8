// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives

/// An inventory of made-up objects: what it takes up, and what its operations cost.
struct SyntheticInventory {
  private static let namespaceCount = 200
  private static let types = [
    "pods", "configmaps", "secrets", "deployments", "replicasets", "services", "endpoints",
    "serviceaccounts", "events", "widgets",
  ]

  let objectCount: Int

  /// A table of the types, without objects.
  private static var emptyTable: InventoryTable {
    InventoryTable(
      types.map {
        APIResource(
          group: "",
          version: "v1",
          name: $0,
          kind: $0,
          isNamespaced: true,
          verbs: ["list", "watch"]
        )
      }
    )
  }

  /// The objects as a snapshot.
  func snapshot() throws -> InventorySnapshot {
    var table = Self.emptyTable
    let reader = InventoryFeed.reader()
    for number in 0..<objectCount { try put(number, version: 1, &table, reader) }
    return table.snapshot()
  }

  func run() throws {
    let empty = ProcessUsage.own.peakMiB
    var table = Self.emptyTable
    let reader = InventoryFeed.reader()
    let fill = try ContinuousClock().measure {
      for number in 0..<objectCount { try put(number, version: 1, &table, reader) }
    }
    BenchmarkTool.report([
      "measurement": "synthetic inventory", "objects": objectCount,
      "peak_mib": BenchmarkTool.rounded(ProcessUsage.own.peakMiB, 1),
      "bytes_per_object": BenchmarkTool.rounded(
        (ProcessUsage.own.peakMiB - empty) * 1_048_576 / Double(objectCount),
        0
      ),
      "us_per_object": BenchmarkTool.rounded(fill / .microseconds(1) / Double(objectCount)),
    ])
    try change(&table, reader)
    pass(table.snapshot())
  }

  /// Five thousand changes with thirty snapshots between them, as in a second of a busy cluster with a screen on it.
  private func change(_ table: inout InventoryTable, _ reader: JSONReader) throws {
    var random = SplitMix64(state: 1)
    var kept = table.snapshot()
    var snapshots: [Double] = []
    let clock = ContinuousClock()
    let time = try clock.measure {
      for change in 0..<5000 {
        let number = Int.random(in: 0..<objectCount, using: &random)
        try put(number, version: change + 2, &table, reader)
        guard change % 166 == 0 else { continue }
        snapshots.append(clock.measure { kept = table.snapshot() } / .microseconds(1))
      }
    }
    snapshots.sort()
    BenchmarkTool.report([
      "measurement": "5,000 changes and 30 snapshots", "objects": objectCount,
      "ms": BenchmarkTool.rounded(time / .milliseconds(1), 1),
      "snapshot_median_us": BenchmarkTool.rounded(snapshots[snapshots.count / 2]),
      "snapshot_max_us": BenchmarkTool.rounded(snapshots.last ?? 0),
      "types": kept.typeCount,
    ])
  }

  /// What every evaluation of a filter does: look at each row's numbers.
  private func pass(_ snapshot: InventorySnapshot) {
    var times: [Double] = []
    var taken = 0
    for _ in 0..<20 {
      let time = ContinuousClock().measure {
        taken = 0
        let labels = (0..<snapshot.labelSetCount).map {
          snapshot.label("app", ofSet: UInt32($0)) == "app-7"
        }
        for place in 0..<snapshot.typeCount {
          snapshot.forEachRow(ofType: place) { row in
            if !row.isBeingDeleted, row.namespaceID % 3 != 0, labels[Int(row.labelSetID)] {
              taken += 1
            }
          }
        }
      }
      times.append(time / .milliseconds(1))
    }
    times.sort()
    BenchmarkTool.report([
      "measurement": "pass over all rows", "objects": objectCount, "taken": taken,
      "median_ms": BenchmarkTool.rounded(times[times.count / 2], 3),
      "max_ms": BenchmarkTool.rounded(times.last ?? 0, 3),
    ])
  }

  private func put(
    _ number: Int,
    version: Int,
    _ table: inout InventoryTable,
    _ reader: JSONReader
  ) throws {
    let type = number % Self.types.count
    // Three objects of a type share their labels and their owner, as the pods of a workload do.
    let workload = number / 30
    let json = """
      {"metadata":{"name":"\(Self.types[type])-of-workload-\(workload)-\(number)",\
      "namespace":"namespace-\(workload % Self.namespaceCount)",\
      "uid":"\(Self.uid(number))","resourceVersion":"\(number + version)",\
      "creationTimestamp":"2026-01-02T03:04:05Z",\
      "labels":{"app":"app-\(workload % 500)","app.kubernetes.io/instance":"release-\(workload)",\
      "pod-template-hash":"\(workload &* 2_654_435_761 % 1_000_000_007)"},\
      "annotations":{"meta.helm.sh/release-name":"release-\(workload)"},\
      "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"workload-\(workload)",\
      "uid":"\(Self.uid(workload))","controller":true}]}}
      """
    try reader.read(Array(json.utf8)) { _ = table.put($0, type) }
  }

  private static func uid(_ number: Int) -> String {
    let digits = String(UInt64(number), radix: 16)
    return "01234567-89ab-4cde-8f01-" + String(repeating: "0", count: 12 - digits.count) + digits
  }
}
