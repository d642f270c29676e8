// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The types that readiness is judged by.
enum ReadinessType: String, Sendable, CaseIterable {
  case deployments = "deployments.apps"
  case statefulSets = "statefulsets.apps"
  case daemonSets = "daemonsets.apps"
  case replicaSets = "replicasets.apps"
  case replicationControllers = "replicationcontrollers"
  case jobs = "jobs.batch"
  case cronJobs = "cronjobs.batch"
  case pods
  case claims = "persistentvolumeclaims"
  case services
  // What only tells of the others.
  case endpointSlices = "endpointslices.discovery.k8s.io"
  case endpoints
  case storageClasses = "storageclasses.storage.k8s.io"
  case events

  /// Whether its objects are followed until they are ready.
  var isTarget: Bool {
    switch self {
    case .deployments, .statefulSets, .daemonSets, .replicaSets, .replicationControllers, .jobs,
      .cronJobs, .pods, .claims, .services:
      true
    case .endpointSlices, .endpoints, .storageClasses, .events: false
    }
  }

  /// Whether its objects make pods.
  var isController: Bool {
    switch self {
    case .deployments, .statefulSets, .daemonSets, .replicaSets, .replicationControllers, .jobs,
      .cronJobs:
      true
    case .pods, .claims, .services, .endpointSlices, .endpoints, .storageClasses, .events: false
    }
  }

  /// Whether its objects live in namespaces.
  var isNamespaced: Bool { self != .storageClasses }

  /// What else has to be looked at to judge objects of the type.
  ///
  /// - Parameter hasSlices: Whether the server has EndpointSlices.
  /// - Returns: The types, its own among them where objects of it belong to others.
  func companions(hasSlices: Bool) -> [ReadinessType] {
    switch self {
    case .deployments: [.replicaSets, .pods, .events]
    case .statefulSets, .daemonSets, .replicaSets, .replicationControllers, .jobs, .pods:
      [.pods, .events]
    case .claims: [.pods, .events, .storageClasses]
    case .services: [hasSlices ? .endpointSlices : .endpoints, .events]
    case .cronJobs, .endpointSlices, .endpoints, .storageClasses, .events: []
    }
  }

  /// The type of a kind, as events and owner references name it.
  init?(kind: String) {
    switch kind {
    case "Deployment": self = .deployments
    case "StatefulSet": self = .statefulSets
    case "DaemonSet": self = .daemonSets
    case "ReplicaSet": self = .replicaSets
    case "ReplicationController": self = .replicationControllers
    case "Job": self = .jobs
    case "Pod": self = .pods
    case "PersistentVolumeClaim": self = .claims
    case "Service": self = .services
    default: return nil
    }
  }

  /// What is not read of the objects, which is most of them.
  static let unread: [JSONReader.Member] = [
    JSONReader.Member("managedFields", in: "metadata"),
    JSONReader.Member("containers", in: "spec"),
    JSONReader.Member("initContainers", in: "spec"),
    JSONReader.Member("affinity", in: "spec"),
    JSONReader.Member("volumeClaimTemplates", in: "spec"),
  ]
}

/// An object of a namespaced type.
struct PlacedName: Sendable, Hashable {
  var namespace: String
  var name: String
}

extension JSONView {
  /// The number as an integer; nil for other kinds.
  var integer: Int? { isObject || isArray ? nil : value.int64.map { Int($0) } }
}

/// A condition of an object's status.
struct ReadinessCondition: Sendable, Hashable {
  var type: String
  var isTrue: Bool
  var isFalse: Bool
  var reason: String
  var message: String

  /// The conditions of a status that are of some types.
  static func read(_ status: JSONView?, _ types: Set<String>) -> [ReadinessCondition] {
    var conditions: [ReadinessCondition] = []
    status?["conditions"]?.forEachElement { view in
      guard let type = view["type"]?.string, types.contains(type) else { return }
      let status = view["status"]?.string
      conditions.append(
        ReadinessCondition(
          type: type,
          isTrue: status == "True",
          isFalse: status == "False",
          reason: view["reason"]?.string ?? "",
          message: ReadinessWords.excerpt(view["message"]?.string ?? "")
        )
      )
    }
    return conditions
  }
}

extension [ReadinessCondition] {
  /// The condition of a type.
  subscript(type: String) -> ReadinessCondition? { first { $0.type == type } }
}

/// What all parts of readiness say alike.
enum ReadinessWords {
  /// The most characters that are kept of what others write.
  static let limit = 300

  /// The first line of a text, cut to the limit.
  static func excerpt(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    return line.count > limit ? line.prefix(limit) + "…" : line
  }

  /// Such as `1 pod`, `2 pods`.
  static func count(_ number: Int, _ word: String) -> String {
    number == 1 ? "1 \(word)" : "\(number) \(word)s"
  }
}
