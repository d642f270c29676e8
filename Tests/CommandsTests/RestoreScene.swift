// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing

/// Two clusters and a store: the demo cluster, and another one that lacks what is in the namespace `payments`.
struct RestoreScene {
  let directory: TemporaryDirectory
  let home: SandboxServer
  let lab: SandboxServer

  /// Starts both clusters; `access` is what users may do in the second one.
  init(access: [AccessRule] = []) throws {
    directory = try TemporaryDirectory()
    let objects = DemoCluster.objects(now: .test)
    home = try Self.start(objects, access: [])
    lab = try Self.start(
      objects.filter { object in
        object[path: "metadata", "namespace"] != "payments"
          && !(object["kind"] == "Namespace" && object[path: "metadata", "name"] == "payments")
      }
      .map(Self.anotherCluster),
      access: access
    )
    try directory.write(home.kubeconfig.replacing("sandbox", with: "home"), to: "home.yaml")
    try directory.write(lab.kubeconfig.replacing("sandbox", with: "lab"), to: "lab.yaml")
    let limited = lab.kubeconfig.replacing("sandbox", with: "limited")
      .replacing("\"admin\"", with: "\"limited\"")
    try directory.write(limited, to: "limited.yaml")
  }

  /// The variables that commands run with.
  var environment: [String: String] {
    [
      "HOME": directory.path,
      "KUBECONFIG": ["home", "lab", "limited"].map { directory.path("\($0).yaml") }
        .joined(separator: ":"),
    ]
  }

  func stop() {
    home.stop()
    lab.stop()
  }

  func run(_ arguments: String..., answers: [String]? = nil) async -> CommandRun {
    await CommandRun.of(
      arguments + ["--store", directory.path("store")],
      environment: environment,
      answers: answers
    )
  }

  /// Replays a transcript.
  func replay(_ name: String, file: String = #filePath) async throws {
    let folder = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
    let bytes = try readFile("\(folder)/Transcripts/\(name).txt")
    let transcript = Transcript(text: String(decoding: bytes, as: UTF8.self))
    let text = await transcript.replayed(in: directory.path, environment: environment)
    expectGolden(
      text.replacing("127.0.0.1:\(home.port)", with: "127.0.0.1:HOME")
        .replacing("127.0.0.1:\(lab.port)", with: "127.0.0.1:LAB")
        .replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "UID")
        .replacing(/[0-9.]+ s\b/, with: "N s")
        .replacing(/[0-9.]+ kB/, with: "N kB"),
      "../Transcripts/\(name).txt"
    )
  }

  private static func start(_ objects: [JSONValue], access: [AccessRule]) throws -> SandboxServer {
    let cluster = SandboxCluster(
      options: SandboxOptions(
        tokens: [
          "admin": .administrator, "limited": SandboxUser("limited", groups: ["limited"]),
        ],
        access: access,
        clock: .fixed()
      )
    )
    try cluster.load(objects)
    return try SandboxServer.start(cluster: cluster)
  }

  /// Gives the namespace that a cluster is known by another identity.
  private static func anotherCluster(_ object: JSONValue) -> JSONValue {
    guard object["kind"] == "Namespace", object[path: "metadata", "name"] == "kube-system" else {
      return object
    }
    var other = object
    other["metadata"]?["uid"] = "99999999-0000-4000-8000-000000000000"
    return other
  }
}
