// SPDX-License-Identifier: Apache-2.0

import Engine
import Glibc
import ObjectStorage
import Primitives
import TestSupport
import Testing

/// What stays of a run whose process is killed, interrupted, or begun twice.
@Suite(.tags(.e2e, .fault, .slow), .serialized, .timeLimit(.minutes(10)), .sandbox(.demo))
struct KillTests {
  @Test(arguments: Seeds.first(50))
  func `a killed run leaves its finished backup or none, and the next one cleans up`(seed: UInt64)
    async throws
  {
    var random = SplitMix64(state: seed)
    let moment = Moment.random(&random)
    let scene = try Scene()
    let result = try await moment.interrupt("first", with: SIGKILL, in: scene)
    #expect([0, 128 + SIGKILL].contains(result.exitCode), "\(result.error)")
    try scene.store.expectWholeFiles(of: "first")
    let survivors = try await scene.listed()
    #expect(survivors == [] || survivors == ["first"], "\(moment)")
    if result.exitCode == 0 { #expect(survivors == ["first"]) }

    if seed.isMultiple(of: 2) {
      let again = try await scene.binnacle("backup", "create", "first").run()
      #expect(again.exitCode == (survivors.isEmpty ? 0 : 1), "\(moment): \(again.error)")
      try await expectExactly(["first"], in: scene, moment)
    }
    let next = try await scene.binnacle("backup", "create", "second").run()
    #expect(next.exitCode == 0 && next.output.isCompletion, "\(moment): \(next.error)")
    let names = seed.isMultiple(of: 2) ? ["first", "second"] : survivors + ["second"]
    try await expectExactly(names, in: scene, moment)
  }

  private func expectExactly(_ names: [String], in scene: Scene, _ moment: Moment) async throws {
    #expect(try await scene.listed().sorted() == names, "\(moment)")
    for name in names { try scene.store.expectWholeFiles(of: name) }
    #expect(scene.store.all == StoredFiles.expected(names), "\(moment)")
    #expect(scene.journal == [], "\(moment)")
  }

  @Test(
    arguments: [SIGINT, SIGTERM, SIGHUP],
    [Moment.answered(1), .answered(30), .stored(2), .stored(20)]
  )
  func `an interrupted run says so, ends with 130 and leaves nothing`(
    signal: Int32,
    moment: Moment
  ) async throws {
    let scene = try Scene()
    let result = try await moment.interrupt("first", with: signal, in: scene)
    #expect(scene.complaint(result) == "error: interrupted\nexit code: 130\n", "\(moment)")
    #expect(result.output == "")
    try await scene.expectUntouched("\(moment)")
  }

  @Test func `the record is the last file of a backup to appear`() async throws {
    let scene = try Scene()
    try scene.home.write("", to: "data/binnacle/store/.kept")
    let events = try DirectoryEvents(scene.store.root)
    let process = try scene.binnacle("backup", "create", "first").start()
    var names: [String] = []
    repeat { names += events.created() } while !process.hasEnded
    names += events.created()
    let result = await process.ended
    #expect(result.exitCode == 0)
    names.removeAll { $0.hasSuffix(".tmp") }
    #expect(names.count == 9)
    #expect(names.first == "first.tar.gz")
    #expect(names.last == "velero-backup.json")
  }
}

/// What the next run does about one that died at a moment too short to be hit on purpose.
@Suite(.tags(.e2e, .fault), .serialized, .timeLimit(.minutes(10)), .sandbox(.demo))
struct LeftoverTests {
  @Test func `a finished backup loses the second name of its record`() async throws {
    let scene = try Scene()
    #expect(try await scene.binnacle("backup", "create", "first").run().exitCode == 0)
    let directory = "\(scene.store.root)/backups/first"
    // Between the two names of a file its writer was killed.
    #expect(link("\(directory)/velero-backup.json", "\(directory)/\(Self.temporary)") == 0)
    try await die("first", in: scene)
    #expect(try await scene.binnacle("backup", "create", "second").run().exitCode == 0)
    #expect(scene.store.all == StoredFiles.expected(["first", "second"]))
    #expect(scene.journal == [])
    try scene.store.expectWholeFiles(of: "first")
  }

  @Test(arguments: ["backups/first/", "backups/first/first.tar.gz", "backups/first/\(temporary)"])
  func `what a dead run has left goes with the next run of any name`(path: String) async throws {
    let scene = try Scene()
    let store = "data/binnacle/store"
    try scene.home.write("", to: "\(store)/\(path)\(path.hasSuffix("/") ? Self.temporary : "")")
    if path.hasSuffix("/") { unlink("\(scene.store.root)/\(path)\(Self.temporary)") }
    try await die("first", in: scene)
    #expect(try await scene.binnacle("backup", "create", "second").run().exitCode == 0)
    #expect(scene.store.all == StoredFiles.expected(["second"]))
    #expect(scene.journal == [])
  }

  private static let temporary = ".binnacle-0123456789abcdef.tmp"

  /// Leaves the journal as a run leaves it whose process is gone.
  private func die(_ backup: String, in scene: Scene) async throws {
    let journal = OperationJournal(directory: scene.home.path("state/binnacle/operations"))
    let store = DirectoryStore(root: scene.store.root)
    _ = try await journal.begin(backup: backup, store: store.identity, now: .test)
    #expect(scene.journal.count == 1)
  }
}
