// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Primitives

/// Something that a user may or may not be allowed to do.
public struct AccessQuestion: Sendable, Hashable {
  /// The verb, such as `list`; `*` for all.
  public var verb: String
  /// The API group; empty for the core group, `*` for all.
  public var group: String
  /// The plural name; `*` for all.
  public var resource: String
  /// A part of the resource, such as `status`.
  public var subresource: String?
  /// The namespace; nil for all namespaces and for cluster-scoped resources.
  public var namespace: String?
  /// One object's name; nil for any.
  public var name: String?

  /// Makes a question.
  public init(
    verb: String,
    group: String,
    resource: String,
    subresource: String? = nil,
    namespace: String? = nil,
    name: String? = nil
  ) {
    self.verb = verb
    self.group = group
    self.resource = resource
    self.subresource = subresource
    self.namespace = namespace
    self.name = name
  }
}

/// The answer to whether something is allowed.
public struct AccessAnswer: Sendable, Hashable {
  /// Whether it is allowed.
  public var isAllowed: Bool
  /// Why, in the authorizer's words; may be empty.
  public var reason: String

  /// Makes an answer.
  public init(isAllowed: Bool, reason: String) {
    self.isAllowed = isAllowed
    self.reason = reason
  }
}

/// What a user may do in a namespace.
public struct AccessRules: Sendable, Hashable {
  /// Verbs on resources.
  public struct Rule: Sendable, Hashable {
    /// Verbs, or `*`.
    public var verbs: [String]
    /// API groups, or `*`.
    public var groups: [String]
    /// Plural names, with a subresource as `pods/log`, or `*`.
    public var resources: [String]
    /// The names the rule is restricted to; empty for all.
    public var names: [String]

    /// Makes a rule.
    public init(verbs: [String], groups: [String], resources: [String], names: [String] = []) {
      self.verbs = verbs
      self.groups = groups
      self.resources = resources
      self.names = names
    }
  }

  /// The rules; any one that fits allows.
  public var rules: [Rule]
  /// Whether the server could not tell all.
  public var isIncomplete: Bool
  /// Why not, in the server's words; may be empty.
  public var evaluationError: String

  /// Makes rules.
  public init(rules: [Rule], isIncomplete: Bool = false, evaluationError: String = "") {
    self.rules = rules
    self.isIncomplete = isIncomplete
    self.evaluationError = evaluationError
  }

  /// Whether a rule allows something.
  public func allows(verb: String, group: String, resource: String) -> Bool {
    rules.contains { rule in
      rule.names.isEmpty && (rule.verbs.contains(verb) || rule.verbs.contains("*"))
        && (rule.groups.contains(group) || rule.groups.contains("*"))
        && (rule.resources.contains(resource) || rule.resources.contains("*"))
    }
  }
}

extension KubernetesClient {
  /// Asks the server whether the user is allowed to do something.
  ///
  /// - Throws: What keeps the server from answering; "no" is an answer.
  public func accessReview(_ question: AccessQuestion) async throws(KubernetesError)
    -> AccessAnswer
  {
    var attributes: JSONValue = [
      "verb": .string(question.verb), "group": .string(question.group),
      "resource": .string(question.resource),
    ]
    attributes["subresource"] = question.subresource.map(JSONValue.string)
    attributes["namespace"] = question.namespace.map(JSONValue.string)
    attributes["name"] = question.name.map(JSONValue.string)
    let answer = try await review(
      kind: "SelfSubjectAccessReview",
      path: "selfsubjectaccessreviews",
      spec: ["resourceAttributes": attributes],
      doing: "cannot ask whether '\(question.verb)' on '\(question.resource)' is allowed"
    )
    return AccessAnswer(
      isAllowed: answer[path: "status", "allowed"]?.bool ?? false,
      reason: answer[path: "status", "reason"]?.string ?? ""
    )
  }

  /// Asks the server what the user may do in a namespace.
  ///
  /// - Throws: What keeps the server from answering.
  public func rulesReview(namespace: String) async throws(KubernetesError) -> AccessRules {
    let answer = try await review(
      kind: "SelfSubjectRulesReview",
      path: "selfsubjectrulesreviews",
      spec: ["namespace": .string(namespace)],
      doing: "cannot ask what is allowed in namespace '\(namespace)'"
    )
    func texts(_ value: JSONValue?) -> [String] { (value?.array ?? []).compactMap(\.string) }
    return AccessRules(
      rules: (answer[path: "status", "resourceRules"]?.array ?? []).map { rule in
        AccessRules.Rule(
          verbs: texts(rule["verbs"]),
          groups: texts(rule["apiGroups"]),
          resources: texts(rule["resources"]),
          names: texts(rule["resourceNames"])
        )
      },
      isIncomplete: answer[path: "status", "incomplete"]?.bool ?? false,
      evaluationError: answer[path: "status", "evaluationError"]?.string ?? ""
    )
  }

  private func review(
    kind: String,
    path: String,
    spec: JSONValue,
    doing: String
  ) async throws(KubernetesError) -> JSONValue {
    var call = APICall(path: "/apis/authorization.k8s.io/v1/\(path)", doing: doing)
    call.method = .post
    call.isQuestion = true
    call.contentType = APICall.Media.json
    let body: JSONValue = [
      "apiVersion": "authorization.k8s.io/v1", "kind": .string(kind), "spec": spec,
    ]
    call.body = body.encoded()
    return try await json(call)
  }
}
