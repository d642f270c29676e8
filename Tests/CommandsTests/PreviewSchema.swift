// SPDX-License-Identifier: Apache-2.0

import Primitives

/// What `docs/preview.md` says of the JSON of `backup preview`.
enum PreviewSchema {
  private static let counts = ["taken", "leftOut"]
  private static let lists = [
    "namespaces", "resources", "reasons", "remarks", "gaps", "fieldsWithoutFlag",
  ]
  private static let codes: Set<String> = [
    "missingVerbs", "sameAs", "typeExcluded", "typeNotIncluded", "volumeSnapshot",
    "clusterResourcesOff", "clusterResourcesOnlyWhenNeeded", "namespaceExcluded",
    "namespaceLabelledOut", "namespaceNotIncluded", "labelsDoNotMatch", "labelledOut",
    "beingDeleted", "namespaceNotNeeded", "notPartOf",
  ]

  /// What is wrong with a preview.
  static func flaws(_ value: JSONValue) -> [String] {
    var flaws = counts.filter { (value[$0]?.int64 ?? -1) < 0 }
    flaws += ["isEmpty", "isExact"].filter { value[$0]?.bool == nil }
    flaws += lists.filter { value[$0]?.array == nil }
    if value["command"]?.string == nil { flaws.append("command") }
    if value["spec"]?.object == nil { flaws.append("spec") }
    let optional: Set = [
      "volumes", "earlierBackup", "objects", "workloads", "helmReleases", "translation",
    ]
    let known = optional.union(counts + lists + ["isEmpty", "isExact", "command", "spec"])
    flaws += value.object?.dictionary.keys.filter { !known.contains($0) } ?? ["no object"]
    for (list, name) in [("namespaces", "namespace"), ("resources", "resource")] {
      let rows = value[list]?.array ?? []
      for row in rows { flaws += self.flaws(ofRow: row, name) }
      for count in counts
      where rows.reduce(0, { $0 + ($1[count]?.int64 ?? 0) }) != value[count]?.int64 {
        flaws.append("the sum of \(count) in \(list)")
      }
      if rows.count(where: { $0[name] == nil }) > (list == "namespaces" ? 1 : 0) {
        flaws.append("rows of \(list) without a name")
      }
    }
    for reason in value["reasons"]?.array ?? [] {
      if !codes.contains(reason["code"]?.string ?? "") || reason["reason"]?.string == nil
        || (reason["leftOut"]?.int64 ?? 0) < 1
      {
        flaws.append("reason \(reason.text())")
      }
    }
    for remark in value["remarks"]?.array ?? [] {
      let isSevere = ["error", "warning", "note"].contains(remark["severity"]?.string)
      if !isSevere || remark["message"]?.string == nil { flaws.append("remark \(remark.text())") }
      if (remark["flag"] == nil) != (remark["part"] == nil) { flaws.append("part of a remark") }
    }
    for gap in value["gaps"]?.array ?? [] where !isGap(gap) { flaws.append("gap \(gap.text())") }
    for object in value["objects"]?.array ?? [] { flaws += self.flaws(ofObject: object) }
    return flaws
  }

  /// What is wrong with an answer to `--why`.
  static func flaws(ofAnswer value: JSONValue) -> [String] {
    var flaws = flaws(ofObject: value)
    guard let chain = value["chain"]?.array else { return flaws + ["chain"] }
    for link in chain { flaws += self.flaws(ofObject: link) }
    if ["in", "out"].contains(value["answer"]?.string) == chain.isEmpty { flaws.append("chain") }
    return flaws
  }

  private static func flaws(ofObject value: JSONValue) -> [String] {
    let texts = ["resource", "name", "answer", "reason"]
    let answers = ["in", "out", "unknown", "missing"]
    return texts.filter { value[$0]?.string?.isEmpty != false }.map { "\($0) of \(value.text())" }
      + (answers.contains(value["answer"]?.string ?? "") ? [] : ["answer of \(value.text())"])
      + (value["namespace"].map { $0.string?.isEmpty != false } == true ? ["namespace"] : [])
  }

  private static func flaws(ofRow row: JSONValue, _ name: String) -> [String] {
    let left = row["leftOutBy"]?.object?.dictionary ?? [:]
    let isSound =
      row["taken"]?.int64 != nil && left.keys.allSatisfy(codes.contains)
      && left.values.reduce(0) { $0 + ($1.int64 ?? 0) } == row["leftOut"]?.int64
      && row[name]?.string?.isEmpty != true
    return isSound ? [] : ["row \(row.text())"]
  }

  private static func isGap(_ gap: JSONValue) -> Bool {
    ["objects", "relations", "members", "group", "namespaces"].contains(gap["subject"]?.string)
      && gap["resource"]?.string != nil && gap["reason"]?.string != nil
      && gap["namespaces"].map { $0.array?.isEmpty == false } != false
  }
}

/// Flags of `backup create` as somebody might put them together.
enum RandomFlags {
  /// Makes flags; some of them contradict each other.
  static func make(_ random: inout SplitMix64) -> [String] {
    var flags: [String] = []
    func some(_ chance: Double) -> Bool { Double.random(in: 0..<1, using: &random) < chance }
    func pick(_ values: [String]) -> String {
      values[Int.random(in: 0..<values.count, using: &random)]
    }
    func list(_ values: [String]) -> String {
      let count = Int.random(in: 1...3, using: &random)
      return Set((0..<count).map { _ in pick(values) }).sorted().joined(separator: ",")
    }
    let namespaces = ["shop", "pay*", "data", "team-[0-9]", "a?b"]
    let types = ["pods", "secrets", "deployments.apps", "*.example.com", "events"]
    if some(0.5) { flags += ["--include-namespaces", list(namespaces)] }
    if some(0.2) { flags += ["--exclude-namespaces", list(["kube-system", "x-*"])] }
    if some(0.5) {
      if some(0.5) { flags += ["--include-resources", list(types)] }
      if some(0.3) { flags += ["--exclude-resources", list(["configmaps", "leases"])] }
      if some(0.4) { flags.append("--include-cluster-resources=\(some(0.5))") }
    } else {
      if some(0.4) { flags += ["--include-cluster-scoped-resources", pick(["*", "nodes"])] }
      if some(0.3) { flags += ["--exclude-cluster-scoped-resources", "clusterroles"] }
      if some(0.4) { flags += ["--include-namespace-scoped-resources", list(types)] }
      if some(0.3) { flags += ["--exclude-namespace-scoped-resources", "leases"] }
    }
    let selectors = ["a=b", "tier in (x,y)", "!old", "app.kubernetes.io/name", "a!=b,c notin (d)"]
    if some(0.3) { flags += ["--selector", pick(selectors)] }
    if some(0.2) { flags += ["--or-selector", "\(pick(selectors)) or \(pick(selectors))"] }
    if some(0.2) { flags += ["--ordered-resources", "pods=shop/a,shop/b;persistentvolumes=v"] }
    if some(0.3) { flags += ["--ttl", pick(["1h", "36h", "90m30s"])] }
    if some(0.2) { flags += ["--labels", "a=b,c=d"] }
    if some(0.3) { flags += ["--annotations", #""note=it's ""a"", b",x=$HOME \ y"#] }
    if some(0.2) { flags.append("--snapshot-volumes=\(some(0.5))") }
    if some(0.2) { flags.append("--default-volumes-to-fs-backup=false") }
    if some(0.2) { flags += ["--parallel-files-upload", "4", "--csi-snapshot-timeout", "1m"] }
    return flags
  }
}
