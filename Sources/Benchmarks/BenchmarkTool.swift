// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Measures what the project promises; one line of JSON a measurement on stdout.
///
/// ```
/// Benchmarks compare KUBECONFIG [ROUNDS]   backups against drains of one cluster, by turns
/// Benchmarks sandbox OBJECTS [ROUNDS]      the same against an embedded cluster in a process of its own
/// Benchmarks drain KUBECONFIG              lists what a backup lists, into nothing
/// Benchmarks backup KUBECONFIG DIRECTORY   one backup into a directory store
/// Benchmarks serve OBJECTS                 an embedded cluster; prints its kubeconfig's path, ends with its stdin
/// Benchmarks preview OBJECTS               previews of an embedded cluster while the filter is edited
/// Benchmarks parts                         the parts of a backup, one by one
/// Benchmarks inventory OBJECTS [ROUNDS]    inventories of an embedded cluster against drains of its metadata, by turns,
///                                          and 5,000 changes a second that an inventory follows
/// Benchmarks inventory-of KUBECONFIG [ROUNDS]  the former, of another cluster
/// Benchmarks inventory-memory OBJECTS      a synthetic inventory: memory, snapshots, changes, a filter's pass
/// Benchmarks console-filter OBJECTS        lists of so many objects: order, live filter letter by letter, labels
/// Benchmarks archives OBJECTS DIRECTORY    reading archives, which it writes into a directory that is there
/// Benchmarks index OBJECTS                 the index of an archive of so many small objects, and its memory
/// Benchmarks plan OBJECTS                  the plan of a restore of so many objects, and its changes to them
/// Benchmarks restore KUBECONFIG OBJECTS [ROUNDS]  restores of so many objects against posting them, by turns
/// Benchmarks restore-late OBJECTS MILLISECONDS    the same into an embedded cluster that answers so much later
/// Benchmarks console OBJECTS               the console over an embedded cluster: keys to frames, idle, memory
/// ```
enum BenchmarkTool {
  /// Runs what the arguments say and returns the exit code.
  static func main() async -> Int32 {
    do {
      guard try await run(Array(CommandLine.arguments.dropFirst())) else {
        writeLine("usage: see Sources/Benchmarks/BenchmarkTool.swift", to: STDERR_FILENO)
        return 2
      }
      return 0
    } catch {
      writeLine("benchmarks: \(error)", to: STDERR_FILENO)
      return 1
    }
  }

  /// Runs a measurement; false when the arguments name none.
  private static func run(_ arguments: [String]) async throws -> Bool {
    let rest = Array(arguments.dropFirst())
    let rounds = rest.count == 2 ? Int(rest[1]) : 3
    switch (arguments.first, rest.count) {
    case ("compare", 1...2):
      guard let rounds else { return false }
      try Comparison(kubeconfig: rest[0], name: "cluster", rounds: rounds).run()
    case ("sandbox", 1...2):
      guard let rounds else { return false }
      let server = try ServerProcess(objects: rest[0])
      defer { server.stop() }
      try Comparison(kubeconfig: server.kubeconfig, name: "sandbox", rounds: rounds).run()
    case ("inventory", 1...2):
      guard let rounds else { return false }
      let server = try ServerProcess(objects: rest[0])
      defer { server.stop() }
      try InventoryComparison(kubeconfig: server.kubeconfig, name: "sandbox", rounds: rounds).run()
      try await EventFlow(server: server).run()
    case ("inventory-of", 1...2):
      guard let rounds else { return false }
      try InventoryComparison(kubeconfig: rest[0], name: "cluster", rounds: rounds).run()
    case ("inventory-memory", 1):
      guard let objects = Int(rest[0]) else { return false }
      try SyntheticInventory(objectCount: objects).run()
    case ("console-filter", 1):
      guard let objects = Int(rest[0]) else { return false }
      try ConsoleFilter(objectCount: objects).run()
    case ("metadata-drain", 1): try await MetadataDrain(kubeconfig: rest[0]).run()
    case ("inventory-load", 1): try await InventoryLoad(kubeconfig: rest[0]).run()
    case ("inventory-follow", 1): try await InventoryFollowing(kubeconfig: rest[0]).run()
    case ("drain", 1): try await Drain(kubeconfig: rest[0]).run()
    case ("backup", 2): try await SingleBackup(kubeconfig: rest[0], directory: rest[1]).run()
    case ("serve", 1...2):
      guard let objects = Int(rest[0]), let late = rest.count == 2 ? Int(rest[1]) : 0 else {
        return false
      }
      try Serving.run(objects: objects, latency: .milliseconds(late))
    case ("preview", 1):
      let server = try ServerProcess(objects: rest[0])
      defer { server.stop() }
      try await PreviewEdits(kubeconfig: server.kubeconfig).run()
    case ("console", 1): try ConsoleComparison(objects: rest[0]).run()
    case ("console-frames", 1): try await ConsoleFrames(kubeconfig: rest[0]).run()
    case ("parts", 0): try Parts.run()
    case ("archives", 2):
      guard let objects = Int(rest[0]) else { return false }
      try await Archives.run(objects: objects, directory: rest[1])
    case ("plan", 1):
      guard let objects = Int(rest[0]) else { return false }
      try await RestorePlans.run(objects: objects)
    case ("index", 1):
      guard let objects = Int(rest[0]) else { return false }
      try await Archives.million(objects: objects)
    default: return try await runRestore(arguments)
    }
    return true
  }

  /// Runs a measurement of restores; false when the arguments name none.
  private static func runRestore(_ arguments: [String]) async throws -> Bool {
    let rest = Array(arguments.dropFirst())
    switch (arguments.first, rest.count) {
    case ("restore", 2...3):
      guard let objects = Int(rest[1]), let rounds = rest.count == 3 ? Int(rest[2]) : 3 else {
        return false
      }
      try RestoreComparison(
        kubeconfig: rest[0],
        name: "cluster",
        objects: objects,
        rounds: rounds
      ).run()
    case ("restore-late", 2):
      guard let objects = Int(rest[0]), Int(rest[1]) != nil else { return false }
      let server = try ServerProcess(objects: "14", latency: rest[1])
      defer { server.stop() }
      try RestoreComparison(
        kubeconfig: server.kubeconfig,
        name: "sandbox, \(rest[1]) ms late",
        objects: objects,
        rounds: 3
      ).run()
    case ("restore-one", 3):
      try await SingleRestore(kubeconfig: rest[0], directory: rest[1], name: rest[2]).run()
    case ("post-one", 3):
      try await SinglePosting(kubeconfig: rest[0], directory: rest[1], name: rest[2]).run()
    case ("store-archive", 2):
      guard let objects = Int(rest[0]) else { return false }
      try await StoredArchive.write(objects: objects, into: rest[1])
    default: return false
    }
    return true
  }

  /// Prints one measurement.
  static func report(_ fields: KeyValuePairs<String, any CustomStringConvertible>) {
    let members = fields.map { key, value in
      value is String ? "\"\(key)\":\"\(value)\"" : "\"\(key)\":\(value)"
    }
    writeLine("{" + members.joined(separator: ",") + "}", to: STDOUT_FILENO)
  }

  /// Writes a line at once, past all buffers.
  static func writeLine(_ text: String, to descriptor: Int32) {
    let bytes = Array((text + "\n").utf8)
    _ = write(descriptor, bytes, bytes.count)
  }

  /// A number with so many digits behind the point.
  static func rounded(_ value: Double, _ digits: Int = 2) -> Double {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    return (value * scale).rounded() / scale
  }
}
