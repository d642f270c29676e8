// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Answers the reviews of the authorization and authentication groups, which store nothing.
struct ReviewHandler {
  let type: ResourceType
  let identity: Identity
  let policy: AccessPolicy
  let manager: String
  let time: Timestamp

  /// Nil for resources that are no reviews.
  init?(
    type: ResourceType,
    identity: Identity,
    policy: AccessPolicy,
    manager: String,
    time: Timestamp
  ) {
    guard ["authorization.k8s.io", "authentication.k8s.io"].contains(type.group) else { return nil }
    self.type = type
    self.identity = identity
    self.policy = policy
    self.manager = manager
    self.time = time
  }

  func respond(to request: SandboxRequest, namespace: String) throws(APIFailure)
    -> SandboxResponse
  {
    guard request.method == "POST" else { throw .methodNotAllowed() }
    guard var review = try? JSONValue(parsing: request.jsonBody(of: type.kind)),
      review.object != nil
    else {
      throw .badRequest(
        "the object provided is unrecognized (must be of type \(type.kind)): couldn't get version/kind"
      )
    }
    let spec = review["spec"] ?? [:]
    review = ["kind": .string(type.kind), "apiVersion": .string(type.apiVersion)]
    review["metadata"] = metadata(spec, isKept: type.name.hasSuffix("accessreviews"))
    switch type.name {
    case "selfsubjectaccessreviews":
      review["spec"] = spec
      review["status"] = accessStatus(spec, of: identity)
    case "subjectaccessreviews", "localsubjectaccessreviews":
      let groups = (spec["groups"]?.array ?? []).compactMap(\.string)
      review["spec"] = spec
      review["status"] = accessStatus(
        spec,
        of: Identity(user: spec["user"]?.string ?? "", groups: groups)
      )
    case "selfsubjectrulesreviews":
      review["spec"] = [:]
      review["status"] = rulesStatus(namespace: spec["namespace"]?.string ?? "")
    case "selfsubjectreviews":
      review["status"] = ["userInfo": userInfo(identity)]
    case "tokenreviews":
      review["spec"] = spec
      review["status"] = tokenStatus(spec["token"]?.string ?? "")
    default: throw .methodNotAllowed()
    }
    return .json(review, status: 201)
  }

  /// The metadata that reviews carry although nobody stores them.
  private func metadata(_ spec: JSONValue, isKept: Bool) -> JSONValue {
    var metadata: JSONValue = [:]
    if isOld { metadata["creationTimestamp"] = .null }
    guard isKept else { return metadata }
    var fields = ManagedFields(nil)
    fields.noteUpdate(
      from: EmptyObject.document(type),
      to: ["spec": spec],
      by: FieldManager(name: manager, apiVersion: type.apiVersion, time: time),
      schema: ListSchema(version: isOld ? .v1_20 : .v1_36, type: type)
    )
    metadata["managedFields"] = fields.document
    return metadata
  }

  private func accessStatus(_ spec: JSONValue, of identity: Identity) -> JSONValue {
    var wanted = AccessAttributes(verb: "")
    if let resource = spec["resourceAttributes"] {
      wanted.verb = resource["verb"]?.string ?? ""
      wanted.group = resource["group"]?.string ?? ""
      wanted.resource = resource["resource"]?.string ?? ""
      if let subresource = resource["subresource"]?.string, !subresource.isEmpty {
        wanted.resource += "/" + subresource
      }
      wanted.namespace = resource["namespace"]?.string ?? ""
      wanted.name = resource["name"]?.string ?? ""
    } else {
      wanted.verb = spec[path: "nonResourceAttributes", "verb"]?.string ?? ""
      wanted.path = spec[path: "nonResourceAttributes", "path"]?.string ?? ""
    }
    return ["allowed": .bool(policy.allows(identity, wanted))]
  }

  private func tokenStatus(_ token: String) -> JSONValue {
    guard let user = policy.tokens[token] else {
      return ["user": [:], "error": "invalid bearer token"]
    }
    return ["authenticated": true, "user": userInfo(Identity(user))]
  }

  private func userInfo(_ identity: Identity) -> JSONValue {
    [
      "username": .string(identity.user), "groups": DiscoveryDocuments.strings(identity.groups),
    ]
  }
}

/// The list of what a user may do.
extension ReviewHandler {
  private func rulesStatus(namespace: String) -> JSONValue {
    var resources: [JSONValue] = []
    var paths: [JSONValue] = []
    if identity.groups.contains("system:masters") {
      resources.append(["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]])
      paths.append(["verbs": ["*"], "nonResourceURLs": ["*"]])
    }
    for rule in policy.rules where rule.isAllowed && isFor(rule, namespace) {
      var value: JSONValue = [
        "verbs": list(rule.verbs), "apiGroups": list(rule.apiGroups),
        "resources": list(rule.resources),
      ]
      if let names = rule.names { value["resourceNames"] = DiscoveryDocuments.strings(names) }
      resources.append(value)
    }
    resources += basicRules
    return [
      "resourceRules": .array(resources), "nonResourceRules": .array(paths + basicPaths),
      "incomplete": false,
    ]
  }

  private func list(_ values: [String]?) -> JSONValue {
    DiscoveryDocuments.strings(values ?? ["*"])
  }

  private func isFor(_ rule: AccessRule, _ namespace: String) -> Bool {
    let isUser = rule.users.map { $0.contains("*") || $0.contains(identity.user) } ?? true
    let isGroup =
      rule.groups.map { $0.contains("*") || !Set($0).isDisjoint(with: identity.groups) } ?? true
    let isPlace = rule.namespaces.map { $0.contains("*") || $0.contains(namespace) } ?? true
    return isUser && isGroup && isPlace
  }

  private var isOld: Bool { type.singular.isEmpty }

  /// What `system:basic-user` allows.
  private var basicRules: [JSONValue] {
    let authorization: JSONValue = [
      "verbs": ["create"], "apiGroups": ["authorization.k8s.io"],
      "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
    ]
    let authentication: JSONValue = [
      "verbs": ["create"], "apiGroups": ["authentication.k8s.io"],
      "resources": ["selfsubjectreviews"],
    ]
    return isOld ? [authorization] : [authorization, authentication]
  }

  /// What `system:discovery`, `system:public-info-viewer` and, on newer servers,
  /// `system:service-account-issuer-discovery` allow.
  private var basicPaths: [JSONValue] {
    let discovery: JSONValue = [
      "verbs": ["get"],
      "nonResourceURLs": [
        "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*",
        "/readyz", "/version", "/version/",
      ],
    ]
    let information: JSONValue = [
      "verbs": ["get"],
      "nonResourceURLs": ["/healthz", "/livez", "/readyz", "/version", "/version/"],
    ]
    let issuer: JSONValue = [
      "verbs": ["get"], "nonResourceURLs": ["/.well-known", "/.well-known/*"],
    ]
    return isOld ? [discovery, information] : [information, discovery, issuer]
  }
}
