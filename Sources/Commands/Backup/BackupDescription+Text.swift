// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

extension BackupDescription {
  /// What stands for an empty list.
  static let none = TabbedText.none

  /// The description in Velero's layout, and binnacle's own facts below it.
  ///
  /// Source: `pkg/cmd/util/output/backup_describer.go`, Velero 1.18.
  var text: String {
    var text = TabbedText()
    addMetadata(&text)
    text.results(results, of: backup.status)
    addSpec(&text)
    addStatus(&text)
    addVolumes(&text)
    if backup.json[path: "status", "hookStatus"] != nil { text.hooks(of: backup.status) }
    addOwnFacts(&text)
    return text.text
  }

  private func addMetadata(_ text: inout TabbedText) {
    text.field("Name", backup.name)
    text.field("Namespace", backup.namespace)
    text.map("Labels", backup.labels)
    text.map("Annotations", backup.annotations)
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
    text.validationErrors(status.validationErrors)
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
    if status.itemOperationsAttempted > 0 {
      text.operations(operations, of: status, withDetails: withDetails)
      text.add()
    }
    if withDetails {
      text.resources(resources, of: "backup")
      text.add()
    }
  }

  private func addOwnFacts(_ text: inout TabbedText) {
    text.add()
    for (label, field) in [("Workloads", FilterField.workload), ("Helm Releases", .helmRelease)] {
      let own = roots.texts(field)
      if !own.isEmpty { text.field(label, RecordText.joined(own, Self.none)) }
    }
    text.field("Archive", archiveBytes.map { HumanText.bytes($0) } ?? "<none>")
    text.field("Consistency", consistency?.summary ?? "<not recorded>")
    guard withDetails, let departures = consistency?.departures, !departures.isEmpty else { return }
    text.heading("Read otherwise")
    for departure in departures { text.field(departure.resource, departure.reason, level: 1) }
  }
}
