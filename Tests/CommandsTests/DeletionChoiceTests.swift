// SPDX-License-Identifier: Apache-2.0

import Engine
import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

@testable import Commands

/// What of a choice a deletion leaves out, and what is said of what stays.
struct DeletionChoiceTests {
  private static let backups = "nas/team-a/backups"

  private static func run(_ directory: TemporaryDirectory, _ arguments: String...) async
    -> CommandRun
  {
    await CommandRun.of(arguments, environment: ["HOME": directory.path])
  }

  private static func write(_ name: String, phase: BackupPhase, _ directory: TemporaryDirectory)
    throws
  {
    var record = Backup(name: name)
    record.status.phase = phase
    record.status.startTimestamp = .test + GoDuration(seconds: -600)
    try directory.write(record.encoded(), to: "\(backups)/\(name)/velero-backup.json")
  }

  private static func writeRestore(
    _ name: String,
    from backup: String,
    _ directory: TemporaryDirectory
  ) throws {
    var restore = Restore(name: name)
    restore.spec.backupName = backup
    restore.status.phase = .inProgress
    restore.status.startTimestamp = .test + GoDuration(seconds: -600)
    let path = "nas/team-a/restores/\(name)/binnacle-restore.json"
    try directory.write(restore.encoded(), to: path)
  }

  @Test func `what another machine restores from is not deleted unless that is said`() async throws
  {
    let directory = try LocationFixture.home()
    try Self.writeRestore("there", from: "kept", directory)
    let refused = await Self.run(directory, "backup", "delete", "kept", "--confirm")
    #expect(refused.code == ExitCode.locked.rawValue, "\(refused)")
    #expect(refused.errorOutput.contains("the restore 'there' may be reading it"))
    #expect(refused.errorOutput.contains("--unfinished"))
    let run = await Self.run(directory, "backup", "delete", "kept", "--unfinished", "--confirm")
    #expect(run.code == 0, "\(run.errorOutput)")
    #expect(run.errorOutput.contains("warning: 'kept': the restore 'there' may be reading it"))
    #expect(try !directory.names(in: Self.backups).contains("kept/"))
  }

  @Test func `of a selection those that others are at work on are left out, with a warning`()
    async throws
  {
    let directory = try LocationFixture.home()
    try Self.write("running", phase: .finalizing, directory)
    try Self.writeRestore("there", from: "kept", directory)
    let run = await Self.run(directory, "backup", "delete", "--all", "--confirm")
    #expect(run.code == ExitCode.doneWithIssues.rawValue, "\(run)")
    #expect(
      run.errorOutput.contains("warning: cannot delete the backup 'running': it is Finalizing")
    )
    #expect(
      run.errorOutput.contains("warning: cannot delete the backup 'kept': the restore 'there'")
    )
    #expect(try directory.names(in: Self.backups) == ["half/", "kept/", "running/"])
    let named = await Self.run(directory, "backup", "delete", "running", "kept", "--confirm")
    #expect(named.code == ExitCode.locked.rawValue)
    #expect(named.errorOutput.contains("'running'") && named.errorOutput.contains("'kept'"))
  }

  @Test func `a protected backup goes by its name only, and that is said`() async throws {
    let directory = try LocationFixture.home()
    #expect(await Self.run(directory, "backup", "protect", "kept").code == 0)
    let all = await Self.run(directory, "backup", "delete", "--all", "--confirm")
    #expect(all.code == ExitCode.doneWithIssues.rawValue, "\(all)")
    #expect(all.errorOutput.contains("warning: the backup 'kept' is protected, and stays"))
    #expect(try directory.names(in: Self.backups) == ["half/", "kept/"])
    let none = await Self.run(directory, "backup", "delete", "--all", "--confirm")
    #expect(none.code == ExitCode.doneWithIssues.rawValue)
    #expect(none.output == "No backups to delete.\n")
    let named = await Self.run(directory, "backup", "delete", "kept", "--confirm")
    #expect(named.code == 0, "\(named.errorOutput)")
    #expect(named.errorOutput.contains("warning: 'kept' is protected"))
    #expect(named.errorOutput.contains("  protected  "))
    #expect(try directory.names(in: Self.backups) == ["half/"])
  }

  @Test func `a mark that stays without a deletion is told`() async throws {
    let errors = CapturedOutput()
    let context = CommandContext(
      invocation: Invocation(
        arguments: [],
        environment: [:],
        input: Input(isTerminal: false) { nil },
        output: CapturedOutput().output(),
        errorOutput: errors.output()
      ),
      arguments: ParsedArguments(),
      command: GarbageCollect.command,
      table: .standard
    )
    var report = DeletionReport(name: "a")
    try await context.tellGivenUp(report)
    #expect(errors.text.isEmpty)
    report.isMarkedOnly = true
    report.untried = (1...7).map { "backups/a/\($0)" }
    try await context.tellGivenUp(report)
    #expect(
      errors.text == """
        error:   not tried: 'backups/a/1', 'backups/a/2', 'backups/a/3', 'backups/a/4', 'backups/a/5' and 2 more
        error:   the backup 'a' is marked Deleting; nothing of it is gone yet
        hint:    'binnacle gc' will finish its deletion, and so does deleting it again

        """
    )
    #expect(report.json["untried"]?.array?.count == 7 && report.json["marked"] == true)
  }
}
