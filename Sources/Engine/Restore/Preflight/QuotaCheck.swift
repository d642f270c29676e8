// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Quotas and limit ranges of the namespaces that objects are created in.
///
/// Quotas that come with the restore do not count: they held in the cluster that was backed up. Requests: a list of each of the
/// two types over all namespaces, or, where that is refused, one for each namespace.
struct QuotaCheck: Sendable {
  /// A quota of the target.
  struct Quota: Sendable, Hashable {
    var address: ObjectAddress
    var hard: [String: Quantity]
    var used: [String: Quantity]
    /// Whether it is for some pods or claims only.
    var isScoped = false
  }

  /// A limit range of the target.
  struct Limits: Sendable, Hashable {
    var address: ObjectAddress
    var range: LimitRange
  }

  let reader: TargetReader

  /// - Throws: `KubernetesError` `.cancelled`.
  func findings(_ facts: PreflightFacts) async throws -> [PreflightFinding] {
    let namespaces = facts.demands.keys.sorted()
    guard !namespaces.isEmpty else { return [] }
    let wanted = Set(namespaces)
    let quotas = try await reader.list("resourcequotas", in: namespaces) { view in
      Quota(view).flatMap { wanted.contains($0.address.namespace ?? "") ? $0 : nil }
    }
    let limits = try await reader.list("limitranges", in: namespaces) { view in
      Limits(view).flatMap { wanted.contains($0.address.namespace ?? "") ? $0 : nil }
    }
    let rules = QuotaRules(facts: facts, limits: limits.values, knowsLimits: limits.gaps.isEmpty)
    var findings = quotas.values.flatMap(rules.findings) + rules.limitFindings
    let unknowns = [
      PreflightFinding.unknown(.warning, "which quotas there are", quotas.gaps),
      PreflightFinding.unknown(.note, "which limit ranges there are", limits.gaps),
    ]
    findings += unknowns.compactMap(\.self)
    return findings
  }
}

extension QuotaCheck.Quota {
  init?(_ view: JSONView) {
    guard let name = view["metadata"]?["name"]?.string else { return nil }
    address = ObjectAddress(
      type: "resourcequotas",
      namespace: view["metadata"]?["namespace"]?.string,
      name: name
    )
    // What the status does not say yet holds all the same.
    let spec = view["spec"]
    hard = (spec?["hard"]?.value ?? [:]).quantities
    used = (view["status"]?["used"]?.value ?? [:]).quantities
    isScoped =
      (spec?["scopes"]?.count ?? 0) > 0
      || (spec?["scopeSelector"]?["matchExpressions"]?.count ?? 0) > 0
  }
}

extension QuotaCheck.Limits {
  init?(_ view: JSONView) {
    guard let name = view["metadata"]?["name"]?.string else { return nil }
    address = ObjectAddress(
      type: "limitranges",
      namespace: view["metadata"]?["namespace"]?.string,
      name: name
    )
    range = LimitRange(view.value)
  }
}

/// What quotas and limit ranges have to say about a restore.
struct QuotaRules {
  private let facts: PreflightFacts
  private let limits: [QuotaCheck.Limits]
  /// Whether all limit ranges are known.
  private let knowsLimits: Bool
  /// The requests and limits that containers get which state none, by namespace.
  private let defaults: [String: Set<String>]

  init(facts: PreflightFacts, limits: [QuotaCheck.Limits] = [], knowsLimits: Bool = true) {
    self.facts = facts
    self.limits = limits
    self.knowsLimits = knowsLimits
    var defaults = facts.limitDefaults
    for own in limits {
      defaults[own.address.namespace ?? "", default: []].formUnion(own.range.defaults)
    }
    self.defaults = defaults
  }

  /// What is to be said of one quota.
  func findings(_ quota: QuotaCheck.Quota) -> [PreflightFinding] {
    guard let namespace = quota.address.namespace, let demand = facts.demands[namespace] else {
      return []
    }
    return [
      excess(quota, namespace, isEventual: false) { immediate($0, demand, namespace) },
      excess(quota, namespace, isEventual: true) { eventual($0, demand, namespace) },
      uncounted(quota, demand),
      unstated(quota, namespace, demand.unstatedPods, isTemplate: false),
      unstated(quota, namespace, demand.unstatedTemplates, isTemplate: true),
    ].compactMap(\.self)
  }

  // Amounts.

  private func immediate(_ name: String, _ demand: NamespaceDemand, _ namespace: String) -> Quantity
  {
    demand.immediate(name) + counted(name, namespace)
  }

  private func eventual(_ name: String, _ demand: NamespaceDemand, _ namespace: String) -> Quantity
  {
    demand.eventual(name) + counted(name, namespace)
  }

  private func counted(_ name: String, _ namespace: String) -> Quantity {
    QuotaName.countedType(name).map { Quantity(facts.created($0, in: namespace).count) } ?? .zero
  }

