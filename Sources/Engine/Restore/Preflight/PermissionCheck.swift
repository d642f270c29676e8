// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// What the user may not do of what a restore would do.
///
/// Requests: one whether everything is allowed; if not, one for each verb and type over all namespaces; for what is refused
/// there, one review of the rules of each namespace, at most `namespaceLimit`; and where these are incomplete one for each
/// verb and type in the namespace, at most `singleLimit`. What lies beyond the limits is told as not known.
struct PermissionCheck: Sendable {
  /// Reviews of rules, one a namespace.
  static let namespaceLimit = 5000
  /// Questions where rules are incomplete.
  static let singleLimit = 1000
  /// How many questions are asked at a time.
  static let parallelRequests = 8

  /// What servers say that authorize nodes by an authorizer of their own, as most do: it allows nothing to anybody else, so that
  /// the rules of all others are complete.
  ///
  /// Source: Kubernetes, `plugin/pkg/auth/authorizer/node`, `RulesFor`.
  private static let nodeAuthorizer = "node authorizer does not support user rule resolution"

  /// Whether something is allowed.
  enum Answer: Sendable, Hashable {
    case allowed
    case refused
    case unknown(String)
  }

  let client: KubernetesClient

  /// - Throws: `KubernetesError` `.cancelled`.
  func findings(_ facts: PreflightFacts) async throws -> [PreflightFinding] {
    let actions = facts.actions.keys.sorted(by: PreflightFacts.Action.precedes)
    guard !actions.isEmpty else { return [] }
    let everything = PreflightFacts.Action(verb: "*", type: "*.*", namespace: nil)
    if try await ask(everything) == .allowed { return [] }
    let answers = try await answers(to: actions)
    return Self.findings(facts, answers)
  }

  /// An answer for each action that is not allowed everywhere.
  private func answers(to actions: [PreflightFacts.Action]) async throws
    -> [PreflightFacts.Action: Answer]
  {
    let wide = Set(actions.map(\.everywhere)).sorted(by: PreflightFacts.Action.precedes)
    let wideAnswers = Dictionary(
      zip(wide, try await wide.mapInParallel(limit: Self.parallelRequests) { try await ask($0) }),
      uniquingKeysWith: { $1 }
    )
    var answers: [PreflightFacts.Action: Answer] = [:]
    var rest: [String: [PreflightFacts.Action]] = [:]
    for action in actions {
      guard let answer = wideAnswers[action.everywhere], answer != .allowed else { continue }
      if let namespace = action.namespace {
        rest[namespace, default: []].append(action)
      } else {
        answers[action] = answer
      }
    }
    let namespaces = rest.keys.sorted()
    let asked = Array(namespaces.prefix(Self.namespaceLimit))
    let reviewed = try await asked.mapInParallel(limit: Self.parallelRequests) {
      [rest] namespace in try await review(namespace, rest[namespace] ?? [])
    }
    for own in reviewed { answers.merge(own) { $1 } }
    for namespace in namespaces.dropFirst(asked.count) {
      let reason = "more than \(Self.namespaceLimit) namespaces would have to be asked about"
      for action in rest[namespace] ?? [] { answers[action] = .unknown(reason) }
    }
    return try await completed(answers)
  }

  /// Asks about what the rules of namespaces leave open.
  private func completed(_ answers: [PreflightFacts.Action: Answer]) async throws
    -> [PreflightFacts.Action: Answer]
  {
    var answers = answers
    let open = answers.keys.filter { action in
      if case .unknown = answers[action], action.namespace != nil { true } else { false }
    }.sorted(by: PreflightFacts.Action.precedes).prefix(Self.singleLimit)
    let asked = Array(open)
    let found = try await asked.mapInParallel(limit: Self.parallelRequests) { try await ask($0) }
    for (action, answer) in zip(asked, found) { answers[action] = answer }
    return answers
  }

  private func ask(_ action: PreflightFacts.Action) async throws -> Answer {
    do throws(KubernetesError) {
      let (name, group) = action.typeParts
      let answer = try await client.accessReview(
        AccessQuestion(
          verb: action.verb,
          group: group,
          resource: name,
          namespace: action.namespace
        )
      )
      return answer.isAllowed ? .allowed : .refused
    } catch {
      if error.code == .cancelled { throw error }
      return .unknown(error.message)
    }
  }

