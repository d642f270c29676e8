// SPDX-License-Identifier: Apache-2.0

internal import Velero

extension ReadinessBoard {
  /// Judges again what has changed.
  ///
  /// Workloads come before services, which are judged by the workloads behind them.
  ///
  /// - Parameter elapsed: The time since the following began.
  /// - Returns: Whether any state or its words are others now.
  mutating func judge(at elapsed: Duration) -> Bool {
    markDependents()
    var isChanged = false
    var changed: Set<String> = []
    for index in dirty where targets[index].type != .services {
      guard let old = judge(index, at: elapsed) else { continue }
      isChanged = true
      // Of words only notes matter to services.
      if !old.isSame(as: entries[index].state) || old.isReady {
        changed.insert(targets[index].place.namespace)
      }
    }
    markServices(in: changed)
    for index in dirty where targets[index].type == .services {
      if judge(index, at: elapsed) != nil { isChanged = true }
    }
    dirty = []
    return isChanged
  }

  /// The states as they were judged last.
  func report(at elapsed: Duration) -> ReadinessReport {
    var report = ReadinessReport()
    report.entries = entries
    report.gaps = scopes.gaps
    report.elapsed = elapsed
    return report
  }

  /// Whether all that are not ready are stuck, and have been for so long.
  func isStuck(for patience: Duration, at elapsed: Duration) -> Bool {
    entries.allSatisfy { entry in
      switch entry.state {
      case .ready, .unknown: true
      case .waiting: false
      case .stuck: elapsed - entry.since >= patience
      }
    }
  }

  /// Judges one workload.
  ///
  /// - Returns: The state before when it is another now; nil otherwise.
  private mutating func judge(_ index: Int, at elapsed: Duration) -> ReadinessState? {
    let old = entries[index].state
    let new = state(of: index)
    guard new != old else { return nil }
    entries[index].state = new
    if !new.isSame(as: old) { entries[index].since = elapsed }
    return old
  }

  private func state(of index: Int) -> ReadinessState {
    let target = targets[index]
    switch scopes.state(target.type, in: target.place.namespace) {
    case .loading(nil): return ReadinessJudge.notYet
    case .loading(let reason?):
      return .waiting("it could not be looked at yet: \(reason)")
    case .gap(let reason): return .unknown(reason)
    case .loaded: break
    }
    if target.type == .pods {
      guard let pod = judgedPod(target.place) else { return absence(of: target) }
      return ReadinessJudge.state(of: pod)
    }
    switch target.facts {
    case .controller(let facts):
      let pods = pods(of: facts, target).compactMap(judgedPod)
      return ReadinessJudge.state(of: facts, target.type, pods: pods, events: warnings(of: facts))
    case .claim(let facts): return ReadinessJudge.state(of: facts, around(facts, target.place))
    case .service(let facts): return ReadinessJudge.state(of: facts, around(facts, target.place))
    case nil: return absence(of: target)
    }
  }

  /// How an object stands that is not there.
  ///
  /// Workloads replace their pods, ReplicaSets and Jobs, restored ones among them, and name them after themselves.
  private func absence(of target: Target) -> ReadinessState {
    guard [.pods, .replicaSets, .jobs].contains(target.type), let maker = maker(of: target.place)
    else { return .stuck(.missing, "it is not in the cluster") }
    return .ready(note: "it is gone, and \(maker) has others in its place")
  }

  /// The followed workload that an object is named after: its name, a dash and more.
  private func maker(of place: PlacedName) -> ObjectAddress? {
    var name = place.name[...]
    while let dash = name.lastIndex(of: "-") {
      name = name[..<dash]
      let maker = PlacedName(namespace: place.namespace, name: String(name))
      for type in ReadinessType.allCases where type.isController {
        if let index = index(type, maker), targets[index].facts != nil {
          return entries[index].address
        }
      }
    }
    return nil
  }

  // MARK: Pods of workloads

  private func judgedPod(_ place: PlacedName) -> JudgedPod? {
    pods[place].map { JudgedPod(name: place.name, $0, events: events.events(of: $0.uid)) }
  }

  /// The pods of a workload: by controllers, and by the selector those that have none.
  private func pods(of facts: ControllerFacts, _ target: Target) -> Set<PlacedName> {
    var found = pods.pods(ofOwner: facts.uid)
    if target.type == .deployments {
      for set in sets.sets(of: facts.uid) { found.formUnion(pods.pods(ofOwner: set)) }
      if case .gap = scopes.state(.replicaSets, in: target.place.namespace) {
        found.formUnion(pods.pods(namedAfter: target.place))
      }
    }
    guard let selector = facts.selector, !selector.isEmpty else { return found }
    for place in pods.loosePods(in: target.place.namespace) {
      if selector.matches(pods[place]?.labels ?? [:]) { found.insert(place) }
    }
    return found
  }

  /// The warnings about a workload and about its ReplicaSets.
  private func warnings(of facts: ControllerFacts) -> [EventFacts] {
    sets.sets(of: facts.uid).reduce(into: events.events(of: facts.uid)) { warnings, set in
      warnings += events.events(of: set)
    }
  }

  // MARK: What is around claims and services

  private func around(
    _ facts: ClaimFacts,
    _ place: PlacedName
  ) -> ReadinessJudge.ClaimSurroundings {
    let isUsed = !pods.users(of: place).isEmpty
    return ReadinessJudge.ClaimSurroundings(
      classes: scopes.known(.storageClasses, in: "", classes),
      isUsed: isUsed ? .yes(true) : scopes.known(.pods, in: place.namespace, false),
      events: events.events(of: facts.uid)
    )
  }

  private func around(
    _ facts: ServiceFacts,
    _ place: PlacedName
  ) -> ReadinessJudge.ServiceSurroundings {
    let count = addresses(of: place)
    let slices = scopes.known(.endpointSlices, in: place.namespace, count)
    let endpoints = scopes.known(.endpoints, in: place.namespace, count)
    // The server has one of the two; the other one, which nobody needs, is as good as known.
    let addresses = if case .yes = slices { endpoints } else { slices }
    return ReadinessJudge.ServiceSurroundings(
      readyAddresses: addresses,
      workloads: workloads(behind: facts, in: place.namespace),
      events: events.events(of: facts.uid)
    )
  }

  /// How those followed workloads stand whose pods a service selects, without those that are to have none.
  private func workloads(
    behind facts: ServiceFacts,
    in namespace: String
  ) -> Known<[ReadinessState]> {
    guard !facts.selector.isEmpty else { return .yes([]) }
    let found = labels.workloads(in: namespace, with: facts.selector).map { entries[$0].state }
      .filter { !$0.isReadyWithNote }
    for type in types where type.isController || type == .pods {
      switch scopes.state(type, in: namespace) {
      case .loading: return .notYet
      case .gap(let reason): if found.isEmpty { return .no(reason) }
      case .loaded: break
      }
    }
    return .yes(found)
  }
}
