// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Commands

/// What a collection and a description say when something cannot be read that decides.
struct CollectionCertaintyTests {
  private static let backups = "nas/team-a/backups"

  @Test func `a collection that cannot tell what may go ends with 3, and so does a description`()
    async throws
  {
    let directory = try LocationFixture.home()
    try directory.write("{", to: "\(Self.backups)/old/old-podvolumebackups.json.gz")
    for arguments in [["gc", "--dry-run"], ["gc", "--confirm"], ["location", "describe", "nas"]] {
      let run = await CommandRun.of(arguments, environment: ["HOME": directory.path])
      #expect(run.code == ExitCode.doneWithIssues.rawValue, "\(arguments): \(run)")
      #expect((run.output + run.errorOutput).contains("it is not known whether it may go"))
    }
    #expect(try directory.names(in: Self.backups) == ["half/", "kept/", "moved/", "old/"])
  }

  @Test func `a restore that cannot be read is told by what it holds`() async throws {
    let directory = try LocationFixture.home()
    // A record that is more than any may be is not read.
    let huge = [UInt8](repeating: 32, count: 9 << 20)
    try directory.write(huge, to: "nas/team-a/restores/from-old/binnacle-restore.json")
    for arguments in [["gc", "--confirm"], ["location", "describe", "nas"]] {
      let run = await CommandRun.of(arguments, environment: ["HOME": directory.path])
      #expect(run.code == ExitCode.doneWithIssues.rawValue, "\(arguments): \(run)")
      #expect(run.errorOutput.contains("warning: ") && run.errorOutput.contains("from-old"))
    }
    #expect(try directory.names(in: Self.backups).count == 5)
  }

  @Test func `a journal that cannot be read does not hide a location`() async throws {
    let directory = try LocationFixture.home()
    try directory.write("", to: ".local/state/binnacle/operations")
    let run = await CommandRun.of(
      ["location", "describe", "archive", "nas"],
      environment: ["HOME": directory.path]
    )
    #expect(run.code == ExitCode.doneWithIssues.rawValue, "\(run)")
    #expect(run.output.contains("Name:         nas") && run.output.contains("Backups:  unknown: "))
    #expect(run.output.contains("XDG_STATE_HOME names another place"))
  }
}
