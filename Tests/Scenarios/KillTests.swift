// SPDX-License-Identifier: Apache-2.0

import Engine
import Glibc
import ObjectStorage
import Primitives
import TestSupport
import Testing

/// What a killed run leaves to the next run of its name.
@Suite(.tags(.e2e, .fault, .slow), .serialized, .timeLimit(.minutes(10)), .sandbox(.demo))
struct KillThenRepeatTests {
  @Test(arguments: Seeds.first(25))
  func `a killed run leaves its finished backup or none, and can be repeated`(seed: UInt64)
    async throws
  {
    let scene = try Scene()
    let killed = try await KilledRun(seed: seed, in: scene)
    let again = try await scene.binnacle("backup", "create", "first").run()
    #expect(again.exitCode == (killed.isListed ? 1 : 0), "\(killed.moment): \(again.error)")
    try await scene.expectExactly(["first"], killed.moment)
  }
}

/// What a killed run leaves to the next run of another name.
@Suite(.tags(.e2e, .fault, .slow), .serialized, .timeLimit(.minutes(10)), .sandbox(.demo))
struct KillThenGoOnTests {
  @Test(arguments: Seeds.first(25))
  func `a killed run leaves its finished backup or none, and any other run cleans up`(seed: UInt64)
    async throws
  {
    let scene = try Scene()
    let killed = try await KilledRun(seed: 1000 + seed, in: scene)
    let next = try await scene.binnacle("backup", "create", "second").run()
    #expect(next.exitCode == 0 && next.output.isCompletion, "\(killed.moment): \(next.error)")
    try await scene.expectExactly((killed.isListed ? ["first"] : []) + ["second"], killed.moment)
  }
}

/// A run of `backup create first` that was killed.
private struct KilledRun {
  let moment: Moment
  /// Whether it had come to its end.
  let isListed: Bool

  /// Starts a run, kills it, and looks at what is there.
  init(seed: UInt64, in scene: Scene) async throws {
    var random = SplitMix64(state: seed)
    moment = Moment.random(&random)
    let result = try await moment.interrupt("first", with: SIGKILL, in: scene)
    #expect([0, 128 + SIGKILL].contains(result.exitCode), "\(moment): \(result.error)")
    try scene.store.expectWholeFiles(of: "first")
    let listed = try await scene.listed()
    #expect(listed == [] || listed == ["first"], "\(moment)")
    isListed = !listed.isEmpty
    if result.exitCode == 0 { #expect(isListed) }
  }
}

extension Scene {
  /// These backups are listed, complete, and all there is.
  fileprivate func expectExactly(_ names: [String], _ moment: Moment) async throws {
    #expect(try await listed().sorted() == names, "\(moment)")
    for name in names { try store.expectWholeFiles(of: name) }
    #expect(store.all == StoredFiles.expected(names), "\(moment)")
    #expect(journal == [], "\(moment)")
  }
}

/// What stays of a run that is asked to end, and in which order a run writes.
@Suite(.tags(.e2e, .fault), .serialized, .timeLimit(.minutes(10)), .sandbox(.demo))
struct InterruptionTests {
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
    let operation = JournaledOperation(.backup, backup, store: store.identity)
    _ = try await journal.begin(operation, now: .test)
    #expect(scene.journal.count == 1)
  }
}
