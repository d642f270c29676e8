// SPDX-License-Identifier: Apache-2.0

internal import HTTP
public import Primitives

/// One object in the API.
public struct ObjectReference: Sendable, Hashable {
  /// The object's type.
  public var resource: GroupVersionResource
  /// Its namespace; nil for cluster-scoped objects.
  public var namespace: String?
  /// Its name.
  public var name: String
  /// A part of it such as `status`; nil for the object itself.
  public var subresource: String?

  /// Makes a reference.
  public init(
    _ resource: GroupVersionResource,
    namespace: String? = nil,
    name: String,
    subresource: String? = nil
  ) {
    self.resource = resource
    self.namespace = namespace
    self.name = name
    self.subresource = subresource
  }

  var path: String { resource.path(namespace: namespace, name: name, subresource: subresource) }

  var description: String {
    (subresource.map { "\($0) of " } ?? "")
      + resource.description(namespace: namespace, name: name)
  }
}

/// How a change is made.
public struct WriteOptions: Sendable, Hashable {
  /// Whether the server checks everything and stores nothing.
  public var isDryRun: Bool
  /// The owner of the fields that are set; nil for the client's.
  public var fieldManager: String?
  /// What becomes of fields the server does not know: `Ignore`, `Warn` or `Strict`; nil for the server's default.
  public var fieldValidation: String?
  /// Whether the client repeats the request where that is safe; false leaves that to the caller.
  public var isRepeated: Bool

  /// Makes options; the default changes the cluster.
  public init(
    isDryRun: Bool = false,
    fieldManager: String? = nil,
    fieldValidation: String? = nil,
    isRepeated: Bool = true
  ) {
    self.isDryRun = isDryRun
    self.fieldManager = fieldManager
    self.fieldValidation = fieldValidation
    self.isRepeated = isRepeated
  }
}

/// Which object of a name something is, and in which state.
public struct ObjectVersion: Sendable, Hashable {
  /// The object's uid.
  public var uid: String
  /// Its resource version.
  public var resourceVersion: String

  /// Makes a version.
  public init(uid: String, resourceVersion: String) {
    self.uid = uid
    self.resourceVersion = resourceVersion
  }
}

extension KubernetesClient {
  /// Reads one object.
  ///
  /// - Parameters:
  ///   - object: Which one.
  ///   - isMetadataOnly: Whether its metadata is enough; servers that cannot do this give it all.
  /// - Returns: The object.
  /// - Throws: `.notFound` and the others of `KubernetesError`.
  public func get(
    _ object: ObjectReference,
    isMetadataOnly: Bool = false
  ) async throws(KubernetesError) -> JSONValue {
    var call = APICall(path: object.path, doing: "cannot get \(object.description)")
    if isMetadataOnly { call.accept = APICall.Media.partialObject }
    return try await json(call)
  }

  /// Creates an object.
  ///
  /// - Parameters:
  ///   - object: With `apiVersion`, `kind` and a name or `generateName`.
  ///   - resource: Its type.
  ///   - namespace: Its namespace; nil for cluster-scoped objects.
  ///   - options: Dry run and field manager.
  /// - Returns: The object as it is now, with the server's defaults.
  /// - Throws: `.alreadyExists`, `.invalid`, `.notFound` for a missing namespace, and others.
  public func create(
    _ object: JSONValue,
    in resource: GroupVersionResource,
    namespace: String? = nil,
    options: WriteOptions = WriteOptions()
  ) async throws(KubernetesError) -> JSONValue {
    let name = object[path: "metadata", "name"]?.string
    var call = APICall(
      path: resource.path(namespace: namespace),
      doing: "cannot create \(resource.description(namespace: namespace, name: name))"
    )
    call.method = .post
    call.query = query(options)
    call.contentType = APICall.Media.json
    call.body = object.encoded()
    call.isRepeated = options.isRepeated
    return try await json(call)
  }

  /// Creates an object of which no more than the version is wanted back; the quickest way for many.
  ///
  /// - Parameters:
  ///   - object: As JSON, with `apiVersion`, `kind` and the name.
  ///   - reference: Its type, namespace and name.
  ///   - options: Dry run and field manager.
  /// - Returns: The version; its texts are empty when the server's answer does not say.
  /// - Throws: As `create(_:in:namespace:options:)`.
  public func create(
    _ object: [UInt8],
    at reference: ObjectReference,
    options: WriteOptions = WriteOptions()
  ) async throws(KubernetesError) -> ObjectVersion {
    var call = APICall(
      path: reference.resource.path(namespace: reference.namespace),
      doing: "cannot create \(reference.description)"
    )
    call.method = .post
    call.query = query(options)
    call.contentType = APICall.Media.json
    // A part of the object is less to write for the server and to read here.
    call.accept = APICall.Media.partialObject
    call.body = object
    call.isRepeated = options.isRepeated
    let bytes = try await body(call)
    let version = try? JSONReader().read(bytes) { view in
      ObjectVersion(
        uid: view["metadata"]?["uid"]?.string ?? "",
        resourceVersion: view["metadata"]?["resourceVersion"]?.string ?? ""
      )
    }
    return version ?? ObjectVersion(uid: "", resourceVersion: "")
  }

  /// Replaces an object, or its status when the reference says so.
  ///
  /// - Parameters:
  ///   - object: Which one.
  ///   - value: The whole object; with a `resourceVersion` only that version is replaced.
  ///   - options: Dry run and field manager.
  /// - Returns: The object as it is now.
  /// - Throws: `.conflict` when the version is another, `.notFound`, `.invalid`, and others.
  public func replace(
    _ object: ObjectReference,
    with value: JSONValue,
    options: WriteOptions = WriteOptions()
  ) async throws(KubernetesError) -> JSONValue {
    var call = APICall(path: object.path, doing: "cannot replace \(object.description)")
    call.method = .put
    call.query = query(options)
    call.contentType = APICall.Media.json
    call.body = value.encoded()
    call.isRepeated = options.isRepeated
    return try await json(call)
  }

  func query(_ options: WriteOptions) -> [(name: String, value: String)] {
    var query: [(name: String, value: String)] = []
    if options.isDryRun { query.append((name: "dryRun", value: "All")) }
    let manager = options.fieldManager ?? transport.options.fieldManager
    query.append((name: "fieldManager", value: manager))
    if let validation = options.fieldValidation {
      query.append((name: "fieldValidation", value: validation))
    }
    return query
  }
}
