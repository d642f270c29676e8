// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Velero

@testable import Engine

/// A cluster of a few objects with everything known of it, for previews without a server.
struct ModelGround {
  private var table: InventoryTable
  private var relations = RelationSnapshot()
  private var uid = 0

  /// A cluster of these Namespace objects, with their labels.
  init(
    _ namespaces: [String: [String: String]] = ["default": [:], "shop": ["team": "shop"]],
    discovery: Discovery = ClusterModel.discovery
  ) {
    table = InventoryTable(discovery.preferred)
    for rule in Selection(filter: BackupFilter(), discovery: discovery, namespaces: []).types {
      guard let slot = table.slot(of: rule.resource.groupVersionResource) else { continue }
      let isAlias: Bool
      if case .sameAs(let other)? = rule.listing {
        table.setState(.sameAs(other), of: slot)
        isAlias = true
      } else {
        isAlias = false
      }
      if !isAlias { table.setState(.current, of: slot) }
    }
    for (name, labels) in namespaces.sorted(by: { $0.key < $1.key }) {
      add("namespaces", nil, name, labels: labels)
    }
  }

  /// Adds an object; `fields` are its other members.
  mutating func add(
    _ type: String,
    _ namespace: String?,
    _ name: String,
    labels: [String: String] = [:],
    annotations: [String: String] = [:],
    isBeingDeleted: Bool = false,
    _ fields: JSONValue = [:],
    isRelationKnown: Bool = true
  ) {
    uid += 1
    var object = fields
    var metadata: JSONValue = [
      "name": .string(name), "resourceVersion": .string(String(uid)),
      "uid": .string("00000000-0000-4000-8000-\(String(100_000_000_000 + uid))"),
    ]
    metadata["namespace"] = namespace.map { .string($0) }
    if !labels.isEmpty {
      metadata["labels"] = Self.map(labels)
    }
    if !annotations.isEmpty {
      metadata["annotations"] = Self.map(annotations)
    }
    if isBeingDeleted { metadata["deletionTimestamp"] = "2026-03-14T09:00:00Z" }
    object["metadata"] = metadata
    put(object, type, isRelationKnown: isRelationKnown)
  }

  private static func map(_ texts: [String: String]) -> JSONValue {
    let members = texts.sorted { $0.key < $1.key }.map { key, value in
      JSONObject.Member(key: key, value: .string(value))
    }
    return .object(JSONObject(members))
  }

  private mutating func put(_ object: JSONValue, _ type: String, isRelationKnown: Bool) {
    let snapshot = table.snapshot()
    guard let place = snapshot.place(of: type),
      let slot = table.slot(of: snapshot.type(at: place).resource.groupVersionResource)
    else { preconditionFailure("the model has no type '\(type)'") }
    try? JSONReader().read(object.encoded()) { view in
      table.put(view, slot)
      guard isRelationKnown, let kind = RelationKind(rawValue: type) else { return }
      relations.keep(RelationReading(view, kind)) { pod, shapes in
        shapes.append(pod)
        return UInt32(shapes.count - 1)
      }
    }
  }

  /// Notes how well a type is known.
  mutating func setState(_ state: TypeState, of type: String) {
    let snapshot = table.snapshot()
    if let place = snapshot.place(of: type),
      let slot = table.slot(of: snapshot.type(at: place).resource.groupVersionResource)
    {
      table.setState(state, of: slot)
    }
  }

  mutating func setGap(_ gap: RelationGap) { relations.gaps.append(gap) }

  var ground: PreviewGround { PreviewGround(table.snapshot(), relations) }

  func preview(_ filter: BackupFilter = BackupFilter()) -> Preview { ground.evaluate(filter) }

  /// A pod with claims and a priority class, as far as a preview reads it.
  mutating func addPod(
    _ namespace: String,
    _ name: String,
    labels: [String: String] = [:],
    claims: [String] = [],
    priorityClass: String? = nil,
    isRelationKnown: Bool = true
  ) {
    var spec: JSONValue = [
      "volumes": .array(
        claims.map {
          ["name": .string("v-" + $0), "persistentVolumeClaim": ["claimName": .string($0)]]
        }
      )
    ]
    spec["priorityClassName"] = priorityClass.map { .string($0) }
    add(
      "pods",
      namespace,
      name,
      labels: labels,
      ["spec": spec],
      isRelationKnown: isRelationKnown
    )
  }

  /// A bound claim with its volume.
  mutating func addClaim(
    _ namespace: String,
    _ name: String,
    volume: String,
    labels: [String: String] = [:],
    volumeSpec: JSONValue = ["capacity": ["storage": "1Gi"]]
  ) {
    add(
      "persistentvolumeclaims",
      namespace,
      name,
      labels: labels,
      ["spec": ["volumeName": .string(volume)], "status": ["phase": "Bound"]]
    )
    add("persistentvolumes", nil, volume, ["spec": volumeSpec])
  }
}

extension Preview {
  /// What there is to say about an object, written `type namespace/name`.
  func why(_ type: String, _ path: String) -> String {
    explanation(of: ObjectAddress(type: type, path: path)).description
  }

  /// The remarks about a part of the filter.
  func remarks(about text: String) -> [SelectionRemark] {
    remarks.filter { $0.part?.text == text || $0.message.contains("'\(text)'") }
  }
}
