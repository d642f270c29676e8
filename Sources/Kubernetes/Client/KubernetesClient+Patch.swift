// SPDX-License-Identifier: Apache-2.0

internal import HTTP
public import Primitives

/// A change to an object.
public enum ObjectPatch: Sendable, Hashable {
  /// RFC 7386: members replace members, null removes, lists are replaced whole.
  case merge(JSONValue)
  /// RFC 6902: a list of operations.
  case json(JSONValue)
  /// A merge that knows which of the built-in types' lists are merged by key; custom resources do not take it.
  case strategic(JSONValue)

  var contentType: String {
    switch self {
    case .merge: APICall.Media.mergePatch
    case .json: APICall.Media.jsonPatch
    case .strategic: APICall.Media.strategicPatch
    }
  }

  var body: JSONValue {
    switch self {
    case .merge(let body), .json(let body), .strategic(let body): body
    }
  }
}

extension KubernetesClient {
  /// Changes an object by a patch.
  ///
  /// - Parameters:
  ///   - object: Which one; with a subresource only that part changes.
  ///   - patch: The change.
  ///   - options: Dry run and field manager.
  /// - Returns: The object as it is now.
  /// - Throws: `.notFound`, `.invalid` (also for a JSON patch whose test fails), `.conflict`, and others.
  public func patch(
    _ object: ObjectReference,
    _ patch: ObjectPatch,
    options: WriteOptions = WriteOptions()
  ) async throws(KubernetesError) -> JSONValue {
    var call = APICall(path: object.path, doing: "cannot patch \(object.description)")
    call.method = .patch
    call.query = query(options)
    call.contentType = patch.contentType
    call.body = patch.body.encoded()
    call.isRepeated = options.isRepeated
    return try await json(call)
  }

  /// Declares the fields of an object (server-side apply), creating it when it is not there.
  ///
  /// - Parameters:
  ///   - object: Which one.
  ///   - value: `apiVersion`, `kind`, `metadata.name` and the fields to own, nothing else.
  ///   - isForced: Whether fields that others own are taken over.
  ///   - options: Dry run and field manager.
  /// - Returns: The object as it is now.
  /// - Throws: `.conflict` with a cause for each field that another manager owns; `.invalid`, and others.
  public func apply(
    _ object: ObjectReference,
    _ value: JSONValue,
    isForced: Bool = false,
    options: WriteOptions = WriteOptions()
  ) async throws(KubernetesError) -> JSONValue {
    var call = APICall(path: object.path, doing: "cannot apply \(object.description)")
    call.method = .patch
    call.query = query(options)
    if isForced { call.query.append((name: "force", value: "true")) }
    call.contentType = APICall.Media.apply
    // JSON is YAML.
    call.body = value.encoded()
    return try await json(call)
  }

  /// Deletes an object.
  ///
  /// - Parameters:
  ///   - object: Which one.
  ///   - options: What it depends on and what becomes of its dependents.
  /// - Returns: The object while finalizers hold it, otherwise the server's Status.
  /// - Throws: `.notFound`; `.conflict` when a precondition does not hold; and others.
  public func delete(
    _ object: ObjectReference,
    options: DeleteOptions = DeleteOptions()
  ) async throws(KubernetesError) -> JSONValue {
    var call = APICall(path: object.path, doing: "cannot delete \(object.description)")
    call.method = .delete
    call.contentType = APICall.Media.json
    call.body = options.body.encoded()
    return try await json(call)
  }
}

/// How an object is deleted.
public struct DeleteOptions: Sendable, Hashable {
  /// What becomes of the objects that the deleted one owns.
  public enum Propagation: String, Sendable, Hashable {
    /// They stay.
    case orphan = "Orphan"
    /// They go afterwards.
    case background = "Background"
    /// They go first.
    case foreground = "Foreground"
  }

  /// Only the object with this uid is deleted.
  public var uid: String?
  /// Only this version of the object is deleted.
  public var resourceVersion: String?
  /// What becomes of dependents; nil for the type's default.
  public var propagation: Propagation?
  /// How long a pod may take to end, in seconds; nil for its own setting.
  public var gracePeriodSeconds: Int?
  /// Whether the server checks everything and deletes nothing.
  public var isDryRun: Bool

  /// Makes options; the default deletes whatever is there.
  public init(
    uid: String? = nil,
    resourceVersion: String? = nil,
    propagation: Propagation? = nil,
    gracePeriodSeconds: Int? = nil,
    isDryRun: Bool = false
  ) {
    self.uid = uid
    self.resourceVersion = resourceVersion
    self.propagation = propagation
    self.gracePeriodSeconds = gracePeriodSeconds
    self.isDryRun = isDryRun
  }

  var body: JSONValue {
    var body: JSONValue = ["kind": "DeleteOptions", "apiVersion": "v1"]
    var preconditions: JSONValue = [:]
    if let uid { preconditions["uid"] = .string(uid) }
    if let resourceVersion { preconditions["resourceVersion"] = .string(resourceVersion) }
    if preconditions != [:] { body["preconditions"] = preconditions }
    if let propagation { body["propagationPolicy"] = .string(propagation.rawValue) }
    if let gracePeriodSeconds {
      body["gracePeriodSeconds"] = .number(JSONNumber(gracePeriodSeconds))
    }
    if isDryRun { body["dryRun"] = ["All"] }
    return body
  }
}
