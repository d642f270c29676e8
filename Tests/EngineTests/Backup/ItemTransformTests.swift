// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

struct ItemTransformTests {
  private let claims = "persistentvolumeclaims"

  private func isNeeded(_ object: JSONValue, type: String? = nil) throws -> Bool {
    try JSONReader().read(object.encoded()) {
      ItemTransform.isNeeded($0, type: type ?? claims, backupName: "b1")
    }
  }

  private func claim(
    spec: JSONValue = [:],
    labels: JSONValue = [:],
    phase: JSONValue = "Bound"
  ) -> JSONValue {
    var object: JSONValue = [
      "metadata": ["name": "data", "labels": labels], "spec": spec, "status": ["phase": phase],
    ]
    object["spec"]?["volumeName"] = "pv-1"
    return object
  }

  @Test func `a plain bound claim goes out as it came`() throws {
    #expect(try !isNeeded(claim(spec: ["storageClassName": "fast"], labels: ["app": "db"])))
    #expect(try !isNeeded(claim(labels: ["velero.io/backup-name": "b1"])))
  }

  @Test func `an unbound claim and other types are never changed`() throws {
    let source: JSONValue = ["dataSource": ["name": "x"]]
    #expect(try !isNeeded(claim(spec: source, phase: "Pending")))
    #expect(try !isNeeded(claim(spec: source), type: "pods"))
  }

  @Test func `a bound claim loses what would look for another volume`() throws {
    let object = claim(
      spec: [
        "storageClassName": "fast", "dataSource": ["name": "x"], "dataSourceRef": ["name": "x"],
        "selector": ["matchLabels": ["a": "b"]],
      ],
      labels: ["velero.io/restore-name": "r", "velero.io/backup-name": "b0", "app": "db"]
    )
    #expect(try isNeeded(object))
    #expect(
      ItemTransform.apply(object, backupName: "b1")
        == claim(spec: ["storageClassName": "fast"], labels: ["app": "db"])
    )
  }

  @Test func `a claim of a static volume keeps its selector without Velero's labels`() throws {
    let object = claim(spec: [
      "storageClassName": "",
      "selector": ["matchLabels": ["a": "b", "velero.io/dynamic-pv-restore": "x"]],
    ])
    #expect(try isNeeded(object))
    #expect(
      ItemTransform.apply(object, backupName: "b1")
        == claim(spec: ["storageClassName": "", "selector": ["matchLabels": ["a": "b"]]])
    )
  }
}
