// SPDX-License-Identifier: Apache-2.0

/// A pod of a workload, as it is judged by its status and by what events say of it.
struct JudgedPod: Sendable, Hashable {
  var name: String
  var standing: PodStanding

  init(name: String, _ facts: PodFacts, events: [EventFacts]) {
    self.name = name
    standing = ReadinessJudge.standing(facts.standing, events)
  }
}

/// Says of objects, from what is known of them and of those around them, whether they are ready.
///
/// Pure. Workloads are ready when `kubectl rollout status` would say so; source: kubectl, pkg/polymorphichelpers/rollout_status.go.
enum ReadinessJudge {
  /// How often a probe has to fail before it counts: once or twice is usual while a container starts.
  static let probeFailures = 3

  // MARK: Workloads

  /// Judges an object that makes pods.
  ///
  /// - Parameters:
  ///   - facts: What it wants and has.
  ///   - type: Its type.
  ///   - pods: Its pods, as far as they are known.
  ///   - events: The warnings about it and about what stands between it and its pods.
  /// - Returns: How it stands.
  static func state(
    of facts: ControllerFacts,
    _ type: ReadinessType,
    pods: [JudgedPod] = [],
    events: [EventFacts] = []
  ) -> ReadinessState {
    if facts.isLeaving { return leaving }
    let pods = pods.filter { $0.standing != .leaving }
    let progress = progress(of: facts, type, pods)
    switch progress {
    case .ready, .unknown, .stuck(.jobFailed, _): return progress
    case .waiting, .stuck: break
    }
    return refusal(facts.conditions["ReplicaFailure"])
      ?? hindrance(pods, countsFailed: type == .jobs)
      ?? (isLacking(pods, facts, type) ? refusal(events) : nil)
      ?? progress
  }

  /// Whether pods are missing, and none is on its way: some workloads make one after the other, and old warnings stay.
  private static func isLacking(
    _ pods: [JudgedPod],
    _ facts: ControllerFacts,
    _ type: ReadinessType
  ) -> Bool {
    let isOnItsWay = pods.contains { pod in
      switch pod.standing {
      case .starting, .unready: true
      case .ready, .done, .stuck, .leaving: false
      }
    }
    let wanted = type == .daemonSets ? facts.counts.desired : facts.replicas
    return !isOnItsWay && pods.count < max(1, wanted)
  }

  static let leaving = ReadinessState.stuck(.missing, "it is being deleted")

  private static func progress(
    of facts: ControllerFacts,
    _ type: ReadinessType,
    _ pods: [JudgedPod]
  ) -> ReadinessState {
    switch type {
    case .deployments: deployment(facts)
    case .statefulSets: statefulSet(facts)
    case .daemonSets: daemonSet(facts)
    case .replicaSets, .replicationControllers: replicaSet(facts)
    case .jobs: job(facts, pods)
    case .cronJobs: .ready(note: facts.isHeld ? "it is suspended" : nil)
    case .pods, .claims, .services, .endpointSlices, .endpoints, .storageClasses, .events:
      preconditionFailure("\(type) make no pods")
    }
  }

  private static let scaledToZero = ReadinessState.ready(note: "it is scaled to 0")
  private static let unobserved = ReadinessState.waiting("its controller has not seen it yet")

  private static func deployment(_ facts: ControllerFacts) -> ReadinessState {
    if facts.isHeld { return .ready(note: "it is paused") }
    if facts.replicas == 0 { return scaledToZero }
    guard facts.generation <= facts.observedGeneration else { return unobserved }
    let counts = facts.counts
    if let progress = facts.conditions["Progressing"],
      progress.reason == "ProgressDeadlineExceeded"
    {
      return .stuck(.progressDeadline, progress.message)
    }
    if counts.updated < facts.replicas {
      return .waiting("\(counts.updated) of \(facts.replicas) new replicas are made")
    }
    if counts.replicas > counts.updated {
      let old = ReadinessWords.count(counts.replicas - counts.updated, "old replica")
      return .waiting("\(old) still to go")
    }
    return available(counts.available, of: counts.updated)
  }

  private static func statefulSet(_ facts: ControllerFacts) -> ReadinessState {
    if facts.replicas == 0 { return scaledToZero }
    guard facts.observedGeneration > 0, facts.generation <= facts.observedGeneration else {
      return unobserved
    }
    let counts = facts.counts
    guard counts.ready >= facts.replicas else {
      return .waiting("\(counts.ready) of \(facts.replicas) replicas are ready")
    }
    if facts.strategy.isOnDelete { return .ready() }
    if let partition = facts.strategy.partition {
      let wanted = max(0, facts.replicas - partition)
      guard counts.updated >= wanted else {
        return .waiting("\(counts.updated) of \(wanted) replicas are of the new revision")
      }
      return .ready()
    }
    return facts.strategy.isChangingRevision
      ? .waiting("\(counts.updated) replicas are of the new revision") : .ready()
  }

