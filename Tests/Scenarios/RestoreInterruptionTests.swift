// SPDX-License-Identifier: Apache-2.0

import Glibc
import Primitives
import Sandbox
import TestSupport
import Testing

/// What becomes of a restore that is stopped or killed, and of its retry.
@Suite(.tags(.e2e, .fault), .serialized, .timeLimit(.minutes(10)), .sandbox(.demo))
struct RestoreInterruptionTests {
  @Test(arguments: Seeds.first(8))
  func `a restore that is stopped says what is left, and a retry does it`(seed: UInt64) async throws
  {
    let scene = try RestoringScene()
    defer { scene.target.stop() }
    let moment = Self.moment(seed)
    let signal = seed.isMultiple(of: 2) ? SIGINT : SIGTERM
    let result = try await scene.interrupt(at: moment, with: signal)
    #expect([0, 3, 130].contains(result.exitCode), "\(moment): \(result.error)")
    let outcome = try await scene.described()?["outcome"]
    if result.output.contains(" was stopped: ") {
      #expect(result.exitCode == 130)
      #expect(outcome?["cancelled"] == true, "\(moment)")
    }
    try await scene.finish("\(moment)")
  }

  @Test(arguments: Seeds.first(8))
  func `a restore that is killed is shown as interrupted, and a retry finishes it`(
    seed: UInt64
  ) async throws {
    let scene = try RestoringScene()
    defer { scene.target.stop() }
    let moment = Self.moment(100 + seed)
    let result = try await scene.interrupt(at: moment, with: SIGKILL)
    #expect([0, 3, 128 + SIGKILL].contains(result.exitCode), "\(moment): \(result.error)")
    let record = try await scene.described()
    if result.exitCode == 128 + SIGKILL, record?[path: "restore", "status", "phase"] == "InProgress"
    {
      #expect(record?["phase"] == "InProgress (interrupted)", "\(moment)")
    }
    try await scene.finish("\(moment)")
  }

  private static func moment(_ seed: UInt64) -> Moment {
    var random = SplitMix64(state: seed)
    return .answered(.random(in: 10...160, using: &random))
  }
}

/// A backup of two namespaces of the demo cluster, and a cluster that lacks both.
private struct RestoringScene {
  let scene: Scene
  let target: SandboxServer

  init() throws {
    scene = try Scene()
    let namespaces: Set = ["shop", "payments"]
    let cluster = SandboxCluster(options: SandboxOptions())
    try cluster.load(
      DemoCluster.objects(now: .test).filter { object in
        let metadata = object["metadata"]
        let name = object["kind"] == "Namespace" ? metadata?["name"] : metadata?["namespace"]
        return !namespaces.contains(name?.string ?? "")
      }
    )
    target = try SandboxServer.start(cluster: cluster)
    try scene.home.write(target.kubeconfig, to: "target")
  }

  /// Makes the backup, and begins the restore that the signal hits.
  func interrupt(at moment: Moment, with signal: Int32) async throws -> ProcessResult {
    let made = try await scene.binnacle(
      "backup",
      "create",
      "b",
      "--include-namespaces",
      "shop,payments"
    ).run()
    #expect(made.exitCode == 0, "\(made.error)")
    return try await moment.interrupt(create, with: signal, in: scene, target.cluster)
  }

  private var create: TestSupport.Command {
    scene.binnacle("restore", "create", "r", "--from-backup", "b", "--kubeconfig", kubeconfig)
  }

  private var kubeconfig: String { scene.home.path("target") }

  /// The restore as it is described; nil where there is none.
  func described() async throws -> JSONValue? {
    let result = try await scene.binnacle("restore", "describe", "r", "-o", "json").run()
    if result.exitCode == 10 { return nil }
    return try JSONValue(parsing: result.outputBytes)
  }

  /// Does what is left, after which the cluster has all of the backup and the journal is empty.
  func finish(_ comment: Comment) async throws {
    let again =
      try await described() == nil
      ? create : scene.binnacle("restore", "retry", "r", "--kubeconfig", kubeconfig)
    let result = try await again.run()
    #expect(result.exitCode == 0, "\(comment): \(result.error)")
    #expect(scene.journal == [], comment)
    let preview = try await scene.binnacle(
      "restore",
      "preview",
      "--from-backup",
      "b",
      "--kubeconfig",
      kubeconfig,
      "-o",
      "json"
    ).run()
    #expect(preview.exitCode == 0, "\(comment): \(preview.error)")
    let counts = try JSONValue(parsing: preview.outputBytes)["counts"]
    for action in ["create", "fail", "skip-different"] {
      #expect(counts?[action] == nil, "\(comment): \(counts?.text() ?? "")")
    }
  }
}
