// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension BackupDescription {
  /// What the backup was asked to take and how.
  func addSpec(_ text: inout TabbedText) {
    text.add()
    text.heading("Namespaces")
    text.field("Included", list("*", "spec", "includedNamespaces"), level: 1)
    text.field("Excluded", list(Self.none, "spec", "excludedNamespaces"), level: 1)
    text.add()
    addResourceFilter(&text)
    text.add()
    text.field("Label selector", LabelSelectorText.text(of: record.document[path: "spec", "labelSelector"]))
    text.add()
    let selectors = record.document[path: "spec", "orLabelSelectors"]?.array ?? []
    let either = selectors.map { LabelSelectorText.text(of: $0) }.joined(separator: " or ")
    text.field("Or label selector", either.isEmpty ? Self.none : either)
    text.add()
    text.field("Storage Location", record.storageLocation)
    text.add()
    addVolumeSpec(&text)
    text.add()
    text.field("TTL", duration("ttl"))
    text.add()
    text.field("CSISnapshotTimeout", duration("csiSnapshotTimeout"))
    text.field("ItemOperationTimeout", duration("itemOperationTimeout"))
    text.add()
    addHooks(&text)
    let order = record.entries(record.document[path: "spec", "orderedResources"])
    if !order.isEmpty {
      text.add()
      text.heading("OrderedResources")
      for entry in order { text.add("\t\(entry.key): \(entry.value)") }
    }
  }

  /// Whether one of the fields of the old way to filter resources is set.
  var usesOldFilters: Bool {
    !record.texts("spec", "includedResources").isEmpty
      || !record.texts("spec", "excludedResources").isEmpty
      || record.truth("spec", "includeClusterResources") != nil
  }

  /// A list of the record as text.
  func list(_ whenEmpty: String, _ path: String...) -> String {
    let texts =
      path.reduce(Optional(record.document)) { $0?[$1] }?.array?.compactMap(\.string) ?? []
    return texts.isEmpty ? whenEmpty : texts.joined(separator: ", ")
  }

  /// A truth value of the spec as one of three texts.
  func choice(_ field: String, no: String = "false", yes: String = "true", unset: String = "auto")
    -> String
  {
    record.truth("spec", field).map { $0 ? yes : no } ?? unset
  }

  /// A length of time of the spec in Go's canonical text.
  func duration(_ field: String) -> String {
    let text = record.text("spec", field) ?? "0s"
    return GoDuration(text)?.description ?? text
  }

  private func addResourceFilter(_ text: inout TabbedText) {
    text.heading("Resources")
    if usesOldFilters {
      text.field("Included", list("*", "spec", "includedResources"), level: 1)
      text.field("Excluded", list(Self.none, "spec", "excludedResources"), level: 1)
      text.field(
        "Cluster-scoped",
        choice("includeClusterResources", no: "excluded", yes: "included"),
        level: 1
      )
      return
    }
    let lists = [
      ("Included cluster-scoped", Self.none, "includedClusterScopedResources"),
      ("Excluded cluster-scoped", Self.none, "excludedClusterScopedResources"),
      ("Included namespace-scoped", "*", "includedNamespaceScopedResources"),
      ("Excluded namespace-scoped", Self.none, "excludedNamespaceScopedResources"),
    ]
    for (label, empty, field) in lists { text.field(label, list(empty, "spec", field), level: 1) }
  }

  private func addVolumeSpec(_ text: inout TabbedText) {
    text.field("Velero-Native Snapshot PVs", choice("snapshotVolumes"))
    if record.truth("spec", "defaultVolumesToFsBackup") != nil {
      text.field("File System Backup (Default)", choice("defaultVolumesToFsBackup"))
    }
    text.field("Snapshot Move Data", choice("snapshotMoveData"))
    let mover = record.text("spec", "datamover") ?? ""
    text.field("Data Mover", mover.isEmpty ? "velero" : mover)
  }

  private func addHooks(_ text: inout TabbedText) {
    let hooks = record.document[path: "spec", "hooks", "resources"]?.array ?? []
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
      text.field("Label selector", LabelSelectorText.text(of: hook["labelSelector"]), level: 3)
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

  /// The texts of a list with something between them.
  static func joined(_ value: JSONValue?, _ whenEmpty: String, separator: String = ", ") -> String {
    let texts = value?.array?.compactMap(\.string) ?? []
    return texts.isEmpty ? whenEmpty : texts.joined(separator: separator)
  }
}
