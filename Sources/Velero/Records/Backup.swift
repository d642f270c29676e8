// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// A Backup of velero.io: what was asked for and what came of it.
///
/// Source of the fields: Velero 1.18, `pkg/apis/velero/v1/backup_types.go`.
public struct Backup: VeleroObject {
  /// What the API calls such objects.
  public static let kind = "Backup"

  /// The whole object.
  public var json: JSONValue

  /// Takes an object as it is.
  public init(json: JSONValue) { self.json = json }

  /// Makes a backup without status.
  public init(name: String, namespace: String = "velero", spec: BackupSpec = BackupSpec()) {
    json = Self.json(name: name, namespace: namespace, spec: spec.json)
  }

  /// The object as Go writes it.
  public var ordered: JSONValue { ordered(.backup) }

  /// What was asked for.
  public var spec: BackupSpec {
    get { BackupSpec(json: json["spec"] ?? [:]) }
    set { json["spec"] = newValue.json }
  }

  /// What came of it.
  public var status: BackupStatus {
    get { BackupStatus(json: json["status"] ?? [:]) }
    set { json["status"] = newValue.json }
  }
}
