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
      let entry = try await journal.begin(backup: "nightly", store: "s", now: now)
      await #expect(throws: EngineError.self) {
        _ = try await journal.begin(backup: "nightly", store: "s", now: now)
      }
      let other = try await journal.begin(backup: "nightly", store: "t", now: now)
      #expect(try await journal.interrupted(store: "s").isEmpty)
      entry.end()
      other.end()
      try await journal.begin(backup: "nightly", store: "s", now: now).end()
    }
  }

  @Test func `an entry whose process let go of it is found with what it was`() async throws {
    try await withTemporaryDirectory { temporary in
      let directory = temporary.path
      let journal = OperationJournal(directory: directory)
      let now = Timestamp(seconds: 1_767_323_045)
      // The lock goes with the value, as it goes with a process that dies.
      _ = try await journal.begin(backup: "nightly", store: "s", now: now)
      #expect(try await journal.interrupted(store: "t").isEmpty)
      let found = try await journal.interrupted(store: "s")
      #expect(
        found.map(\.0) == [InterruptedOperation(store: "s", backup: "nightly", started: now)]
      )
      for (_, entry) in found { entry.end() }
      #expect(try await journal.interrupted(store: "s").isEmpty)
    }
  }
}
