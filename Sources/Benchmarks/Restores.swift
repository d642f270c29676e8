// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Glibc
internal import Kubernetes
internal import ObjectStorage
internal import Primitives
internal import Sandbox
internal import Velero

/// Restores of one archive against the mere posting of the same bodies, by turns, each in a process of its own and into namespaces of
/// its own.
struct RestoreComparison {
  let kubeconfig: String
  let name: String
  let objects: Int
  let rounds: Int

  func run() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    // In a process of its own: the kernel counts the peak of a process among those of the ones it starts.
    _ = try ChildProcess.run(["store-archive", "\(objects)", "\(scratch.path)/store"])
    // Definitions are there for both, and what either meets first is warm.
    let run = Int(getpid())
    _ = try ChildProcess.run(["restore-one", kubeconfig, scratch.path, "definitions"])
    var ceilings: [Double] = []
    var restores: [(seconds: Double, cost: ChildProcess.Cost)] = []
    for round in 0..<max(1, rounds) {
      let ceiling = ["post-one", kubeconfig, scratch.path, "c\(run)-\(round)"]
      ceilings.append(try Self.seconds(try ChildProcess.run(ceiling)))
      let restore = ["restore-one", kubeconfig, scratch.path, "r\(run)-\(round)"]
      let cost = try ChildProcess.run(restore)
      restores.append((try Self.seconds(cost), cost))
    }
    let ceiling = Comparison.median(ceilings)
    let restore = Comparison.median(restores.map(\.seconds))
    BenchmarkTool.report([
      "measurement": "restore against posting the same bodies", "of": name,
      "objects": Comparison.objects(restores.map(\.cost)), "rounds": rounds,
      "posting_s": BenchmarkTool.rounded(ceiling, 3),
      "restore_s": BenchmarkTool.rounded(restore, 3),
      "of_ceiling": BenchmarkTool.rounded(ceiling / restore),
      "restore_cpu_s": BenchmarkTool.rounded(
        Comparison.median(restores.map(\.cost.processorSeconds)),
        3
      ),
      "restore_peak_mib": BenchmarkTool.rounded(restores.map(\.cost.peakMiB).max() ?? 0, 1),
    ])
  }

  /// The second number that a run printed.
  private static func seconds(_ cost: ChildProcess.Cost) throws -> Double {
    let words = cost.output.split { $0 == " " || $0 == "\n" }
    guard words.count > 1, let seconds = Double(words[1]) else {
      throw ChildProcess.Failure(description: "no time in '\(cost.output)'")
    }
    return seconds
  }
}

/// A backup of generated objects in a directory store.
enum StoredArchive {
  static let name = "bench"

  static func write(objects: Int, into directory: String) async throws {
    let store = DirectoryStore(root: directory)
    let layout = StoreLayout()
    var encoder = DeflateEncoder()
    let blocks = try Archives.tar(PopulatedCluster(objectCount: objects).objects)
    let members = blocks.map { block in
      block.bytes.withUnsafeBytes { encoder.gzip($0, repeats: block.repeats) }
    }
    try await store.put(layout.key(.contents, ofBackup: name), Array(members.joined()))
    var backup = Backup(name: name, spec: BackupSpec())
    backup.status.phase = .completed
    try await store.put(layout.key(.record, ofBackup: name), backup.encoded())
  }
}

/// What a run of the comparison works on.
struct RestoreGroundwork {
  let client: KubernetesClient
  let catalog: BackupCatalog
  let indexes: ArchiveIndexes
  let directory: String

  init(kubeconfig: String, directory: String) throws {
    client = try makeClient(kubeconfig)
    catalog = BackupCatalog(store: DirectoryStore(root: "\(directory)/store"))
    indexes = ArchiveIndexes(catalog: catalog, cache: nil)
    self.directory = directory
  }

  /// The namespaces of the archive, each to one of its name behind a prefix.
  func mapping(_ prefix: String) async throws -> [String: String] {
    let index = try await indexes.index(of: StoredArchive.name)
    let names = Set(index.items.compactMap(\.namespace))
    return Dictionary(uniqueKeysWithValues: names.map { ($0, "\(prefix)-\($0)") })
  }
}

/// One restore of the archive's namespaces, or of its definitions alone.
struct SingleRestore {
  let kubeconfig: String
  let directory: String
  let name: String

