// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

extension BackupDescription {
  /// What stands for an empty list.
  static let none = "<none>"

  /// The description in Velero's layout, and binnacle's own facts below it.
  ///
  /// Source: `pkg/cmd/util/output/backup_describer.go`, Velero 1.18.
  var text: String {
    var text = TabbedText()
    addMetadata(&text)
    addResults(&text)
    addSpec(&text)
    addStatus(&text)
    addVolumes(&text)
    addHookStatus(&text)
    addOwnFacts(&text)
    return text.text
  }

  private func addMetadata(_ text: inout TabbedText) {
    text.field("Name", backup.name)
    text.field("Namespace", backup.namespace)
    addMap("Labels", backup.labels, &text)
    addMap("Annotations", backup.annotations, &text)
    text.add()
    let phase = backup.shownPhase
    let hasFailed = phase == BackupPhase.failed.text || phase == BackupPhase.partiallyFailed.text
    let more =
      hasFailed ? " (run `binnacle backup logs \(backup.name)` for more information)" : ""
    text.field("Phase", phase + more)
    let status = backup.status
    if status.queuePosition > 0 { text.field("Queue position", "\(status.queuePosition)") }
    if !status.failureReason.isEmpty { text.field("Failure reason", status.failureReason) }
    if !backup.spec.resourcePolicyName.isEmpty {
      text.add()
      text.heading("Resource policies")
      text.field(
        "Type",
        backup.json[path: "spec", "resourcePolicy", "kind"]?.string ?? "",
        level: 1
      )
      text.field("Name", backup.spec.resourcePolicyName, level: 1)
    }
    if backup.spec.parallelFilesUpload > 0 {
      text.add()
      text.heading("Uploader config")
      text.field("Parallel files upload", "\(backup.spec.parallelFilesUpload)", level: 1)
    }
    if !status.validationErrors.isEmpty {
      text.add()
      text.heading("Validation errors")
      for problem in status.validationErrors { text.add("\t\(problem)") }
    }
  }

  private func addMap(_ label: String, _ entries: [String: String], _ text: inout TabbedText) {
    let lines = entries.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    text.field(label, lines.first ?? Self.none)
    for line in lines.dropFirst() { text.add("\t\(line)") }
  }

  /// The warnings and errors, when there are any.
  private func addResults(_ text: inout TabbedText) {
    let counts = [("Warnings", backup.status.warnings), ("Errors", backup.status.errors)]
    for (label, count) in counts where count > 0 {
      text.add()
      text.heading(label)
      guard let result = results?[label.lowercased()] else {
        text.add("\t<the results file is missing; \(HumanText.count(count)) were counted>")
        continue
      }
      for (part, key) in [("Velero", "velero"), ("Cluster", "cluster")] {
        addMessages(part, result[key]?.array?.compactMap(\.string) ?? [], level: 1, &text)
      }
      let namespaces = result["namespaces"]?.object?.members ?? []
      if namespaces.isEmpty {
        text.field("Namespaces", Self.none, level: 1)
      } else {
        text.heading("Namespaces", level: 1)
        for member in namespaces {
          addMessages(member.key, member.value.array?.compactMap(\.string) ?? [], level: 2, &text)
        }
      }
    }
  }

  private func addMessages(
    _ label: String,
    _ messages: [String],
    level: Int,
    _ text: inout TabbedText
  ) {
    text.field(label, messages.first?.trimmed ?? Self.none, level: level)
    let indentation = String(repeating: "\t", count: level + 1)
    for message in messages.dropFirst() { text.add(indentation + message.trimmed) }
  }

  private func addStatus(_ text: inout TabbedText) {
    let status = backup.status
    text.add()
    text.field("Backup Format Version", status.formatVersion)
    text.add()
    text.field("Started", status.startTimestamp?.goText ?? "<n/a>")
    text.field("Completed", status.completionTimestamp?.goText ?? "<n/a>")
    text.add()
    text.field("Expiration", status.expiration?.goText ?? "<nil>")
    text.add()
    if let progress = status.progress {
      let isRunning = status.phase == .inProgress
      text.field(
        isRunning ? "Estimated total items to be backed up" : "Total items to be backed up",
        "\(progress.totalItems)"
      )
      text.field(
        isRunning ? "Items backed up so far" : "Items backed up",
        "\(progress.itemsBackedUp)"
      )
      text.add()
    }
    addOperations(&text)
    if withDetails { addResources(&text) }
  }

  private func addOperations(_ text: inout TabbedText) {
    let attempted = backup.status.itemOperationsAttempted
    guard attempted > 0 else { return }
    let completed = backup.status.itemOperationsCompleted
    let failed = backup.status.itemOperationsFailed
    let more = withDetails ? "" : " (specify --details for more information)"
    text.field(
      "Backup Item Operations",
      "\(completed) of \(attempted) completed successfully, \(failed) failed\(more)"
    )
    for operation in operations {
      let item = operation[path: "spec", "resourceIdentifier"]
      let place = [item?["Namespace"]?.string, item?["Name"]?.string]
        .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "/")
      text.heading("Operation for \(item?["Resource"]?.string ?? "") \(place)", level: 1)
      for (label, part, key) in Self.operationFields {
        if let value = operation[path: part, key]?.string, !value.isEmpty {
          text.field(label, value, level: 2)
        }
      }
    }
    text.add()
  }

  private static let operationFields = [
    ("Backup Item Action Plugin", "spec", "backupItemAction"),
    ("Operation ID", "spec", "operationID"), ("Phase", "status", "phase"),
    ("Operation Error", "status", "error"), ("Progress description", "status", "description"),
    ("Created", "status", "created"), ("Started", "status", "started"),
    ("Updated", "status", "updated"),
  ]

  private func addResources(_ text: inout TabbedText) {
    guard let members = resources?.object?.members else {
      text.field("Resource List", "<backup resource list not found>")
      text.add()
      return
    }
    text.heading("Resource List")
    for member in members.sorted(by: { $0.key < $1.key }) {
      text.heading(member.key, level: 1)
      for name in member.value.array?.compactMap(\.string) ?? [] { text.add("\t\t- \(name)") }
    }
    text.add()
  }

  private func addHookStatus(_ text: inout TabbedText) {
    guard backup.json[path: "status", "hookStatus"] != nil else { return }
    text.add()
    text.field("HooksAttempted", "\(backup.status.hooksAttempted)")
    text.field("HooksFailed", "\(backup.status.hooksFailed)")
  }

  private func addOwnFacts(_ text: inout TabbedText) {
    text.add()
    for (label, field) in [("Workloads", FilterField.workload), ("Helm Releases", .helmRelease)] {
      let own = roots.texts(field)
      if !own.isEmpty { text.field(label, joined(own, Self.none)) }
    }
    text.field("Archive", archiveBytes.map { HumanText.bytes($0) } ?? "<none>")
    text.field("Consistency", consistency?.summary ?? "<not recorded>")
    guard withDetails, let departures = consistency?.departures, !departures.isEmpty else { return }
    text.heading("Read otherwise")
    for departure in departures { text.field(departure.resource, departure.reason, level: 1) }
  }
}
