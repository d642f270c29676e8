// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// An object of an archive as its JSON says it, found to agree with its path; valid as long as the view it is made of.
public struct ArchivedObject {
  /// The kind, such as `Deployment`.
  public let kind: UnsafeRawBufferPointer
  /// The API version, such as `apps/v1`.
  public let apiVersion: UnsafeRawBufferPointer
  /// The metadata.
  public let metadata: JSONView
  /// The status, if there is one.
  public let status: JSONView?

  /// Reads what an object says of itself.
  ///
  /// The version of its API is not compared with the directory: Velero changes that of definitions on their way into an
  /// archive. Source: Velero 1.18, `pkg/backup/actions/remap_crd_version_action.go`.
  ///
  /// - Parameters:
  ///   - view: The entry's document.
  ///   - path: The entry's path.
  /// - Throws: `.corrupt` when it is no object, names itself twice, or has another name, namespace or group.
  public init(_ view: JSONView, at path: ArchivePath) throws(VeleroError) {
    var fields = Fields()
    view.forEachMember { fields.take($0, $1) }
    fields.metadata?.forEachMember { fields.takeName($0, $1) }
    guard let metadata = fields.metadata, metadata.isObject,
      let kind = fields.kind?.utf8, !kind.isEmpty,
      let apiVersion = fields.apiVersion?.utf8, !apiVersion.isEmpty
    else { throw Self.unusable(path, "it has no kind, no apiVersion or no metadata") }
    // Of members that come twice readers take the one or the other.
    guard !fields.hasRepeats else {
      throw Self.unusable(
        path,
        "its kind, apiVersion, metadata, status, name or namespace comes twice"
      )
    }
    self.kind = kind
    self.apiVersion = apiVersion
    self.metadata = metadata
    status = fields.status
    try Self.compare("name", fields.name, path.name, path)
    try Self.compare("namespace", fields.namespace, path.namespace ?? "", path)
    let group =
      apiVersion.lastIndex(of: UInt8(ascii: "/")).map { apiVersion[..<$0] } ?? apiVersion[..<0]
    guard group.elementsEqual(path.group.utf8) else {
      throw Self.unusable(
        path,
        "its apiVersion is '\(VeleroError.shown(String(decoding: apiVersion, as: UTF8.self)))', "
          + "of another group than its path"
      )
    }
  }

  private static func compare(
    _ field: String,
    _ value: JSONView?,
    _ expected: String,
    _ path: ArchivePath
  ) throws(VeleroError) {
    if value == nil || value?.isNull == true, expected.isEmpty { return }
    guard let text = value?.utf8 else { throw unusable(path, "its JSON has no \(field)") }
    guard text.elementsEqual(expected.utf8) else {
      throw unusable(
        path,
        "the \(field) in its JSON is '\(VeleroError.shown(String(decoding: text, as: UTF8.self)))'"
      )
    }
  }

  private static func unusable(_ path: ArchivePath, _ reason: String) -> VeleroError {
    .unusable(entry: path.text, .corrupt, reason)
  }
}

/// The members that are looked for, each of which may come once.
private struct Fields {
  var kind: JSONView?
  var apiVersion: JSONView?
  var metadata: JSONView?
  var status: JSONView?
  var name: JSONView?
  var namespace: JSONView?
  var hasRepeats = false

  mutating func take(_ key: UnsafeRawBufferPointer, _ value: JSONView) {
    if key.isText("kind") {
      put(value, \.kind)
    } else if key.isText("apiVersion") {
      put(value, \.apiVersion)
    } else if key.isText("metadata") {
      put(value, \.metadata)
    } else if key.isText("status") {
      put(value, \.status)
    }
  }

  mutating func takeName(_ key: UnsafeRawBufferPointer, _ value: JSONView) {
    if key.isText("name") {
      put(value, \.name)
    } else if key.isText("namespace") {
      put(value, \.namespace)
    }
  }

  private mutating func put(_ value: JSONView, _ place: WritableKeyPath<Fields, JSONView?>) {
    if self[keyPath: place] != nil { hasRepeats = true }
    self[keyPath: place] = value
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the bytes are those of a literal.
  fileprivate func isText(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount
      && elementsEqual(
        UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
      )
  }
}
