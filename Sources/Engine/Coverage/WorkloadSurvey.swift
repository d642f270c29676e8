// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// The namespaces and workloads of a live cluster, from metadata alone.
///
/// Types are listed over all namespaces where the user may do that, else namespace by namespace where the server says
/// that he may; what is left is a gap with its reason. Requests run in parallel, a bounded number at a time, and
/// nothing is asked twice that was refused.
struct WorkloadSurvey: Sendable {
  /// The most requests at a time.
  static let parallelRequests = 8
  /// Up to so many namespaces are listed one by one when a scope names them; more are sieved out of the whole.
  static let namedLimit = 16

  /// The namespaces and workloads.
  private(set) var objects: [CoverageObject] = []
  /// What could not be looked at.
  private(set) var gaps: [CoverageGap]
  /// The cluster's identity; nil when the user may not know.
  let cluster: ClusterIdentity?

  private let client: KubernetesClient
  private let scope: CoverageScope
  private let namespaces: NamespaceSurvey
  /// The namespaces that are labelled out.
  private let labelledOut: Set<String>
  private let discovery: Discovery

  /// Reads a cluster.
  ///
  /// - Throws: `EngineError` `.notFound` for a namespace of the scope that does not exist; `KubernetesError` when the
  ///   cluster cannot be read at all; `CancellationError`.
  static func read(_ client: KubernetesClient, _ scope: CoverageScope) async throws
    -> WorkloadSurvey
  {
    async let discovery = client.discover()
    let namespaces = try await NamespaceSurvey.read(client, scope)
    var survey = WorkloadSurvey(client, scope, namespaces, try await discovery)
    try await survey.readWorkloads()
    return survey
  }

  private init(
    _ client: KubernetesClient,
    _ scope: CoverageScope,
    _ namespaces: NamespaceSurvey,
    _ discovery: Discovery
  ) {
    self.client = client
    self.scope = scope
    self.namespaces = namespaces
    labelledOut = Set(namespaces.namespaces.filter(\.isLabelledOut).map(\.name))
    self.discovery = discovery
    gaps = namespaces.gaps
    cluster = namespaces.cluster
  }

  /// What one list came to.
  private struct Answer: Sendable {
    var question: Question
    var items: [LiveMetadata] = []
    var controllers: Set<Dependent> = []
    var failure: KubernetesError?
  }

  private struct Question: Sendable {
    var type: APIResource
    var namespace: String?
    /// Which objects of the type are workloads.
    var rule: Rule
  }

  private enum Rule: Sendable {
    case all
    /// Those without a controller.
    case free
    /// Those that control something.
    case controllers(Set<String>)
  }

  /// A custom resource that controls something in a namespace.
  private struct Dependent: Sendable, Hashable {
    var controller: LiveMetadata.Controller
    var namespace: String?
  }

  private mutating func readWorkloads() async throws {
    let selected = namespaces.namespaces.filter { !$0.isBeingDeleted && $0.isSelected }
    objects = selected.map {
      .namespace($0.name, exclusion: $0.isLabelledOut ? .label : nil)
    }
    let kinds = WorkloadKinds.all.compactMap { kind in
      discovery.resource(named: kind.resource).map {
        Question(type: $0, namespace: nil, rule: kind.isOnlyFree ? .free : .all)
      }
    }
    let answers = try await answers(to: kinds)
    take(answers)
    try await readControllers(answers.reduce(into: []) { $0.formUnion($1.controllers) })
  }

  /// Reads the custom resources that control something that runs.
  private mutating func readControllers(_ dependents: Set<Dependent>) async throws {
    let byType = Dictionary(grouping: dependents) {
      [$0.controller.group, $0.controller.kind]
    }
    var questions: [Question] = []
    for (type, found) in byType.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let served = discovery.preferred.first {
        $0.group == type[0] && $0.kind == type[1] && $0.verbs.contains("list")
      }
      guard let served else {
        let resource = "\(type[1].lowercased()).\(type[0])"
        gaps.append(
          CoverageGap(
            resources: [resource],
            reason: "the server does not list this type; its labels are not known"
          )
        )
        objects += found.map { object($0, resource: resource) }
        continue
      }
      let identities = Set(found.map(\.controller.uid))
      questions.append(Question(type: served, namespace: nil, rule: .controllers(identities)))
    }
    take(try await answers(to: questions))
  }

  private func object(_ dependent: Dependent, resource: String) -> CoverageObject {
    CoverageObject(
      group: dependent.controller.group,
      kind: dependent.controller.kind,
      resource: resource,
      namespace: dependent.namespace,
      name: dependent.controller.name,
      exclusion: exclusion(isLabelledOut: false, namespace: dependent.namespace)
    )
  }
}

