// SPDX-License-Identifier: Apache-2.0

import Engine
import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

@testable import Commands

/// What `backup verify` finds beside what the objects say, and what it keeps.
struct VerifyCommandTests {
  private static func kept(_ scene: RestoreScene) async -> VerificationResult? {
    let files = VerificationFiles(
      store: DirectoryStore(root: scene.directory.path(".local/state/binnacle"))
    )
    return await files.results(of: DirectoryStore(root: scene.directory.path("store")))["a"]
  }

  @Test func `the result is kept, another cluster is not compared, and a short archive is damaged`()
    async throws
  {
    let scene = try RestoreScene()
    defer { scene.stop() }
    let created = await scene.run(
      "backup",
      "create",
      "a",
      "--include-namespaces",
      "payments",
      "--context",
      "home"
    )
    #expect(created.code == 0, "\(created.errorOutput)")
    let whole = await scene.run("backup", "verify", "a", "--context", "home")
    #expect(whole.code == 0, "\(whole.errorOutput)")
    let sound = try #require(await Self.kept(scene))
    #expect(sound.isSound && sound.text.hasSuffix(" whole"))

    let other = await scene.run("backup", "verify", "a", "--context", "lab")
    #expect(other.code == ExitCode.doneWithIssues.rawValue)
    #expect(other.output.hasSuffix(": not compared.\n"))
    #expect(other.errorOutput.contains("another one; --context chooses"))
    let elsewhere = try #require(await Self.kept(scene))
    #expect(elsewhere.isSound && elsewhere.text.contains("its cluster is not connected"))

    let path = "store/backups/a/velero-backup.json"
    var record = try Backup(parsing: try readFile(scene.directory.path(path)))
    let progress = try #require(record.status.progress)
    record.status.progress = BackupProgress(
      totalItems: progress.totalItems + 1,
      itemsBackedUp: progress.itemsBackedUp + 1
    )
    try scene.directory.write(record.encoded(), to: path)
    let short = await scene.run("backup", "verify", "a", "--context", "home")
    #expect(short.code == ExitCode.failed.rawValue)
    #expect(short.errorOutput.contains("its record \(progress.itemsBackedUp + 1)"))
    #expect(await Self.kept(scene)?.isSound == false)
  }

  @Test func `an archive that is whole is said to be whole without a cluster`() async throws {
    let scene = try RestoreScene()
    defer { scene.stop() }
    let created = await scene.run(
      "backup",
      "create",
      "a",
      "--include-namespaces",
      "payments",
      "--context",
      "home"
    )
    #expect(created.code == 0, "\(created.errorOutput)")
    let run = await scene.run("backup", "verify", "a", "--context", "nowhere")
    #expect(run.code == ExitCode.doneWithIssues.rawValue, "\(run)")
    #expect(run.output.hasPrefix("Backup 'a' has ") && run.output.hasSuffix(": not compared.\n"))
    #expect(run.errorOutput.contains("warning: the archive of 'a' has "))
    #expect(run.errorOutput.contains(" whole; not compared: "))
    #expect(!run.errorOutput.contains("another one; --context chooses"))
    #expect(await Self.kept(scene)?.isSound == true)
  }
}
