// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

@testable import Engine

struct RestoreOutcomeFileTests {
  @Test(arguments: 0..<200 as Range<UInt64>)
  func `what is written is read back`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    let file = Self.file(&random)
    #expect(try RestoreOutcomeFile.decode(file.encoded()) == file)
  }

  @Test func `the file is as the format says`() throws {
    var file = RestoreOutcomeFile(
      source: ClusterName(context: "a", server: "https://a:6443"),
      target: ClusterName(context: "b", identity: ClusterIdentity(uid: "u-1"))
    )
    let web = ObjectAddress(type: "deployments.apps", namespace: "shop", name: "web")
    var target = web
    target.namespace = "copy"
    file.failed = [
      .init(
        source: web,
        target: target,
        failure: RestoreFailure(.forbidden, "not allowed", hint: "ask")
      )
    ]
    file.pending = [ObjectAddress(type: "persistentvolumes", name: "pv-1")]
    file.counts[.create] = 3
    file.counts[.fail] = 1
    file.namespaces = ["copy"]
    file.restoredIn = .milliseconds(1_007)
    #expect(
      file.json.text()
        == #"{"failed":[{"source":"deployments.apps/shop/web","target":"deployments.apps/copy/web","#
        + #""cause":"forbidden","message":"not allowed","hint":"ask"}],"#
        + #""pending":["persistentvolumes/pv-1"],"counts":{"create":3,"fail":1},"#
        + #""namespaces":["copy"],"source":{"context":"a","server":"https://a:6443"},"#
        + #""target":{"context":"b","uid":"u-1"},"cancelled":false,"restoredInSeconds":1.007}"#
    )
  }

  @Test func `causes and actions of a newer version are taken as far as they go`() throws {
    let text = #"""
      {"failed":[{"source":"pods/a/b","cause":"moon-phase","message":"full"}],
       "counts":{"create":1,"teleport":2},"later":true}
      """#
    let file = try RestoreOutcomeFile(json: JSONValue(parsing: text))
    #expect(file.failed.first?.failure == RestoreFailure(.other, "full"))
    #expect(file.failed.first?.target == file.failed.first?.source)
    #expect(file.counts.total == 1)
  }

  @Test(arguments: [
    "[]", #"{"failed":{}}"#, #"{"failed":[{}]}"#, #"{"pending":["pods"]}"#, #"{"pending":[1]}"#,
    #"{"failed":[{"source":"x","cause":"other","message":"m"}]}"#, #"{"counts":{"create":-1}}"#,
    #"{"namespaces":[1]}"#,
  ])
  func `what is not as it has to be is named`(text: String) throws {
    let json = try JSONValue(parsing: text)
    let error = #expect(throws: VeleroError.self) { try RestoreOutcomeFile(json: json) }
    #expect(error?.code == .corrupt)
  }

  private static func file(_ random: inout SplitMix64) -> RestoreOutcomeFile {
    var file = RestoreOutcomeFile(source: cluster(&random), target: cluster(&random))
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let hint = Bool.random(using: &random) ? "what to do" : nil
      let cause = FailureCause.allCases.randomElement(using: &random) ?? .other
      let failure = RestoreFailure(cause, "a <\"message\"> & more\n", hint: hint)
      file.failed.append(
        .init(source: address(&random), target: address(&random), failure: failure)
      )
      file.pending.append(address(&random))
      file.namespaces.append("n\(random.next() % 10)")
    }
    for action in RestoreAction.allCases where Bool.random(using: &random) {
      file.counts[action] = Int.random(in: 0...100_000, using: &random)
    }
    file.isCancelled = Bool.random(using: &random)
    file.restoredIn = .milliseconds(Int.random(in: 0...100_000_000, using: &random))
    return file
  }

  private static func address(_ random: inout SplitMix64) -> ObjectAddress {
    ObjectAddress(
      type: ["pods", "deployments.apps"].randomElement(using: &random) ?? "",
      namespace: Bool.random(using: &random) ? "shop" : nil,
      name: ["web", "system:node", "a.b-c"].randomElement(using: &random) ?? ""
    )
  }

  private static func cluster(_ random: inout SplitMix64) -> ClusterName {
    func maybe(_ text: String) -> String? { Bool.random(using: &random) ? text : nil }
    return ClusterName(
      context: maybe("staging"),
      server: maybe("https://10.0.0.1:6443"),
      identity: ClusterIdentity(uid: maybe("5e1f"))
    )
  }
}
