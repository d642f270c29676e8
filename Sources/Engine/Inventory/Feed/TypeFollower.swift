// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Keeps the rows of a type: all namespaces at once where the user may, otherwise namespace by namespace.
struct TypeFollower: Sendable {
  let context: FeedContext
  let type: APIResource
  let slot: InventoryTable.Slot

  /// Follows until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      let follower = ScopeFollower(
        context: context,
        type: type,
        slot: slot,
        namespace: nil,
        onChange: hook,
        onFirstFailure: { if isNamespaces { setNamedNamespaces() } }
      )
      guard let refusal = await follower.run() else { return }
      if type.isNamespaced {
        await followByNamespace(refusal)
      } else {
        await leaveGap(refusal)
        await context.pauses.waitLong()
      }
    }
  }

  private var isNamespaces: Bool { type.groupResource == "namespaces" }

  /// The namespaces that are looked at when they cannot be listed.
  private var namedNamespaces: [String] {
    let named = context.options.namespaces
    return named.isEmpty ? [context.client.configuration.namespace] : named
  }

  /// Has the others go on with the namespaces that are named, as long as there is no list.
  private func setNamedNamespaces() {
    context.namespaces.set(namedNamespaces, isComplete: false)
  }

  /// What other followers have to know of this type's changes.
  private var hook: @Sendable (_ isFirst: Bool) -> Void {
    let (context, slot) = (context, slot)
    switch type.groupResource {
    case "namespaces":
      return { _ in
        let names = context.store.names(slot)
        let wanted = context.options.isLimitedToNamespaces ? Set(context.options.namespaces) : nil
        let looked = wanted.map { names.filter($0.contains) } ?? names
        context.namespaces.set(looked, isComplete: looked.count == names.count)
      }
    case "customresourcedefinitions.apiextensions.k8s.io":
      return { isFirst in
        if !isFirst || context.store.hasUnservedDefinitions(slot) { context.rediscover() }
      }
    case "apiservices.apiregistration.k8s.io":
      return { isFirst in if !isFirst { context.rediscover() } }
    default: return { _ in }
    }
  }

  // MARK: Cluster-scoped types

  private func leaveGap(_ refusal: KubernetesError) async {
    let slot = slot
    context.store.write {
      $0.removeAll(slot)
      $0.setState(.gap(reason: refusal.message), of: slot)
    }
    if isNamespaces { await readNamedNamespaces(refusal) }
    context.store.announceStates()
  }

  /// Reads the namespaces that the caller names one by one, since they may not be listed.
  private func readNamedNamespaces(_ refusal: KubernetesError) async {
    let reader = JSONReader()
    var gaps: [String: String] = [:]
    var present: [String] = []
    for name in namedNamespaces {
      do {
        let reference = ObjectReference(type.groupVersionResource, name: name)
        let object = try await context.client.get(reference).encoded()
        try reader.read(object) { object in
          context.store.write { _ = $0.put(object, slot) }
        }
      } catch let error as KubernetesError {
        if error.code == .notFound { continue }
        gaps[name] = error.message
      } catch {
        gaps[name] = "\(error)"
      }
      present.append(name)
    }
    if gaps.count < present.count {
      context.store.write { [gaps] in
        $0.setState(.partial(reason: refusal.message, gaps: gaps), of: slot)
      }
    }
    context.namespaces.set(present, isComplete: false)
  }
}

extension InventoryStore {
  /// The names of a cluster-scoped type's objects.
  func names(_ slot: InventoryTable.Slot) -> [String] {
    let snapshot = snapshot()
    guard let place = snapshot.place(ofSlot: slot) else { return [] }
    return snapshot.objects(ofType: place).map(\.name).sorted()
  }

  /// Whether there are definitions of custom resources without a type.
  ///
  /// A definition is named as its type is: `plural.group`.
  func hasUnservedDefinitions(_ slot: InventoryTable.Slot) -> Bool {
    let snapshot = snapshot()
    guard let place = snapshot.place(ofSlot: slot) else { return false }
    let served = Set(snapshot.types.map(\.resource.groupResource))
    return snapshot.objects(ofType: place).contains { !served.contains($0.name) }
  }
}
