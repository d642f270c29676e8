// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes

/// What the explorer of the console works out: the order of all objects, the filter as it is typed, the labels.
struct ConsoleFilter {
  private static let rounds = 20
  /// A filter letter by letter, and others that ask for more than a name.
  private static let names = ["p", "po", "pod", "pods", "pods-of", "pods-of-workload-9", "9-27"]

  let objectCount: Int

  func run() throws {
    let before = ProcessUsage.own.peakMiB
    let snapshot = try SyntheticInventory(objectCount: objectCount).snapshot()
    let filled = ProcessUsage.own.peakMiB
    var list = ObjectList(emptyOf: snapshot)
    for key in [ObjectOrder.Key.namespace, .name, .created] {
      measure("list in the order of \(key.rawValue)") {
        list = snapshot.list(.everything, order: ObjectOrder(key)) {}
        return list.count
      }
    }
    for name in Self.names {
      let bytes = Array(name.utf8)
      measure("filter by '\(name)'") {
        let word: [RowFilter.Condition] = [
          .nameContains(bytes), .namespace { $0.contains(name) }, .type { $0.name.contains(name) },
        ]
        return list.narrowed(by: RowFilter([.init(word)], in: snapshot)) {}.count
      }
    }
    measure("filter by namespace, label and a word that is not there") {
      let terms: [RowFilter.Term] = [
        .init([.namespace { $0.hasPrefix("namespace-1") }]),
        .init([.label(key: "app", value: nil)]),
        .init([.nameContains(Array("endpoints".utf8))], isNegated: true),
      ]
      return list.narrowed(by: RowFilter(terms, in: snapshot)) {}.count
    }
    measure("order kept") { list.keepingOrder(of: list.ids.reversed()).list.count }
    measure("labels counted") { snapshot.labelFacets {}.count }
    measure("namespaces counted") { snapshot.namespaceFacets.count }
    BenchmarkTool.report([
      "measurement": "memory of lists of all objects", "objects": objectCount,
      "inventory_mib": BenchmarkTool.rounded(filled - before, 1),
      "peak_mib": BenchmarkTool.rounded(ProcessUsage.own.peakMiB, 1),
    ])
  }

  private func measure(_ name: String, _ body: () -> Int) {
    var times: [Double] = []
    var count = 0
    for _ in 0..<Self.rounds {
      times.append(ContinuousClock().measure { count = body() } / .milliseconds(1))
    }
    times.sort()
    BenchmarkTool.report([
      "measurement": name, "objects": objectCount, "found": count,
      "p50_ms": BenchmarkTool.rounded(times[times.count / 2]),
      "max_ms": BenchmarkTool.rounded(times.last ?? 0),
    ])
  }
}
