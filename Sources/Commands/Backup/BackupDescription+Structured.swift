// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension BackupDescription {
  /// The description for programs, with Velero's keys, and binnacle's own facts under `binnacle`.
  ///
  /// Velero joins lists to texts and writes times in Go's form. Source:
  /// `pkg/cmd/util/output/backup_structured_describer.go`, Velero 1.18.
  var structured: JSONValue {
    var value: JSONValue = [
      "metadata": [
        "name": .string(record.name), "namespace": .string(record.namespace),
        "labels": map(record.labels), "annotations": map(record.annotations),
      ],
      "phase": .string(record.phase),
    ]
    let problems = record.texts("status", "validationErrors")
    if !problems.isEmpty {
      value["validationErrors"] = .array(problems.map { .string($0) })
    }
    if let policy = record.document[path: "spec", "resourcePolicy"] {
      value["resourcePolicies"] = [
        "type": policy["kind"] ?? "", "name": policy["name"] ?? "",
      ]
    }
    value["warnings"] = messages("warnings", record.warningCount)
    value["errors"] = messages("errors", record.errorCount)
    value["spec"] = spec
    value["status"] = status
    value["binnacle"] = ownFacts
    return value
  }

  private func map(_ entries: [MapEntry]) -> JSONValue {
    .object(JSONObject(entries.map { JSONObject.Member(key: $0.key, value: .string($0.value)) }))
  }

  /// The messages of one severity; nil when there are none.
  private func messages(_ key: String, _ count: Int) -> JSONValue? {
    guard count > 0 else { return nil }
    guard let result = results?[key] else {
      return [
        "count": .number(JSONNumber(count)),
        "error": "the results file is missing",
      ]
    }
    var value: JSONValue = [:]
    value["velero"] = result["velero"]
    value["cluster"] = result["cluster"]
    value["namespace"] = result["namespaces"]
    return value
  }

  private var spec: JSONValue {
    var resources: JSONValue = [:]
    if usesOldFilters {
      resources = [
        "included": .string(list("*", "spec", "includedResources")),
        "excluded": .string(list(Self.none, "spec", "excludedResources")),
        "clusterScoped": .string(
          choice("includeClusterResources", no: "excluded", yes: "included")
        ),
      ]
    } else {
      resources = [
        "includedClusterScoped": .string(
          list(Self.none, "spec", "includedClusterScopedResources")
        ),
        "excludedClusterScoped": .string(
          list(Self.none, "spec", "excludedClusterScopedResources")
        ),
        "includedNamespaceScoped": .string(
          list("*", "spec", "includedNamespaceScopedResources")
        ),
        "excludedNamespaceScoped": .string(
          list(Self.none, "spec", "excludedNamespaceScopedResources")
        ),
      ]
    }
    var spec: JSONValue = [
      "namespaces": [
        "included": .string(list("*", "spec", "includedNamespaces")),
        "excluded": .string(list(Self.none, "spec", "excludedNamespaces")),
      ],
      "resources": resources,
      "labelSelector": .string(
        LabelSelectorText.text(of: record.document[path: "spec", "labelSelector"])
      ),
      "storageLocation": .string(record.storageLocation),
      "veleroNativeSnapshotPVs": .string(choice("snapshotVolumes")),
      "veleroSnapshotMoveData": .string(choice("snapshotMoveData")),
      "TTL": .string(duration("ttl")),
      "CSISnapshotTimeout": .string(duration("csiSnapshotTimeout")),
    ]
    let mover = record.text("spec", "datamover") ?? ""
    spec["dataMover"] = .string(mover.isEmpty ? "velero" : mover)
    let hooks = record.document[path: "spec", "hooks", "resources"]?.array ?? []
    if !hooks.isEmpty { spec["hooks"] = ["resources": .array(hooks)] }
    spec["orderedResources"] = record.document[path: "spec", "orderedResources"]
    return spec
  }

  private var status: JSONValue {
    var status: JSONValue = [
      "backupFormatVersion": .string(record.text("status", "formatVersion") ?? ""),
      "started": .string(record.started?.goText ?? "<n/a>"),
      "completed": .string(record.completed?.goText ?? "<n/a>"),
      "expiration": .string(record.moment("status", "expiration")?.goText ?? "<nil>"),
    ]
    if let total = record.number("status", "progress", "totalItems") {
      let done = record.number("status", "progress", "itemsBackedUp") ?? 0
      let isRunning = record.phase == "InProgress"
      let totalKey = isRunning ? "estimatedTotalItemsToBeBackedUp" : "totalItemsToBeBackedUp"
      status[totalKey] = .number(JSONNumber(total))
      status[isRunning ? "itemsBackedUpSoFar" : "itemsBackedUp"] = .number(JSONNumber(done))
    }
    status["hooksAttempted"] = record.document[path: "status", "hookStatus", "hooksAttempted"]
    status["hooksFailed"] = record.document[path: "status", "hookStatus", "hooksFailed"]
    if withDetails { status["resourceList"] = resources ?? "<backup resource list not found>" }
    if !volumes.isEmpty { status["backupVolumes"] = .array(volumes) }
    return status
  }

  private var ownFacts: JSONValue {
    var facts: JSONValue = [:]
    if let archiveBytes { facts["archiveBytes"] = .number(JSONNumber(archiveBytes)) }
    if let consistency { facts["consistency"] = .string(consistency) }
    return facts
  }
}
