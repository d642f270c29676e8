// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import ObjectStorage
import Primitives
import Sandbox
import Synchronization
import TestSupport
import Testing
import Velero

@testable import Engine

/// A cluster, a store and a journal, and backups of the one into the other.
struct BackupRunFixture: Sendable {
  let client: KubernetesClient
  let api: PlainAPI
  let store: any ObjectStore
  let directory: TemporaryDirectory
  var options = BackupOptions()

  /// The sandbox of the running test, with a client whose waits take no time.
  init(
    server: SandboxServer? = nil,
    token: String? = nil,
    store: any ObjectStore = MemoryStore()
  ) throws {
    let server = try server ?? SandboxServer.current
    let configuration = ClientConfiguration(
      server: server.url,
      credentials: .token(Secret(token ?? server.token))
    )
    try self.init(configuration, PlainAPI(server), store, clock: SteppedClock())
  }

  init(
    _ configuration: ClientConfiguration,
    _ api: PlainAPI,
    _ store: any ObjectStore,
    clock: any Clock<Duration> = ContinuousClock()
  ) throws {
    client = KubernetesClient(
      configuration: configuration,
      options: ClientOptions(clock: clock, randomSeed: 7)
    )
    self.api = api
    self.store = store
    directory = try TemporaryDirectory()
  }

  var journal: OperationJournal { OperationJournal(directory: directory.path("operations")) }

  func runner(clock: WallClock = .fixed()) -> BackupRunner {
    BackupRunner(client: client, store: store, journal: journal, clock: clock, options: options)
  }

  /// Runs a backup.
  func backUp(
    _ name: String = "b",
    _ spec: BackupSpec = BackupSpec(),
    onEvent: @escaping @Sendable (BackupEvent) -> Void = { _ in }
  ) async throws -> BackupOutcome {
    try await runner().run(
      BackupRequest(backup: Backup(name: name, spec: spec)),
      onEvent: onEvent
    )
  }

  /// Runs a backup and reads what is in its archive.
  func archive(
    _ name: String = "b",
    _ spec: BackupSpec = BackupSpec()
  ) async throws -> BackupArchive {
    _ = try await backUp(name, spec)
    return try await readArchive(name)
  }

  func readArchive(_ name: String = "b") async throws -> BackupArchive {
    try BackupArchive(try await file(.contents, of: name))
  }

  func file(_ file: BackupFile, of name: String = "b") async throws -> [UInt8] {
    try await store.get(StoreLayout().key(file, ofBackup: name), limit: 1 << 30)
  }

  /// All keys in the store, sorted.
  func keys() async throws -> [String] { try await store.list().objects.map(\.key) }

  /// What is in the journal's directory.
  func journalEntries() throws -> [String] {
    try directory.names().contains("operations/") ? directory.names(in: "operations") : []
  }
}

extension BackupSpec {
  /// A spec from its JSON text.
  init(_ text: String) throws { self.init(json: try JSONValue(parsing: text)) }

  /// Everything there is, cluster-scoped types included.
  static var everything: BackupSpec {
    BackupSpec(json: ["includeClusterResources": true])
  }
}

/// A backup's archive, unpacked by the reader of the format.
struct BackupArchive {
  /// Every entry's path, in order.
  private(set) var paths: [String] = []
  private(set) var files: [String: [UInt8]] = [:]
  /// How many gzip members it has.
  let memberCount: Int

  init(_ bytes: [UInt8]) throws {
    let reader = ArchiveReader()
    var paths: [String] = []
    var files: [String: [UInt8]] = [:]
    try reader.consume(bytes) { entry, body in
      paths.append(entry.path)
      files[entry.path] = Array(body)
    }
    try reader.finish()
    let inflater = GzipInflater()
    try bytes.withUnsafeBytes { try inflater.consume($0) { _ in } }
    memberCount = inflater.memberCount
    (self.paths, self.files) = (paths, files)
  }

  /// The objects under their plain paths.
  var keys: Set<ObjectKey> {
    Set(
      paths.compactMap(ArchivePath.init(parsing:)).filter { $0.version == .unversioned }.map(
        Self.key
      )
    )
  }

