// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Which objects matter to the workloads that are followed.
struct ReadinessInterest: Sendable {
  /// The namespaces that have any of the workloads.
  let namespaces: Set<String>
  /// The workloads by type.
  let names: [ReadinessType: Set<PlacedName>]

  init(_ targets: [(type: ReadinessType, place: PlacedName)]) {
    namespaces = Set(targets.map(\.place.namespace))
    names = Dictionary(grouping: targets, by: \.type).mapValues { Set($0.map(\.place)) }
  }

  func follows(_ type: ReadinessType, _ place: PlacedName) -> Bool {
    names[type]?.contains(place) ?? false
  }
}

/// What is kept of an object that matters.
enum ReadinessItem: Sendable {
  case controller(ReadinessType, PlacedName, ControllerFacts)
  case pod(PlacedName, PodFacts)
  case claim(PlacedName, ClaimFacts)
  case service(PlacedName, ServiceFacts)
  case endpoints(PlacedName, EndpointFacts)
  case storageClass(String, StorageClassFacts)
  case event(EventFacts)

  /// Reads an object; nil for one that does not matter.
  init?(_ view: JSONView, _ type: ReadinessType, _ interest: ReadinessInterest) {
    let place = PlacedName(view)
    guard !type.isNamespaced || interest.namespaces.contains(place.namespace) else { return nil }
    switch type {
    case .replicaSets: self = .controller(type, place, ControllerFacts(view))
    case .deployments, .statefulSets, .daemonSets, .replicationControllers, .jobs, .cronJobs:
      guard interest.follows(type, place) else { return nil }
      self = .controller(type, place, ControllerFacts(view))
    case .pods: self = .pod(place, PodFacts(view, isTarget: interest.follows(.pods, place)))
    case .claims:
      guard interest.follows(type, place) else { return nil }
      self = .claim(place, ClaimFacts(view))
    case .services:
      guard interest.follows(type, place) else { return nil }
      self = .service(place, ServiceFacts(view))
    case .endpointSlices, .endpoints:
      let facts =
        type == .endpoints ? EndpointFacts(endpoints: view) : EndpointFacts(slice: view)
      guard let facts else { return nil }
      let service = PlacedName(namespace: place.namespace, name: facts.service)
      guard interest.follows(.services, service) else { return nil }
      self = .endpoints(place, facts)
    case .storageClasses: self = .storageClass(place.name, StorageClassFacts(view))
    case .events:
      guard let facts = EventFacts(view) else { return nil }
      self = .event(facts)
    }
  }
}

extension PlacedName {
  /// Where an object is.
  init(_ view: JSONView) {
    let metadata = view["metadata"]
    self.init(
      namespace: metadata?["namespace"]?.string ?? "",
      name: metadata?["name"]?.string ?? ""
    )
  }
}
