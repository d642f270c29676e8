// SPDX-License-Identifier: Apache-2.0

import Glibc
import Kubernetes
import ObjectStorage
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// Whatever goes wrong, and whenever: a backup is listed whole or not at all, and the next run works.
@Suite(.timeLimit(.minutes(10)), .tags(.fault))
struct BackupRunFaultLoopTests {
  private static let spec = BackupSpec(json: [
    "includedNamespaceScopedResources": ["configmaps", "serviceaccounts"]
  ])
  private static let record = "backups/b/velero-backup.json"

  private func smallCluster() async throws -> SandboxServer {
    let server = try await startSandbox()
    try server.cluster.load(RandomCluster(seed: 4).objects)
    return server
  }

  private func small(_ fixture: BackupRunFixture) -> BackupRunFixture {
    var fixture = fixture
    fixture.options.pageSize = 3
    fixture.options.parallelLists = 1
    fixture.options.blockBytes = 8 << 10
    return fixture
  }

  @Test func `cancelled at any request a run leaves nothing, and the next one works`() async throws
  {
    let server = try await smallCluster()
    let fixture = small(try BackupRunFixture(server: server))
    let total = try await requestCount(fixture, server)
    #expect(total > 15)
    for number in 1...total {
      server.cluster.clearRequests()
      server.cluster.faults = [Fault(.latency(.seconds(60)), occurrence: .nth(number))]
      let task = Task { try await fixture.backUp("b", Self.spec) }
      while server.cluster.requests.count < number - 1 { await Task.yield() }
      task.cancel()
      let result = await task.result
      guard case .failure(let error) = result else {
        Issue.record("run \(number) came to its end")
        continue
      }
      #expect(error.isCancellation, "request \(number): \(error)")
      #expect(try await fixture.keys().isEmpty, "request \(number)")
      #expect(try fixture.journalEntries().isEmpty, "request \(number)")
    }
    server.cluster.faults = []
    #expect(try await fixture.backUp("b", Self.spec).backup.status.phase == .completed)
    await stopSandbox(server)
  }

  private func requestCount(
    _ fixture: BackupRunFixture,
    _ server: SandboxServer
  ) async throws -> Int {
    server.cluster.clearRequests()
    _ = try await fixture.backUp("count", Self.spec)
    for key in try await fixture.keys() { try await fixture.store.delete(key) }
    return server.cluster.requests.count
  }

  @Test(arguments: [FaultAction.status(500), .cutInTheMiddle, .truncatedInTheMiddle])
  func `one request that goes wrong, whichever, changes nothing`(action: FaultAction) async throws {
    let server = try await smallCluster()
    let fixture = small(try BackupRunFixture(server: server))
    let total = try await requestCount(fixture, server)
    let whole = try await fixture.archive("whole", Self.spec)
    for number in 1...total {
      // An answer that ends early and properly is known for what it is in lists alone.
      let match = action == .truncatedInTheMiddle ? FaultMatch(query: "limit=") : FaultMatch()
      server.cluster.faults = [Fault(action, on: match, occurrence: .nth(number))]
      let archive = try await fixture.archive("b-\(number)", Self.spec)
      #expect(archive.files == whole.files, "request \(number)")
    }
    await stopSandbox(server)
  }

  @Test func `a server that dies at any request leaves a backup that says so, or none`()
    async throws
  {
    let server = try await smallCluster()
    let fixture = small(try BackupRunFixture(server: server))
    let total = try await requestCount(fixture, server)
    for number in 1...total {
      server.cluster.faults = (number...number + 400).map {
        Fault(.status(500), occurrence: .nth($0))
      }
      do {
        let outcome = try await fixture.backUp("b-\(number)", Self.spec)
        #expect(outcome.backup.status.phase == .partiallyFailed, "request \(number)")
        #expect(outcome.backup.status.errors > 0)
      } catch {
        #expect(error is KubernetesError, "request \(number): \(error)")
        #expect(try await fixture.keys().allSatisfy { !$0.contains("/b-\(number)/") })
      }
      #expect(try fixture.journalEntries().isEmpty)
    }
    await stopSandbox(server)
  }

