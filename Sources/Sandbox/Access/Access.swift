// SPDX-License-Identifier: Apache-2.0

/// A user with all groups.
struct Identity: Sendable {
  var user: String
  var groups: [String]

  static let anonymous = Identity(user: "system:anonymous", groups: ["system:unauthenticated"])

  init(user: String, groups: [String]) {
    self.user = user
    self.groups = groups
  }

  init(_ user: SandboxUser) {
    self.user = user.name
    groups = user.groups + ["system:authenticated"]
  }

  var isAuthenticated: Bool { groups.contains("system:authenticated") }
}

/// Who may do what.
struct AccessPolicy: Sendable {
  var tokens: [String: SandboxUser]
  /// Who sends requests without a token.
  var anonymous: Identity
  var rules: [AccessRule]

  /// Finds out who sends a request, impersonation included.
  ///
  /// - Throws: 401 for a token that is not known; 403 for an impersonation that is not allowed.
  func identity(of request: SandboxRequest) throws(APIFailure) -> Identity {
    let identity = try authenticated(request)
    guard let name = request.header("Impersonate-User") else { return identity }
    try checkImpersonation(identity, "users", name)
    let groups = request.headers.filter { $0.name.lowercased() == "impersonate-group" }
      .map(\.value)
    for group in groups { try checkImpersonation(identity, "groups", group) }
    return Identity(SandboxUser(name, groups: groups))
  }

  func allows(_ identity: Identity, _ attributes: AccessAttributes) -> Bool {
    if let rule = rules.first(where: { $0.fits(identity, attributes) }) { return rule.isAllowed }
    if identity.groups.contains("system:masters") { return true }
    if attributes.resource.isEmpty, attributes.verb == "get" || attributes.verb == "head" {
      if Self.publicPaths.contains(attributes.path) { return true }
      return identity.isAuthenticated
        && Self.discoveryPrefixes.contains {
          attributes.path == $0 || attributes.path.hasPrefix($0 + "/")
        }
    }
    return identity.isAuthenticated && attributes.verb == "create"
      && Self.selfReviews.contains(attributes.resource + "." + attributes.group)
  }

  func check(_ identity: Identity, _ attributes: AccessAttributes) throws(APIFailure) {
    guard !allows(identity, attributes) else { return }
    throw Self.forbidden(identity, attributes)
  }

  private func authenticated(_ request: SandboxRequest) throws(APIFailure) -> Identity {
    guard let header = request.header("Authorization") else { return anonymous }
    let words = header.split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[0].lowercased() == "bearer",
      let user = tokens[String(words[1])]
    else { throw APIFailure(401, "Unauthorized", "Unauthorized") }
    return Identity(user)
  }

  private func checkImpersonation(
    _ identity: Identity,
    _ resource: String,
    _ name: String
  ) throws(APIFailure) {
    var attributes = AccessAttributes(verb: "impersonate")
    attributes.resource = resource
    attributes.name = name
    try check(identity, attributes)
  }

  private static func forbidden(_ identity: Identity, _ wanted: AccessAttributes) -> APIFailure {
    guard !wanted.resource.isEmpty else {
      return APIFailure(
        403,
        "Forbidden",
        "forbidden: User \"\(identity.user)\" cannot \(wanted.verb) path \"\(wanted.path)\"",
        details: APIFailure.Details()
      )
    }
    let plural = String(wanted.resource.prefix(while: { $0 != "/" }))
    let qualified = wanted.group.isEmpty ? plural : plural + "." + wanted.group
    let object = wanted.name.isEmpty ? qualified : "\(qualified) \"\(wanted.name)\""
    let place =
      wanted.namespace.isEmpty
      ? "at the cluster scope" : "in the namespace \"\(wanted.namespace)\""
    return APIFailure(
      403,
      "Forbidden",
      "\(object) is forbidden: User \"\(identity.user)\" cannot \(wanted.verb) resource"
        + " \"\(wanted.resource)\" in API group \"\(wanted.group)\" \(place)",
      details: APIFailure.Details(name: wanted.name, group: wanted.group, kind: plural)
    )
  }

  /// What the role `system:public-info-viewer` lets everybody read.
  static let publicPaths = ["/healthz", "/livez", "/readyz", "/version", "/version/"]
  /// What the role `system:discovery` lets every known user read.
  private static let discoveryPrefixes = ["/api", "/apis", "/openapi"]
  /// What the role `system:basic-user` lets every known user create.
  private static let selfReviews = [
    "selfsubjectaccessreviews.authorization.k8s.io",
    "selfsubjectrulesreviews.authorization.k8s.io",
    "selfsubjectreviews.authentication.k8s.io",
  ]
}

extension AccessRule {
  func fits(_ identity: Identity, _ wanted: AccessAttributes) -> Bool {
    let hasUser = Self.holds(users, identity.user)
    let hasGroup = groups.map { $0.contains { $0 == "*" || identity.groups.contains($0) } } ?? true
    return hasUser && hasGroup && Self.holds(verbs, wanted.verb)
      && Self.holds(apiGroups, wanted.group)
      && (resources == nil || !wanted.resource.isEmpty)
      && Self.holds(resources, wanted.resource)
      && Self.holds(namespaces, wanted.namespace)
      && Self.holds(names, wanted.name)
  }

  private static func holds(_ list: [String]?, _ value: String) -> Bool {
    list.map { $0.contains("*") || $0.contains(value) } ?? true
  }
}
