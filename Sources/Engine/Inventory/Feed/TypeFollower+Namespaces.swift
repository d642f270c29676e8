// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

extension TypeFollower {
  /// Follows the type in each namespace in which the user may list it, until he may list it in all at once.
  func followByNamespace(_ refusal: KubernetesError) async {
    var children: [String: Task<Void, Never>] = [:]
    var known: Set<String> = []
    var round: Int?
    let slot = slot
    // Until the namespaces are known, nothing else is.
    context.store.write { $0.setState(.loading, of: slot) }
    for await namespaces in context.namespaces.updates() {
      if let last = round, namespaces.round > last, await mayListAll() { break }
      let isFirst = round == nil
      round = namespaces.round
      begin(namespaces, isFirst: isFirst, refusal, known)
      for name in known.subtracting(namespaces.names) {
        await end(children.removeValue(forKey: name))
        drop(name)
      }
      known = Set(namespaces.names)
      for name in namespaces.names where children[name] == nil && !Task.isCancelled {
        children[name] = await child(name, known.count)
      }
      context.store.announceStates()
    }
    for child in children.values { child.cancel() }
    for child in children.values { await child.value }
  }

  /// Notes what is about to be looked at; rows of namespaces that are not known go.
  private func begin(
    _ namespaces: KnownNamespaces,
    isFirst: Bool,
    _ refusal: KubernetesError,
    _ known: Set<String>
  ) {
    let slot = slot
    context.store.write { table in
      if isFirst {
        table.setStates(
          of: slot,
          reason: refusal.message,
          isComplete: namespaces.isComplete,
          Dictionary(namespaces.names.map { ($0, .loading) }, uniquingKeysWith: { $1 })
        )
        table.keepOnly(slot, inNamespaces: Set(namespaces.names))
        return
      }
      table.setComplete(namespaces.isComplete, slot)
      for name in namespaces.names where !known.contains(name) {
        table.setState(.loading, of: slot, inNamespace: name)
      }
    }
  }

  /// Begins to follow a namespace, or notes why not.
  private func child(_ namespace: String, _ count: Int) async -> Task<Void, Never>? {
    switch await context.rules.mayList(type, in: namespace) {
    case .allowed: break
    case .denied:
      leaveGap(namespace, "the user may not list '\(type.groupResource)' there")
      return nil
    case .unknown(let reason):
      let isNamed = context.options.namespaces.contains(namespace)
      guard isNamed || count <= context.options.maximumTries else {
        leaveGap(
          namespace,
          "it is not known whether the user may list '\(type.groupResource)' there, and there are too many"
            + " namespaces to try them all: \(reason)"
        )
        return nil
      }
    }
    let follower = ScopeFollower(context: context, type: type, slot: slot, namespace: namespace)
    return Task.detached {
      while !Task.isCancelled {
        guard let refusal = await follower.run() else { return }
        leaveGap(namespace, refusal.message)
        context.store.announceStates()
        await context.pauses.waitLong()
      }
    }
  }

  private func leaveGap(_ namespace: String, _ reason: String) {
    let slot = slot
    context.store.write {
      $0.removeAll(slot, inNamespace: namespace)
      $0.setState(.gap(reason: reason), of: slot, inNamespace: namespace)
    }
  }

  /// Forgets a namespace that is gone.
  private func drop(_ namespace: String) {
    let slot = slot
    context.store.write {
      $0.removeAll(slot, inNamespace: namespace)
      $0.setState(nil, of: slot, inNamespace: namespace)
    }
  }

  private func end(_ child: Task<Void, Never>?) async {
    child?.cancel()
    await child?.value
  }

  /// Whether the user may by now list all namespaces at once.
  private func mayListAll() async -> Bool {
    let question = AccessQuestion(verb: "list", group: type.group, resource: type.name)
    guard let answer = try? await context.client.accessReview(question) else { return false }
    return answer.isAllowed
  }
}
