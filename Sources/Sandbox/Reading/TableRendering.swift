// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// One column of the tables that command line clients print.
struct TableColumn: Sendable {
  var name: String
  var type = "string"
  var format = ""
  var description = ""
  var priority = 0
  var cell: @Sendable (StoredObject, JSONValue) -> JSONValue
}

/// Renders lists as tables.
///
/// Source: "Receiving resources as Tables" in the API concepts; the first and the last column as recorded.
struct TableRendering {
  var type: ResourceType
  var options: SandboxOptions
  /// How much of each object a row carries: `Metadata`, `Object` or `None`.
  var includedObject = ""

  func document(_ page: ObjectPage) -> JSONValue {
    let columns = columns
    let rows = page.objects.map { object -> JSONValue in
      let document = object.document
      var row: JSONValue = ["cells": .array(columns.map { $0.cell(object, document) })]
      if includedObject != "None" { row["object"] = shown(object, document) }
      return row
    }
    return [
      "kind": "Table", "apiVersion": "meta.k8s.io/v1",
      "metadata": ObjectRendering.listMetadata(
        page,
        isPartial: false,
        isCustom: false,
        options.version
      ),
      "columnDefinitions": .array(columns.map(Self.definition)), "rows": .array(rows),
    ]
  }

  private func shown(_ object: StoredObject, _ document: JSONValue) -> JSONValue {
    guard includedObject == "Object" else {
      return [
        "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
        "metadata": object.metadata,
      ]
    }
    var whole: JSONValue = ["kind": .string(type.kind), "apiVersion": .string(type.apiVersion)]
    for member in document.object?.members ?? [] { whole[member.key] = member.value }
    return whole
  }

  private static func definition(_ column: TableColumn) -> JSONValue {
    [
      "name": .string(column.name), "type": .string(column.type), "format": .string(column.format),
      "description": .string(column.description), "priority": .number(JSONNumber(column.priority)),
    ]
  }

  private var columns: [TableColumn] {
    let name = TableColumn(name: "Name", format: "name", description: nameDescription) {
      object,
      _ in
      .string(object.name)
    }
    let now = options.clock.now()
    let age = TableColumn(name: "Age", description: Self.ageDescription) { _, document in
      .string(Self.age(document, now))
    }
    let custom = (type.custom?.printerColumns ?? []).map(customColumn)
    if type.isCustom {
      // Definitions that have columns leave the age out unless they ask for it.
      return custom.isEmpty ? [name, age] : [name] + custom
    }
    return [name] + (TableColumns.specific[type.table] ?? []) + [age]
  }

  private func customColumn(_ definition: JSONValue) -> TableColumn {
    let steps = (definition["jsonPath"]?.string ?? "").split(separator: ".").map(String.init)
    let type = definition["type"]?.string ?? "string"
    let now = options.clock.now()
    return TableColumn(
      name: definition["name"]?.string ?? "",
      type: type,
      format: definition["format"]?.string ?? "",
      description: definition["description"]?.string ?? "",
      priority: Int(definition["priority"]?.int64 ?? 0)
    ) { _, document in
      let value = steps.reduce(document) { $0[$1] ?? .null }
      guard type == "date", let text = value.string else { return value }
      return .string(Self.elapsed(since: text, now))
    }
  }

  static func age(_ document: JSONValue, _ now: Timestamp) -> String {
    elapsed(since: document[path: "metadata", "creationTimestamp"]?.string ?? "", now)
  }

  /// The time since a moment in the two biggest units that say something.
  static func elapsed(since text: String, _ now: Timestamp) -> String {
    guard let then = Timestamp(rfc3339: text) else { return "<unknown>" }
    let seconds = max(0, now.seconds - then.seconds)
    let minutes = seconds / 60
    let hours = minutes / 60
    let days = hours / 24
    switch seconds {
    case ..<120: return "\(seconds)s"
    case ..<600: return seconds % 60 == 0 ? "\(minutes)m" : "\(minutes)m\(seconds % 60)s"
    case ..<10_800: return "\(minutes)m"
    case ..<28_800: return minutes % 60 == 0 ? "\(hours)h" : "\(hours)h\(minutes % 60)m"
    case ..<172_800: return "\(hours)h"
    case ..<691_200: return hours % 24 == 0 ? "\(days)d" : "\(days)d\(hours % 24)h"
    default: return "\(days)d"
    }
  }

  private var nameDescription: String {
    let link =
      options.version == .v1_20
      ? "http://kubernetes.io/docs/user-guide/identifiers#names"
      : "https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names"
    return
      "Name must be unique within a namespace. Is required when creating resources, although some resources"
      + " may allow a client to request the generation of an appropriate name automatically. Name is primarily"
      + " intended for creation idempotence and configuration definition. Cannot be updated. More info: \(link)"
  }

  private static let ageDescription =
    "CreationTimestamp is a timestamp representing the server time when this object was created. It is not"
    + " guaranteed to be set in happens-before order across separate operations. Clients may not set this"
    + " value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for"
    + " lists. More info:"
    + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"
}

