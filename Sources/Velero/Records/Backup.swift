// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// A Backup of velero.io: what was asked for and what came of it.
///
/// Source of the fields: Velero 1.18, `pkg/apis/velero/v1/backup_types.go`.
public struct Backup: JSONRecord {
  /// The group and version of all objects of this kind.
  public static let apiVersion = "velero.io/v1"
  /// Their kind.
  public static let kind = "Backup"

  /// The whole object.
  public var json: JSONValue

  /// Takes an object as it is.
  public init(json: JSONValue) { self.json = json }

  /// Makes a backup without status.
  public init(name: String, namespace: String = "velero", spec: BackupSpec = BackupSpec()) {
    json = [
      "kind": .string(Self.kind), "apiVersion": .string(Self.apiVersion),
      "metadata": ["name": .string(name), "namespace": .string(namespace)], "spec": spec.json,
    ]
  }

  /// Reads `velero-backup.json`.
  ///
  /// - Parameter bytes: The file.
  /// - Throws: `.corrupt` when it is no JSON, or no Backup of velero.io/v1 with a name.
  public init(parsing bytes: [UInt8]) throws(VeleroError) {
    do throws(JSONError) {
      json = try JSONValue(parsing: bytes)
    } catch {
      throw VeleroError(
        code: .corrupt,
        message: "cannot read the backup's record: \(error)",
        cause: error
      )
    }
    guard json["kind"]?.string == Self.kind, json["apiVersion"]?.string == Self.apiVersion else {
      throw VeleroError(
        code: .corrupt,
        message: "cannot read the backup's record: it is \(json["apiVersion"]?.text() ?? "no")"
          + " \(json["kind"]?.text() ?? "object"), not a Backup of \(Self.apiVersion)"
      )
    }
    guard !name.isEmpty else {
      throw VeleroError(code: .corrupt, message: "cannot read the backup's record: it has no name")
    }
  }

  /// The bytes of `velero-backup.json`, as Go's encoder writes them: two spaces a level, no newline at the end.
  public func encoded() -> [UInt8] {
    ordered.encoded(JSONFormat(indentation: 2, escapesHTML: true))
  }

  /// The object as Go writes it.
  public var ordered: JSONValue {
    var object = json
    object["kind"] = .string(Self.kind)
    object["apiVersion"] = .string(Self.apiVersion)
    return FieldOrder.backup.applied(to: object)
  }

  /// The name.
  public var name: String {
    get { metadata.text("name") ?? "" }
    set { metadata.set("name", newValue) }
  }

  /// The namespace of the server it belongs to.
  public var namespace: String {
    get { metadata.text("namespace") ?? "" }
    set { metadata.set("namespace", newValue) }
  }

  /// The identity that the API server gave it.
  public var uid: String {
    get { metadata.text("uid") ?? "" }
    set { metadata.set("uid", newValue) }
  }

  /// When it was created.
  public var creationTimestamp: Timestamp? {
    get { metadata.time("creationTimestamp") }
    set { metadata.set("creationTimestamp", newValue) }
  }

  /// The labels.
  public var labels: [String: String] {
    get { metadata.map("labels") }
    set { metadata.set("labels", newValue) }
  }

  /// The annotations.
  public var annotations: [String: String] {
    get { metadata.map("annotations") }
    set { metadata.set("annotations", newValue) }
  }

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

  private struct Metadata: JSONRecord {
    var json: JSONValue
  }

  private var metadata: Metadata {
    get { Metadata(json: json["metadata"] ?? [:]) }
    set { json["metadata"] = newValue.json }
  }
}
