// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Answers one request on a cluster.
struct RequestHandler {
  let cluster: SandboxCluster
  let request: SandboxRequest

  /// The biggest body that a server reads; Kubernetes' own limit, in bytes.
  static let bodyLimit = 3 * 1024 * 1024

  func respond() -> SandboxResponse {
    do {
      return try answer()
    } catch {
      return error.response
    }
  }

  private func answer() throws(APIFailure) -> SandboxResponse {
    let route = Route(rawPath: request.rawPath)
    let query = QueryParameters(request.rawQuery)
    let policy = AccessPolicy(
      tokens: cluster.options.tokens,
      anonymous: cluster.options.anonymousUser.map { Identity($0) } ?? .anonymous,
      rules: cluster.access
    )
    let identity = try policy.identity(of: request)
    let isWatch = request.method == "GET" && query.isTrue("watch")
    try policy.check(
      identity,
      AccessAttributes(route, method: request.method, isWatch: isWatch)
    )
    guard request.body.count <= Self.bodyLimit else {
      throw APIFailure(
        413,
        "RequestEntityTooLarge",
        "Request entity too large: limit is \(Self.bodyLimit)",
        details: APIFailure.Details()
      )
    }
    guard let target = route.resource else {
      return DocumentHandler(cluster: cluster, request: request).respond(route.path)
    }
    return try answer(target, query, identity, policy)
  }

  private func answer(
    _ target: Route.ResourcePath,
    _ query: QueryParameters,
    _ identity: Identity,
    _ policy: AccessPolicy
  ) throws(APIFailure) -> SandboxResponse {
    let type = cluster.read {
      $0.catalog.type(apiVersion: target.apiVersion, resource: target.resource)
    }
    guard let type, type.isNamespaced || target.namespace.isEmpty else { return Self.notFound }
    var response: SandboxResponse
    let review = ReviewHandler(
      type: type,
      identity: identity,
      policy: policy,
      manager: manager(query),
      time: cluster.options.clock.now().truncatedToSeconds
    )
    if let review {
      response = try review.respond(to: request, namespace: target.namespace)
    } else if type.name == "componentstatuses" {
      response = try ComponentStatuses.respond(target.name, version: cluster.options.version)
    } else {
      let handler = ResourceHandler(
        cluster: cluster,
        request: request,
        query: query,
        target: target,
        type: type,
        manager: manager(query)
      )
      response = try handler.respond()
    }
    if let warning = DeprecationWarning.text(for: type, version: cluster.options.version) {
      response.headers.append(SandboxHeader("Warning", "299 - \"\(warning)\""))
    }
    return response
  }

  /// Who is written into managedFields: the parameter, or the first word of the user agent.
  private func manager(_ query: QueryParameters) -> String {
    let named = query["fieldManager"]
    if !named.isEmpty { return named }
    let agent = request.header("User-Agent") ?? ""
    let word = agent.prefix(while: { $0 != "/" && $0 != " " })
    return word.isEmpty ? "unknown" : String(word)
  }

  static let notFound = SandboxResponse.text("404 page not found\n", status: 404)
}
