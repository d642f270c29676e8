// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

/// What is read out of Helm's records.
struct HelmReleaseTests {
  private static func payload(_ release: JSONValue) -> [UInt8] {
    Array(Base64.encode(Gzip.compress(release.encoded())).utf8)
  }

  private static func reason(_ payload: [UInt8], limit: Int = 1 << 20) -> String? {
    do {
      _ = try HelmRelease(payload: payload, limit: limit)
      return nil
    } catch let error as HelmReleaseError {
      return error.reason
    } catch {
      return "\(error)"
    }
  }

  @Test func `a record names the objects of its manifest and its hooks`() throws {
    let release = try HelmRelease(
      payload: Self.payload([
        "name": "web",
        "manifest": """
        ---
        # Source: web/templates/service.yaml
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        --- # another
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: "web:reader"
          namespace: other
        ---
        # Source: web/templates/empty.yaml
        """,
        "hooks": [
          [
            "name": "init",
            "manifest": "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: init\n",
          ]
        ],
      ])
    )
    #expect(
      release.objects == [
        HelmObject(apiVersion: "v1", kind: "Service", name: "web"),
        HelmObject(
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "ClusterRole",
          namespace: "other",
          name: "web:reader"
        ),
        HelmObject(apiVersion: "batch/v1", kind: "Job", name: "init", isHook: true),
      ]
    )
    #expect(release.unreadableParts == 0)
  }

  @Test func `lists are opened, and a broken document does not hide the others`() {
    let manifest = HelmManifest(
      """
      apiVersion: v1
      kind: ConfigMapList
      items:
      - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
      - {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
      ---
      apiVersion: v1
      kind: [
      ---
      apiVersion: v1\r
      kind: Secret\r
      metadata:\r
        name: c\r
      data:
        text: |
          --- not a separator
      ---
      just: text
      """
    )
    #expect(manifest.objects.map(\.name) == ["a", "b", "c"])
    #expect(manifest.unreadableParts == 2)
  }

  @Test func `a record that cannot be read says why, and nothing of what is in it`() throws {
    let release: JSONValue = ["name": "web", "config": ["password": "hunter2"]]
    #expect(Self.reason(Array("%%%".utf8)) == "is not in base 64")
    #expect(Self.reason(Self.payload(release)) == "has no manifest")
    let packed = Gzip.compress(release.encoded())
    #expect(Self.reason(Array(Base64.encode(Array(packed.dropLast(9))).utf8)) == "is damaged")
    let text = Array(Base64.encode(Gzip.compress(Array("{\"password\":hunter2}".utf8))).utf8)
    #expect(Self.reason(text) == "is no JSON")
    #expect(Self.reason(Array(Base64.encode(Array("{\"manifest\":\"\"}".utf8)).utf8)) == nil)
  }

  /// Three megabytes of nothing but spaces come in a record of three kilobytes.
  @Test func `a record that unpacks to more than the limit is refused`() {
    let bomb: JSONValue = ["manifest": .string(String(repeating: " ", count: 3 << 20))]
    let payload = Self.payload(bomb)
    #expect(payload.count < 10_000)
    #expect(Self.reason(payload) == "is larger than 1 MiB when it is unpacked")
    #expect(Self.reason(payload, limit: 4 << 20) == nil)
  }

  @Test func `the newest deployed revision counts, and else the newest`() {
    func record(_ revision: Int, _ status: String) -> HelmRecord {
      HelmRecord(objectName: "v\(revision)", revision: revision, status: status)
    }
    let records = [
      record(9, "superseded"), record(10, "deployed"), record(11, "failed"), record(2, "deployed"),
    ]
    #expect(HelmRecord.current(records)?.revision == 10)
    #expect(HelmRecord.current(Array(records.suffix(2).dropLast()))?.revision == 11)
    #expect(HelmRecord.current([]) == nil)
  }
}
