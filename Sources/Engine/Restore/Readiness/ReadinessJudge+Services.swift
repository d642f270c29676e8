// SPDX-License-Identifier: Apache-2.0

/// What is known, or why it is not.
enum Known<Value: Sendable>: Sendable {
  case yes(Value)
  /// It has not been looked at yet.
  case notYet
  /// It cannot be looked at, for this reason.
  case no(String)
}

extension ReadinessJudge {
  static let notYet = ReadinessState.waiting("it has not been looked at yet")

  // MARK: Services

  /// What is around a service.
  struct ServiceSurroundings: Sendable {
    /// How many addresses behind it are ready.
    var readyAddresses: Known<Int>
    /// How those followed workloads stand whose pods it selects, without those that want none.
    var workloads: Known<[ReadinessState]>
    /// The warnings about it.
    var events: [EventFacts] = []
  }

  /// Judges a service.
  static func state(of facts: ServiceFacts, _ around: ServiceSurroundings) -> ReadinessState {
    if facts.isLeaving { return leaving }
    if facts.isExternalName { return .ready() }
    if facts.isLoadBalancer, !facts.hasIngress {
      if let event = around.events.first(where: { $0.reason == "SyncLoadBalancerFailed" }) {
        return .stuck(.loadBalancer, event.message)
      }
      return .waiting("the load balancer has given it no address yet")
    }
    if facts.selector.isEmpty { return .ready() }
    let workloads: [ReadinessState]
    switch around.workloads {
    case .yes(let known): workloads = known
    case .notYet: return notYet
    case .no(let reason): return .unknown(reason)
    }
    if workloads.isEmpty { return .ready(note: "it selects none of the workloads") }
    switch around.readyAddresses {
    case .yes(0): break
    case .yes: return .ready()
    case .notYet: return notYet
    case .no(let reason): return .unknown(reason)
    }
    guard workloads.allSatisfy(\.isStuck) else {
      return .waiting("no pod behind it is ready yet")
    }
    return .stuck(.noEndpoints, "no pod behind it is ready, and what makes them is stuck")
  }

  // MARK: Claims

  /// What is around a claim.
  struct ClaimSurroundings: Sendable {
    /// The storage classes by name.
    var classes: Known<[String: StorageClassFacts]>
    /// Whether a pod uses it.
    var isUsed: Known<Bool>
    /// The warnings about it.
    var events: [EventFacts] = []
  }

  /// Judges a claim.
  static func state(of facts: ClaimFacts, _ around: ClaimSurroundings) -> ReadinessState {
    if facts.phase == "Bound" { return .ready() }
    if facts.isLeaving { return leaving }
    if facts.phase == "Lost" {
      return .stuck(.unboundClaim, "its volume '\(facts.volume ?? "")' is gone")
    }
    if let event = around.events.max(by: { ($0.count, $0.message) < ($1.count, $1.message) }) {
      return .stuck(.unboundClaim, event.message)
    }
    if let volume = facts.volume { return .waiting("volume '\(volume)' is not bound to it yet") }
    if facts.storageClass == "" { return withoutClass }
    let classes: [String: StorageClassFacts]
    switch around.classes {
    case .yes(let known): classes = known
    case .notYet: return notYet
    case .no(let reason): return .unknown(reason)
    }
    if let name = facts.storageClass {
      guard let storageClass = classes[name] else {
        return .stuck(.unboundClaim, "the cluster has no storage class '\(name)'")
      }
      return state(storageClass, around.isUsed)
    }
    return classes.values.first(where: \.isDefault).map { state($0, around.isUsed) }
      ?? withoutClass
  }

  private static let withoutClass = ReadinessState.stuck(
    .unboundClaim,
    "it has no storage class that would make a volume, and none that is there is bound to it"
  )

  private static func state(
    _ storageClass: StorageClassFacts,
    _ isUsed: Known<Bool>
  ) -> ReadinessState {
    guard storageClass.waitsForConsumer else { return .waiting("its volume is not made yet") }
    switch isUsed {
    case .yes(true): return .waiting("its volume is made when its pod has a node")
    case .yes(false): return .ready(note: "its volume is made when a pod uses it")
    case .notYet: return notYet
    case .no(let reason): return .unknown(reason)
    }
  }
}
