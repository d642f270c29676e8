// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

extension RestoreDescription {
  /// The description in Velero's layout, and binnacle's own facts below it.
  ///
  /// Source: `pkg/cmd/util/output/restore_describer.go`, Velero 1.18.
  var text: String {
    var text = TabbedText()
    if let record = restore.record {
      addRecord(record, &text)
    } else {
      addForeign(&text)
    }
    if withDetails {
      text.add()
      text.resources(resources, of: "restore")
    }
    addOptions(&text)
    addOutcome(&text)
    guard let outcome, !outcome.failed.isEmpty else { return text.text }
    let failures = FailureText(
      outcome.failed.map(\.entry),
      columns: SummaryText.defaultColumns
    )
    return text.text + "\nNot restored, by cause:\n" + failures.text
  }

  /// What the files say of a restore that Velero made.
  private func addForeign(_ text: inout TabbedText) {
    text.field("Name", restore.name)
    text.add()
    text.field("Phase", "Unknown (made by Velero; its record is in the cluster)")
    var status = RestoreStatus()
    status.errors = restore.errors ?? 0
    status.warnings = restore.warnings ?? 0
    text.results(results, of: status)
  }

  private func addRecord(_ record: Restore, _ text: inout TabbedText) {
    text.field("Name", record.name)
    text.field("Namespace", record.namespace)
    text.map("Labels", record.labels)
    text.map("Annotations", shownAnnotations(record))
    text.add()
    let phase = record.status.phase
    let more =
      phase == .failed || phase == .partiallyFailed
      ? " (run `binnacle restore logs \(record.name)` for more information)" : ""
    text.field("Phase", restore.status + more)
    addStatus(record.status, &text)
    text.validationErrors(record.status.validationErrors)
    text.results(results, of: record.status)
    text.add()
    text.field("Backup", record.spec.backupName)
    addFilter(record.spec, &text)
    addSettings(record, &text)
    if record.status.itemOperationsAttempted > 0 {
      text.add()
      text.operations(operations, of: record.status, withDetails: withDetails)
    }
    if record.json[path: "status", "hookStatus"] != nil { text.hooks(of: record.status) }
  }

  /// The annotations, without what is shown in words below.
  private func shownAnnotations(_ record: Restore) -> [String: String] {
    var annotations = record.annotations
    if options != nil { annotations[RestoreOptions.annotation] = nil }
    if let rules = annotations[RestoreOptions.modifiersAnnotation] {
      annotations[RestoreOptions.modifiersAnnotation] =
        "<\(HumanText.bytes(Int64(rules.utf8.count)))>"
    }
    return annotations
  }

  private func addStatus(_ status: RestoreStatus, _ text: inout TabbedText) {
    if !status.failureReason.isEmpty { text.field("Failure reason", status.failureReason) }
    if let progress = status.progress {
      let isRunning = status.phase == .inProgress
      text.field(
        isRunning ? "Estimated total items to be restored" : "Total items to be restored",
        "\(progress.totalItems)"
      )
      text.field(
        isRunning ? "Items restored so far" : "Items restored",
        "\(progress.itemsRestored)"
      )
    }
    text.add()
    text.field("Started", status.startTimestamp?.goText ?? "<n/a>")
    text.field("Completed", status.completionTimestamp?.goText ?? "<n/a>")
  }

  private func addFilter(_ spec: RestoreSpec, _ text: inout TabbedText) {
    let isAll = spec.includedNamespaces.isEmpty || spec.includedNamespaces == ["*"]
    text.add()
    text.heading("Namespaces")
    text.field(
      "Included",
      isAll
        ? "all namespaces found in the backup" : spec.includedNamespaces.joined(separator: ", "),
      level: 1
    )
    text.field("Excluded", RecordText.joined(spec.excludedNamespaces, TabbedText.none), level: 1)
    text.add()
    text.heading("Resources")
    text.field("Included", RecordText.joined(spec.includedResources, "*"), level: 1)
    text.field("Excluded", RecordText.joined(spec.excludedResources, TabbedText.none), level: 1)
    text.field(
      "Cluster-scoped",
      RecordText.choice(spec.includeClusterResources, no: "excluded", yes: "included"),
      level: 1
    )
    text.add()
    text.map("Namespace mappings", spec.namespaceMapping)
    text.add()
    text.field("Label selector", spec.labelSelector.shown)
    text.add()
    text.field("Or label selector", RecordText.either(spec.orLabelSelectors))
  }

  private func addSettings(_ record: Restore, _ text: inout TabbedText) {
    let spec = record.spec
    text.add()
    text.field("Restore PVs", RecordText.choice(spec.restorePVs))
    text.add()
    let policy = options?.recreates == true ? "recreate" : spec.existingResourcePolicy
    text.field("Existing Resource Policy", policy.isEmpty ? TabbedText.none : policy)
    text.field("ItemOperationTimeout", spec.itemOperationTimeout.description)
    text.add()
    text.field("Preserve Service NodePorts", RecordText.choice(spec.preserveNodePorts))
    if !spec.resourceModifierName.isEmpty {
      text.add()
      text.heading("Resource modifier")
      let kind = record.json[path: "spec", "resourceModifier", "kind"]?.string ?? ""
      text.field("Type", kind, level: 1)
      text.field("Name", spec.resourceModifierName, level: 1)
    }
    if spec.writeSparseFiles == true {
      text.add()
      text.heading("Uploader config")
      text.field("Write Sparse Files", "true", level: 1)
    }
  }

  /// What was asked for that Velero's spec has no fields for.
  private func addOptions(_ text: inout TabbedText) {
    guard let options, options != RestoreOptions() else { return }
    text.add()
    if !options.objects.isEmpty {
      text.field("Objects", options.objects.joined(separator: ", "))
      text.field("With Dependencies", "\(options.takesDependencies)")
    }
    if options.keepsOwners { text.field("Keep Owners", "true") }
    text.addMap("Storage class mappings", options.maps.storageClasses)
    text.addMap("Node selector mappings", options.maps.nodeLabels)
    let images = options.maps.images.map { "\($0.old)=\($0.new)" }
    if !images.isEmpty { text.field("Image mappings", images.joined(separator: ", ")) }
    if let order = options.order {
      let types = order.high + (order.low.isEmpty ? [] : ["-"] + order.low)
      text.field("Resource priorities", types.joined(separator: ", "))
    }
  }

  private func addOutcome(_ text: inout TabbedText) {
    if restore.place?.isLocal == true {
      text.add()
      text.field("Kept", "on this machine, since the store took no writes")
    }
    guard let outcome else { return }
    text.add()
    text.field("From", outcome.source.shownIdentity)
    text.field("Into", outcome.target.shown)
    text.field("Done", outcome.counts.text ?? "nothing")
    text.field("Namespaces created", RecordText.joined(outcome.namespaces, TabbedText.none))
    text.field("Restored in", HumanText.elapsed(outcome.restoredIn))
    guard !outcome.pending.isEmpty else { return }
    let count = HumanText.counted(outcome.pending.count, "object")
    guard withDetails else {
      return text.field("Not dealt with", "\(count) (specify --details for more information)")
    }
    text.field("Not dealt with", count)
    for object in outcome.pending { text.add("\t- \(object.text)") }
  }
}

extension TabbedText {
  /// Adds a map, unless it is empty.
  fileprivate mutating func addMap(_ label: String, _ map: [String: String]) {
    if !map.isEmpty { self.map(label, map) }
  }
}
