// SPDX-License-Identifier: Apache-2.0

import Engine
import Kubernetes
import Primitives

/// An object as the inventory is to show it.
struct ModelObject: Hashable {
  var namespace: String?
  var name: String
  var uid: String
  var labels: [String: String]
  var annotations: [String: String]
  var owners: [OwnerReference]
  var isBeingDeleted: Bool
  var resourceVersion: String
  var created: Timestamp?
}

extension ModelObject {
  /// What a snapshot shows of an object.
  init(_ row: ObjectRow) {
    namespace = row.namespace
    name = row.name
    uid = row.uid
    labels = row.labels
    annotations = row.annotations
    owners = row.owners
    isBeingDeleted = row.isBeingDeleted
    resourceVersion = row.resourceVersion
    created = row.created
  }

  /// What the inventory is to keep of an object that a server sent.
  init(_ object: JSONValue) {
    let metadata = object["metadata"]
    namespace = metadata?["namespace"]?.string
    name = metadata?["name"]?.string ?? ""
    uid = metadata?["uid"]?.string ?? ""
    labels = Self.texts(metadata?["labels"])
    annotations = Self.texts(metadata?["annotations"]).filter { key, _ in
      let domain = key.split(separator: "/", maxSplits: 1).first.map(String.init) ?? ""
      return key.contains("/") && (domain == "velero.io" || domain.hasSuffix(".velero.io"))
        || ["meta.helm.sh/release-name", "meta.helm.sh/release-namespace"].contains(key)
    }
    owners = (metadata?["ownerReferences"]?.array ?? []).map { owner in
      OwnerReference(
        kind: owner["kind"]?.string ?? "",
        apiVersion: owner["apiVersion"]?.string ?? "",
        name: owner["name"]?.string ?? "",
        uid: owner["uid"]?.string ?? "",
        isController: owner["controller"]?.bool ?? false
      )
    }
    isBeingDeleted = metadata?["deletionTimestamp"]?.string != nil
    resourceVersion = metadata?["resourceVersion"]?.string ?? ""
    created = metadata?["creationTimestamp"]?.string.flatMap { Timestamp(rfc3339: $0) }
  }

  private static func texts(_ value: JSONValue?) -> [String: String] {
    var texts: [String: String] = [:]
    for member in value?.object?.members ?? [] { texts[member.key] = member.value.string ?? "" }
    return texts
  }

  /// The object as a server sends it, with more than the inventory keeps.
  var json: [UInt8] {
    func texts(_ texts: [String: String]) -> JSONValue {
      .object(
        JSONObject(
          texts.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0, value: .string($1)) }
        )
      )
    }
    var annotations = annotations
    annotations["kubectl.kubernetes.io/last-applied-configuration"] = "{\"kind\":\"Pod\"}"
    var metadata: JSONValue = [
      "name": .string(name), "uid": .string(uid), "resourceVersion": .string(resourceVersion),
      "managedFields": [["manager": "kubectl", "fieldsV1": ["f:metadata": [:]]]],
      "annotations": texts(annotations),
    ]
    if let namespace { metadata["namespace"] = .string(namespace) }
    if !labels.isEmpty { metadata["labels"] = texts(labels) }
    if let created { metadata["creationTimestamp"] = .string(created.description) }
    if isBeingDeleted { metadata["deletionTimestamp"] = "2026-01-02T03:04:05Z" }
    if !owners.isEmpty {
      metadata["ownerReferences"] = .array(
        owners.map { owner in
          var reference: JSONValue = [
            "kind": .string(owner.kind), "apiVersion": .string(owner.apiVersion),
            "name": .string(owner.name), "uid": .string(owner.uid),
          ]
          if owner.isController { reference["controller"] = true }
          return reference
        }
      )
    }
    return JSONValue.object(JSONObject([JSONObject.Member(key: "metadata", value: metadata)]))
      .encoded()
  }
}

/// Where an object is in a model.
struct ModelKey: Hashable {
  var namespace: String?
  var name: String
}

extension InventorySnapshot {
  /// All objects of a type; objects that are there twice are in it once, so that their number must be compared too.
  func model(ofType place: Int) -> [ModelKey: ModelObject] {
    var objects: [ModelKey: ModelObject] = [:]
    for row in self.objects(ofType: place) {
      objects[ModelKey(namespace: row.namespace, name: row.name)] = ModelObject(row)
    }
    return objects
  }
}

extension APIResource {
  /// A type with the usual verbs.
  static func listable(
    _ name: String,
    group: String = "",
    isNamespaced: Bool = true
  ) -> APIResource {
    APIResource(
      group: group,
      version: "v1",
      name: name,
      kind: name,
      isNamespaced: isNamespaced,
      verbs: ["get", "list", "watch", "create"]
    )
  }
}
