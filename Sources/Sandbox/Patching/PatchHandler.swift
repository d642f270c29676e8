// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Carries out a `PATCH`.
struct PatchHandler {
  var request: SandboxRequest
  var context: WriteContext
  var isForced: Bool
  var isManagerNamed: Bool

  struct Result: Sendable {
    var object: StoredObject
    var isCreated: Bool
  }

  private enum Kind {
    case json
    case merge
    case strategic
    case apply
  }

  func patch(_ name: String, _ state: ClusterState) throws(APIFailure) -> Result {
    let kind = try kind()
    guard let patch = try? JSONValue(parsing: request.body) else {
      throw .badRequest("error decoding patch: \(GoJSONError.text(for: request.body))")
    }
    if kind == .apply { return try apply(patch, name, state) }
    guard let current = state.table(context.type)[context.key(name)] else {
      throw .notFound(context.type, name)
    }
    var document = current.document
    document["metadata"]?["resourceVersion"] = .string(String(current.revision))
    let schema = ListSchema(version: state.version, type: context.type)
    let patched: JSONValue
    switch kind {
    case .json:
      // The kinds are there for patches that test them.
      document["apiVersion"] = .string(context.type.apiVersion)
      document["kind"] = .string(context.type.kind)
      guard let result = try? JSONPatch.apply(patch, to: document) else {
        throw APIFailure(
          422,
          "Invalid",
          "the server rejected our request due to an error in our request",
          details: APIFailure.Details()
        )
      }
      patched = result
    case .strategic: patched = StrategicMergePatch(schema: schema).apply(patch, to: document)
    case .merge, .apply: patched = MergePatch.apply(patch, to: document)
    }
    let object = try state.update(patched, name: name, context)
    return Result(object: object, isCreated: false)
  }

  private func apply(
    _ configuration: JSONValue,
    _ name: String,
    _ state: ClusterState
  ) throws(APIFailure) -> Result {
    guard isManagerNamed else {
      throw .invalid(
        kind: "PatchOptions",
        group: "meta.k8s.io",
        "",
        [.required("fieldManager", "is required for apply patch")]
      )
    }
    let wanted = try BodyDecoder(type: context.type, catalog: state.catalog)
      .object(configuration.encoded())
    let schema = ListSchema(version: state.version, type: context.type)
    let apply = ServerSideApply(
      schema: schema,
      manager: context.fieldManager(at: state.now, isApply: true),
      isForced: isForced
    )
    guard let current = state.table(context.type)[context.key(name)] else {
      guard context.subresource.isEmpty else { throw .notFound(context.type, name) }
      var body = wanted
      var metadata = body["metadata"] ?? [:]
      metadata["name"] = .string(name)
      body["metadata"] = metadata
      let result = try apply.apply(wanted, to: [:], ManagedFields(nil))
      return Result(
        object: try state.create(body, context, applied: result.fields),
        isCreated: true
      )
    }
    var live = current.document
    live["metadata"]?["resourceVersion"] = .string(String(current.revision))
    var configuration = wanted
    configuration["apiVersion"] = nil
    configuration["kind"] = nil
    let managed = ManagedFields(live[path: "metadata", "managedFields"])
    let result = try apply.apply(configuration, to: live, managed)
    let object = try state.update(result.object, name: name, context, applied: result.fields)
    return Result(object: object, isCreated: false)
  }

  private func kind() throws(APIFailure) -> Kind {
    let media = MediaRange(request.header("Content-Type") ?? "").type
    switch media {
    case "application/json-patch+json": return .json
    case "application/merge-patch+json": return .merge
    case "application/strategic-merge-patch+json" where !context.type.isCustom: return .strategic
    case "application/apply-patch+yaml": return .apply
    default: break
    }
    let message =
      context.type.isCustom
      ? "the body of the request was in an unknown format - accepted media types include:"
        + " application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"
      : "415: Unsupported Media Type"
    throw APIFailure(415, "UnsupportedMediaType", message, details: APIFailure.Details())
  }
}
