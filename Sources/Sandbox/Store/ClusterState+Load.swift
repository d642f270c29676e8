// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// An object that cannot be loaded.
public struct SandboxError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: Sendable, Hashable {
    /// An object of a list that was loaded is none, or its kind is not served.
    case invalidObject
    /// The server cannot listen.
    case cannotListen
  }

  /// What kind of failure it is.
  public var code: Code
  /// What failed, on which object, and why.
  public var message: String
  /// What the reader can do; nil where nothing helps.
  public var hint: String?

  /// Makes an error.
  public init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// The message with its hint.
  public var description: String { hint.map { "\(message): \($0)" } ?? message }
}

extension SandboxCluster {
  /// Puts objects into the cluster as they are, in the place of those with the same name.
  ///
  /// Nothing is checked, filled in or refused, but for what every object has: a missing uid, creation time,
  /// and generation are given, and each object gets a revision of its own. Definitions are served at once.
  /// Namespaces are not made for the objects in them.
  ///
  /// - Throws: `.invalidObject` for the first object without name or with a kind that is not served; those
  ///   before it are in the cluster.
  public func load(_ objects: [JSONValue]) throws(SandboxError) {
    defer { signal.raise() }
    try read { (state) throws(SandboxError) in
      for object in objects { try state.load(object) }
    }
  }

  /// Puts objects into the cluster as they are, each given as one JSON document.
  ///
  /// The quick way for many objects: the metadata is decoded, and everything else copied. What is no JSON
  /// outside the metadata is not noticed.
  ///
  /// - Throws: As `load(_:)` for values.
  public func load(documents: some Sequence<[UInt8]>) throws(SandboxError) {
    defer { signal.raise() }
    try read { (state) throws(SandboxError) in
      for document in documents { try state.load(document) }
    }
  }
}

extension ClusterState {
  func load(_ object: JSONValue) throws(SandboxError) {
    let type = try type(
      apiVersion: object["apiVersion"]?.string ?? "",
      kind: object["kind"]?.string ?? "",
      metadata: object["metadata"] ?? .null
    )
    var object = object
    object["metadata"] = completed(object["metadata"] ?? [:], type)
    if type.table == "namespaces." {
      Defaults.set(&object, "spec", ["finalizers": ["kubernetes"]])
      Defaults.set(&object, "status", ["phase": "Active"])
    }
    _ = commit(object, type)
  }

  func load(_ document: [UInt8]) throws(SandboxError) {
    guard let members = document.withUnsafeBytes({ JSONMembers.ranges($0) }) else {
      throw SandboxError(.invalidObject, "cannot load an object: it is no JSON object")
    }
    func value(_ name: String) -> JSONValue {
      guard let member = members.first(where: { $0.name == name }) else { return .null }
      return document.withUnsafeBytes {
        (try? JSONValue(parsing: UnsafeRawBufferPointer(rebasing: $0[member.value]))) ?? .null
      }
    }
    let metadata = value("metadata")
    let type = try type(
      apiVersion: value("apiVersion").string ?? "",
      kind: value("kind").string ?? "",
      metadata: metadata
    )
    guard type.table != "namespaces.", type.table != Self.definitionTable else {
      guard let whole = try? JSONValue(parsing: document) else {
        throw SandboxError(.invalidObject, "cannot load an object: it is no JSON object")
      }
      return try load(whole)
    }
    var tail: [UInt8] = []
    for member in members where !["apiVersion", "kind", "metadata"].contains(member.name) {
      tail.append(UInt8(ascii: ","))
      tail.append(contentsOf: document[member.whole])
    }
    table(type).set(
      StoredObject(metadata: completed(metadata, type), tail: tail, revision: nextRevision())
    )
  }

  private func type(
    apiVersion: String,
    kind: String,
    metadata: JSONValue
  ) throws(SandboxError) -> ResourceType {
    let name = metadata["name"]?.string ?? ""
    guard let type = catalog.type(apiVersion: apiVersion, kind: kind) else {
      throw SandboxError(
        .invalidObject,
        "cannot load \(kind) '\(name)': nothing of kind '\(kind)' is served in '\(apiVersion)'",
        hint: "load the definition of a custom resource before its objects"
      )
    }
    guard !name.isEmpty else {
      throw SandboxError(.invalidObject, "cannot load an object of kind '\(kind)': it has no name")
    }
    return type
  }