  private static func key(_ path: ArchivePath) -> ObjectKey {
    ObjectKey(type: path.resource, namespace: path.namespace, name: path.name)
  }

  /// An object as it is in the archive.
  func object(_ key: ObjectKey) throws -> JSONValue? {
    let path = ArchivePath(resource: key.type, namespace: key.namespace, name: key.name).text
    return try files[path].map { try JSONValue(parsing: $0) }
  }

  /// What is wrong with the archive as such: entries twice, copies that differ or are missing, no version in front.
  func flaws(_ types: [PlainType]) -> [String] {
    var flaws: [String] = []
    if paths.first != "metadata/version" { flaws.append("begins with \(paths.first ?? "nothing")") }
    if files["metadata/version"] != Array("1.1.0\n".utf8) { flaws.append("has another version") }
    if paths.count != files.count {
      flaws.append("\(paths.count - files.count) entries come twice")
    }
    let versions = Dictionary(types.map { ($0.name, $0.version) }, uniquingKeysWith: { $1 })
    var copies: [ObjectKey: ArchivePath] = [:]
    var plain: [ArchivePath] = []
    for text in paths.dropFirst() {
      guard let path = ArchivePath(parsing: text) else {
        flaws.append("'\(text)' is no path of an object")
        continue
      }
      if path.version == .unversioned { plain.append(path) } else { copies[Self.key(path)] = path }
    }
    for path in plain {
      let copy = copies[Self.key(path)]
      if copy.flatMap({ files[$0.text] }) != files[path.text] {
        flaws.append("'\(path.text)' has no copy that is the same")
      }
      if let version = versions[path.resource], copy?.version != .preferred(version) {
        flaws.append("'\(path.text)' has no copy of the preferred version")
      }
    }
    if paths.count != 1 + 2 * plain.count {
      flaws.append("has other entries than objects in two copies")
    }
    return flaws
  }
}

extension PlainObject {
  /// The object as the format wants it in an archive: claims that are bound lose what would look for another volume.
  ///
  /// Source: velero/03, section 8, velero.io/pv.
  func archived(backup: String) -> JSONValue {
    guard key.type == "persistentvolumeclaims", isBoundClaim else { return value }
    var value = value
    value["spec"]?["dataSource"] = nil
    value["spec"]?["dataSourceRef"] = nil
    if value[path: "spec", "storageClassName"]?.string != "" { value["spec"]?["selector"] = nil }
    if var matched = value[path: "spec", "selector", "matchLabels"]?.object?.dictionary {
      matched = matched.filter { !$0.key.hasPrefix("velero.io/") }
      value["spec"]?["selector"]?["matchLabels"] = .object(
        JSONObject(matched.map { JSONObject.Member(key: $0.key, value: $0.value) })
      )
    }
    var labels = value[path: "metadata", "labels"]?.object?.dictionary ?? [:]
    let count = labels.count
    for label in [
      "velero.io/restore-name", "velero.io/volume-snapshot-name",
      "backup.velero.io/must-include-additional-items",
    ] { labels[label] = nil }
    if labels["velero.io/backup-name"]?.string != backup { labels["velero.io/backup-name"] = nil }
    if labels.count < count {
      value["metadata"]?["labels"] =
        labels.isEmpty
        ? nil : .object(JSONObject(labels.map { JSONObject.Member(key: $0.key, value: $0.value) }))
    }
    return value
  }

  var isBoundClaim: Bool {
    value[path: "status", "phase"]?.string == "Bound"
      && value[path: "spec", "volumeName"]?.string?.isEmpty == false
  }
}

/// What a run told its watcher.
final class EventRecorder: Sendable {
  private let events = Mutex<[BackupEvent]>([])

  func record(_ event: BackupEvent) { events.withLock { $0.append(event) } }

  var all: [BackupEvent] { events.withLock { $0 } }
}

/// The first few of many texts, for messages of tests.
func excerpt(_ texts: some Collection<String>) -> String {
  texts.prefix(8).joined(separator: "\n") + (texts.count > 8 ? "\n… \(texts.count) in all" : "")
}
