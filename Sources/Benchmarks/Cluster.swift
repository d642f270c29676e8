// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Glibc
internal import Kubernetes
internal import ObjectStorage
internal import Primitives
internal import Synchronization
internal import Velero

/// A client of the cluster that a kubeconfig file names.
func makeClient(_ kubeconfig: String) throws -> KubernetesClient {
  let configuration = try ClientConfiguration.resolve(
    overrides: KubeconfigOverrides(kubeconfig: kubeconfig),
    environment: ProcessEnvironment(variables: [:])
  )
  return KubernetesClient(configuration: configuration)
}

/// A backup of everything, also of all cluster-scoped objects.
func everything(named name: String) -> Backup {
  var spec = BackupSpec()
  spec.includedClusterScopedResources = ["*"]
  return Backup(name: name, spec: spec)
}

/// Lists what a backup of everything lists, with the same client, pages and parallelism, and drops it.
struct Drain {
  let kubeconfig: String

  func run() async throws {
    let client = try makeClient(kubeconfig)
    _ = try await client.serverVersion()
    let discovery = try await client.discover()
    let namespaces = GroupVersionResource(group: "", version: "v1", resource: "namespaces")
    let first = try await client.list(ListOptions(resource: namespaces)) { _ in }
    let selection = Selection(
      filter: try BackupFilter(everything(named: "drain").spec),
      discovery: discovery,
      namespaces: []
    )
    let types = selection.types.filter { $0.listing == nil }.map(\.resource)
    let counts = Counts()
    let next = TypeQueue(types)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<BackupOptions().parallelLists {
        group.addTask {
          while let type = next.next() {
            var options = ListOptions(resource: type.groupVersionResource)
            if type.name != "events" {
              options.resourceVersion = first.resourceVersion
              options.resourceVersionMatch = .exact
            }
            _ = try await client.list(options) { event in
              if case .items(let chunk) = event { counts.add(chunk) }
            }
          }
        }
      }
      try await group.waitForAll()
    }
    BenchmarkTool.writeLine("\(counts.objects) objects \(counts.bytes) bytes", to: STDOUT_FILENO)
  }
}

final class TypeQueue: Sendable {
  private let types: Mutex<ArraySlice<APIResource>>

  init(_ types: [APIResource]) { self.types = Mutex(types[...]) }

  func next() -> APIResource? { types.withLock { $0.popFirst() } }
}

final class Counts: Sendable {
  private let state = Mutex((objects: 0, bytes: 0))

  func add(_ chunk: JSONListChunk) {
    state.withLock { state in
      state.objects += chunk.count
      state.bytes += chunk.bytes.count
    }
  }

  var objects: Int { state.withLock { $0.objects } }
  var bytes: Int { state.withLock { $0.bytes } }
}

/// One backup of everything into a directory store.
struct SingleBackup {
  let kubeconfig: String
  let directory: String

  func run() async throws {
    let runner = BackupRunner(
      client: try makeClient(kubeconfig),
      store: DirectoryStore(root: "\(directory)/store"),
      journal: OperationJournal(directory: "\(directory)/state")
    )
    let outcome = try await runner.run(BackupRequest(backup: everything(named: "bench"))) { _ in }
    guard outcome.backup.status.errors == 0 else {
      throw ChildProcess.Failure(
        description: "the backup has errors: \(outcome.issues.map(\.message))"
      )
    }
    BenchmarkTool.writeLine(
      "\(outcome.progress.objectsTaken) objects \(outcome.progress.storedBytes) bytes stored",
      to: STDOUT_FILENO
    )
  }
}