  private static func daemonSet(_ facts: ControllerFacts) -> ReadinessState {
    guard facts.observedGeneration > 0, facts.generation <= facts.observedGeneration else {
      return unobserved
    }
    let counts = facts.counts
    if counts.desired == 0 { return .ready(note: "no node is to have it") }
    if !facts.strategy.isOnDelete, counts.updatedOnNodes < counts.desired {
      return .waiting("\(counts.updatedOnNodes) of \(counts.desired) new pods are made")
    }
    return available(counts.availableOnNodes, of: counts.desired, "pods")
  }

  private static func replicaSet(_ facts: ControllerFacts) -> ReadinessState {
    if facts.replicas == 0 { return scaledToZero }
    guard facts.generation <= facts.observedGeneration else { return unobserved }
    return available(facts.counts.available, of: facts.replicas)
  }

  private static func job(_ facts: ControllerFacts, _ pods: [JudgedPod]) -> ReadinessState {
    let conditions = facts.conditions
    if conditions["Complete"]?.isTrue ?? conditions["SuccessCriteriaMet"]?.isTrue ?? false {
      return .ready(note: "it is done")
    }
    if let failed = conditions["Failed"], failed.isTrue {
      let words = [failed.reason, failed.message].filter { !$0.isEmpty }
      return .stuck(.jobFailed, words.joined(separator: ": "))
    }
    if facts.isHeld { return .ready(note: "it is suspended") }
    if facts.counts.ready > 0 || pods.contains(where: { $0.standing == .ready }) {
      return .ready(note: "it runs")
    }
    return .waiting("none of its pods runs yet")
  }

  private static func available(
    _ count: Int,
    of wanted: Int,
    _ what: String = "replicas"
  ) -> ReadinessState {
    count < wanted ? .waiting("\(count) of \(wanted) \(what) are available") : .ready()
  }

  // MARK: What holds workloads up

  private static func refusal(_ condition: ReadinessCondition?) -> ReadinessState? {
    guard let condition, condition.isTrue else { return nil }
    return refusal(condition.message)
  }

  private static func refusal(_ events: [EventFacts]) -> ReadinessState? {
    events.filter { $0.reason == "FailedCreate" }
      .max { ($0.count, $0.message) < ($1.count, $1.message) }
      .map { refusal($0.message) }
  }

  /// What a refusal to make pods comes from.
  private static func refusal(_ words: String) -> ReadinessState {
    .stuck(FailureCause.named(in: words) == .quotaExceeded ? .quota : .failedCreate, words)
  }

  /// What holds most of the pods up; nil when none is held up.
  private static func hindrance(_ pods: [JudgedPod], countsFailed: Bool) -> ReadinessState? {
    var stuck: [ReadinessCause: [(name: String, words: String)]] = [:]
    for pod in pods {
      guard case .stuck(let cause, let words) = pod.standing else { continue }
      // Failed pods of other workloads are left behind by those that replace them.
      if cause == .podFailed, !countsFailed { continue }
      stuck[cause, default: []].append((pod.name, words))
    }
    let causes = ReadinessCause.allCases.filter { stuck[$0] != nil }
    guard let most = stuck.values.map(\.count).max(),
      let cause = causes.first(where: { stuck[$0]?.count == most }),
      let first = stuck[cause]?.min(by: { $0.name < $1.name })
    else { return nil }
    let subject =
      pods.count == 1
      ? "pod '\(first.name)'" : "\(most) of \(pods.count) pods, '\(first.name)' among them"
    return .stuck(cause, "\(subject): \(first.words)")
  }

  // MARK: Pods

  /// Judges a pod that is followed itself.
  static func state(of pod: JudgedPod) -> ReadinessState {
    switch pod.standing {
    case .ready: .ready()
    case .done: .ready(note: "it is done")
    case .starting(let words), .unready(let words): .waiting(words)
    case .stuck(let cause, let words): .stuck(cause, words)
    case .leaving: leaving
    }
  }

  /// What events add to what a pod's status says.
  static func standing(_ standing: PodStanding, _ events: [EventFacts]) -> PodStanding {
    func newest(_ reasons: Set<String>) -> EventFacts? {
      events.filter { reasons.contains($0.reason) }
        .max { ($0.count, $0.message) < ($1.count, $1.message) }
    }
    switch standing {
    case .starting:
      if let event = newest(["FailedMount", "FailedAttachVolume", "FailedMapVolume"]) {
        return .stuck(isMissingConfiguration(event) ? .configError : .volumeMount, event.message)
      }
      return newest(["FailedCreatePodSandBox"]).map { .stuck(.other, $0.message) } ?? standing
    case .unready:
      guard let event = newest(["Unhealthy"]), event.count >= probeFailures else {
        return standing
      }
      return .stuck(.probeFailing, event.message)
    case .ready, .done, .stuck, .leaving: return standing
    }
  }

  private static func isMissingConfiguration(_ event: EventFacts) -> Bool {
    let words = event.message
    if words.contains("references non-existent") { return true }
    return words.contains("not found")
      && (words.contains("secret \"") || words.contains("configmap \""))
  }
}
