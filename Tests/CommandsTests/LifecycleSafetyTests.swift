// SPDX-License-Identifier: Apache-2.0

import Console
import Engine
import ObjectStorage
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Commands

/// What deletion and collection refuse, and what they say when something is left.
struct LifecycleSafetyTests {
  private static func run(
    _ directory: TemporaryDirectory,
    _ arguments: String...,
    answers: [String]? = nil
  ) async -> CommandRun {
    await CommandRun.of(arguments, environment: ["HOME": directory.path], answers: answers)
  }

  private static func journal(_ directory: TemporaryDirectory) -> OperationJournal {
    OperationJournal(directory: directory.path(".local/state/binnacle/operations"))
  }

  private static func operation(_ name: String, _ directory: TemporaryDirectory)
    -> JournaledOperation
  {
    let store = DirectoryStore(root: directory.path("nas/team-a"))
    return JournaledOperation(.backup, name, store: store.identity)
  }

  @Test(arguments: ["", " ", ","])
  func `an empty selector deletes nothing`(selector: String) async throws {
    let directory = try LocationFixture.home()
    for noun in ["backup", "restore"] {
      let run = await Self.run(directory, noun, "delete", "--selector", selector, "--confirm")
      #expect(run.code == ExitCode.usage.rawValue, "\(run)")
    }
    #expect(try directory.names(in: "nas/team-a/backups").count == 5)
    #expect(try directory.names(in: "nas/team-a/restores") == ["from-old/"])
    let run = await Self.run(directory, "backup", "delete", "--selector", "", "--confirm")
    #expect(run.errorOutput.contains("--all"))
  }

  @Test func `what is gone is told also when the next one cannot be deleted`() async throws {
    let directory = try LocationFixture.home()
    let names = ["kept", "old", "older"]
    let held = try await Self.journal(directory).begin(Self.operation("old", directory), now: .test)
    let run = await CommandRun.of(
      ["backup", "delete"] + names + ["--confirm", "-o", "json"],
      environment: ["HOME": directory.path]
    )
    withExtendedLifetime(held) {}
    #expect(run.code == ExitCode.doneWithIssues.rawValue, "\(run.errorOutput)")
    let items = try #require(try JSONValue(parsing: run.output)["items"]?.array)
    #expect(items.map { $0["name"] } == ["kept"])
    #expect(items[0]["keys"]?.array?.count == 2)
    #expect(run.errorOutput.contains("another binnacle process is writing the backup 'old'"))
    #expect(run.errorOutput.contains("1 backup after it was not tried"))
    #expect(try directory.names(in: "nas/team-a/backups").contains("older/"))
    let first = await CommandRun.of(
      ["backup", "delete", "kept", "--confirm"],
      environment: ["HOME": directory.path]
    )
    #expect(first.code == ExitCode.notFound.rawValue)
  }

  @Test(arguments: ["text", "json"])
  func `a collection that could not delete something says so and ends with 3`(format: String)
    async throws
  {
    let directory = try LocationFixture.home()
    let (output, errors) = (CapturedOutput(), CapturedOutput())
    let invocation = Invocation(
      arguments: ["gc", "-o", format == "json" ? "json" : "table"],
      environment: ["HOME": directory.path],
      input: Input(isTerminal: true) {
        // While the question is open somebody else changes a backup.
        let path = "nas/team-a/backups/older/velero-backup.json"
        guard let bytes = try? readFile(directory.path(path)),
          var record = try? Backup(parsing: bytes)
        else { return nil }
        record.labels["new"] = "label"
        _ = try? directory.write(record.encoded(), to: path)
        return "yes"
      },
      output: output.output(),
      errorOutput: errors.output(),
      clock: .fixed(),
      stopwatch: Stopwatch { .zero },
      localTime: .utc
    )
    let code = await CommandLineTool.run(invocation)
    #expect(code == ExitCode.doneWithIssues.rawValue, "\(errors.text)")
    #expect(errors.text.contains("the backup 'older' has changed since it was shown"))
    let left = try directory.names(in: "nas/team-a/backups")
    #expect(left.contains("older/") && !left.contains("old/"))
    if format == "json" {
      let items = try #require(try JSONValue(parsing: output.text)["items"]?.array)
      let older = items.first { $0["name"] == "older" }
      #expect(older?["error"]?.string?.contains("has changed") == true, "\(output.text)")
    } else {
      #expect(output.text.contains("Backup 'old' is deleted"))
    }
  }

