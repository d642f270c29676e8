// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Fetches objects that taken objects need, at the run's revision.
struct AdditionReader {
  /// Up to so many objects are asked for one by one; more come out of the whole list, which is cheaper then.
  static let singleRequestLimit = 24

  let selection: Selection
  let reader: ListReader
  let state: RunState
  let lane: ArchiveLane

  /// Carries out one request; what cannot be read becomes an issue.
  func fulfil(_ request: AdditionRequest) async throws {
    switch request {
    case .named(let type, let namespace, let names):
      try await fulfil(named: names, type: type, namespace: namespace)
    case .bindings:
      try await fulfilBindings()
    case .podsOfClaims(let namespace, let claims):
      try await read("pods", namespace: namespace) { view, _ in
        Relations(of: view, type: "pods").claims.first { claims.contains($0) }
          .map { .podOfClaim("\(namespace)/\($0)") }
      }
    case .claimsOfVolumeGroups(let namespace, let groups):
      try await read("persistentvolumeclaims", namespace: namespace) { _, facts in
        facts.label(Relations.volumeGroupLabel).flatMap { groups[$0] }
          .map { .volumeGroupOfClaim($0) }
      }
    }
  }

  private func fulfil(named names: [String: Inclusion], type: String, namespace: String?)
    async throws
  {
    guard let place = selection.type(type) else { return }
    let missing = names.filter {
      !state.hasTaken(type: place, namespace: namespace, name: $0.key)
    }
    guard !missing.isEmpty else { return }
    var found: Set<String> = []
    let calls =
      missing.count <= Self.singleRequestLimit
      ? missing.keys.sorted().map { $0 as String? } : [nil]
    var isReadable = true
    for objectName in calls where isReadable {
      let call = ListCall(type: place, namespace: namespace, objectName: objectName)
      isReadable = try await read(call) { _, facts in
        guard let reason = missing[facts.name] else { return nil }
        found.insert(facts.name)
        return reason
      }
    }
    // What could not be read has its issue; what is not there is another matter.
    guard isReadable else { return }
    for (name, reason) in missing.sorted(by: { $0.key < $1.key }) where !found.contains(name) {
      reportMissing(name, type: type, namespace: namespace, reason: reason)
    }
  }

  /// Every type outside the built-in groups is looked up as a custom resource, so a missing definition is no news.
  private func reportMissing(_ name: String, type: String, namespace: String?, reason: Inclusion) {
    if case .definitionOfCustomResource = reason { return }
    state.report(
      Issue(
        .warning,
        "there is no \(type) '\(namespace.map { "\($0)/" } ?? "")\(name)': \(reason)",
        subject: Issue.Subject(resource: type, namespace: namespace, name: name),
        hint: "the reference dangles in the cluster already; a restore will not mend it"
      )
    )
  }

  private func fulfilBindings() async throws {
    guard let accounts = selection.type("serviceaccounts") else { return }
    try await read("clusterrolebindings.rbac.authorization.k8s.io", namespace: nil) { view, facts in
      let binding = BindingFacts(of: view)
      let account = binding.accounts.first { account in
        let parts = account.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return false }
        return state.hasTaken(type: accounts, namespace: parts[0], name: parts[1])
      }
      guard let account else { return nil }
      state.observe(binding: facts.name, role: binding.role)
      return .bindingOfServiceAccount(account)
    }
  }

  private func read(
    _ type: String,
    namespace: String?,
    reason: (JSONView, ItemFacts) -> Inclusion?
  ) async throws {
    guard let place = selection.type(type) else { return }
    _ = try await read(ListCall(type: place, namespace: namespace), reason: reason)
  }

  /// Reads a list and archives what somebody needs; false when it could not be read.
  private func read(
    _ call: ListCall,
    reason: (JSONView, ItemFacts) -> Inclusion?
  ) async throws -> Bool {
    let rule = selection.types[call.type]
    state.progress { $0.listsTotal += 1 }
    defer { state.progress { $0.listsDone += 1 } }
    do {
      try await reader.read(call, rule: rule) {
        try await lane.takeAdditions($0, type: call.type, reason: reason)
      }
      return true
    } catch let error as KubernetesError where error.code != .cancelled {
      state.report(Issue(listing: rule, namespace: call.namespace, failed: error))
      return false
    }
  }
}