  @Test(arguments: FailingStore.Failure.allCases)
  func `a store that fails at any operation never lists half a backup`(
    failure: FailingStore.Failure
  ) async throws {
    let server = try await smallCluster()
    var number = 1
    while number < 500 {
      let store = FailingStore(first: number, failure)
      let fixture = small(try BackupRunFixture(server: server, store: store))
      do {
        _ = try await fixture.backUp("b", Self.spec)
        guard store.hasFailed else { break }
      } catch {
        #expect(error is ObjectStoreError || error is EngineError, "operation \(number): \(error)")
        let keys = try await store.whole.list().objects.map(\.key)
        #expect(!keys.contains(Self.record), "operation \(number)")
        if failure == .once { #expect(try keys.isEmpty == fixture.journalEntries().isEmpty) }
      }
      if failure == .once || number.isMultiple(of: 4) {
        try await expectNextRunWorks(after: store, fixture, number)
      }
      number += 1
    }
    #expect(number > 20)
    await stopSandbox(server)
  }

  /// The store is well again, and the next run finds what the last one left.
  private func expectNextRunWorks(
    after store: FailingStore,
    _ failed: BackupRunFixture,
    _ number: Int
  ) async throws {
    if try await store.whole.exists(Self.record) { return }
    let runner = BackupRunner(
      client: failed.client,
      store: store.whole,
      journal: failed.journal,
      options: failed.options
    )
    _ = try await runner.run(BackupRequest(backup: Backup(name: "c", spec: Self.spec))) { _ in }
    let keys = try await store.whole.list().objects.map(\.key)
    #expect(keys.allSatisfy { $0.hasPrefix("backups/c/") }, "operation \(number): \(keys)")
    if number.isMultiple(of: 3) {
      _ = try await runner.run(BackupRequest(backup: Backup(name: "b", spec: Self.spec))) { _ in }
    }
    #expect(try failed.journalEntries().isEmpty, "operation \(number)")
  }

  @Test(.sandbox(.demo))
  func `a name that is taken is refused, and the backup of that name stays as it is`() async throws
  {
    let fixture = try BackupRunFixture()
    _ = try await fixture.backUp("b", Self.spec)
    let before = try await fixture.file(.contents) + fixture.file(.record)
    let error = await #expect(throws: EngineError.self) { _ = try await fixture.backUp("b") }
    #expect(error?.code == .alreadyExists)
    #expect(try await fixture.file(.contents) + fixture.file(.record) == before)
    #expect(try fixture.journalEntries().isEmpty)
  }

  @Test(.sandbox(.demo))
  func `of runs of one name at the same time one wins and the others are locked out`() async throws
  {
    let fixture = try BackupRunFixture()
    for round in 0..<3 {
      let results = await withTaskGroup(of: Result<BackupOutcome, any Error>.self) { group in
        for _ in 0..<4 {
          group.addTask {
            do {
              return .success(try await fixture.backUp("b-\(round)"))
            } catch {
              return .failure(error)
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      var codes: [EngineError.Code] = []
      for case .failure(let error) in results {
        codes.append(try #require((error as? EngineError)?.code))
      }
      #expect(codes == [.locked, .locked, .locked])
      let cluster = try await PlainCluster.read(fixture.api)
      let archive = try await fixture.readArchive("b-\(round)")
      #expect(archive.keys == ReferenceSelection([:], cluster).objects())
    }
    #expect(try fixture.journalEntries().isEmpty)
  }

  @Test(.sandbox(.demo), arguments: ["", "something else"])
  func `an archive that somebody else has taken away or changed makes no backup`(text: String)
    async throws
  {
    let directory = try TemporaryDirectory()
    let store = DirectoryStore(root: directory.path)
    let fixture = try BackupRunFixture(store: store)
    let error = await #expect(throws: EngineError.self) {
      _ = try await fixture.backUp("b", Self.spec) { event in
        guard case .phase(.completion) = event else { return }
        unlink(directory.path("backups/b/b.tar.gz"))
        if !text.isEmpty { _ = try? directory.write(text, to: "backups/b/b.tar.gz") }
      }
    }
    #expect(error?.code == .locked)
    #expect(try await fixture.keys().isEmpty)
    #expect(try await fixture.backUp("b", Self.spec).backup.status.phase == .completed)
  }

  @Test(.sandbox)
  func `what a run that died has left goes with the next run of any name`() async throws {
    let fixture = try BackupRunFixture()
    try await fixture.store.put("backups/dead/dead.tar.gz", [1, 2, 3])
    try await fixture.store.put("backups/other/velero-backup.json", [1])
    try await leaveEntry("dead", fixture)
    _ = try await fixture.backUp("b", Self.spec)
    let keys = try await fixture.keys()
    #expect(!keys.contains { $0.hasPrefix("backups/dead/") })
    #expect(keys.contains("backups/other/velero-backup.json"))
    #expect(try fixture.journalEntries().isEmpty)
  }

  /// The entry's file stays and its lock goes, as with a process that was killed.
  private func leaveEntry(_ backup: String, _ fixture: BackupRunFixture) async throws {
    let operation = JournaledOperation(.backup, backup, store: fixture.store.name)
    _ = try await fixture.journal.begin(operation, now: .test)
    #expect(try fixture.journalEntries().count == 1)
  }
}

extension Error {
  /// Whether it says that the task was cancelled.
  fileprivate var isCancellation: Bool {
    self is CancellationError || (self as? KubernetesError)?.code == .cancelled
      || (self as? ObjectStoreError)?.code == .cancelled
  }
}
