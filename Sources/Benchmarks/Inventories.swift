// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Glibc
internal import Kubernetes
internal import Primitives

/// Inventories and drains of the same metadata-only lists by turns, each in a process of its own.
struct InventoryComparison {
  let kubeconfig: String
  let name: String
  let rounds: Int

  func run() throws {
    // The first run warms the server's caches and is not counted.
    _ = try ChildProcess.run(["metadata-drain", kubeconfig])
    var drains: [ChildProcess.Cost] = []
    var loads: [ChildProcess.Cost] = []
    for _ in 0..<max(1, rounds) {
      drains.append(try ChildProcess.run(["metadata-drain", kubeconfig]))
      loads.append(try ChildProcess.run(["inventory-load", kubeconfig]))
    }
    // What the processes print is the time without their start and end.
    let drain = Comparison.median(drains.compactMap { Self.seconds($0) })
    let load = Comparison.median(loads.compactMap { Self.seconds($0) })
    BenchmarkTool.report([
      "measurement": "inventory against drain of metadata", "of": name,
      "objects": Comparison.objects(loads), "rounds": rounds,
      "drain_s": BenchmarkTool.rounded(drain, 3), "load_s": BenchmarkTool.rounded(load, 3),
      "ratio": BenchmarkTool.rounded(load / drain),
      "drain_cpu_s": BenchmarkTool.rounded(
        Comparison.median(drains.map(\.processorSeconds)),
        3
      ),
      "load_cpu_s": BenchmarkTool.rounded(Comparison.median(loads.map(\.processorSeconds)), 3),
      "load_peak_mib": BenchmarkTool.rounded(loads.map(\.peakMiB).max() ?? 0, 1),
    ])
  }

  private static func seconds(_ cost: ChildProcess.Cost) -> Double? {
    let words = cost.output.split(whereSeparator: \.isWhitespace)
    return words.count > 1 ? Double(words[1]) : nil
  }
}

/// Lists the metadata that an inventory lists, with the same client, pages and parallelism, and drops it.
struct MetadataDrain {
  let kubeconfig: String

  func run() async throws {
    let client = try makeClient(kubeconfig)
    let discovery = try await client.discover()
    let options = InventoryOptions()
    let counts = Counts()
    let next = TypeQueue(InventoryFeed.types(of: discovery))
    let start = ClusterChanges.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<options.parallelLists {
        group.addTask {
          while let type = next.next() {
            let list = ListOptions(
              resource: type.groupVersionResource,
              limit: options.pageSize,
              isMetadataOnly: true
            )
            _ = try await client.list(list) { event in
              if case .items(let chunk) = event { counts.add(chunk) }
            }
          }
        }
      }
      try await group.waitForAll()
    }
    let took = Double(ClusterChanges.now - start) / 1e9
    BenchmarkTool.writeLine("\(counts.objects) \(took) \(counts.bytes) bytes", to: STDOUT_FILENO)
  }
}

/// Loads an inventory.
struct InventoryLoad {
  let kubeconfig: String

  func run() async throws {
    let client = try makeClient(kubeconfig)
    let discovery = try await client.discover()
    let feed = InventoryFeed(client: client)
    let start = ClusterChanges.now
    await feed.start(discovery)
    let snapshot = await feed.loaded()
    let took = Double(ClusterChanges.now - start) / 1e9
    let objects = snapshot.types.reduce(0) { $0 + $1.rowCount }
    BenchmarkTool.writeLine("\(objects) \(took)", to: STDOUT_FILENO)
    await feed.stop()
  }
}

/// An inventory in a process of its own that follows a cluster which changes thousands of times a second.
struct EventFlow {
  let server: ServerProcess

  func run() async throws {
    let child = try ChildProcess(["inventory-follow", server.kubeconfig])
    var line: [UInt8] = []
    var byte: UInt8 = 0
    func readLine() -> String {
      line = []
      while read(child.outputDescriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
        line.append(byte)
      }
      return String(decoding: line, as: UTF8.self)
    }
    // It is ready.
    _ = readLine()
    server.beginChanges()
    let words = readLine().split(separator: " ").compactMap { Double($0) }
    close(child.inputDescriptor)
    var usage = rusage()
    guard child.wait(&usage) == 0, words.count == 5 else {
      throw ChildProcess.Failure(description: "following the cluster failed")
    }
    close(child.outputDescriptor)
    BenchmarkTool.report([
      "measurement": "changes followed", "changes": Int(words[0]),
      "per_s": BenchmarkTool.rounded(words[0] / words[1], 0),
      "lag_median_ms": BenchmarkTool.rounded(words[2]),
      "lag_max_ms": BenchmarkTool.rounded(words[3]),
      "core_share": BenchmarkTool.rounded(words[4] / words[1], 3),
    ])
  }
}

/// Follows the config maps of a cluster until the last change has come, and tells how late changes were seen.
struct InventoryFollowing {
  let kubeconfig: String

  func run() async throws {
    let client = try makeClient(kubeconfig)
    var discovery = try await client.discover()
    // The embedded server wakes all watches for every change; two are what a change needs.
    discovery.resources = discovery.resources.filter {
      ["namespaces", "configmaps"].contains($0.groupResource)
    }
    let feed = InventoryFeed(client: client)
    await feed.start(discovery)
    _ = await feed.loaded()
    BenchmarkTool.writeLine("ready", to: STDOUT_FILENO)
    let before = ProcessUsage.own.processorSeconds
    var lags: [Double] = []
    var took: String?
    var seen = 0
    for await _ in feed.changes {
      let snapshot = feed.snapshot()
      guard let place = snapshot.place(of: "configmaps") else { continue }
      // One object of all that change, twenty-five times a second.
      let row = snapshot.row(ofType: place, namespace: "default", name: "changes-0")
      if let made = row?.label("at").flatMap({ Int($0) }), made != seen {
        seen = made
        lags.append(Double(ClusterChanges.now - made) / 1e6)
      }
      took = snapshot.row(ofType: place, namespace: "default", name: ClusterChanges.lastName)?
        .label("took")
      if took != nil { break }
      // A reader that draws a screen does so at most fifty times a second; the feed must not fall behind meanwhile.
      try await Task.sleep(for: .milliseconds(20))
    }
    lags.sort()
    let processor = ProcessUsage.own.processorSeconds - before
    let changes = ClusterChanges.perSecond * ClusterChanges.seconds
    BenchmarkTool.writeLine(
      "\(changes) \(took ?? "0") \(lags.isEmpty ? 0 : lags[lags.count / 2]) \(lags.last ?? 0) \(processor)",
      to: STDOUT_FILENO
    )
    await feed.stop()
  }
}