  func run() async throws {
    let ground = try RestoreGroundwork(kubeconfig: kubeconfig, directory: directory)
    var spec = RestoreSpec()
    spec.backupName = StoredArchive.name
    if name == "definitions" {
      spec.includedResources = ["customresourcedefinitions"]
    } else {
      spec.includeClusterResources = false
      spec.namespaceMapping = try await ground.mapping(name)
    }
    let runner = RestoreRunner(
      client: ground.client,
      catalog: ground.catalog,
      indexes: ground.indexes,
      restores: RestoreCatalog(store: ground.catalog.store),
      journal: OperationJournal(directory: "\(directory)/state"),
      context: nil
    )
    let request = RestoreRequest(restore: Restore(name: name, spec: spec))
    let clock = ContinuousClock()
    let start = clock.now
    let outcome = try await runner.run(request) { _ in }
    let seconds = (clock.now - start) / .seconds(1)
    guard outcome.counts[.fail] == 0, outcome.pending.isEmpty else {
      throw ChildProcess.Failure(
        description: "the restore has failures: \(outcome.failures.prefix(3))"
      )
    }
    BenchmarkTool.writeLine("\(outcome.counts.total) \(seconds)", to: STDOUT_FILENO)
  }
}

/// The ceiling: the bodies that a restore would send, made before, posted in parallel with no logic at all.
struct SinglePosting {
  /// How many tasks post; more or fewer were no quicker on two cores.
  private static let tasks = 32

  let kubeconfig: String
  let directory: String
  let name: String

  private struct Body: Sendable {
    var reference: ObjectReference
    var bytes: [UInt8]
  }

  func run() async throws {
    let ground = try RestoreGroundwork(kubeconfig: kubeconfig, directory: directory)
    let mapping = try await ground.mapping(name)
    let bodies = try await bodies(ground, NamespaceMapping(mapping))
    try await makeNamespaces(mapping.values.sorted(), ground.client)
    let clock = ContinuousClock()
    let start = clock.now
    let client = ground.client
    try await withThrowingTaskGroup(of: Void.self) { group in
      for first in 0..<Self.tasks {
        group.addTask {
          for place in stride(from: first, to: bodies.count, by: Self.tasks) {
            _ = try await client.create(bodies[place].bytes, at: bodies[place].reference)
          }
        }
      }
      try await group.waitForAll()
    }
    let seconds = (clock.now - start) / .seconds(1)
    BenchmarkTool.writeLine("\(bodies.count) \(seconds)", to: STDOUT_FILENO)
  }

  private func bodies(
    _ ground: RestoreGroundwork,
    _ mapping: NamespaceMapping
  ) async throws -> [Body] {
    let index = try await ground.indexes.index(of: StoredArchive.name)
    let discovery = try await ground.client.discover()
    var filter = RestoreFilter()
    filter.resources.includeClusterResources = false
    let plan = RestorePlanner(filter: filter, mapping: mapping, discovery: discovery).plan(index)
    let types = Dictionary(
      discovery.preferred.map { ($0.groupResource, $0.groupVersionResource) },
      uniquingKeysWith: { first, _ in first }
    )
    var numbers: [Int: Int] = [:]
    for item in plan.items {
      if case .restored(_, let copy) = item.standing { numbers[copy] = item.number }
    }
    let transform = RestoreTransform(.init(backup: "bench", restore: name, mapping: mapping))
    let reader = ArchiveItemReader(
      store: ground.catalog.store,
      key: ground.catalog.layout.key(.contents, ofBackup: StoredArchive.name),
      index: index
    )
    var bodies: [Body] = []
    try await reader.read(copies: numbers.keys) { copy, bytes in
      guard let number = numbers[copy] else { return }
      let place = index.address(number)
      guard let type = types[place.type] else { return }
      let outcome = transform.apply(to: try JSONValue(parsing: bytes), at: place)
      let reference = ObjectReference(
        type,
        namespace: place.namespace.map(mapping.target),
        name: place.name
      )
      bodies.append(Body(reference: reference, bytes: outcome.object.encoded()))
    }
    return bodies
  }

  private func makeNamespaces(_ names: [String], _ client: KubernetesClient) async throws {
    let type = GroupVersionResource(group: "", version: "v1", resource: "namespaces")
    for name in names {
      let namespace: JSONValue = [
        "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)],
      ]
      _ = try await client.create(namespace, in: type)
    }
  }
}
