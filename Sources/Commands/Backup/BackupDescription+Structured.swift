// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

extension BackupDescription {
  /// The description for programs, with Velero's keys, and binnacle's own facts under `binnacle`.
  ///
  /// Velero joins lists to texts and writes times in Go's form. Source:
  /// `pkg/cmd/util/output/backup_structured_describer.go`, Velero 1.18.
  var structured: JSONValue {
    var value: JSONValue = [
      "metadata": [
        "name": .string(backup.name), "namespace": .string(backup.namespace),
        "labels": map(backup.labels), "annotations": map(backup.annotations),
      ],
      "phase": .string(backup.shownPhase),
    ]
    let problems = backup.status.validationErrors
    if !problems.isEmpty {
      value["validationErrors"] = .array(problems.map { .string($0) })
    }
    if let policy = backup.json[path: "spec", "resourcePolicy"] {
      value["resourcePolicies"] = [
        "type": policy["kind"] ?? "", "name": policy["name"] ?? "",
      ]
    }
    value["warnings"] = messages("warnings", backup.status.warnings)
    value["errors"] = messages("errors", backup.status.errors)
    value["spec"] = spec
    value["status"] = status
    value["binnacle"] = ownFacts
    return value
  }

  private func map(_ entries: [String: String]) -> JSONValue {
    let sorted = entries.sorted { $0.key < $1.key }
    return .object(
      JSONObject(sorted.map { JSONObject.Member(key: $0.key, value: .string($0.value)) })
    )
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
        "included": .string(RecordText.joined(backup.spec.includedResources, "*")),
        "excluded": .string(RecordText.joined(backup.spec.excludedResources, Self.none)),
        "clusterScoped": .string(
          RecordText.choice(backup.spec.includeClusterResources, no: "excluded", yes: "included")
        ),
      ]
    } else {
      resources = [
        "includedClusterScoped": .string(
          RecordText.joined(backup.spec.includedClusterScopedResources, Self.none)
        ),
        "excludedClusterScoped": .string(
          RecordText.joined(backup.spec.excludedClusterScopedResources, Self.none)
        ),
        "includedNamespaceScoped": .string(
          RecordText.joined(backup.spec.includedNamespaceScopedResources, "*")
        ),
        "excludedNamespaceScoped": .string(
          RecordText.joined(backup.spec.excludedNamespaceScopedResources, Self.none)
        ),
      ]
    }
    var spec: JSONValue = [
      "namespaces": [
        "included": .string(RecordText.joined(backup.spec.includedNamespaces, "*")),
        "excluded": .string(RecordText.joined(backup.spec.excludedNamespaces, Self.none)),
      ],
      "resources": resources,
      "labelSelector": .string(
        backup.spec.labelSelector.shown
      ),
      "storageLocation": .string(backup.spec.storageLocation),
      "veleroNativeSnapshotPVs": .string(RecordText.choice(backup.spec.snapshotVolumes)),
      "veleroSnapshotMoveData": .string(RecordText.choice(backup.spec.snapshotMoveData)),
      "TTL": .string(backup.spec.ttl.description),
      "CSISnapshotTimeout": .string(backup.spec.csiSnapshotTimeout.description),
    ]
    let mover = backup.spec.dataMover
    spec["dataMover"] = .string(mover.isEmpty ? "velero" : mover)
    let hooks = backup.spec.hookResources
    if !hooks.isEmpty { spec["hooks"] = ["resources": .array(hooks)] }
    spec["orderedResources"] = backup.json[path: "spec", "orderedResources"]
    return spec
  }

  private var status: JSONValue {
    var status: JSONValue = [
      "backupFormatVersion": .string(backup.status.formatVersion),
      "started": .string(backup.status.startTimestamp?.goText ?? "<n/a>"),
      "completed": .string(backup.status.completionTimestamp?.goText ?? "<n/a>"),
      "expiration": .string(backup.status.expiration?.goText ?? "<nil>"),
    ]
    if let progress = backup.status.progress {
      let isRunning = backup.status.phase == .inProgress
      let totalKey = isRunning ? "estimatedTotalItemsToBeBackedUp" : "totalItemsToBeBackedUp"
      let doneKey = isRunning ? "itemsBackedUpSoFar" : "itemsBackedUp"
      status[totalKey] = .number(JSONNumber(progress.totalItems))
      status[doneKey] = .number(JSONNumber(progress.itemsBackedUp))
    }
    status["hooksAttempted"] = backup.json[path: "status", "hookStatus", "hooksAttempted"]
    status["hooksFailed"] = backup.json[path: "status", "hookStatus", "hooksFailed"]
    if withDetails { status["resourceList"] = resources ?? "<backup resource list not found>" }
    if !volumes.isEmpty { status["backupVolumes"] = .array(volumes) }
    return status
  }

  private var ownFacts: JSONValue {
    var facts: JSONValue = [:]
    if let archiveBytes { facts["archiveBytes"] = .number(JSONNumber(archiveBytes)) }
    facts["workloads"] = roots.json(.workload)
    facts["helmReleases"] = roots.json(.helmRelease)
    guard let consistency else { return facts }
    var window: JSONValue = ["summary": .string(consistency.summary)]
    window["revision"] = consistency.revision.map { .string($0) }
    window["departures"] = .array(
      consistency.departures.map { departure in
        var value: JSONValue = [
          "resource": .string(departure.resource), "reason": .string(departure.reason),
        ]
        value["revision"] = departure.revision.map { .string($0) }
        return value
      }
    )
    facts["consistency"] = window
    return facts
  }
}
