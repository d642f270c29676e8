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
      let found = try await journal.interrupted(.backup, store: "s")
      #expect(
        found.map(\.0) == [InterruptedOperation(operation: Self.nightly(in: "s"), started: now)]
      )
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
        try await journal.interrupted(.restore, store: "s").map(\.0.operation) == [restore]
      )
      try await journal.begin(restore, now: now).end()
      #expect(try await journal.standing(of: restore) == .unknown)
    }
  }

  private static func nightly(in store: String) -> JournaledOperation {
    JournaledOperation(.backup, "nightly", store: store)
  }
}
