// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// One object as it is stored: its bytes, and what selectors and preconditions ask for.
///
/// The bytes are `{"metadata":{…}` and the other members behind it, without `apiVersion` and `kind`: list items
/// of built-in types go out like that, and the others get the two in front.
final class StoredObject: Sendable {
  let bytes: [UInt8]
  /// The place after the last byte of the metadata's value, which starts at `metadataStart`.
  let metadataEnd: Int
  let namespace: String
  let name: String
  let labels: [Label]
  let uid: String
  let revision: Int64

  static let metadataStart = 12

  struct Label: Sendable {
    var key: String
    var value: String
  }

  /// Takes an object apart; `apiVersion` and `kind` are left out, the revision is put in.
  init(_ document: JSONValue, revision: Int64) {
    let metadata = document["metadata"] ?? [:]
    let ordered = ObjectMetadata.ordered(metadata, revision: revision)
    var bytes = Self.opening
    bytes.append(contentsOf: ordered.encoded(Self.format))
    metadataEnd = bytes.count
    for member in document.object?.members ?? []
    where !["apiVersion", "kind", "metadata"].contains(member.key) {
      bytes.append(UInt8(ascii: ","))
      bytes.append(contentsOf: JSONValue.string(member.key).encoded(Self.format))
      bytes.append(UInt8(ascii: ":"))
      bytes.append(contentsOf: member.value.encoded(Self.format))
    }
    bytes.append(UInt8(ascii: "}"))
    self.bytes = bytes
    (namespace, name, labels, uid) = Self.identity(metadata)
    self.revision = revision
  }

  /// Takes metadata and the encoded members that follow it, each with a comma in front.
  init(metadata: JSONValue, tail: [UInt8], revision: Int64) {
    let ordered = ObjectMetadata.ordered(metadata, revision: revision).encoded(Self.format)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.opening.count + ordered.count + tail.count + 1)
    bytes.append(contentsOf: Self.opening)
    bytes.append(contentsOf: ordered)
    metadataEnd = bytes.count
    bytes.append(contentsOf: tail)
    bytes.append(UInt8(ascii: "}"))
    self.bytes = bytes
    (namespace, name, labels, uid) = Self.identity(metadata)
    self.revision = revision
  }

  /// The same object at another revision, as the last event of a deleted object shows it.
  func stamped(_ revision: Int64) -> StoredObject {
    StoredObject(
      metadata: metadata,
      tail: Array(bytes[metadataEnd..<(bytes.count - 1)]),
      revision: revision
    )
  }

  /// The place in its table: namespace and name as in etcd's keys, so that tables sort as etcd does.
  var key: String { namespace.isEmpty ? name : namespace + "/" + name }

  /// The whole object without `apiVersion` and `kind`.
  var document: JSONValue { Self.parse(bytes[...]) }

  var metadata: JSONValue { Self.parse(bytes[Self.metadataStart..<metadataEnd]) }

  private static let opening = Array("{\"metadata\":".utf8)
  private static let format = JSONFormat(escapesHTML: true)

  private static func parse(_ bytes: ArraySlice<UInt8>) -> JSONValue {
    do {
      return try bytes.withUnsafeBytes { (bytes) throws(JSONError) in
        try JSONValue(parsing: bytes)
      }
    } catch {
      preconditionFailure("stored objects are JSON: \(error)")
    }
  }

  private static func identity(
    _ metadata: JSONValue
  ) -> (namespace: String, name: String, labels: [Label], uid: String) {
    (
      metadata["namespace"]?.string ?? "",
      metadata["name"]?.string ?? "",
      (metadata["labels"]?.object?.members ?? []).map {
        Label(key: $0.key, value: $0.value.string ?? "")
      },
      metadata["uid"]?.string ?? ""
    )
  }
}

/// The metadata of an object in the order in which Kubernetes writes it.
enum ObjectMetadata {
  private static let order = [
    "name", "generateName", "namespace", "uid", "resourceVersion", "generation",
    "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations",
    "ownerReferences", "finalizers", "managedFields",
  ]

  /// The metadata with `revision` as its resourceVersion, or without any where that is 0, as in dry runs.
  static func ordered(_ metadata: JSONValue, revision: Int64) -> JSONValue {
    var members: [JSONObject.Member] = []
    for key in order {
      if key == "resourceVersion" {
        guard revision > 0 else { continue }
        members.append(.init(key: key, value: .string(String(revision))))
      } else if let value = metadata[key], !isEmpty(value) {
        members.append(.init(key: key, value: value))
      }
    }
    return .object(JSONObject(members))
  }

  private static func isEmpty(_ value: JSONValue) -> Bool {
    switch value {
    case .null: true
    case .string(let text): text.isEmpty
    case .array(let elements): elements.isEmpty
    case .object(let object): object.isEmpty
    default: false
    }
  }
}