  /// What would go beyond a quota at once, or when workloads have their pods; what does at once is not told again.
  private func excess(
    _ quota: QuotaCheck.Quota,
    _ namespace: String,
    isEventual: Bool,
    _ amount: (String) -> Quantity
  ) -> PreflightFinding? {
    guard let demand = facts.demands[namespace] else { return nil }
    var words: [String] = []
    var objects = FirstFew<ObjectAddress>()
    for (name, hard) in quota.hard.sorted(by: { $0.key < $1.key }) {
      let canonical = QuotaName.canonical(name)
      let coming = amount(canonical)
      let used = quota.used[name] ?? .zero
      guard coming > .zero, used + coming > hard else { continue }
      if isEventual, used + immediate(canonical, demand, namespace) > hard { continue }
      func text(_ amount: Quantity) -> String { QuotaName.text(amount, of: canonical) }
      words.append("\(name) \(text(coming)) more, with \(text(used)) of \(text(hard)) used")
      if words.count == 1 { objects = subjects(canonical, namespace) }
    }
    guard !words.isEmpty else { return nil }
    let place = "the quota '\(quota.address.name)' of the namespace '\(namespace)'"
    let verb = isEventual ? "the workloads ask for more than" : "the objects take more than"
    let scope = quota.isScoped ? "; it is for some of them only" : ""
    return PreflightFinding(
      isEventual || quota.isScoped ? .warning : .error,
      .quota,
      "\(verb) \(place) has left: " + words.joined(separator: "; ") + scope,
      objects,
      hint: "raise the quota, or restore less into the namespace"
    )
  }

  private func subjects(_ canonical: String, _ namespace: String) -> FirstFew<ObjectAddress> {
    let types: [String]
    if let type = QuotaName.countedType(canonical) {
      types = [type]
    } else if canonical.hasPrefix("services.") {
      types = ["services"]
    } else if QuotaName.isOfClaims(canonical) {
      types = ["persistentvolumeclaims", "statefulsets.apps"]
    } else {
      types = ["pods"] + ObjectTypes.workloads.sorted()
    }
    let found = types.lazy.map { facts.created($0, in: namespace) }
    return found.first { $0.count > 0 } ?? FirstFew()
  }

  // What cannot be reckoned.

  private func uncounted(_ quota: QuotaCheck.Quota, _ demand: NamespaceDemand) -> PreflightFinding?
  {
    guard demand.uncounted.count > 0,
      quota.hard.keys.contains(where: { QuotaName.isOfPods(QuotaName.canonical($0)) })
    else { return nil }
    return PreflightFinding(
      .note,
      .unknown,
      "it is not known how many pods the daemon sets will have, and whether the quota "
        + "'\(quota.address.path)' has room for them",
      demand.uncounted
    )
  }

  /// Pods without requests or limits, where a quota wants to count these.
  private func unstated(
    _ quota: QuotaCheck.Quota,
    _ namespace: String,
    _ unstated: [String: FirstFew<ObjectAddress>],
    isTemplate: Bool
  ) -> PreflightFinding? {
    let given = defaults[namespace] ?? []
    let names = Set(quota.hard.keys.map(QuotaName.canonical)).filter { !given.contains($0) }
      .filter { unstated[$0] != nil }.sorted()
    guard let first = names.first, let objects = unstated[first] else { return nil }
    let isCertain = !isTemplate && !quota.isScoped && knowsLimits
    return PreflightFinding(
      isCertain ? .error : .warning,
      .quota,
      "the quota '\(quota.address.name)' of the namespace '\(namespace)' wants every container to state "
        + names.joined(separator: ", ") + ", and \(ShortList.objects(objects.count)) "
        + "\(objects.count == 1 ? "does" : "do") not",
      objects,
      hint: "a limit range in the namespace can give defaults"
    )
  }

  // Limit ranges.

  /// One note about all limit ranges of namespaces that pods or claims come into.
  var limitFindings: [PreflightFinding] {
    var objects = FirstFew<ObjectAddress>()
    var namespaces: Set<String> = []
    for namespace in Set(limits.compactMap(\.address.namespace)).sorted() {
      let types = ["pods", "persistentvolumeclaims"] + ObjectTypes.workloads.sorted()
      var own = FirstFew<ObjectAddress>()
      for type in types { own.append(facts.created(type, in: namespace)) }
      guard own.count > 0 else { continue }
      namespaces.insert(namespace)
      objects.append(own)
    }
    guard !namespaces.isEmpty else { return [] }
    return [
      PreflightFinding(
        .note,
        .limitRange,
        "limit ranges in \(ShortList.namespaces(namespaces.sorted())) may change or refuse "
          + "pods and claims",
        objects
      )
    ]
  }
}
