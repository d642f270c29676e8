// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

/// How failures are put together.
struct FailureGroupTests {
  private func failed(
    _ cause: FailureCause,
    _ type: String = "pods",
    _ namespace: String? = "shop",
    _ name: String,
    hint: String? = nil,
    _ message: (String) -> String
  ) -> RestoreEntry {
    let address = ObjectAddress(type: type, namespace: namespace, name: name)
    return RestoreEntry(
      source: address,
      target: address,
      verdict: .fail(RestoreFailure(cause, message(name), hint: hint))
    )
  }

  private func quota(_ number: Int, _ quota: String = "team", in namespace: String = "shop")
    -> RestoreEntry
  {
    failed(.quotaExceeded, "pods", namespace, "web-\(number)") {
      "cannot create pods '\($0)' in namespace '\(namespace)': pods \"\($0)\" is forbidden: exceeded "
        + "quota: \(quota), requested: requests.cpu=\(number)m, used: requests.cpu=9\(number)m, "
        + "limited: requests.cpu=900m (403 Forbidden)"
    }
  }

  @Test func `500 objects that one quota refuses are one group, with the first five of them`() {
    let entries = (0..<500).map { quota($0) }
    let groups = FailureGroup.groups(of: entries)
    #expect(groups.count == 1)
    #expect(groups.first?.count == 500)
    #expect(groups.first?.examples == Array(entries.prefix(5)))
    #expect(groups.first?.subject == "'team' in namespace 'shop'")
    #expect(groups.first?.hint == FailureCause.quotaExceeded.hint)
    #expect(groups.first?.message.contains("requests.cpu=0m") == true)
  }

  @Test func `two quotas are two groups, also where they are of one name in two namespaces`() {
    let entries = [quota(1), quota(2, "other"), quota(3, in: "data"), quota(4)]
    let groups = FailureGroup.groups(of: entries)
    #expect(groups.map(\.count) == [2, 1, 1])
    #expect(
      groups.map(\.subject) == [
        "'team' in namespace 'shop'", "'other' in namespace 'shop'", "'team' in namespace 'data'",
      ]
    )
  }

  @Test
  func `two webhooks are two groups, and what they say of single objects does not split them`() {
    func denied(_ name: String, _ webhook: String) -> RestoreEntry {
      failed(.admissionDenied, "deployments.apps", "shop", name) {
        "cannot create deployments.apps '\($0)' in namespace 'shop': admission webhook "
          + "\"\(webhook)\" denied the request: image \"registry.example.org/\($0):1.\($0.count)\" of "
          + "container \"\($0)\" is not signed (403 Forbidden)"
      }
    }
    let entries = [
      denied("api", "signatures.example.org"), denied("frontend", "policy.example.org"),
      denied("search", "signatures.example.org"),
    ]
    let groups = FailureGroup.groups(of: entries)
    #expect(groups.map(\.count) == [2, 1])
    #expect(groups.first?.title == "refused by an admission rule: webhook 'signatures.example.org'")
  }

  @Test func `a webhook that cannot be asked is one group, whatever the connection says`() {
    let entries = ["refused", "timed out", "reset by peer"].enumerated().map { number, words in
      failed(.webhookUnavailable, "ingresses.networking.k8s.io", "ns-\(number)", "web") {
        "cannot create '\($0)': Internal error occurred: failed calling webhook \"v.example.org\": "
          + "Post \"https://v.x.svc:443/?timeout=10s\": dial tcp 10.0.0.\(number):443: \(words)"
      }
    }
    #expect(FailureGroup.groups(of: entries).map(\.count) == [3])
  }

  @Test func `a missing right is one group over all namespaces, and another one for another type`()
  {
    func refused(_ type: String, _ namespace: String, _ name: String) -> RestoreEntry {
      failed(.forbidden, type, namespace, name) {
        "cannot create \(type) '\($0)' in namespace '\(namespace)': \(type) is forbidden: User "
          + "\"jane\" cannot create resource \"\(type)\" in API group \"\" in the namespace "
          + "\"\(namespace)\" (403 Forbidden)"
      }
    }
    let entries = [
      refused("secrets", "shop", "a"), refused("secrets", "data", "b"),
      refused("configmaps", "shop", "c"),
    ]
    #expect(FailureGroup.groups(of: entries).map(\.count) == [2, 1])
  }

  @Test func `wrong fields are grouped by type and path, without values and indexes`() {
    func invalid(_ name: String, _ words: String) -> RestoreEntry {
      failed(.immutableField, "deployments.apps", "shop", name) {
        "cannot patch '\($0)': Deployment.apps \"\($0)\" is invalid: \(words) (422 Invalid)"
      }
    }
    let entries = [
      invalid("a", "spec.selector: Invalid value: {\"app\":\"a\"}: field is immutable"),
      invalid("b", "spec.selector: Invalid value: {\"app\":\"b: c\"}: field is immutable"),
      invalid("c", "[spec.x[0].y: Invalid value: 1: field is immutable, spec.z: Required value]"),
      invalid("d", "[spec.x[3].y: Invalid value: 2: field is immutable, spec.z: Required value]"),
      invalid("e", "spec.selector: Invalid value: 5: field is immutable"),
    ]
    let groups = FailureGroup.groups(of: entries)
    #expect(groups.map(\.count) == [3, 2])
    #expect(
      groups.map(\.subject) == [
        "deployments.apps, spec.selector", "deployments.apps, spec.x.y, spec.z",
      ]
    )
  }

  @Test func `a group's own hint stands before that of its cause`() {
    let entries = [
      failed(.modifier, "pods", "shop", "a", hint: "look at rule 2") { "rule 2: no '\($0)'" }
    ]
    #expect(FailureGroup.groups(of: entries).first?.hint == "look at rule 2")
  }

  @Test func `only what failed is grouped, and of equal groups the earlier one is first`() {
    let address = ObjectAddress(type: "pods", namespace: "shop", name: "fine")
    let entries = [
      RestoreEntry(source: address, target: address, verdict: .create),
      failed(.timeout, "pods", "shop", "a") { "cannot create '\($0)': too slow" },
      failed(.conflict, "pods", "shop", "b") { "cannot create '\($0)': changed" },
    ]
    #expect(FailureGroup.groups(of: entries).map(\.cause) == [.timeout, .conflict])
    #expect(FailureGroup.groups(of: [RestoreEntry]()).isEmpty)
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `groups have every failure once, and do not depend on names`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let messages = [
      "cannot create 'NAME': the widget is broken", "cannot create 'NAME': etcd says 12",
      "cannot create 'NAME' in 'NS': something else",
    ]
    var expected: [String: Int] = [:]
    let entries = (0..<Int.random(in: 1...60, using: &random)).map { number in
      let message = messages.randomElement(using: &random) ?? ""
      expected[message, default: 0] += 1
      let namespace = "ns-\(Int.random(in: 0...3, using: &random))"
      return failed(.serverError, "widgets.example.org", namespace, "w\(number)") { name in
        message.replacing("NAME", with: name).replacing("NS", with: namespace)
      }
    }
    let groups = FailureGroup.groups(of: entries.shuffled(using: &random))
    #expect(groups.map(\.count) == expected.values.sorted(by: >))
    #expect(groups.allSatisfy { $0.examples.count == min($0.count, FailureGroup.exampleLimit) })
  }
}
