// SPDX-License-Identifier: Apache-2.0

import Foundation
import Primitives
import Sandbox
import TestSupport
import Testing

/// What the program says when it cannot do what it was asked: one error, a hint, the right code, and nothing left.
@Suite(
  .tags(.e2e, .fault, .golden),
  .serialized,
  .timeLimit(.minutes(10)),
  .sandbox(.demo, usesTLS: true)
)
struct ErrorTests {
  @Test(
    arguments: Trouble.ofCluster + Trouble.ofKubeconfig + Trouble.ofCommandLine + Trouble.ofStore
  )
  func `trouble makes one clear error with a hint, and no backup`(trouble: Trouble) async throws {
    let scene = try Scene()
    let result = try await trouble.run(in: scene)
    expect(result, trouble, scene)
    #expect(result.output == "")
    guard !scene.isStoreAFile else { return }
    try await scene.expectUntouched()
  }

  @Test(.enabled(if: Self.mayMount), arguments: Trouble.ofFileSystem)
  func `a disk that takes no more makes one clear error, and no backup`(trouble: Trouble)
    async throws
  {
    let scene = try Scene()
    let result = try await trouble.run(in: scene)
    expect(result, trouble, scene)
    let listed = try JSONValue(parsing: result.output)
    #expect(listed["items"]?.array == [])
    #expect(scene.journal == [])
  }

  @Test func `a name that exists is refused, and the backup stays as it is`() async throws {
    let scene = try Scene()
    #expect(try await scene.binnacle("backup", "create", "first").run().exitCode == 0)
    let before = try scene.store.archive("first")
    let result = try await scene.binnacle("backup", "create", "first").run()
    expectGolden(scene.complaint(result), "name-exists.txt")
    #expect(try scene.store.archive("first") == before)
    #expect(scene.store.all == StoredFiles.expected(["first"]))
    #expect(scene.journal == [])
  }

  @Test(
    arguments: [
      ["get", "--store", "absent"], ["describe", "absent"], ["create", "First_Backup"],
      ["create", "first", "--ttl", "soon"], ["logs", "absent"], ["verify", "absent"],
    ]
  )
  func `as JSON an error is one object with the same words`(words: [String]) async throws {
    let scene = try Scene()
    let binnacle = scene.command([Scene.binary, "backup"] + words)
    let plain = try await binnacle.run()
    var command = binnacle
    command.words += ["-o", "json"]
    let result = try await command.run()
    let error = try #require(try JSONValue(parsing: result.errorBytes)["error"])
    #expect(result.exitCode == plain.exitCode)
    #expect(error["exitCode"]?.int64 == Int64(result.exitCode))
    #expect(error["code"]?.string?.isEmpty == false)
    let message = try #require(error["message"]?.string)
    let hint = try #require(error["hint"]?.string)
    #expect(plain.error == "error: \(message)\nhint:  \(hint)\n")
  }

  @Test func `of two runs of one name the second is locked out, however the store is named`()
    async throws
  {
    let scene = try Scene()
    // The first run waits for a list until the second one has ended.
    let list = FaultMatch(path: "/api/v1/secrets")
    scene.cluster.add(Fault(.latency(.seconds(600)), on: list, occurrence: .first(1)))
    let (reached, arrival) = AsyncStream.makeStream(of: Void.self)
    scene.cluster.onAnswer { if $0.path == "/api/v1/configmaps" { arrival.finish() } }
    let first = try scene.binnacle("backup", "create", "first").start()
    for await _ in reached {}
    let store = "data/../data/binnacle/store"
    let second = try await scene.binnacle("backup", "create", "first", "--store", store).run()
    #expect(second.exitCode == 11)
    expectGolden(scene.complaint(second), "locked.txt")
    let other = try await scene.binnacle("backup", "create", "other").run()
    #expect(other.exitCode == 0, "\(other.error)")
    first.signal(SIGTERM)
    #expect(await first.ended.exitCode == 130)
    #expect(scene.store.all == StoredFiles.expected(["other"]))
    #expect(scene.journal == [])
  }

  private func expect(_ result: ProcessResult, _ trouble: Trouble, _ scene: Scene) {
    #expect(result.exitCode == trouble.exitCode, "\(result.error)")
    let complaint = scene.complaint(result)
    #expect(complaint.contains("\nhint: "), "\(complaint)")
    expectGolden(complaint, "\(trouble.name).txt")
  }

  /// Whether this user may make a mount namespace; many containers forbid it.
  private static let mayMount: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}

extension Scene {
  /// Whether a file is where the store or the journal would be, so that nothing can be listed.
  fileprivate var isStoreAFile: Bool {
    ["data/binnacle/store", "state/binnacle"].contains { name in
      var isDirectory: ObjCBool = false
      return FileManager.default.fileExists(atPath: home.path(name), isDirectory: &isDirectory)
        && !isDirectory.boolValue
    }
  }
}
