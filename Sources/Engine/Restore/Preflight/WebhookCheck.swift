// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Webhooks that are asked about objects of a restore and cannot answer.
///
/// Requests: two lists, one for each type of custom resources, and two or three for each service behind a webhook that is asked.
struct WebhookCheck: Sendable {
  /// Whether a webhook would answer.
  enum State: Sendable, Hashable {
    case ready
    /// There is no such service.
    case missing
    /// None of its endpoints is ready.
    case idle
    case unknown(String)
  }

  static let types = [
    "mutatingwebhookconfigurations.admissionregistration.k8s.io",
    "validatingwebhookconfigurations.admissionregistration.k8s.io",
  ]
  private static let slices = "endpointslices.discovery.k8s.io"

  let reader: TargetReader

  /// - Throws: `KubernetesError` `.cancelled`.
  func findings(_ facts: PreflightFacts, _ namespaces: TargetNamespaces) async throws
    -> [PreflightFinding]
  {
    var live: [AdmissionWebhook] = []
    var gaps: [PreflightGap] = []
    for type in Self.types {
      guard let version = reader.resource(type)?.apiVersion else { continue }
      let listing = try await reader.list(type, in: nil) { Self.webhooks($0, type, version) }
      live += listing.values.flatMap(\.self)
      gaps += listing.gaps
    }
    let labels = { (name: String) in namespaces.labels(of: name, facts) }
    let kinds = ActionKinds(facts)
    // The reach of a webhook is found once; of most it is nothing.
    let asked = (live + facts.webhooks).map {
      (webhook: $0, reach: $0.reach(in: facts, kinds, labels: labels))
    }.filter { $0.reach.objects.count > 0 }
    let conversions = try await conversions(facts)
    let services = Set(asked.compactMap { $0.webhook.service } + conversions.found.map(\.service))
    let states = try await states(of: services.sorted())
    let configurations = Set(live.map(\.configuration))
    var findings = asked.compactMap { asked in
      configurations.contains(asked.webhook.configuration)
        ? Self.finding(on: asked.webhook, asked.reach, states, facts)
        : Self.finding(onBrought: asked.webhook, asked.reach, states, facts)
    }
    findings += conversions.found.compactMap { conversion in
      states[conversion.service].flatMap { conversion.finding($0, facts) }
    }
    let unread = "how objects of some types are converted between versions"
    if let unknown = PreflightFinding.unknown(.note, unread, conversions.gaps) {
      findings.append(unknown)
    }
    if !facts.actions.isEmpty,
      let unknown = PreflightFinding.unknown(.warning, "which webhooks there are", gaps)
    {
      findings.append(unknown)
    }
    return findings
  }

  private static func webhooks(_ view: JSONView, _ type: String, _ version: String)
    -> [AdmissionWebhook]
  {
    var object = view.value
    object["apiVersion"] = .string(version)
    let name = object[path: "metadata", "name"]?.string ?? ""
    return AdmissionWebhook.all(in: object, at: ObjectAddress(type: type, name: name))
  }

  // What is found.

  /// What is to be said of a webhook of the target; nil for nothing.
  static func finding(
    on webhook: AdmissionWebhook,
    _ reach: AdmissionWebhook.Reach,
    _ states: [ObjectAddress: State],
    _ facts: PreflightFacts
  ) -> PreflightFinding? {
    let asked = "\(webhook.words) is asked about " + ShortList.objects(reach.objects.count)
    guard let service = webhook.service else {
      guard case .host(let host) = webhook.backend, webhook.isRequired else { return nil }
      return PreflightFinding(
        .note,
        .unknown,
        "\(asked), and it is not known whether its server '\(host)' answers",
        reach.objects
      )
    }
    let problem: String
    switch states[service] ?? .unknown("it was not looked at") {
    case .ready: return nil
    case .missing: problem = "there is no service '\(service.path)' to answer"
    case .idle: problem = "its service '\(service.path)' has no ready endpoint"
    case .unknown(let reason):
      return PreflightFinding(
        webhook.isRequired ? .warning : .note,
        .unknown,
        "\(asked), and it is not known whether its service '\(service.path)' answers: \(reason)",
        reach.objects
      )
    }
    let isCertain = webhook.isRequired && reach.isCertain
    return PreflightFinding(
      isCertain ? .error : .warning,
      .webhookDown,
      "\(asked), and \(problem)" + (webhook.isRequired ? "" : "; they pass without it"),
      reach.objects,
      hint: facts.brought.contains(service)
        ? "the backup has this service: restore it first, with its pods and without the rest"
        : "get the service to run, or delete '\(webhook.configuration.name)' until the restore is done"
    )
  }

