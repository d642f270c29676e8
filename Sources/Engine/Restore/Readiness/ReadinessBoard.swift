// SPDX-License-Identifier: Apache-2.0

internal import Velero

/// What is known of the workloads that are followed, and how they stand.
///
/// Pure: objects go in as facts, states come out. Only what has changed is judged again.
struct ReadinessBoard: Sendable {
  struct Target: Sendable {
    let type: ReadinessType
    let place: PlacedName
    /// nil while the cluster does not show it; a pod's are among the pods.
    var facts: TargetFacts?
  }

  enum TargetFacts: Sendable {
    case controller(ControllerFacts)
    case claim(ClaimFacts)
    case service(ServiceFacts)
  }

  private(set) var targets: [Target]
  var entries: [ReadinessEntry]
  var scopes = ReadinessScopes()
  private(set) var pods = PodTable()
  private(set) var sets = ReplicaSetTable()
  private(set) var events = EventTable()
  private(set) var classes: [String: StorageClassFacts] = [:]
  private(set) var labels = PodLabelIndex()
  private var endpoints: [PlacedName: EndpointFacts] = [:]
  private var readyAddresses: [PlacedName: Int] = [:]
  private let indexes: [ReadinessType: [PlacedName: Int]]
  private let indexesByNamespace: [String: [Int]]
  private var indexesByUID: [String: Int] = [:]
  /// The targets that have to be judged again.
  var dirty: Set<Int>
  /// The namespaces in which other workloads are there, or with other labels, than when they were judged last.
  private var touched: Set<String> = []

  /// Begins with nothing known.
  ///
  /// - Parameter followed: The workloads with their types and places, in the order of the report.
  init(_ followed: [(address: ObjectAddress, type: ReadinessType, place: PlacedName)]) {
    targets = followed.map { Target(type: $0.type, place: $0.place) }
    entries = followed.map { ReadinessEntry(address: $0.address, state: ReadinessJudge.notYet) }
    dirty = Set(followed.indices)
    var indexes: [ReadinessType: [PlacedName: Int]] = [:]
    for (index, target) in followed.enumerated() {
      indexes[target.type, default: [:]][target.place] = index
    }
    self.indexes = indexes
    indexesByNamespace = Dictionary(
      grouping: followed.indices,
      by: { followed[$0].place.namespace }
    )
  }

  /// The followed object of a type at a place.
  func index(_ type: ReadinessType, _ place: PlacedName) -> Int? { indexes[type]?[place] }

  /// The followed objects of a namespace.
  func indexes(in namespace: String) -> [Int] { indexesByNamespace[namespace] ?? [] }

  /// The types that are followed.
  var types: [ReadinessType] { ReadinessType.allCases.filter { indexes[$0] != nil } }

  /// How many ready addresses a service has.
  func addresses(of service: PlacedName) -> Int { readyAddresses[service] ?? 0 }

  // MARK: Objects

  /// Takes an object as it is now.
  mutating func put(_ item: ReadinessItem) {
    switch item {
    case .controller(let type, let place, let facts): put(type, place, facts)
    case .pod(let place, let facts): put(place, facts)
    case .claim(let place, let facts): setFacts(.claim(facts), of: index(.claims, place))
    case .service(let place, let facts): setFacts(.service(facts), of: index(.services, place))
    case .endpoints(let place, let facts):
      removeEndpoints(place)
      endpoints[place] = facts
      count(facts.readyCount, for: PlacedName(namespace: place.namespace, name: facts.service))
    case .storageClass(let name, let facts):
      classes[name] = facts
      markClaims()
    case .event(let event):
      events.put(event)
      mark(subjectOf: event)
    }
  }

  /// Takes note that an object is gone.
  mutating func remove(_ type: ReadinessType, _ place: PlacedName) {
    switch type {
    case .deployments, .statefulSets, .daemonSets, .replicaSets, .replicationControllers, .jobs,
      .cronJobs, .claims, .services:
      if type == .replicaSets { removeSet(place) }
      guard let index = index(type, place) else { return }
      setLabels([:], of: index)
      setFacts(nil, of: index)
    case .pods:
      guard let facts = pods.remove(place) else { return }
      mark(targetsOf: facts, place)
      if let index = index(.pods, place) { setLabels([:], of: index) }
    case .endpointSlices, .endpoints: removeEndpoints(place)
    case .storageClasses:
      classes[place.name] = nil
      markClaims()
    // What a warning said stays true of what it was about.
    case .events: break
    }
  }

