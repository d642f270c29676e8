// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing

struct DemoClusterTests {
  private let objects = DemoCluster.objects(now: .test)

  @Test func `the same moment gives the same objects, a later one the same but for the dates`() {
    let isSame = DemoCluster.objects(now: .test) == objects
    #expect(isSame)
    let later = DemoCluster.objects(now: Timestamp(seconds: Timestamp.test.seconds + 86_400))
    #expect(Set(later.map(identity)).symmetricDifference(objects.map(identity)).isEmpty)
    let changed = zip(later, objects).filter { $0 != $1 }
    #expect(changed.count == objects.count)
  }

  @Test func `the cluster holds what its table says, by namespace and kind`() {
    var counts: [String: [String: Int]] = [:]
    for object in objects {
      let namespace = text(object, "namespace") ?? "(cluster)"
      counts[namespace, default: [:]][kind(object), default: 0] += 1
    }
    var table = "\(objects.count) objects in \(counts.count - 1) namespaces\n"
    for (namespace, kinds) in counts.sorted(by: { $0.key < $1.key }) {
      table += "\n\(namespace): \(kinds.values.reduce(0, +))\n"
      for (kind, count) in kinds.sorted(by: { $0.key < $1.key }) {
        table += "  \(kind) \(count)\n"
      }
    }
    expectGolden(table, "demo-cluster.txt")
  }

  @Test func `no two objects have the same name or the same uid`() {
    #expect(Set(objects.map(identity)).count == objects.count)
    #expect(Set(objects.map { text($0, "uid") }).count == objects.count)
  }

  @Test func `every name, uid and date is well formed`() throws {
    let name = /[a-z0-9]([-a-z0-9.:]*[a-z0-9])?/
    let uid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}/
    for object in objects {
      #expect(text(object, "name")?.wholeMatch(of: name) != nil, "\(identity(object))")
      #expect((text(object, "name") ?? "").utf8.count <= 253)
      #expect(text(object, "uid")?.wholeMatch(of: uid) != nil)
      let created = text(object, "creationTimestamp").flatMap { Timestamp(rfc3339: $0) }
      #expect(try #require(created) < .test)
      #expect(object[path: "metadata", "resourceVersion"] == nil)
    }
  }

  @Test func `labels keep to their syntax`() {
    let value = /([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?/
    let key = /([a-z0-9.-]{1,253}\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?/
    for object in objects {
      for member in object[path: "metadata", "labels"]?.object?.members ?? [] {
        #expect(member.key.wholeMatch(of: key) != nil, "\(member.key)")
        #expect(member.value.string?.wholeMatch(of: value) != nil, "\(member.value)")
      }
    }
  }

  @Test func `among the objects is what real clusters have lying about`() {
    func pods(_ reason: String) -> Int {
      objects.filter { kind($0) == "Pod" && $0.text().contains(reason) }.count
    }
    #expect(pods("\"phase\":\"Pending\"") == 1)
    #expect(pods("CrashLoopBackOff") == 1)
    let deleted = objects.filter { text($0, "deletionTimestamp") != nil }
    #expect(deleted.map(kind) == ["Order", "Namespace", "Service"])
    let excluded = objects.filter {
      $0[path: "metadata", "labels", "velero.io/exclude-from-backup"] == "true"
    }
    #expect(
      excluded.map(kind) == [
        "Namespace", "PersistentVolumeClaim", "PersistentVolume", "ConfigMap",
      ]
    )
    #expect(objects.filter { $0[path: "metadata", "managedFields"] != nil }.count > 20)
  }

  @Test func `a Helm release can be read as Helm reads it`() throws {
    let secrets = objects.filter { $0["type"] == "helm.sh/release.v1" }
    #expect(secrets.count > 8)
    for secret in secrets {
      let outer = try #require(secret[path: "data", "release"]?.string.flatMap(Base64.decode))
      let inner = try #require(Base64.decode(String(decoding: outer, as: UTF8.self)))
      let release = try JSONValue(parsing: Gzip.decompress(inner, limit: 1 << 24))
      #expect(release["name"] == secret[path: "metadata", "labels", "name"])
      #expect(release["namespace"] == secret[path: "metadata", "namespace"])
      #expect(release[path: "info", "status"] == secret[path: "metadata", "labels", "status"])
      let manifest = try #require(release["manifest"]?.string)
      #expect(!manifest.isEmpty)
      #expect(throws: Never.self) { try YAMLDocument.all(in: Array(manifest.utf8)) }
    }
  }

  private func kind(_ object: JSONValue) -> String { object["kind"]?.string ?? "" }

  private func text(_ object: JSONValue, _ key: String) -> String? {
    object[path: "metadata", key]?.string
  }

  private func identity(_ object: JSONValue) -> String {
    "\(kind(object)) \(text(object, "namespace") ?? "")/\(text(object, "name") ?? "")"
  }
}
