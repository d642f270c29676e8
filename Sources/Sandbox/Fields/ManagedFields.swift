// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Who changes an object, and how.
struct FieldManager: Sendable {
  var name: String
  var isApply = false
  var apiVersion: String
  /// Empty for the object itself.
  var subresource = ""
  var time: Timestamp
}

/// The `managedFields` of an object.
struct ManagedFields: Sendable {
  struct Entry: Sendable {
    var manager: String
    var operation: String
    var apiVersion: String
    var time: String
    var fields: FieldSet
    var subresource: String

    func belongs(to other: FieldManager) -> Bool {
      manager == other.name && operation == (other.isApply ? "Apply" : "Update")
        && subresource == other.subresource && (other.isApply || apiVersion == other.apiVersion)
    }
  }

  var entries: [Entry]

  init(_ document: JSONValue?) {
    entries = (document?.array ?? []).compactMap { value in
      guard let fields = value["fieldsV1"] else { return nil }
      return Entry(
        manager: value["manager"]?.string ?? "",
        operation: value["operation"]?.string ?? "Update",
        apiVersion: value["apiVersion"]?.string ?? "",
        time: value["time"]?.string ?? "",
        fields: FieldSet(fields),
        subresource: value["subresource"]?.string ?? ""
      )
    }
  }

  /// The document, sorted by operation, time and manager as servers do.
  var document: JSONValue {
    .array(
      entries.sorted {
        ($0.operation, $0.time, $0.manager) < ($1.operation, $1.time, $1.manager)
      }.map { entry in
        var value: JSONValue = [
          "manager": .string(entry.manager), "operation": .string(entry.operation),
          "apiVersion": .string(entry.apiVersion), "time": .string(entry.time),
          "fieldsType": "FieldsV1", "fieldsV1": entry.fields.document,
        ]
        if !entry.subresource.isEmpty { value["subresource"] = .string(entry.subresource) }
        return value
      }
    )
  }

  /// Notes an update: the manager owns what it changed, and nobody owns what is gone.
  mutating func noteUpdate(
    from old: JSONValue,
    to new: JSONValue,
    by manager: FieldManager,
    schema: ListSchema
  ) {
    let comparison = FieldComparison(old, new, schema: schema)
    let changed = comparison.changed.withoutReset(
      manager.subresource,
      type: schema.type,
      version: schema.version
    )
    guard !changed.isEmpty || !comparison.removed.isEmpty else { return }
    for index in entries.indices {
      entries[index].fields = entries[index].fields.subtractingSubtrees(comparison.removed)
      if !entries[index].belongs(to: manager) {
        entries[index].fields = entries[index].fields.subtracting(changed)
      }
    }
    own(changed, manager)
  }

  /// Puts fields on a manager's account and stamps its entry.
  mutating func own(_ fields: FieldSet, _ manager: FieldManager) {
    if let place = entries.firstIndex(where: { $0.belongs(to: manager) }) {
      entries[place].fields = entries[place].fields.union(fields)
      entries[place].time = manager.time.description
    } else {
      entries.append(Self.entry(fields, manager))
    }
    entries.removeAll { $0.fields.isEmpty }
  }

  static func entry(_ fields: FieldSet, _ manager: FieldManager) -> Entry {
    Entry(
      manager: manager.name,
      operation: manager.isApply ? "Apply" : "Update",
      apiVersion: manager.apiVersion,
      time: manager.time.description,
      fields: fields,
      subresource: manager.subresource
    )
  }
}

extension FieldSet {
  /// Without the fields that a path does not write, of which newer servers keep no account.
  fileprivate func withoutReset(
    _ subresource: String,
    type: ResourceType,
    version: SandboxVersion
  ) -> FieldSet {
    guard version != .v1_20 else { return self }
    var rest = self
    if subresource == "status" {
      rest.children["f:spec"] = nil
    } else if type.hasStatusSubresource {
      rest.children["f:status"] = nil
    }
    return rest
  }
}

/// What an object of a type looks like before anything is written into it.
///
/// Structures that types hold by value are there from the start, so that nobody owns them themselves.
enum EmptyObject {
  static func document(_ type: ResourceType) -> JSONValue {
    guard !type.isCustom else { return ["metadata": [:]] }
    var object: JSONValue = ["metadata": [:], "spec": [:], "status": [:]]
    let template: JSONValue = ["metadata": [:], "spec": ["containers": .null]]
    switch type.name {
    case "pods": object["spec"] = ["containers": .null]
    case "deployments": object["spec"] = ["template": template, "strategy": [:]]
    case "daemonsets", "statefulsets":
      object["spec"] = ["template": template, "updateStrategy": [:]]
    case "replicasets", "jobs": object["spec"] = ["template": template]
    case "cronjobs":
      object["spec"] = ["jobTemplate": ["metadata": [:], "spec": ["template": template]]]
    case "persistentvolumeclaims": object["spec"] = ["resources": [:]]
    case "services", "ingresses": object["status"] = ["loadBalancer": [:]]
    case "events": object["source"] = [:]
    case "customresourcedefinitions":
      object["spec"] = ["names": [:], "versions": .null]
      object["status"] = [
        "conditions": .null, "acceptedNames": ["plural": "", "kind": ""], "storedVersions": .null,
      ]
    default: break
    }
    return object
  }
}
