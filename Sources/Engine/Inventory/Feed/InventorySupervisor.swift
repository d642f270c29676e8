// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Starts and ends the followers as types come and go.
actor InventorySupervisor {
  /// How often types are looked for that a definition promises and the server does not serve yet.
  private static let definitionTries = 6

  private let context: FeedContext
  private var followers: [GroupVersionResource: Task<Void, Never>] = [:]
  /// Those that wait for other types and for the time to ask again.
  private var attendants: [Task<Void, Never>] = []
  private var isStopped = false

  init(_ context: FeedContext) { self.context = context }

  func start(_ discovery: Discovery) async {
    guard attendants.isEmpty, !isStopped else { return }
    await take(discovery)
    let context = context
    attendants = [
      Task.detached { [weak self] in
        for await _ in context.discoveryHints {
          await context.pauses.sleep(context.options.discoveryDelay)
          await self?.rediscover()
        }
      },
      Task.detached {
        while !Task.isCancelled {
          await context.pauses.waitLong()
          await context.rules.forget()
          context.namespaces.beginRound()
        }
      },
    ]
  }

  /// Ends all followers and starts them anew, with the types as they are served now.
  ///
  /// Where the server does not answer nothing is ended: the followers try again by themselves.
  func relist() async {
    guard !attendants.isEmpty, !isStopped, let discovery = try? await context.client.discover()
    else { return }
    await context.rules.forget()
    context.namespaces.beginRound()
    let former = Array(followers.values)
    followers = [:]
    for follower in former { follower.cancel() }
    for follower in former { await follower.value }
    guard !isStopped else { return }
    await take(discovery)
  }

  func stop() async {
    isStopped = true
    let tasks = attendants + followers.values
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
    (attendants, followers) = ([], [:])
    let now = context.now
    context.store.write { $0.markStopped(at: now) }
    context.store.announceStates()
    context.store.finish()
  }

  /// Finds out the types anew, until every definition has its type or there is no hope for it.
  private func rediscover() async {
    var tries = 0
    while !isStopped, !Task.isCancelled {
      let discovery: Discovery
      do throws(KubernetesError) {
        discovery = try await context.client.discover()
      } catch {
        tries += 1
        await context.pauses.wait(after: tries, error)
        continue
      }
      await take(discovery)
      tries += 1
      guard tries < Self.definitionTries, hasUnservedDefinitions else { return }
      await context.pauses.wait(after: tries)
    }
  }

  private var hasUnservedDefinitions: Bool {
    let snapshot = context.store.snapshot()
    guard let place = snapshot.place(of: "customresourcedefinitions.apiextensions.k8s.io") else {
      return false
    }
    return context.store.hasUnservedDefinitions(snapshot.slot(ofType: place))
  }

  /// Ends the followers of types that are gone, and starts those of new ones.
  private func take(_ discovery: Discovery) async {
    let types = discovery.preferred
    let plan = TypePlan(types)
    let wanted = Set(plan.followed.map(\.groupVersionResource))
    for type in followers.keys where !wanted.contains(type) {
      followers[type]?.cancel()
      await followers.removeValue(forKey: type)?.value
    }
    guard !isStopped else { return }
    let known = Set(followers.keys)
    let slots = context.store.write { table in
      table.setTypes(types, failures: discovery.failures)
      var slots: [GroupVersionResource: InventoryTable.Slot] = [:]
      for type in types {
        let slot = table.slot(of: type.groupVersionResource)
        slots[type.groupVersionResource] = slot
        if let slot, let state = plan.states[type.groupVersionResource] {
          table.removeAll(slot)
          table.setState(state, of: slot)
        } else if let slot, !known.contains(type.groupVersionResource) {
          table.setState(.loading, of: slot)
        }
      }
      return slots
    }
    for type in plan.followed where followers[type.groupVersionResource] == nil {
      guard let slot = slots[type.groupVersionResource] else { continue }
      let follower = TypeFollower(context: context, type: type, slot: slot)
      followers[type.groupVersionResource] = Task.detached { await follower.run() }
    }
    context.store.announceStates()
  }
}

/// Which types are followed, and what is said of the others.
struct TypePlan {
  /// Those that others wait for come first.
  let followed: [APIResource]
  let states: [GroupVersionResource: TypeState]

  /// Of types that show the same objects, the one is followed that a backup reads.
  init(_ types: [APIResource]) {
    var states: [GroupVersionResource: TypeState] = [:]
    var seen: [String: String] = [:]
    for type in Selection.collectionOrder(types) {
      guard type.verbs.contains("list") else {
        states[type.groupVersionResource] = .gap(reason: "the server offers no list of this type")
        continue
      }
      guard Cohabitation.groups[type.name]?.contains(type.group) == true else { continue }
      if let other = seen[type.name] {
        states[type.groupVersionResource] = .sameAs(other)
      } else {
        seen[type.name] = type.groupResource
      }
    }
    let first = ["namespaces", "customresourcedefinitions.apiextensions.k8s.io"]
    let followed = types.filter { states[$0.groupVersionResource] == nil }
    self.states = states
    self.followed =
      followed.filter { first.contains($0.groupResource) }
      + followed.filter { !first.contains($0.groupResource) }
  }
}