/// The columns of built-in types between name and age.
enum TableColumns {
  static let specific: [String: [TableColumn]] = [
    "configmaps.": [data(configMapDescription)],
    "secrets.": [text("Type", "type"), data("")],
    "namespaces.": [text("Status", "status", "phase")],
    "persistentvolumes.": [
      text("Capacity", "spec", "capacity", "storage"),
      text("Reclaim Policy", "spec", "persistentVolumeReclaimPolicy"),
      text("Status", "status", "phase"),
      TableColumn(name: "Claim") { _, object in
        guard let claim = object[path: "spec", "claimRef"] else { return "" }
        return .string("\(claim["namespace"]?.string ?? "")/\(claim["name"]?.string ?? "")")
      },
      text("StorageClass", "spec", "storageClassName"),
    ],
    "persistentvolumeclaims.": [
      text("Status", "status", "phase"), text("Volume", "spec", "volumeName"),
      text("Capacity", "status", "capacity", "storage"),
      text("StorageClass", "spec", "storageClassName"),
    ],
    "pods.": [
      TableColumn(name: "Ready") { _, object in .string(ready(object)) },
      text("Status", "status", "phase"),
      TableColumn(name: "Restarts", type: "integer") { _, object in
        let statuses = object[path: "status", "containerStatuses"]?.array ?? []
        return .number(JSONNumber(statuses.reduce(0) { $0 + ($1["restartCount"]?.int64 ?? 0) }))
      },
    ],
    "services.": [
      text("Type", "spec", "type"), text("Cluster-IP", "spec", "clusterIP"),
      TableColumn(name: "External-IP") { _, _ in "<none>" },
      TableColumn(name: "Port(s)") { _, object in .string(ports(object)) },
    ],
    "deployments.apps": [
      fraction("Ready", ["status", "readyReplicas"], ["spec", "replicas"]),
      number("Up-to-date", "status", "updatedReplicas"),
      number("Available", "status", "availableReplicas"),
    ],
    "statefulsets.apps": [fraction("Ready", ["status", "readyReplicas"], ["spec", "replicas"])],
    "daemonsets.apps": [
      number("Desired", "status", "desiredNumberScheduled"),
      number("Current", "status", "currentNumberScheduled"),
      number("Ready", "status", "numberReady"),
    ],
    "replicasets.apps": [
      number("Desired", "spec", "replicas"), number("Current", "status", "replicas"),
      number("Ready", "status", "readyReplicas"),
    ],
    "jobs.batch": [fraction("Completions", ["status", "succeeded"], ["spec", "completions"])],
    "cronjobs.batch": [text("Schedule", "spec", "schedule"), text("Suspend", "spec", "suspend")],
    "ingresses.networking.k8s.io": [text("Class", "spec", "ingressClassName")],
    "storageclasses.storage.k8s.io": [
      text("Provisioner", "provisioner"), text("ReclaimPolicy", "reclaimPolicy"),
      text("VolumeBindingMode", "volumeBindingMode"),
    ],
    "customresourcedefinitions.apiextensions.k8s.io": [
      TableColumn(name: "Created At") { _, object in
        object[path: "metadata", "creationTimestamp"] ?? ""
      }
    ],
    "events.": [
      text("Type", "type"), text("Reason", "reason"),
      TableColumn(name: "Object") { _, object in
        let kind = object[path: "involvedObject", "kind"]?.string ?? ""
        return .string(
          "\(kind.lowercased())/\(object[path: "involvedObject", "name"]?.string ?? "")"
        )
      },
      text("Message", "message"),
    ],
  ]

  private static let configMapDescription =
    "Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'."
    + " Values with non-UTF-8 byte sequences must use the BinaryData field. The keys stored in Data must not"
    + " overlap with the keys in the BinaryData field, this is enforced during validation process."

  private static func data(_ description: String) -> TableColumn {
    TableColumn(name: "Data", description: description) { _, object in
      let count = (object["data"]?.object?.count ?? 0) + (object["binaryData"]?.object?.count ?? 0)
      return .number(JSONNumber(count))
    }
  }

  private static func value(_ object: JSONValue, _ path: [String]) -> JSONValue? {
    path.reduce(Optional(object)) { $0?[$1] }
  }

  private static func text(_ name: String, _ path: String...) -> TableColumn {
    TableColumn(name: name) { _, object in value(object, path) ?? "" }
  }

  private static func number(_ name: String, _ path: String...) -> TableColumn {
    TableColumn(name: name, type: "integer") { _, object in value(object, path) ?? 0 }
  }

  private static func fraction(_ name: String, _ part: [String], _ whole: [String]) -> TableColumn {
    TableColumn(name: name) { _, object in
      .string("\(value(object, part)?.int64 ?? 0)/\(value(object, whole)?.int64 ?? 0)")
    }
  }

  private static func ready(_ pod: JSONValue) -> String {
    let statuses = pod[path: "status", "containerStatuses"]?.array ?? []
    let count = pod[path: "spec", "containers"]?.array?.count ?? 0
    return "\(statuses.filter { $0["ready"]?.bool == true }.count)/\(count)"
  }

  private static func ports(_ service: JSONValue) -> String {
    let ports = (service[path: "spec", "ports"]?.array ?? []).map { port in
      let node = port["nodePort"]?.int64.map { ":\($0)" } ?? ""
      return "\(port["port"]?.int64 ?? 0)\(node)/\(port["protocol"]?.string ?? "TCP")"
    }
    return ports.isEmpty ? "<none>" : ports.joined(separator: ",")
  }
}
