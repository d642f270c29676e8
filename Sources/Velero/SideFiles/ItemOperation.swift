// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// An operation that a plugin runs on in the background: an element of `…-itemoperations.json.gz`.
///
/// Source: Velero 1.18, `pkg/itemoperation`.
public struct ItemOperation: JSONRecord {
  /// The whole object.
  public var json: JSONValue

  /// Takes an object as it is.
  public init(json: JSONValue) { self.json = json }

  /// The backup it belongs to; empty for one of a restore.
  public var backupName: String { json[path: "spec", "backupName"]?.string ?? "" }

  /// The restore it belongs to; empty for one of a backup.
  public var restoreName: String { json[path: "spec", "restoreName"]?.string ?? "" }

  /// The plugin's action.
  public var action: String {
    json[path: "spec", "backupItemAction"]?.string
      ?? json[path: "spec", "restoreItemAction"]?.string ?? ""
  }

  /// What the plugin calls the operation.
  public var operationID: String { json[path: "spec", "operationID"]?.string ?? "" }

  /// The object it is about.
  public var item: ResourceIdentifier? {
    json[path: "spec", "resourceIdentifier"].flatMap { ResourceIdentifier(json: $0) }
  }

  /// Objects that are read again when it has ended.
  public var postOperationItems: [ResourceIdentifier] {
    (json[path: "spec", "postOperationItems"]?.array ?? [])
      .compactMap { ResourceIdentifier(json: $0) }
  }

  /// New, InProgress, Completed or Failed.
  public var phase: String { json[path: "status", "phase"]?.string ?? "" }

  /// Why it failed; empty when it did not.
  public var error: String { json[path: "status", "error"]?.string ?? "" }

  /// How much is done, in units of the operation's own.
  public var completedUnits: Int64 { json[path: "status", "nCompleted"]?.int64 ?? 0 }

  /// How much there is to do.
  public var totalUnits: Int64 { json[path: "status", "nTotal"]?.int64 ?? 0 }
}

/// An object that an operation names.
public struct ResourceIdentifier: Sendable, Hashable {
  /// The group; empty for the core group.
  public var group: String
  /// The resource, without group.
  public var resource: String
  /// The namespace; empty for the cluster's own.
  public var namespace: String
  /// The name.
  public var name: String

  /// Makes a value.
  public init(group: String, resource: String, namespace: String, name: String) {
    self.group = group
    self.resource = resource
    self.namespace = namespace
    self.name = name
  }

  /// Reads an object, whose keys Velero writes with capitals; nil for other kinds of values.
  public init?(json: JSONValue) {
    guard json.object != nil else { return nil }
    self.init(
      group: json["Group"]?.string ?? "",
      resource: json["Resource"]?.string ?? "",
      namespace: json["Namespace"]?.string ?? "",
      name: json["Name"]?.string ?? ""
    )
  }

  /// The object as Velero writes it.
  public var json: JSONValue {
    [
      "Group": .string(group), "Resource": .string(resource), "Namespace": .string(namespace),
      "Name": .string(name),
    ]
  }
}
