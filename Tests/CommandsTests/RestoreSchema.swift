// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives

/// What `docs/restore.md` says of the JSON of `restore preview`.
enum RestoreSchema {
  private static let members: Set = [
    "restore", "backup", "source", "target", "isSound", "isCheckedByServer", "counts",
    "resources", "namespaces", "findings", "remarks", "issues", "objects",
  ]
  private static let actions = Set(RestoreAction.allCases.map(\.rawValue))

  /// What is wrong with a preview.
  static func flaws(_ value: JSONValue) -> [String] {
    let found = Set(value.object?.members.map(\.key) ?? [])
    var flaws = members.symmetricDifference(found).sorted()
    flaws += ["isSound", "isCheckedByServer"].filter { value[$0]?.bool == nil }
    if value[path: "restore", "kind"] != "Restore" { flaws.append("restore") }
    if value["backup"]?.string?.isEmpty != false { flaws.append("backup") }
    let objects = value["objects"]?.array ?? []
    for object in objects { flaws += self.flaws(ofObject: object) }
    var counted: [String: Int64] = [:]
    for object in objects { counted[object["action"]?.string ?? "", default: 0] += 1 }
    if counts(value["counts"]) != counted { flaws.append("counts") }
    var summed: [String: Int64] = [:]
    for row in value["resources"]?.array ?? [] {
      if row["resource"]?.string == nil { flaws.append("resource") }
      summed.merge(counts(row["counts"]), uniquingKeysWith: +)
    }
    if summed != counted { flaws.append("sums of the resources") }
    for finding in value["findings"]?.array ?? [] where !isFinding(finding) {
      flaws.append("finding \(finding.text())")
    }
    return flaws
  }

  private static func counts(_ value: JSONValue?) -> [String: Int64] {
    (value?.object?.dictionary ?? [:]).compactMapValues(\.int64)
  }

  private static func isFinding(_ finding: JSONValue) -> Bool {
    ["error", "warning", "note"].contains(finding["severity"]?.string)
      && finding["kind"]?.string != nil && finding["message"]?.string != nil
      && finding["subjects"]?.array != nil && finding["count"]?.int64 != nil
  }

  private static func flaws(ofObject value: JSONValue) -> [String] {
    let action = value["action"]?.string ?? ""
    var expected: Set = ["source", "target", "action"]
    switch action {
    case "skip-different", "update", "recreate": expected.insert("changes")
    case "leave": expected.insert("reason")
    case "fail": expected.formUnion(["cause", "message"])
    default: break
    }
    var found = Set(value.object?.members.map(\.key) ?? [])
    found.remove("hint")
    let names = ["source", "target"].allSatisfy {
      ObjectAddress(parsing: value[$0]?.string ?? "") != nil
    }
    let changes = (value["changes"]?.array ?? []).allSatisfy {
      $0["path"]?.string?.hasPrefix("/") == true && ($0["before"] != nil || $0["after"] != nil)
    }
    let isSound = expected == found && actions.contains(action) && names && changes
    return isSound ? [] : ["object \(value.text())"]
  }
}
