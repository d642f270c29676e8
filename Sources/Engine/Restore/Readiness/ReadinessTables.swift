// SPDX-License-Identifier: Apache-2.0

/// Pods by what they belong to.
struct PodTable: Sendable {
  private(set) var pods: [PlacedName: PodFacts] = [:]
  private var byOwner: [String: Set<PlacedName>] = [:]
  /// By the name that the Deployment of their ReplicaSet has as a rule.
  private var byDeploymentName: [PlacedName: Set<PlacedName>] = [:]
  /// Without a controller, by namespace.
  private var loose: [String: Set<PlacedName>] = [:]
  private var byClaim: [PlacedName: Set<PlacedName>] = [:]

  subscript(place: PlacedName) -> PodFacts? { pods[place] }

  mutating func put(_ place: PlacedName, _ facts: PodFacts) {
    remove(place)
    pods[place] = facts
    index(place, facts) { $0.insert(place) }
  }

  @discardableResult
  mutating func remove(_ place: PlacedName) -> PodFacts? {
    guard let facts = pods.removeValue(forKey: place) else { return nil }
    index(place, facts) { $0.remove(place) }
    return facts
  }

  private mutating func index(
    _ place: PlacedName,
    _ facts: PodFacts,
    _ change: (inout Set<PlacedName>) -> Void
  ) {
    if let owner = facts.owner {
      byOwner.change(owner.uid, change)
      if let name = Self.deploymentName(of: owner, place.namespace) {
        byDeploymentName.change(name, change)
      }
    } else {
      loose.change(place.namespace, change)
    }
    for claim in facts.claims {
      byClaim.change(PlacedName(namespace: place.namespace, name: claim), change)
    }
  }

  /// The Deployment that a pod's ReplicaSet is named after: its name, a dash and a hash.
  static func deploymentName(of owner: ReadinessOwner, _ namespace: String) -> PlacedName? {
    guard owner.kind == "ReplicaSet", let dash = owner.name.lastIndex(of: "-") else { return nil }
    return PlacedName(namespace: namespace, name: String(owner.name[..<dash]))
  }

  /// Those with this controller.
  func pods(ofOwner uid: String) -> Set<PlacedName> { byOwner[uid] ?? [] }

  /// Those whose ReplicaSet is named after this Deployment.
  func pods(namedAfter deployment: PlacedName) -> Set<PlacedName> {
    byDeploymentName[deployment] ?? []
  }

  /// Those of a namespace without a controller.
  func loosePods(in namespace: String) -> Set<PlacedName> { loose[namespace] ?? [] }

  /// Those that use a claim.
  func users(of claim: PlacedName) -> Set<PlacedName> { byClaim[claim] ?? [] }
}

/// ReplicaSets between Deployments and pods.
struct ReplicaSetTable: Sendable {
  struct Link: Sendable {
    var uid: String
    var owner: ReadinessOwner?
  }

  private(set) var links: [PlacedName: Link] = [:]
  private var byOwner: [String: Set<String>] = [:]
  private var owners: [String: String] = [:]

  mutating func put(_ place: PlacedName, _ facts: ControllerFacts) {
    remove(place)
    links[place] = Link(uid: facts.uid, owner: facts.owner)
    guard let owner = facts.owner else { return }
    owners[facts.uid] = owner.uid
    byOwner.change(owner.uid) { $0.insert(facts.uid) }
  }

  mutating func remove(_ place: PlacedName) {
    guard let link = links.removeValue(forKey: place), let owner = link.owner else { return }
    owners[link.uid] = nil
    byOwner.change(owner.uid) { $0.remove(link.uid) }
  }

  /// The uid of the controller of a ReplicaSet.
  func owner(of uid: String) -> String? { owners[uid] }

  /// The uids of the ReplicaSets of a Deployment.
  func sets(of uid: String) -> Set<String> { byOwner[uid] ?? [] }
}

/// Workloads by the labels of their pods.
struct PodLabelIndex: Sendable {
  private struct Key: Hashable, Sendable {
    var namespace: String
    var label: String
    var value: String
  }

  private var places: [Key: Set<Int>] = [:]
  private var labels: [Int: [String: String]] = [:]

  /// Notes the labels of a workload's pods.
  ///
  /// - Returns: Whether they were others before.
  mutating func put(_ index: Int, namespace: String, _ labels: [String: String]) -> Bool {
    let old = self.labels[index] ?? [:]
    guard old != labels else { return false }
    for (label, value) in old {
      places.change(Key(namespace: namespace, label: label, value: value)) { $0.remove(index) }
    }
    for (label, value) in labels {
      places.change(Key(namespace: namespace, label: label, value: value)) { $0.insert(index) }
    }
    self.labels[index] = labels
    return true
  }

  /// The workloads whose pods have all of these labels; at least one is given.
  func workloads(in namespace: String, with selector: [String: String]) -> [Int] {
    let candidates = selector.map { label, value in
      places[Key(namespace: namespace, label: label, value: value)] ?? []
    }
    guard let fewest = candidates.min(by: { $0.count < $1.count }) else { return [] }
    return fewest.filter { index in candidates.allSatisfy { $0.contains(index) } }.sorted()
  }
}

/// Warnings by the object that they are about.
struct EventTable: Sendable {
  /// The most objects with warnings that are kept; more would only give more words.
  static let limit = 20_000

  private var events: [String: [String: EventFacts]] = [:]

  mutating func put(_ event: EventFacts) {
    guard events.count < Self.limit || events[event.uid] != nil else { return }
    events[event.uid, default: [:]][event.reason] = event
  }

  /// What is known of an object.
  func events(of uid: String) -> [EventFacts] { events[uid].map { Array($0.values) } ?? [] }
}

extension Dictionary {
  /// Changes a set; empty ones are not kept.
  fileprivate mutating func change<Element>(_ key: Key, _ body: (inout Set<Element>) -> Void)
  where Value == Set<Element> {
    body(&self[key, default: []])
    if self[key]?.isEmpty ?? true { self[key] = nil }
  }
}
