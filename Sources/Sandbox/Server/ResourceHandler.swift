// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Answers requests for the objects of one resource.
struct ResourceHandler {
  let cluster: SandboxCluster
  let request: SandboxRequest
  let query: QueryParameters
  let target: Route.ResourcePath
  let type: ResourceType
  let manager: String

  private var version: SandboxVersion { cluster.options.version }

  var context: WriteContext {
    WriteContext(
      type: type,
      namespace: target.namespace,
      manager: manager,
      isDryRun: query.all("dryRun").contains("All"),
      subresource: target.subresource == "status" ? "status" : ""
    )
  }

  func respond() throws(APIFailure) -> SandboxResponse {
    if let name = target.name, let subresource = target.subresource {
      guard
        type.subresource(subresource) != nil || subresource == "status" && request.method == "GET"
      else { return RequestHandler.notFound }
      if subresource != "status" { return try respond(name, subresource: subresource) }
    }
    try check(verb)
    switch (request.method, target.name) {
    case ("GET", nil), ("HEAD", nil): return try collection(nil)
    case ("GET", let name?) where query.isTrue("watch"): return try collection(name)
    case ("GET", let name?), ("HEAD", let name?): return try get(name)
    case ("POST", nil): return try create()
    case ("PUT", let name?): return try replace(name)
    case ("PATCH", let name?): return try patch(name)
    case ("DELETE", let name?): return try delete(name)
    case ("DELETE", nil): return try deleteCollection()
    default: throw .methodNotAllowed()
    }
  }

  private var verb: String {
    AccessAttributes(
      Route(rawPath: request.rawPath),
      method: request.method,
      isWatch: query.isTrue("watch")
    ).verb
  }

  /// Refuses what the resource does not do, and namespaced objects asked for without a namespace.
  private func check(_ verb: String) throws(APIFailure) {
    guard target.subresource != nil || type.verbs.contains(verb) else { throw .methodNotAllowed() }
    guard type.isNamespaced, target.namespace.isEmpty else { return }
    guard ["list", "watch"].contains(verb), target.name == nil else { throw .methodNotAllowed() }
  }

  // MARK: - Reading

  private func get(_ name: String) throws(APIFailure) -> SandboxResponse {
    let form = try Representation.negotiate(request.header("Accept"))
    let object = cluster.read { $0.table(type)[context.key(name)] }
    guard let object else { throw .notFound(type, name) }
    return render(object, form, status: 200)
  }

  private func collection(_ name: String?) throws(APIFailure) -> SandboxResponse {
    let form = try Representation.negotiate(request.header("Accept"))
    let list = try ListRequest(
      query,
      type: type,
      namespace: target.namespace,
      version: version,
      name: name
    )
    if list.isWatch { return watch(list, form) }
    let page = try cluster.read { (state) throws(APIFailure) in try state.page(list) }
    return render(page, form)
  }

  private func watch(_ list: ListRequest, _ form: Representation) -> SandboxResponse {
    let stream = SandboxStream(cluster: cluster, request: list, form: form)
    return SandboxResponse(
      status: 200,
      headers: [SandboxResponse.noCache, SandboxHeader("Content-Type", "application/json")],
      body: .stream(stream)
    )
  }

  // MARK: - Writing

  private func create() throws(APIFailure) -> SandboxResponse {
    let body = try decodedBody()
    let context = context
    let object = try cluster.write { (state) throws(APIFailure) in
      try state.create(body, context)
    }
    return try rendered(object, status: 201)
  }

  private func replace(_ name: String) throws(APIFailure) -> SandboxResponse {
    let body = try decodedBody()
    let context = context
    let isCreated = cluster.read {
      Strategy.createsOnUpdate(type) && $0.table(type)[context.key(name)] == nil
    }
    let object = try cluster.write { (state) throws(APIFailure) in
      isCreated ? try state.create(body, context) : try state.update(body, name: name, context)
    }
    return try rendered(object, status: isCreated ? 201 : 200)
  }

  private func patch(_ name: String) throws(APIFailure) -> SandboxResponse {
    let handler = PatchHandler(
      request: request,
      context: context,
      isForced: query.isTrue("force"),
      isManagerNamed: !query["fieldManager"].isEmpty
    )
    let result = try cluster.write { (state) throws(APIFailure) in
      try handler.patch(name, state)
    }
    return try rendered(result.object, status: result.isCreated ? 201 : 200)
  }

  private func delete(_ name: String) throws(APIFailure) -> SandboxResponse {
    let options = try DeleteOptions(request.jsonBody(of: "DeleteOptions"))
    let context = context
    let deletion = try cluster.write { (state) throws(APIFailure) in
      try state.delete(name: name, context, options)
    }
    if !deletion.isGone || Strategy.returnsDeleted(type, version) {
      return try rendered(deletion.object, status: 200)
    }
    let details = APIFailure.Details(
      name: name,
      group: type.group,
      kind: type.name,
      uid: deletion.object.uid
    )
    return .json([
      "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
      "details": details.document,
    ])
  }

  private func deleteCollection() throws(APIFailure) -> SandboxResponse {
    let options = try DeleteOptions(request.jsonBody(of: "DeleteOptions"))
    let list = try ListRequest(query, type: type, namespace: target.namespace, version: version)
    let context = context
    let page = try cluster.write { (state) throws(APIFailure) in
      try state.deleteCollection(list, context, options)
    }
    return render(page, try Representation.negotiate(request.header("Accept")))
  }

  func decodedBody() throws(APIFailure) -> JSONValue {
    let catalog = cluster.read { $0.catalog }
    return try BodyDecoder(type: type, catalog: catalog).object(request.jsonBody(of: type.kind))
  }

  // MARK: - Rendering

  func rendered(_ object: StoredObject, status: Int) throws(APIFailure) -> SandboxResponse {
    render(object, try Representation.negotiate(request.header("Accept")), status: status)
  }

  private func render(
    _ object: StoredObject,
    _ form: Representation,
    status: Int
  ) -> SandboxResponse {
    if form == .table {
      let page = ObjectPage(objects: [object], revision: object.revision)
      return .json(
        table.document(page),
        status: status
      )
    }
    var response = SandboxResponse.json([:], status: status)
    response.body = .segments(
      ObjectRendering.object(
        object,
        head: ObjectRendering.head(type),
        isPartial: form == .partialMetadata
      ) + [SandboxSegment([UInt8(ascii: "\n")])]
    )
    return response
  }

  private var table: TableRendering {
    TableRendering(
      type: type,
      options: cluster.options,
      includedObject: query["includeObject"]
    )
  }

  private func render(_ page: ObjectPage, _ form: Representation) -> SandboxResponse {
    if form == .table {
      return .json(table.document(page))
    }
    var response = SandboxResponse.json([:])
    response.body = .segments(
      ObjectRendering.list(
        page,
        type: type,
        isPartial: form == .partialMetadata,
        version: version
      )
    )
    return response
  }
}