  private func review(_ namespace: String, _ actions: [PreflightFacts.Action]) async throws
    -> [PreflightFacts.Action: Answer]
  {
    do throws(KubernetesError) {
      let rules = try await client.rulesReview(namespace: namespace)
      return Dictionary(
        actions.map { ($0, Self.answer($0, rules)) },
        uniquingKeysWith: { $1 }
      )
    } catch {
      if error.code == .cancelled { throw error }
      let answer = Answer.unknown(error.message)
      return Dictionary(actions.map { ($0, answer) }, uniquingKeysWith: { $1 })
    }
  }

  static func answer(_ action: PreflightFacts.Action, _ rules: AccessRules) -> Answer {
    let (name, group) = action.typeParts
    if rules.allows(verb: action.verb, group: group, resource: name) { return .allowed }
    var anyName = rules
    for place in anyName.rules.indices { anyName.rules[place].names = [] }
    // Rules for single names do not reach to what is created: its name is not known to the authorizer then.
    if action.verb != "create", anyName.allows(verb: action.verb, group: group, resource: name) {
      return .unknown("it is allowed for objects of some names")
    }
    let words = rules.evaluationError
    guard rules.isIncomplete, words != nodeAuthorizer else { return .refused }
    return .unknown(words.isEmpty ? "the server cannot tell all that is allowed" : words)
  }

  // What is found.

  /// Refusals, those of the same verb in the same namespaces in one.
  static func findings(
    _ facts: PreflightFacts,
    _ answers: [PreflightFacts.Action: Answer]
  ) -> [PreflightFinding] {
    struct Key: Hashable {
      var verb: String
      var reason: String?
      var namespaces: [String]
    }
    struct Subject: Hashable {
      var verb: String
      var type: String
      var reason: String?
    }
    var places: [Subject: [String]] = [:]
    for (action, answer) in answers {
      var subject = Subject(verb: action.verb, type: action.type)
      switch answer {
      case .allowed: continue
      case .refused: break
      case .unknown(let reason): subject.reason = reason
      }
      places[subject, default: []] += action.namespace.map { [$0] } ?? []
    }
    var types: [Key: [String]] = [:]
    for (subject, namespaces) in places {
      let key = Key(
        verb: subject.verb,
        reason: subject.reason,
        namespaces: namespaces.sorted()
      )
      types[key, default: []].append(subject.type)
    }
    return types.map { key, types in
      finding(key.verb, types.sorted(), key.namespaces, unknown: key.reason, facts)
    }
  }

  private static func finding(
    _ verb: String,
    _ types: [String],
    _ namespaces: [String],
    unknown reason: String?,
    _ facts: PreflightFacts
  ) -> PreflightFinding {
    var objects = FirstFew<ObjectAddress>()
    for namespace in namespaces.isEmpty ? [nil] : namespaces.map(Optional.some) {
      for type in types {
        let action = PreflightFacts.Action(verb: verb, type: type, namespace: namespace)
        objects.append(
          (facts.actions[action] ?? FirstFew()).map {
            ObjectAddress(type: type, namespace: namespace, name: $0)
          }
        )
      }
    }
    let shown = types.prefix(5).joined(separator: ", ")
    let rest = types.count > 5 ? " and \(types.count - 5) more" : ""
    let place = namespaces.isEmpty ? "" : " in \(ShortList.namespaces(namespaces))"
    if let reason {
      return PreflightFinding(
        .warning,
        .unknown,
        "it is not known whether you may \(verb) \(shown)\(rest)\(place): \(reason)",
        objects
      )
    }
    return PreflightFinding(
      verb == "get" || verb == "list" ? .warning : .error,
      .permission,
      "you may not \(verb) \(shown)\(rest)\(place)",
      objects,
      hint: "ask whoever runs the cluster for a role that allows it"
    )
  }
}

extension PreflightFacts.Action {
  /// The same in all namespaces.
  var everywhere: PreflightFacts.Action {
    var action = self
    action.namespace = nil
    return action
  }

  /// The plural name, and the group, which is empty for the core group.
  var typeParts: (name: String, group: String) {
    let parts = type.split(separator: ".", maxSplits: 1).map(String.init)
    return (parts.first ?? "", parts.count == 2 ? parts[1] : "")
  }
}