  /// The objects of a type that are known, in one namespace or in all.
  func places(_ type: ReadinessType, in namespace: String?) -> [PlacedName] {
    let places: [PlacedName]
    switch type {
    case .replicaSets: places = Array(sets.links.keys)
    case .pods: places = Array(pods.pods.keys)
    case .endpointSlices, .endpoints: places = Array(endpoints.keys)
    case .storageClasses:
      places = classes.keys.map { PlacedName(namespace: "", name: $0) }
    case .events: places = []
    case .deployments, .statefulSets, .daemonSets, .replicationControllers, .jobs, .cronJobs,
      .claims, .services:
      places = (indexes[type] ?? [:]).filter { targets[$0.value].facts != nil }.map(\.key)
    }
    return namespace.map { wanted in places.filter { $0.namespace == wanted } } ?? places
  }

  // MARK: Controllers

  private mutating func put(_ type: ReadinessType, _ place: PlacedName, _ facts: ControllerFacts) {
    if type == .replicaSets {
      removeSet(place)
      sets.put(place, facts)
      mark(uid: facts.owner?.uid)
    }
    guard let index = index(type, place) else { return }
    setFacts(.controller(facts), of: index)
    setLabels(facts.podLabels, of: index)
  }

  private mutating func removeSet(_ place: PlacedName) {
    mark(uid: sets.links[place]?.owner?.uid)
    sets.remove(place)
  }

  private mutating func setFacts(_ facts: TargetFacts?, of index: Int?) {
    guard let index else { return }
    if let uid = uid(of: targets[index].facts) { indexesByUID[uid] = nil }
    if (targets[index].facts == nil) != (facts == nil) {
      touched.insert(targets[index].place.namespace)
    }
    targets[index].facts = facts
    if let uid = uid(of: facts) { indexesByUID[uid] = index }
    dirty.insert(index)
  }

  private func uid(of facts: TargetFacts?) -> String? {
    switch facts {
    case .controller(let facts): facts.uid
    case .claim(let facts): facts.uid
    case .service(let facts): facts.uid
    case nil: nil
    }
  }

  private mutating func setLabels(_ podLabels: [String: String], of index: Int) {
    let namespace = targets[index].place.namespace
    if labels.put(index, namespace: namespace, podLabels) { touched.insert(namespace) }
  }

  // MARK: Pods

  private mutating func put(_ place: PlacedName, _ facts: PodFacts) {
    if let old = pods[place] { mark(targetsOf: old, place) }
    pods.put(place, facts)
    mark(targetsOf: facts, place)
    if let index = index(.pods, place) { setLabels(facts.labels, of: index) }
  }

  private mutating func mark(targetsOf facts: PodFacts, _ place: PlacedName) {
    if let index = index(.pods, place) { dirty.insert(index) }
    for claim in facts.claims {
      let claim = PlacedName(namespace: place.namespace, name: claim)
      if let index = index(.claims, claim) { dirty.insert(index) }
    }
    guard let owner = facts.owner else {
      for index in indexes(in: place.namespace) where selects(index, facts.labels) {
        dirty.insert(index)
      }
      return
    }
    mark(uid: owner.uid)
    if let deployment = sets.owner(of: owner.uid) {
      mark(uid: deployment)
    } else if let name = PodTable.deploymentName(of: owner, place.namespace),
      let index = index(.deployments, name)
    {
      dirty.insert(index)
    }
  }

  private func selects(_ index: Int, _ labels: [String: String]) -> Bool {
    guard case .controller(let facts)? = targets[index].facts else { return false }
    return facts.selector?.matches(labels) ?? false
  }

  // MARK: Endpoints

  private mutating func removeEndpoints(_ place: PlacedName) {
    guard let facts = endpoints.removeValue(forKey: place) else { return }
    count(-facts.readyCount, for: PlacedName(namespace: place.namespace, name: facts.service))
  }

  private mutating func count(_ change: Int, for service: PlacedName) {
    readyAddresses[service, default: 0] += change
    if let index = index(.services, service) { dirty.insert(index) }
  }

  // MARK: What has to be judged again

  private mutating func mark(uid: String?) {
    if let uid, let index = indexesByUID[uid] { dirty.insert(index) }
  }

  private mutating func mark(subjectOf event: EventFacts) {
    if let index = index(event.subject, event.place) { dirty.insert(index) }
    switch event.subject {
    case .pods: if let facts = pods[event.place] { mark(targetsOf: facts, event.place) }
    case .replicaSets: mark(uid: sets.links[event.place]?.owner?.uid)
    default: break
    }
  }

  private mutating func markClaims() {
    for index in indexes[.claims]?.values ?? [:].values { dirty.insert(index) }
  }

  /// Has the services of the namespaces judged again, since what is behind them has changed.
  mutating func markServices(in namespaces: Set<String>) {
    for index in namespaces.flatMap(indexes) where targets[index].type == .services {
      dirty.insert(index)
    }
  }

  /// Has judged again what depends on which workloads there are, and with which labels: services, and what is not there.
  mutating func markDependents() {
    markServices(in: touched)
    for index in touched.flatMap(indexes) where targets[index].facts == nil { dirty.insert(index) }
    touched = []
  }

  /// Has all judged again.
  mutating func markAll() { dirty = Set(targets.indices) }
}
