// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// A Restore of velero.io: what was asked for and what came of it.
///
/// Source of the fields: Velero 1.18, `pkg/apis/velero/v1/restore_types.go`.
public struct Restore: VeleroObject {
  /// What the API calls such objects.
  public static let kind = "Restore"

  /// The whole object.
  public var json: JSONValue

  /// Takes an object as it is.
  public init(json: JSONValue) { self.json = json }

  /// Makes a restore without status.
  public init(name: String, namespace: String = "velero", spec: RestoreSpec = RestoreSpec()) {
    json = Self.json(name: name, namespace: namespace, spec: spec.json)
  }

  /// The object as Go writes it.
  public var ordered: JSONValue { ordered(.restore) }

  /// What was asked for.
  public var spec: RestoreSpec {
    get { RestoreSpec(json: json["spec"] ?? [:]) }
    set { json["spec"] = newValue.json }
  }

  /// What came of it.
  public var status: RestoreStatus {
    get { RestoreStatus(json: json["status"] ?? [:]) }
    set { json["status"] = newValue.json }
  }
}
