// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Velero

extension BackupDescription {
  /// What the backup was asked to take and how.
  func addSpec(_ text: inout TabbedText) {
    text.add()
    text.heading("Namespaces")
    text.field("Included", RecordText.joined(backup.spec.includedNamespaces, "*"), level: 1)
    text.field("Excluded", RecordText.joined(backup.spec.excludedNamespaces, Self.none), level: 1)
    text.add()
    addResourceFilter(&text)
    text.add()
    text.field("Label selector", backup.spec.labelSelector.shown)
    text.add()
    text.field("Or label selector", either)
    text.add()
    text.field("Storage Location", backup.spec.storageLocation)
    text.add()
    addVolumeSpec(&text)
    text.add()
    text.field("TTL", backup.spec.ttl.description)
    text.add()
    text.field("CSISnapshotTimeout", backup.spec.csiSnapshotTimeout.description)
    text.field("ItemOperationTimeout", backup.spec.itemOperationTimeout.description)
    text.add()
    addHooks(&text)
    let order = backup.spec.orderedResources
    if !order.isEmpty {
      text.add()
      text.heading("OrderedResources")
      for entry in order.sorted(by: { $0.key < $1.key }) {
        text.add("\t\(entry.key): \(entry.value)")
      }
    }
  }

  /// The or-selectors as one text.
  var either: String { RecordText.either(backup.spec.orLabelSelectors) }

  /// Whether one of the fields of the old way to filter resources is set.
  var usesOldFilters: Bool {
    !backup.spec.includedResources.isEmpty || !backup.spec.excludedResources.isEmpty
      || backup.spec.includeClusterResources != nil
  }

  private func addResourceFilter(_ text: inout TabbedText) {
    text.heading("Resources")
    if usesOldFilters {
      text.field("Included", RecordText.joined(backup.spec.includedResources, "*"), level: 1)
      text.field("Excluded", RecordText.joined(backup.spec.excludedResources, Self.none), level: 1)
      text.field(
        "Cluster-scoped",
        RecordText.choice(backup.spec.includeClusterResources, no: "excluded", yes: "included"),
        level: 1
      )
      return
    }
    let spec = backup.spec
    let lists = [
      (
        "Included cluster-scoped", RecordText.joined(spec.includedClusterScopedResources, Self.none)
      ),
      (
        "Excluded cluster-scoped", RecordText.joined(spec.excludedClusterScopedResources, Self.none)
      ),
      ("Included namespace-scoped", RecordText.joined(spec.includedNamespaceScopedResources, "*")),
      (
        "Excluded namespace-scoped",
        RecordText.joined(spec.excludedNamespaceScopedResources, Self.none)
      ),
    ]
    for (label, list) in lists { text.field(label, list, level: 1) }
  }

  private func addVolumeSpec(_ text: inout TabbedText) {
    text.field("Velero-Native Snapshot PVs", RecordText.choice(backup.spec.snapshotVolumes))
    if backup.spec.defaultVolumesToFsBackup != nil {
      text.field(
        "File System Backup (Default)",
        RecordText.choice(backup.spec.defaultVolumesToFsBackup)
      )
    }
    text.field("Snapshot Move Data", RecordText.choice(backup.spec.snapshotMoveData))
    let mover = backup.spec.dataMover
    text.field("Data Mover", mover.isEmpty ? "velero" : mover)
  }

  private func addHooks(_ text: inout TabbedText) {
    let hooks = backup.spec.hookResources
    guard !hooks.isEmpty else { return text.field("Hooks", Self.none) }
    text.heading("Hooks")
    text.heading("Resources", level: 1)
    for hook in hooks {
      text.heading(hook["name"]?.string ?? "", level: 2)
      for (label, key) in [("Namespaces", "Namespaces"), ("Resources", "Resources")] {
        text.heading(label, level: 3)
        text.field("Included", Self.joined(hook["included" + key], "*"), level: 4)
        text.field("Excluded", Self.joined(hook["excluded" + key], Self.none), level: 4)
        text.add()
      }
      text.field("Label selector", Self.selector(hook).shown, level: 3)
      for (label, key) in [("Pre Exec Hook", "pre"), ("Post Exec Hook", "post")] {
        for exec in hook[key]?.array?.compactMap({ $0["exec"] }) ?? [] {
          text.add()
          text.heading(label, level: 3)
          text.field("Container", exec["container"]?.string ?? "", level: 4)
          text.field("Command", Self.joined(exec["command"], "", separator: " "), level: 4)
          text.field("On Error", exec["onError"]?.string ?? "", level: 4)
          text.field("Timeout", exec["timeout"]?.string ?? "0s", level: 4)
        }
      }
    }
  }

  /// The selector of a hook; one that makes no sense shows as none.
  private static func selector(_ hook: JSONValue) -> LabelSelector? {
    hook["labelSelector"].flatMap { $0.isNull ? nil : try? LabelSelector(json: $0) }
  }

  /// The texts of a list with something between them.
  static func joined(_ value: JSONValue?, _ whenEmpty: String, separator: String = ", ") -> String {
    let texts = value?.array?.compactMap(\.string) ?? []
    return texts.isEmpty ? whenEmpty : texts.joined(separator: separator)
  }
}
