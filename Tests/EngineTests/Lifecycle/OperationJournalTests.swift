// SPDX-License-Identifier: Apache-2.0

import Primitives
import TestSupport
import Testing

@testable import Engine

struct OperationJournalTests {
  @Test func `a running operation keeps others off its backup, and nobody off another`()
    async throws
  {
    try await withTemporaryDirectory { temporary in
      let directory = temporary.path
      let journal = OperationJournal(directory: "\(directory)/state/operations")
      let now = Timestamp(seconds: 1_767_323_045)
      let entry = try await journal.begin(Self.nightly(in: "s"), now: now)
      await #expect(throws: EngineError.self) {
        _ = try await journal.begin(Self.nightly(in: "s"), now: now)
      }
      let other = try await journal.begin(Self.nightly(in: "t"), now: now)
      #expect(try await journal.interrupted(.backup, store: "s").isEmpty)
      entry.end()
      other.end()
      try await journal.begin(Self.nightly(in: "s"), now: now).end()
    }
  }

  @Test func `an entry whose process let go of it is found with what it was`() async throws {
    try await withTemporaryDirectory { temporary in
      let directory = temporary.path
      let journal = OperationJournal(directory: directory)
      let now = Timestamp(seconds: 1_767_323_045)
      // The lock goes with the value, as it goes with a process that dies.
      _ = try await journal.begin(Self.nightly(in: "s"), now: now)
      #expect(try await journal.interrupted(.backup, store: "t").isEmpty)
      let known = InterruptedOperation(operation: Self.nightly(in: "s"), started: now)
      #expect(try await journal.interrupted(.backup, store: "s") == [known])
      let found = try await journal.takeInterrupted(.backup, store: "s")
      #expect(found.map(\.0) == [known])
      for (_, entry) in found { entry.end() }
      #expect(try await journal.interrupted(.backup, store: "s").isEmpty)
    }
  }

  @Test func `a backup and a restore of one name do not meet, and each says how it stands`()
    async throws
  {
    try await withTemporaryDirectory { temporary in
      let journal = OperationJournal(directory: temporary.path("operations"))
      let now = Timestamp(seconds: 1_767_323_045)
      let backup = Self.nightly(in: "s")
      let restore = JournaledOperation(.restore, "nightly", store: "s")
      #expect(try await journal.standing(of: restore) == .unknown)
      let entries = (
        try await journal.begin(backup, now: now), try await journal.begin(restore, now: now)
      )
      #expect(try await journal.standing(of: restore) == .running)
      #expect(try await journal.interrupted(.restore, store: "s").isEmpty)
      entries.1.end()
      #expect(try await journal.standing(of: restore) == .unknown)
      #expect(try await journal.standing(of: backup) == .running)
      entries.0.end()
      _ = try await journal.begin(restore, now: now)
      #expect(try await journal.standing(of: restore) == .interrupted)
      #expect(try await journal.interrupted(.backup, store: "s").isEmpty)
      #expect(
        try await journal.interrupted(.restore, store: "s").map(\.operation) == [restore]
      )
      try await journal.begin(restore, now: now).end()
      #expect(try await journal.standing(of: restore) == .unknown)
    }
  }

  @Test func `a restore that is running names the backup it reads, before it has a record`()
    async throws
  {
    let temporary = try TemporaryDirectory()
    let journal = OperationJournal(directory: temporary.path("operations"))
    let restore = JournaledOperation(.restore, "r", store: "s")
    let entry = try await journal.begin(restore, reading: "nightly", now: .test)
    #expect(try await journal.restores(reading: "nightly", store: "s") == ["r"])
    #expect(try await journal.restores(reading: "nightly", store: "t") == [])
    #expect(try await journal.restores(reading: "weekly", store: "s") == [])
    entry.end()
    #expect(try await journal.restores(reading: "nightly", store: "s") == [])
  }

  @Test func `whoever only asks keeps nobody from beginning`() async throws {
    let temporary = try TemporaryDirectory()
    let directory = temporary.path("operations")
    let (journal, other) = (
      OperationJournal(directory: directory), OperationJournal(directory: directory)
    )
    let backup = Self.nightly(in: "s")
    _ = try await journal.begin(backup, now: .test)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for _ in 0..<2000 {
          _ = try await other.standing(of: backup)
          _ = try await other.interrupted(.backup, store: "s")
        }
      }
      group.addTask {
        for _ in 0..<200 { _ = try await journal.begin(backup, now: .test) }
      }
      try await group.waitForAll()
    }
    #expect(try await journal.standing(of: backup) == .interrupted)
  }

  @Test func `what was interrupted stays known where there is no room for a new note`()
    async throws
  {
    let temporary = try TemporaryDirectory()
    let directory = temporary.path("operations")
    let journal = OperationJournal(directory: directory)
    let backup = Self.nightly(in: "s")
    _ = try await journal.begin(backup, now: .test)
    // A directory stands where the new note would be written.
    try temporary.write("", to: "operations/\(backup.fileName).new/x")
    await #expect(throws: EngineError.self) { _ = try await journal.begin(backup, now: .test) }
    #expect(try await journal.interrupted(.backup, store: "s").map(\.operation) == [backup])
    let other = JournaledOperation(.backup, "other", store: "s")
    try temporary.write("", to: "operations/\(other.fileName).new/x")
    await #expect(throws: EngineError.self) { _ = try await journal.begin(other, now: .test) }
    #expect(try await journal.standing(of: other) == .unknown)
  }

  @Test func `an entry tells whether it was interrupted, and can be given back so`() async throws {
    let temporary = try TemporaryDirectory()
    let journal = OperationJournal(directory: temporary.path("operations"))
    let backup = Self.nightly(in: "s")
    let first = try await journal.begin(backup, now: .test)
    #expect(!first.wasInterrupted)
    first.giveBack()
    #expect(try await journal.standing(of: backup) == .unknown)
    _ = try await journal.begin(backup, now: .test)
    do {
      let second = try await journal.begin(backup, now: .test)
      #expect(second.wasInterrupted)
      second.giveBack()
    }
    #expect(try await journal.standing(of: backup) == .interrupted)
  }

  private static func nightly(in store: String) -> JournaledOperation {
    JournaledOperation(.backup, "nightly", store: store)
  }
}
