// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The paths below objects other than `status`.
extension ResourceHandler {
  func respond(_ name: String, subresource: String) throws(APIFailure) -> SandboxResponse {
    switch (subresource, request.method) {
    case ("scale", "GET"): return .json(scale(try current(name)))
    case ("scale", "PUT"), ("scale", "PATCH"): return try setScale(name)
    case ("finalize", "PUT"): return try finalize(name)
    case ("eviction", "POST"): return try evict(name)
    case ("binding", "POST"): return try bind(name)
    case ("log", "GET"):
      _ = try current(name)
      return .text("")
    case ("token", "POST"): return try token(name)
    default: throw .methodNotAllowed()
    }
  }

  private func current(_ name: String) throws(APIFailure) -> StoredObject {
    let object = cluster.read { $0.table(type)[context.key(name)] }
    guard let object else { throw .notFound(type, name) }
    return object
  }

  /// The object with one member of its spec changed, written like any update.
  private func change(
    _ name: String,
    _ body: (inout JSONValue) -> Void
  ) throws(APIFailure) -> StoredObject {
    let context = context
    let object = try current(name)
    var document = object.document
    document["metadata"]?["resourceVersion"] = .string(String(object.revision))
    body(&document)
    let changed = document
    return try cluster.write { (state) throws(APIFailure) in
      try state.update(changed, name: name, context)
    }
  }

  private func scale(_ object: StoredObject) -> JSONValue {
    let document = object.document
    let labels = document[path: "spec", "selector", "matchLabels"]?.object?.members ?? []
    let selector = labels.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
    var metadata: JSONValue = ["name": .string(object.name)]
    metadata["namespace"] = .string(object.namespace)
    metadata["uid"] = .string(object.uid)
    metadata["resourceVersion"] = .string(String(object.revision))
    metadata["creationTimestamp"] = document[path: "metadata", "creationTimestamp"]
    return [
      "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
      "spec": ["replicas": document[path: "spec", "replicas"] ?? 0],
      "status": [
        "replicas": document[path: "status", "replicas"] ?? 0, "selector": .string(selector),
      ],
    ]
  }

  private func setScale(_ name: String) throws(APIFailure) -> SandboxResponse {
    guard let body = try? JSONValue(parsing: request.body) else {
      throw .badRequest("error decoding scale: \(GoJSONError.text(for: request.body))")
    }
    let before = scale(try current(name))
    let wanted = request.method == "PUT" ? body : MergePatch.apply(body, to: before)
    let replicas = wanted[path: "spec", "replicas"] ?? 0
    let object = try change(name) { $0["spec"]?["replicas"] = replicas }
    return .json(scale(object))
  }

  private func finalize(_ name: String) throws(APIFailure) -> SandboxResponse {
    let body = try decodedBody()
    var context = context
    context.subresource = "finalize"
    let finalizing = context
    var document = try current(name).document
    document["spec"] = body["spec"] ?? [:]
    let changed = document
    let object = try cluster.write { (state) throws(APIFailure) in
      try state.update(changed, name: name, finalizing)
    }
    return try rendered(object, status: 200)
  }

  private func evict(_ name: String) throws(APIFailure) -> SandboxResponse {
    let context = context
    let options = try DeleteOptions([])
    _ = try cluster.write { (state) throws(APIFailure) in
      try state.delete(name: name, context, options)
    }
    return .json(
      ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201],
      status: 201
    )
  }

  private func bind(_ name: String) throws(APIFailure) -> SandboxResponse {
    guard let body = try? JSONValue(parsing: request.body),
      let node = body[path: "target", "name"]
    else { throw .badRequest("the object provided is unrecognized (must be of type Binding)") }
    _ = try change(name) { $0["spec"]?["nodeName"] = node }
    return .json(
      ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201],
      status: 201
    )
  }

  /// A token for a service account; it opens nothing, for only the tokens of the options are known.
  private func token(_ name: String) throws(APIFailure) -> SandboxResponse {
    let account = try current(name)
    let body = (try? JSONValue(parsing: request.jsonBody(of: "TokenRequest"))) ?? [:]
    let seconds = body[path: "spec", "expirationSeconds"]?.int64 ?? 3600
    let end = cluster.options.clock.now() + GoDuration(nanoseconds: seconds * 1_000_000_000)
    return .json(
      [
        "kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1",
        "metadata": [
          "name": .string(name), "namespace": .string(account.namespace),
          "creationTimestamp": .string(cluster.options.clock.now().truncatedToSeconds.description),
        ],
        "spec": [
          "audiences": body[path: "spec", "audiences"] ?? ["sandbox"],
          "expirationSeconds": .number(JSONNumber(seconds)),
        ],
        "status": [
          "token": .string("sandbox.\(account.namespace).\(name)"),
          "expirationTimestamp": .string(end.truncatedToSeconds.description),
        ],
      ],
      status: 201
    )
  }
}
