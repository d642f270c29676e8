// SPDX-License-Identifier: Apache-2.0

import Primitives

@testable import Engine

/// Objects of one namespace that come, change and go at random.
struct RandomReadiness {
  private typealias Model = ReadinessModel

  enum Change {
    case put(ReadinessType, ReadinessItem)
    case remove(ReadinessType, PlacedName)

    func apply(to board: inout ReadinessBoard) {
      switch self {
      case .put(_, let item): board.put(item)
      case .remove(let type, let place): board.remove(type, place)
      }
    }
  }

  static let targets: [(ReadinessType, String)] = [
    (.services, "a"), (.services, "b"), (.deployments, "a"), (.deployments, "b"),
    (.statefulSets, "a"), (.replicaSets, "a-0"), (.pods, "p0"), (.pods, "p1"), (.claims, "c0"),
    (.claims, "c1"),
  ]

  private static let interest = ReadinessInterest(
    targets.map { ($0.0, PlacedName(namespace: "shop", name: $0.1)) }
  )

  /// What happens, in order.
  private(set) var changes: [Change] = []
  /// What is left in the end, without events.
  var rest: [Change] { Array(present.values) }
  /// The events in order.
  private(set) var events: [Change] = []
  private var present: [String: Change] = [:]

  init(_ random: inout SplitMix64) throws {
    for _ in 0..<Int.random(in: 10..<120, using: &random) {
      let (type, name, object) = Self.object(&random)
      let key = "\(type) \(name)"
      if type != .events, present[key] != nil, Int.random(in: 0..<3, using: &random) == 0 {
        let namespace = type == .storageClasses ? "" : "shop"
        changes.append(.remove(type, PlacedName(namespace: namespace, name: name)))
        present[key] = nil
        continue
      }
      let item = try JSONReader().read(object.encoded()) {
        ReadinessItem($0, type, Self.interest)
      }
      guard let item else { continue }
      changes.append(.put(type, item))
      if type == .events {
        events.append(.put(type, item))
      } else {
        present[key] = .put(type, item)
      }
    }
  }

  private static func object(
    _ random: inout SplitMix64
  ) -> (type: ReadinessType, name: String, object: JSONValue) {
    func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    let app = ["a", "b"][number(0..<2)]
    switch number(0..<9) {
    case 0, 1:
      let isSet = number(0..<3) == 0
      let replicas = number(0..<3)
      let object = Model.workload(
        Model.metadata(app, in: "shop", uid: isSet ? "s-\(app)" : "d-\(app)"),
        kind: isSet ? "StatefulSet" : "Deployment",
        replicas: replicas,
        app: app,
        status: Model.deploymentStatus(number(0..<replicas + 1), of: replicas)
      )
      return (isSet ? .statefulSets : .deployments, app, object)
    case 2:
      let name = "\(app)-\(number(0..<2))"
      let owner = number(0..<4) == 0 ? nil : ("Deployment", app, "d-\(app)")
      let metadata = Model.metadata(name, in: "shop", owner: owner, uid: "r-\(name)")
      return (.replicaSets, name, Model.workload(metadata, kind: "ReplicaSet", app: app))
    case 3, 4, 5:
      let name = "p\(number(0..<6))"
      let set = "\(app)-\(number(0..<2))"
      let owners: [(String, String, String)?] = [
        nil, ("ReplicaSet", set, "r-\(set)"), ("ReplicaSet", set, "r-\(set)"),
        ("StatefulSet", app, "s-\(app)"),
      ]
      let statuses = [
        Model.podReady, Model.podWaiting("ErrImagePull"), Model.podWaiting("CrashLoopBackOff"),
        Model.podWaiting("ContainerCreating"),
      ]
      let metadata = Model.metadata(
        name,
        in: "shop",
        owner: owners[number(0..<4)],
        labels: ["app": app],
        uid: name
      )
      let claim = number(0..<2) == 0 ? "c\(number(0..<2))" : nil
      return (.pods, name, Model.pod(metadata, claim: claim, status: statuses[number(0..<4)]))
    default: return other(&random, app)
    }
  }

  private static func other(
    _ random: inout SplitMix64,
    _ app: String
  ) -> (type: ReadinessType, name: String, object: JSONValue) {
    func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    switch number(0..<5) {
    case 0:
      let selected = ["a", "b", "c"][number(0..<3)]
      return (
        .services, app,
        Model.service(Model.metadata(app, in: "shop", uid: "v-\(app)"), app: selected)
      )
    case 1:
      let name = "slice-\(number(0..<3))"
      return (.endpointSlices, name, Model.slice(name, of: app, in: "shop", ready: number(0..<3)))
    case 2:
      let name = "c\(number(0..<2))"
      let storageClass = ["fast", "slow", nil][number(0..<3)]
      let phase = ["Pending", "Pending", "Bound"][number(0..<3)]
      let metadata = Model.metadata(name, in: "shop", uid: name)
      return (.claims, name, Model.claim(metadata, storageClass: storageClass, phase: phase))
    case 3:
      let name = ["fast", "slow"][number(0..<2)]
      let mode = ["Immediate", "WaitForFirstConsumer"][number(0..<2)]
      return (
        .storageClasses, name,
        ["metadata": ["name": .string(name)], "volumeBindingMode": .string(mode)]
      )
    default:
      let pod = "p\(number(0..<6))"
      let subjects = [
        ("Pod", pod, pod), ("ReplicaSet", "\(app)-0", "r-\(app)-0"),
        ("StatefulSet", app, "s-\(app)"), ("PersistentVolumeClaim", "c0", "c0"),
      ]
      let (kind, name, uid) = subjects[number(0..<4)]
      let reason = ["FailedCreate", "FailedMount", "ProvisioningFailed"][number(0..<3)]
      let event = Model.event(
        reason,
        "message \(number(0..<3))",
        on: kind,
        name,
        in: "shop",
        uid: uid,
        count: number(1..<5)
      )
      return (.events, name, event)
    }
  }
}
