// SPDX-License-Identifier: Apache-2.0

internal import Primitives

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
    text.field("Name", record.name)
    text.field("Namespace", record.namespace)
    addMap("Labels", record.labels, &text)
    addMap("Annotations", record.annotations, &text)
    text.add()
    let failed = ["Failed", "PartiallyFailed"].contains(record.phase)
    let more =
      failed ? " (run `binnacle backup logs \(record.name)` for more information)" : ""
    text.field("Phase", record.phase + more)
    if let position = record.queuePosition { text.field("Queue position", "\(position)") }
    if let reason = record.text("status", "failureReason"), !reason.isEmpty {
      text.field("Failure reason", reason)
    }
    if let policy = record.text("spec", "resourcePolicy", "name") {
      text.add()
      text.heading("Resource policies")
      text.field("Type", record.text("spec", "resourcePolicy", "kind") ?? "", level: 1)
      text.field("Name", policy, level: 1)
    }
    if let parallel = record.number("spec", "uploaderConfig", "parallelFilesUpload"), parallel > 0 {
      text.add()
      text.heading("Uploader config")
      text.field("Parallel files upload", "\(parallel)", level: 1)
    }
    let problems = record.texts("status", "validationErrors")
    if !problems.isEmpty {
      text.add()
      text.heading("Validation errors")
      for problem in problems { text.add("\t\(problem)") }
    }
  }

  private func addMap(_ label: String, _ entries: [MapEntry], _ text: inout TabbedText) {
    let sorted = entries.sorted { $0.key < $1.key }
    text.field(label, sorted.first.map { "\($0.key)=\($0.value)" } ?? Self.none)
    for entry in sorted.dropFirst() { text.add("\t\(entry.key)=\(entry.value)") }
  }

  /// The warnings and errors, when there are any.
  private func addResults(_ text: inout TabbedText) {
    let counts = [("Warnings", record.warningCount), ("Errors", record.errorCount)]
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
    text.add()
    text.field("Backup Format Version", record.text("status", "formatVersion") ?? "")
    text.add()
    text.field("Started", record.started?.goText ?? "<n/a>")
    text.field("Completed", record.completed?.goText ?? "<n/a>")
    text.add()
    text.field("Expiration", record.moment("status", "expiration")?.goText ?? "<nil>")
    text.add()
    if let total = record.number("status", "progress", "totalItems") {
      let done = record.number("status", "progress", "itemsBackedUp") ?? 0
      let isRunning = record.phase == "InProgress"
      text.field(
        isRunning ? "Estimated total items to be backed up" : "Total items to be backed up",
        "\(total)"
      )
      text.field(isRunning ? "Items backed up so far" : "Items backed up", "\(done)")
      text.add()
    }
    addOperations(&text)
    if withDetails { addResources(&text) }
  }

  private func addOperations(_ text: inout TabbedText) {
    let attempted = record.number("status", "backupItemOperationsAttempted") ?? 0
    guard attempted > 0 else { return }
    let completed = record.number("status", "backupItemOperationsCompleted") ?? 0
    let failed = record.number("status", "backupItemOperationsFailed") ?? 0
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
    guard let attempted = record.number("status", "hookStatus", "hooksAttempted") else { return }
    text.add()
    text.field("HooksAttempted", "\(attempted)")
    text.field("HooksFailed", "\(record.number("status", "hookStatus", "hooksFailed") ?? 0)")
  }

  private func addOwnFacts(_ text: inout TabbedText) {
    text.add()
    text.field("Archive", archiveBytes.map { HumanText.bytes($0) } ?? "<none>")
    text.field("Consistency", consistency ?? "<not recorded>")
  }
}