  @Test func `what was cut off on this machine is deleted by its name`() async throws {
    let directory = try LocationFixture.home()
    let before = await Self.run(directory, "backup", "delete", "half", "--confirm")
    #expect(before.code == ExitCode.notFound.rawValue)
    _ = try await Self.journal(directory).begin(Self.operation("half", directory), now: .test)
    let run = await Self.run(directory, "backup", "delete", "half", "--confirm")
    #expect(run.code == 0, "\(run.errorOutput)")
    #expect(run.output == "Backup 'half' is deleted.\n")
    #expect(try !directory.names(in: "nas/team-a/backups").contains("half/"))
  }

  @Test func `a backup that a server may be at work on is left alone unless that is said`()
    async throws
  {
    let directory = try LocationFixture.home()
    var record = Backup(name: "running")
    record.status.phase = .finalizing
    record.status.startTimestamp = .test + GoDuration(seconds: -600)
    try directory.write(record.encoded(), to: "nas/team-a/backups/running/velero-backup.json")
    let ttl = await Self.run(directory, "backup", "set-ttl", "running", "30d", "--confirm")
    #expect(ttl.code == ExitCode.usage.rawValue && ttl.errorOutput.contains("Finalizing"))
    let refused = await Self.run(directory, "backup", "delete", "running", "--confirm")
    #expect(refused.code == ExitCode.locked.rawValue)
    #expect(refused.errorOutput.contains("--unfinished"))
    let run = await Self.run(directory, "backup", "delete", "running", "--unfinished", "--confirm")
    #expect(run.code == 0, "\(run.errorOutput)")
  }

  @Test func `a path below the home directory needs one`() async throws {
    let directory = try LocationFixture.home()
    let run = await CommandRun.of(
      ["backup", "get"],
      environment: [
        "XDG_CONFIG_HOME": directory.path(".config"), "XDG_DATA_HOME": directory.path("data"),
        "XDG_STATE_HOME": directory.path("state"),
      ]
    )
    #expect(run.code == ExitCode.usage.rawValue)
    #expect(run.errorOutput.contains("$HOME is not set"))
  }

  @Test func `a console keeps what the configuration protected when it breaks`() async throws {
    let directory = try TemporaryDirectory()
    let file = ".config/binnacle/config.yaml"
    let arguments = ParsedArguments()
    func wiring() -> Wiring {
      Wiring(
        invocation: Invocation(
          arguments: [],
          environment: ["HOME": directory.path],
          input: Input(isTerminal: false) { nil },
          output: CapturedOutput().output(),
          errorOutput: CapturedOutput().output(),
          clock: .fixed()
        ),
        arguments: arguments
      )
    }
    try directory.write("contexts: {prod: {production: true, readOnly: true}}\n", to: file)
    let backend = try wiring().consoleBackend()
    for text in ["contexts: {prod: {production: true, readOnly: true}}\n", "contexts: [\n", "- x"] {
      try directory.write(text, to: file)
      let (preferences, problems) = await backend.preferences()
      #expect(preferences.settings(ofContext: "prod").isReadOnly)
      #expect(preferences.settings(ofContext: "prod").isProduction)
      #expect(!preferences.settings(ofContext: "lab").isReadOnly)
      #expect(problems.isEmpty == text.contains("prod"))
    }
    // What is broken from the beginning protects everything.
    let (preferences, problems) = try await wiring().consoleBackend().preferences()
    #expect(preferences.settings(ofContext: "lab").isReadOnly)
    #expect(problems.last?.contains("all contexts are read-only") == true)
    try directory.write("theme: nord\n", to: file)
    let mended = await backend.preferences().0
    #expect(!mended.settings(ofContext: "prod").isReadOnly)
  }

  @Test func `nothing is restored into a context that is read-only`() async throws {
    let scene = try RestoreScene()
    defer { scene.stop() }
    let created = await scene.run("backup", "create", "a", "--include-namespaces", "payments")
    #expect(created.code == 0, "\(created.errorOutput)")
    let file = ".config/binnacle/config.yaml"
    for text in ["contexts: {lab: {readOnly: true}}\n", "contexts: [\n"] {
      try scene.directory.write(text, to: file)
      let run = await scene.run("restore", "create", "--from-backup", "a", "--to-context", "lab")
      #expect(run.code != 0)
      #expect(run.errorOutput.contains(scene.directory.path(file)), "\(run.errorOutput)")
    }
    try scene.directory.write("contexts: {lab: {readOnly: true}}\n", to: file)
    let denied = await scene.run("restore", "create", "--from-backup", "a", "--to-context", "lab")
    #expect(denied.code == ExitCode.denied.rawValue)
    let preview = await scene.run("restore", "preview", "--from-backup", "a", "--to-context", "lab")
    #expect(preview.code == 0, "\(preview.errorOutput)")
  }
}
