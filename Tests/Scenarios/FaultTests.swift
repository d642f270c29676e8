// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing

/// Backups of a cluster that does not always answer as it should, by the program.
@Suite(.tags(.e2e, .fault), .serialized, .timeLimit(.minutes(10)), .sandbox(.demo))
struct FaultTests {
  /// Something the cluster does wrong, and what the backup's window then says of config maps.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let fault: Fault
    var isRecorded = false
  }

  private static let configMaps = "/api/v1/configmaps"
  private static let laterPages = FaultMatch(path: configMaps, query: "continue=")
  private static let everyPage = FaultMatch(path: configMaps)

  static let passing = [
    Case(
      testDescription: "a connection cut in the middle of a page",
      fault: Fault(.cutInTheMiddle, on: laterPages, occurrence: .first(1))
    ),
    Case(
      testDescription: "a connection cut before an answer",
      fault: Fault(.cut(afterBytes: 0), on: everyPage, occurrence: .first(1))
    ),
    Case(
      testDescription: "429 with Retry-After",
      fault: Fault(.tooManyRequests(retryAfterSeconds: 1), on: laterPages, occurrence: .first(1))
    ),
    Case(
      testDescription: "500 twice",
      fault: Fault(.status(500), on: everyPage, occurrence: .first(2))
    ),
    Case(
      testDescription: "500 at the discovery",
      fault: Fault(.status(500), on: FaultMatch(path: "/api*"), occurrence: .first(2))
    ),
    Case(
      testDescription: "truncated JSON",
      fault: Fault(.truncatedInTheMiddle, on: laterPages, occurrence: .first(1))
    ),
    Case(
      testDescription: "an expired continue token",
      fault: Fault(.expiredContinue, on: laterPages, occurrence: .nth(2)),
      isRecorded: true
    ),
    Case(
      testDescription: "a compacted revision",
      fault: Fault(
        .gone,
        on: FaultMatch(path: configMaps, query: "resourceVersionMatch=Exact"),
        occurrence: .first(1)
      ),
      isRecorded: true
    ),
  ]

  @Test(arguments: passing)
  func `what passes costs nothing of the backup`(fault: Case) async throws {
    let scene = try Scene()
    try scene.cluster.load(Self.manyConfigMaps)
    #expect(try await scene.binnacle("backup", "create", "before").run().exitCode == 0)
    scene.cluster.add(fault.fault)
    let result = try await scene.binnacle("backup", "create", "first").run()
    #expect(result.exitCode == 0 && result.output.isCompletion, "\(result.error)")
    #expect(try scene.store.archive("first") == scene.store.archive("before"))
    let described = try await scene.binnacle("backup", "describe", "first").run()
    let line = described.output.split(separator: "\n").first { $0.hasPrefix("Consistency:") }
    let consistency = try #require(line.map(String.init))
    #expect(consistency.contains("configmaps") == fault.isRecorded, "\(consistency)")
    if fault.isRecorded {
      #expect(result.output.contains("configmaps"))
      let logs = try await scene.binnacle("backup", "logs", "first").run()
      #expect(logs.output.contains("configmaps: not read at the common revision"))
    }
  }

  @Test(
    arguments: [FaultAction.status(500), .cutInTheMiddle, .truncatedInTheMiddle, .status(403)],
    ["configmaps", "secrets"]
  )
  func `what stays is named in a backup that has everything else`(
    action: FaultAction,
    resource: String
  ) async throws {
    let scene = try Scene()
    #expect(try await scene.binnacle("backup", "create", "before").run().exitCode == 0)
    scene.cluster.add(Fault(action, on: FaultMatch(path: "**/\(resource)")))
    try await expectPartial(without: resource, in: scene)
  }

  @Test func `a forbidden resource is named in a backup that has everything else`() async throws {
    let scene = try Scene()
    #expect(try await scene.binnacle("backup", "create", "before").run().exitCode == 0)
    scene.cluster.access = [.deny(verbs: ["list", "get"], resources: ["secrets"])]
    let result = try await expectPartial(without: "secrets", in: scene)
    let errors = scene.normalized(result.error).split(
      separator: "\n",
      omittingEmptySubsequences: false
    )
    .drop { !$0.hasPrefix("error:") }.prefix { !$0.hasPrefix("warning:") }
    expectGolden(errors.joined(separator: "\n") + "\n", "forbidden-resource.txt")
  }

  @discardableResult
  private func expectPartial(without resource: String, in scene: Scene) async throws
    -> ProcessResult
  {
    let result = try await scene.binnacle("backup", "create", "first").run()
    #expect(result.exitCode == 3, "\(result.error)")
    #expect(result.output.contains(" is PartiallyFailed: "))
    #expect(
      result.error.contains("error:   cannot list \(resource): "),
      "\(result.error)"
    )
    #expect(try await scene.listed().sorted() == ["before", "first"])
    try scene.store.expectWholeFiles(of: "first")
    let (whole, part) = try (scene.store.archive("before"), scene.store.archive("first"))
    let missing = Set(whole.keys).subtracting(part.keys)
    #expect(!missing.isEmpty)
    #expect(missing.allSatisfy { $0.hasPrefix("resources/\(resource)/") })
    #expect(part.allSatisfy { whole[$0.key] == $0.value })
    let described = try await scene.binnacle("backup", "describe", "first").run()
    #expect(described.exitCode == 0)
    #expect(described.output.contains("cannot list \(resource)"), "\(described.output)")
    return result
  }

  /// Three pages of the usual size.
  private static let manyConfigMaps: [JSONValue] = (0..<1200).map { number in
    [
      "apiVersion": "v1", "kind": "ConfigMap",
      "metadata": ["name": .string("page-\(number)"), "namespace": "shop"],
      "data": ["number": .string("\(number)")],
    ]
  }
}