  /// What is to be said of a webhook that the restore brings along; nil for nothing.
  static func finding(
    onBrought webhook: AdmissionWebhook,
    _ reach: AdmissionWebhook.Reach,
    _ states: [ObjectAddress: State],
    _ facts: PreflightFacts
  ) -> PreflightFinding? {
    guard let service = webhook.service, states[service] != .ready else { return nil }
    let isMissing = states[service] == .missing && !facts.brought.contains(service)
    return PreflightFinding(
      webhook.isRequired ? .warning : .note,
      .webhookDown,
      "\(webhook.words) comes with the restore and is asked about up to "
        + ShortList.objects(reach.objects.count) + ", and "
        + (isMissing
          ? "there is no service '\(service.path)' to answer"
          : "its service '\(service.path)' may not be ready by then"),
      reach.objects,
      hint: "restore '\(webhook.configuration.name)' behind the rest"
    )
  }

  // What is read.

  /// The webhooks that convert the custom resources of a restore.
  private func conversions(_ facts: PreflightFacts) async throws
    -> (found: [ConversionWebhook], gaps: [PreflightGap])
  {
    let types = facts.versions.keys.filter(BuiltInGroups.mayHaveDefinition).sorted()
    let asked = Array(types.prefix(TargetReader.singleRequestLimit))
    let answers = try await asked.mapInParallel(limit: TargetReader.parallelRequests) { type in
      try await reader.get(ObjectAddress(type: ObjectTypes.definitions, name: type))
    }
    var found: [ConversionWebhook] = []
    var gaps: [PreflightGap] = []
    for (type, answer) in zip(asked, answers) {
      switch answer {
      case .missing: break
      case .unknown(let reason): gaps.append(PreflightGap(reason: reason))
      case .found(let definition):
        if let own = ConversionWebhook(definition, type: type) { found.append(own) }
      }
    }
    return (found, gaps)
  }

  private func states(of services: [ObjectAddress]) async throws -> [ObjectAddress: State] {
    let states = try await services.mapInParallel(limit: TargetReader.parallelRequests) { service in
      try await state(of: service)
    }
    return Dictionary(zip(services, states), uniquingKeysWith: { $1 })
  }

  private func state(of service: ObjectAddress) async throws -> State {
    switch try await reader.get(service) {
    case .missing: return .missing
    case .unknown(let reason): return .unknown(reason)
    case .found(let object):
      guard object[path: "spec", "type"]?.string != "ExternalName" else {
        return .unknown("it stands for a name outside the cluster")
      }
    }
    if let isReady = try await readySlices(of: service) { return isReady ? .ready : .idle }
    var endpoints = service
    endpoints.type = "endpoints"
    switch try await reader.get(endpoints) {
    case .missing: return .idle
    case .unknown(let reason): return .unknown(reason)
    case .found(let object):
      let subsets = object["subsets"]?.array ?? []
      return subsets.contains { $0["addresses"]?.array?.isEmpty == false } ? .ready : .idle
    }
  }

  /// Whether an endpoint is ready by the service's slices; nil where there are no slices or they may not be read.
  private func readySlices(of service: ObjectAddress) async throws -> Bool? {
    let readiness = try await reader.list(
      Self.slices,
      inNamespace: service.namespace,
      labels: "kubernetes.io/service-name=\(service.name)"
    ) { slice -> Bool? in
      var isReady = false
      slice["endpoints"]?.forEachElement { endpoint in
        // Not saying means ready.
        if endpoint["conditions"]?["ready"]?.bool ?? true { isReady = true }
      }
      return isReady
    }
    guard readiness.gaps.isEmpty, !readiness.values.isEmpty else { return nil }
    return readiness.values.contains(true)
  }
}

extension AdmissionWebhook {
  /// nil for a server outside the cluster.
  var service: ObjectAddress? {
    if case .service(let address) = backend { address } else { nil }
  }

  /// `the webhook 'a' of 'b'`.
  var words: String { "the webhook '\(name)' of '\(configuration.name)'" }
}