extension WorkloadSurvey {
  /// Puts answers among the objects and the gaps.
  private mutating func take(_ answers: [Answer]) {
    for answer in answers {
      let type = answer.question.type
      objects += answer.items.map { item in
        CoverageObject(
          group: type.group,
          kind: type.kind,
          resource: type.groupResource,
          namespace: item.namespace,
          name: item.name,
          exclusion: exclusion(isLabelledOut: item.isLabelledOut, namespace: item.namespace)
        )
      }
    }
    // A namespace with many types that may not be listed is one gap.
    let failed = answers.filter { $0.failure != nil }
    let byNamespace = Dictionary(grouping: failed) { answer in
      [answer.question.namespace ?? "", answer.failure?.code == .forbidden ? "" : "other"]
    }
    for (_, answers) in byNamespace.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let reasons = answers.compactMap { $0.failure?.message }
      gaps.append(
        CoverageGap(
          resources: answers.map(\.question.type.groupResource),
          namespace: answers[0].question.namespace,
          reason: reasons.first ?? ""
        )
      )
    }
  }

  private func exclusion(isLabelledOut: Bool, namespace: String?) -> CoverageObject.Exclusion? {
    if isLabelledOut { return .label }
    return namespace.map(labelledOut.contains) ?? false ? .namespaceLabel : nil
  }

  /// Asks questions over all namespaces, and again namespace by namespace those that are refused.
  private func answers(to questions: [Question]) async throws -> [Answer] {
    let isNarrow =
      !namespaces.isListable
      || (!namespaces.isWhole && namespaces.namespaces.count <= Self.namedLimit)
    let narrow = questions.filter { $0.type.isNamespaced && isNarrow }
    let wide = questions.filter { !($0.type.isNamespaced && isNarrow) }
    var answers = try await wide.mapInParallel(limit: Self.parallelRequests) { try await ask($0) }
    let refused = answers.filter { $0.failure?.code == .forbidden && $0.question.type.isNamespaced }
    answers.removeAll { $0.failure?.code == .forbidden && $0.question.type.isNamespaced }
    let rest = narrow + refused.map(\.question)
    guard !rest.isEmpty else { return answers }
    return answers + (try await answersByNamespace(to: rest))
  }

  private func answersByNamespace(to questions: [Question]) async throws -> [Answer] {
    let names = namespaces.namespaces.map(\.name)
    let permitted = try await names.mapInParallel(limit: Self.parallelRequests) { name in
      try await permissions(in: name, questions)
    }
    var answers: [Answer] = []
    var allowed: [Question] = []
    for (name, isAllowed) in zip(names, permitted) {
      for (question, isAllowed) in zip(questions, isAllowed) {
        var question = question
        question.namespace = name
        if isAllowed { allowed.append(question) } else { answers.append(refusal(question)) }
      }
    }
    return try await answers
      + allowed.mapInParallel(limit: Self.parallelRequests) { try await ask($0) }
  }

  /// Which of some types the user may list in a namespace; all of them where the server cannot tell.
  private func permissions(in namespace: String, _ questions: [Question]) async throws -> [Bool] {
    do throws(KubernetesError) {
      let rules = try await client.rulesReview(namespace: namespace)
      return questions.map { question in
        rules.isIncomplete
          || rules.allows(verb: "list", group: question.type.group, resource: question.type.name)
      }
    } catch {
      if error.code == .cancelled { throw error }
      return questions.map { _ in true }
    }
  }

  private func refusal(_ question: Question) -> Answer {
    Answer(
      question: question,
      failure: KubernetesError(code: .forbidden, message: "the user may not list them there")
    )
  }

  /// Asks one question; only cancellation is thrown.
  private func ask(_ question: Question) async throws -> Answer {
    var answer = Answer(question: question)
    var controllers: Set<Dependent> = []
    let names = namespaces.isWhole ? nil : Set(namespaces.namespaces.map(\.name))
    let list = MetadataList(client: client, selector: scope.selector)
    do {
      answer.items = try await list.read(
        question.type.groupVersionResource,
        namespace: question.namespace
      ) { item in
        if let names, let namespace = item.namespace, !names.contains(namespace) { return false }
        if let controller = item.controller, WorkloadKinds.isCustom(controller) {
          controllers.insert(Dependent(controller: controller, namespace: item.namespace))
        }
        guard item.isSelected else { return false }
        switch question.rule {
        case .all: return true
        case .free: return item.controller == nil && !item.isMirror
        case .controllers(let identities): return identities.contains(item.uid)
        }
      }
    } catch let error as KubernetesError where error.code != .cancelled {
      answer.failure = error
    }
    answer.controllers = controllers
    return answer
  }
}
