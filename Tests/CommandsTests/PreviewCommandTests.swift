// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Commands

@Suite(.timeLimit(.minutes(10)))
struct PreviewCommandTests {
  @Test(arguments: ["preview", "preview-why", "creating"])
  func `what is said is what the transcript says`(transcript: String) async throws {
    let scene = try PreviewScene()
    defer { scene.server.stop() }
    try await scene.replay(transcript)
  }

  @Test func `a preview starts from a backup, a schedule or a manifest`() async throws {
    let scene = try PreviewScene()
    defer { scene.server.stop() }
    let made = await scene.run("backup", "create", "monday", "--include-namespaces", "payments")
    #expect(made.code == 0, "\(made.errorOutput)")
    try await scene.replay("preview-sources")
  }

  @Test func `a command line names what no flag sets`() {
    var backup = Backup(name: "b", namespace: "velero")
    backup.spec.includedNamespaces = ["shop"]
    let plain = EquivalentCommand(backup, name: "b").annotatedLine
    #expect(plain == "binnacle backup create b --include-namespaces shop")
    backup.spec.hookResources = [["name": "freeze"]]
    #expect(EquivalentCommand(backup, name: "b").annotatedLine == "\(plain)  # no flag sets hooks")
  }

  @Test(
    arguments: [
      [], ["--include-namespaces", "shop,data"], ["-l", "app.kubernetes.io/name=cart"],
      ["--include-cluster-resources"], ["--include-namespaces", "nosuch"], ["--objects"],
      ["--objects", "--left-out"], ["--include-namespaces", "shop", "--left-out"],
      ["--why", "pv/catalog-media-nfs", "--why", "clusterroles/view", "--why", "po/a/b"],
    ]
  )
  func `no line is longer than 80 columns`(flags: [String]) async throws {
    let scene = try PreviewScene()
    defer { scene.server.stop() }
    let run = await CommandRun.of(
      ["backup", "preview"] + flags,
      environment: ["HOME": scene.directory.path]
    )
    for line in run.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(!run.output.isEmpty)
  }

  @Test func `the lists of a preview agree with its sums, in every form`() async throws {
    let scene = try PreviewScene()
    defer { scene.server.stop() }
    let filter = ["--include-namespaces", "shop,data", "-l", "app.kubernetes.io/name"]
    func run(_ flags: String...) async -> CommandRun {
      await CommandRun.of(
        ["backup", "preview"] + filter + flags,
        environment: ["HOME": scene.directory.path]
      )
    }
    let json = try JSONValue(
      parsing: await run("-o", "json", "--objects", "--left-out").output
    )
    let yaml = try YAMLDocument(
      parsing: await run("-o", "yaml", "--objects", "--left-out").output
    ).jsonValue()
    #expect(json == yaml)
    #expect(PreviewSchema.flaws(json) == [])
    let objects = json["objects"]?.array ?? []
    let taken = objects.filter { $0["answer"] == "in" }
    #expect(taken.count == json["taken"]?.int64.map { Int($0) })
    #expect(objects.count - taken.count == json["leftOut"]?.int64.map { Int($0) })
    func names(_ objects: [JSONValue]) -> [String] {
      objects.map { object in
        ["resource", "namespace", "name"].compactMap { object[$0]?.string }.joined(separator: "/")
      }
    }
    let lines = await run("-o", "name").output.split(separator: "\n").map(String.init)
    #expect(lines == names(taken))
    let left = await run("-o", "name", "--left-out").output.split(separator: "\n").map(String.init)
    #expect(left == names(objects.filter { $0["answer"] == "out" }))
    for object in objects.prefix(40) {
      let name = names([object])[0]
      let why = await run("--why", name, "-o", "json")
      let answer = try JSONValue(parsing: why.output)[path: "objects"]?.array?.first
      #expect(PreviewSchema.flaws(ofAnswer: answer ?? [:]) == [])
      #expect(answer?["answer"] == object["answer"], "\(name)")
      #expect(answer?["reason"] == object["reason"], "\(name)")
      #expect(why.code == (object["answer"] == "in" ? 0 : 3), "\(name)")
    }
  }

  @Test func `the command line of a preview asks for the same`() async throws {
    let directory = try TemporaryDirectory()
    let server = try await startSandbox()
    try directory.write(server.kubeconfig, to: ".kube/config")
    func run(_ words: [String]) async -> CommandRun {
      await CommandRun.of(words, environment: ["HOME": directory.path])
    }
    var compared = 0
    for seed in Seeds.first(60) {
      var random = SplitMix64(state: seed)
      let flags = RandomFlags.make(&random)
      let preview = await run(["backup", "preview", "-o", "json"] + flags)
      // What a backup would be refused for has no command line.
      if preview.code == 2 { continue }
      let value = try JSONValue(parsing: preview.output)
      #expect(PreviewSchema.flaws(value) == [], "seed \(seed)")
      #expect(value["fieldsWithoutFlag"] == [], "seed \(seed)")
      var words = Transcript.shellWords(value["command"]?.string ?? "")
      #expect(words.prefix(4) == ["binnacle", "backup", "create", "NAME"], "seed \(seed)")
      words[3] = "x"
      let created = await run(words.dropFirst() + ["-o", "json"])
      let spec = try JSONValue(parsing: created.output)["spec"]
      #expect(spec == value["spec"], "seed \(seed): \(words)\n\(created.errorOutput)")
      compared += 1
    }
    #expect(compared > 30)
    await stopSandbox(server)
  }

  @Test func `a broken manifest is an error, whatever is in it`() {
    var random = SplitMix64(state: 11)
    let words = [
      "apiVersion: velero.io/v1", "kind: Backup", "spec:", "  ttl: 1h", "  labelSelector:",
      "    matchLabels: {a: b}", "  orLabelSelectors: [{}, 1]", "- x", "\t", "---", "{}", "&a [*a]",
      "  hooks: {resources: [{pre: 1}]}", "<<: {kind: Backup}", "metadata: {labels: {a: 1}}",
    ]
    for _ in 0..<2_000 {
      let count = Int.random(in: 0...8, using: &random)
      let lines = (0..<count).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
      let text = lines.joined(separator: "\n")
      var reader = ManifestReader(file: "f")
      do throws(UsageError) {
        _ = try reader.read(Array(text.utf8))
      } catch {
        #expect(error.message.contains("f:") || error.message == "'f' is empty", "\(text)")
      }
    }
  }
}
