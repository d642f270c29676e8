// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// An object of velero.io/v1 as the API's JSON has it.
public protocol VeleroObject: JSONRecord {
  /// What the API calls objects of this type.
  static var kind: String { get }
}

extension VeleroObject {
  /// The group and version of all these objects.
  public static var apiVersion: String { "velero.io/v1" }

  /// Reads an object's JSON, such as `velero-backup.json`.
  ///
  /// - Parameter bytes: The file.
  /// - Throws: `.corrupt` when it is no JSON, or no object of this kind with a name.
  public init(parsing bytes: [UInt8]) throws(VeleroError) {
    let what = "cannot read the \(Self.kind.lowercased())'s record"
    do throws(JSONError) {
      self.init(json: try JSONValue(parsing: bytes))
    } catch {
      throw VeleroError(code: .corrupt, message: "\(what): \(error)", cause: error)
    }
    guard json["kind"]?.string == Self.kind, json["apiVersion"]?.string == Self.apiVersion else {
      throw VeleroError(
        code: .corrupt,
        message: "\(what): it is \(json["apiVersion"]?.text() ?? "no")"
          + " \(json["kind"]?.text() ?? "object"), not a \(Self.kind) of \(Self.apiVersion)"
      )
    }
    guard !name.isEmpty else {
      throw VeleroError(code: .corrupt, message: "\(what): it has no name")
    }
  }

  /// The bytes of the object's file, as Go's encoder writes them: two spaces a level, no newline at the end.
  public func encoded() -> [UInt8] {
    ordered.encoded(JSONFormat(indentation: 2, escapesHTML: true))
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

  /// An object with these members at its top, in Go's order where that matters.
  static func json(name: String, namespace: String, spec: JSONValue) -> JSONValue {
    [
      "kind": .string(kind), "apiVersion": .string(apiVersion),
      "metadata": ["name": .string(name), "namespace": .string(namespace)], "spec": spec,
    ]
  }

  /// The object in an order, with its kind.
  func ordered(_ order: FieldOrder) -> JSONValue {
    var object = json
    object["kind"] = .string(Self.kind)
    object["apiVersion"] = .string(Self.apiVersion)
    return order.applied(to: object)
  }

  private var metadata: ObjectMetadata {
    get { ObjectMetadata(json: json["metadata"] ?? [:]) }
    set { json["metadata"] = newValue.json }
  }
}

private struct ObjectMetadata: JSONRecord {
  var json: JSONValue
}