  private func completed(_ metadata: JSONValue, _ type: ResourceType) -> JSONValue {
    var metadata = metadata
    if !type.isNamespaced { metadata["namespace"] = nil }
    if type.isNamespaced { Defaults.set(&metadata, "namespace", "default") }
    if metadata["uid"] == nil { metadata["uid"] = .string(makeUID()) }
    if metadata["creationTimestamp"] == nil {
      metadata["creationTimestamp"] = .string(now.description)
    }
    if metadata["generation"] == nil, Strategy.countsGenerations(type, version) {
      metadata["generation"] = 1
    }
    return metadata
  }

  /// The namespaces and the service that every cluster has.
  func addStandardObjects() {
    guard let namespaces = catalog.type(apiVersion: "v1", resource: "namespaces"),
      let services = catalog.type(apiVersion: "v1", resource: "services")
    else { return }
    for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
      var metadata: JSONValue = ["name": .string(name)]
      if version != .v1_20 {
        metadata["labels"] = ["kubernetes.io/metadata.name": .string(name)]
      }
      _ = commit(
        [
          "metadata": completed(metadata, namespaces), "spec": ["finalizers": ["kubernetes"]],
          "status": ["phase": "Active"],
        ],
        namespaces
      )
    }
    var spec: JSONValue = [
      "ports": [["name": "https", "protocol": "TCP", "port": 443, "targetPort": 6443]],
      "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1"], "type": "ClusterIP",
      "sessionAffinity": "None",
    ]
    if version != .v1_20 {
      spec["ipFamilies"] = ["IPv4"]
      spec["ipFamilyPolicy"] = "SingleStack"
      spec["internalTrafficPolicy"] = "Cluster"
    }
    let metadata: JSONValue = [
      "name": "kubernetes", "namespace": "default",
      "labels": ["component": "apiserver", "provider": "kubernetes"],
    ]
    _ = commit(
      [
        "metadata": completed(metadata, services), "spec": spec, "status": ["loadBalancer": [:]],
      ],
      services
    )
  }
}

/// Finds the members of a JSON object in its bytes, without reading their values.
enum JSONMembers {
  struct Member {
    var name: String
    /// The value's bytes.
    var value: Range<Int>
    /// Key, colon and value.
    var whole: Range<Int>
  }

  /// The members in order; nil for what is no object.
  ///
  /// Keys with escapes are given as they are written.
  static func ranges(_ bytes: UnsafeRawBufferPointer) -> [Member]? {
    var at = skipSpace(bytes, 0)
    guard at < bytes.count, bytes[at] == UInt8(ascii: "{") else { return nil }
    at = skipSpace(bytes, at + 1)
    var members: [Member] = []
    while at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
      let start = at
      guard let keyEnd = stringEnd(bytes, at) else { return nil }
      let name = String(decoding: bytes[(start + 1)..<(keyEnd - 1)], as: UTF8.self)
      at = skipSpace(bytes, keyEnd)
      guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { return nil }
      let valueStart = skipSpace(bytes, at + 1)
      guard let valueEnd = valueEnd(bytes, valueStart) else { return nil }
      members.append(Member(name: name, value: valueStart..<valueEnd, whole: start..<valueEnd))
      at = skipSpace(bytes, valueEnd)
      if at < bytes.count, bytes[at] == UInt8(ascii: ",") { at = skipSpace(bytes, at + 1) }
    }
    guard at < bytes.count, bytes[at] == UInt8(ascii: "}") else { return nil }
    return members
  }

  private static func skipSpace(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var at = start
    while at < bytes.count, [9, 10, 13, 32].contains(bytes[at]) { at += 1 }
    return at
  }

  /// The place after the closing quote of the string that starts at `start`.
  private static func stringEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var at = start + 1
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\\"): at += 2
      case UInt8(ascii: "\""): return at + 1
      default: at += 1
      }
    }
    return nil
  }

  private static func valueEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var at = start
    var depth = 0
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""):
        guard let end = stringEnd(bytes, at) else { return nil }
        at = end
        if depth == 0 { return at }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        at += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return at > start ? at : nil }
        depth -= 1
        at += 1
        if depth == 0 { return at }
      case UInt8(ascii: ",") where depth == 0: return at
      default: at += 1
      }
    }
    return nil
  }
}
