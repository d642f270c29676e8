// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Sandbox
import TestSupport
import Testing

@testable import Commands

struct LocationCommandTests {
  private static func run(_ directory: TemporaryDirectory, _ arguments: String...) async
    -> CommandRun
  {
    await CommandRun.of(arguments, environment: ["HOME": directory.path])
  }

  private static func configure(_ text: String) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try directory.write(text, to: ".config/binnacle/config.yaml")
    return directory
  }

  @Test func `without a configuration there is one location, the user's own store`() async throws {
    let directory = try TemporaryDirectory()
    let run = await Self.run(directory, "location", "get", "-o", "json")
    #expect(run.code == 0 && run.errorOutput.isEmpty)
    let items = try #require(try JSONValue(parsing: run.output)["items"]?.array)
    #expect(items.map { $0[path: "metadata", "name"] } == ["default"])
    #expect(
      items[0][path: "spec", "config", "path"]?.string
        == directory.path(".local/share/binnacle/store")
    )
    // The user's own store is made by the first thing that goes into it, and so it can be used.
    let validated = await Self.run(directory, "location", "validate")
    #expect(validated.code == 0, "\(validated.output)")
    #expect(await Self.run(directory, "gc").errorOutput.contains("--confirm"))
    #expect(await Self.run(directory, "gc", "--confirm").output == "No backup is overdue.\n")
  }

  @Test func `what is wrong with the configuration is told with its line where it counts`()
    async throws
  {
    let directory = try Self.configure("them: nord\nlocations:\n- {provider: aws}\n")
    let path = directory.path(".config/binnacle/config.yaml")
    let told = """
      warning: \(path): line 1: unknown key 'them'; did you mean 'theme'?
      warning: \(path): line 3: 'locations[1]' has no name; it is called 'location-1'

      """
    let run = await Self.run(directory, "location", "get", "location-1")
    #expect(run.code == 0)
    #expect(run.errorOutput == told)
    #expect(await Self.run(directory, "version", "--client-only").errorOutput.isEmpty)
    let store = try directory.write("", to: "s/backups/x")
    let elsewhere = String(store.dropLast("/backups/x".count))
    let other = await Self.run(directory, "backup", "get", "--store", elsewhere)
    #expect(!other.errorOutput.contains("unknown key"))
  }

  @Test func `a configuration that is none stops what needs a location, and nothing else`()
    async throws
  {
    let directory = try Self.configure("locations: [\n")
    let run = await Self.run(directory, "backup", "get")
    #expect(run.code == 1)
    #expect(run.errorOutput.hasPrefix("error: cannot use '"))
    #expect(run.errorOutput.contains("line 2: "))
    #expect(await Self.run(directory, "location", "validate").code == 1)
    #expect(await Self.run(directory, "version", "--client-only").code == 0)
    try directory.write("", to: "s/backups/x")
    let store = directory.path("s")
    #expect(await Self.run(directory, "backup", "get", "--store", store).code == 3)
  }

  @Test func `all of a command goes by the configuration as it was read first`() async throws {
    let directory = try LocationFixture.home()
    let context = CommandContext(
      invocation: Invocation(
        arguments: [],
        environment: ["HOME": directory.path],
        input: Input(isTerminal: false) { nil },
        output: CapturedOutput().output(),
        errorOutput: CapturedOutput().output()
      ),
      arguments: ParsedArguments(),
      command: LocationGet.command,
      table: .standard
    )
    #expect(try Wiring(context).location().name == "nas")
    try directory.write("theme: nord\n", to: ".config/binnacle/config.yaml")
    #expect(try Wiring(context).location().name == "nas")
    #expect(try Wiring(context, arguments: ParsedArguments()).locations().locations.count == 4)
  }

  @Test func `names of locations are completed`() async throws {
    let directory = try LocationFixture.home()
    let lines: [[String]] = [
      ["backup", "get", "--location", "n"], ["location", "describe", "n"],
      ["backup", "create", "x", "--storage-location=n"], ["gc", "--location=n"],
    ]
    for line in lines {
      let run = await CommandRun.of(
        ["__complete", "--"] + line,
        environment: ["HOME": directory.path, "BINNACLE_COMPLETION_TIMEOUT": "10m"]
      )
      let word = line.last.map { $0.replacing("=n", with: "=nas") } ?? ""
      #expect(run.output == "\(word.hasSuffix("nas") ? word : "nas")\t~/nas/team-a\n", "\(line)")
    }
  }

  @Test(arguments: ["--location", "--storage-location"])
  func `a backup goes to the location that a flag names, and its record names it`(flag: String)
    async throws
  {
    let directory = try Self.configure(
      """
      locations:
      - {name: first, provider: directory, config: {path: ~/first}}
      - {name: second, provider: directory, config: {path: ~/second}}
      """
    )
    let cluster = SandboxCluster(options: SandboxOptions(clock: .fixed()))
    try cluster.load(DemoCluster.objects(now: .test))
    let server = try SandboxServer.start(cluster: cluster)
    defer { server.stop() }
    try directory.write(server.kubeconfig, to: ".kube/config")
    let names = ["--include-namespaces", "payments", flag, "second"]
    // A directory that is not there may be a disk that is not mounted.
    let missing = await CommandRun.of(
      ["backup", "create", "one"] + names,
      environment: ["HOME": directory.path]
    )
    #expect(missing.code == 1)
    #expect(missing.errorOutput.contains("mount the disk"), "\(missing.errorOutput)")
    #expect(try !directory.names().contains("second/"))
    try directory.write("", to: "second/metadata/x")
    let created = await CommandRun.of(
      ["backup", "create", "one"] + names,
      environment: ["HOME": directory.path]
    )
    #expect(created.code == 0, "\(created.errorOutput)")
    let found = await Self.run(directory, "backup", "get", "one", "-o", "json", "--location=second")
    let record = try JSONValue(parsing: found.output)
    #expect(record[path: "spec", "storageLocation"] == "second")
    #expect(try directory.names(in: "second/backups") == ["one/"])
    #expect(try !directory.names().contains("first/"))
  }
}
