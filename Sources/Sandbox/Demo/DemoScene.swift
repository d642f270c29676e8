// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What an object is called, belongs to and says about itself.
struct DemoMetadata {
  var name: String
  var namespace: String?
  var labels: [String: String] = [:]
  var annotations: [String: String] = [:]
  var age: DemoAge = .days(200)
  var owner: DemoReference?
  var generation: Int64?
  var finalizers: [String] = []
  /// When its deletion was asked for, if it was.
  var deletedSince: DemoAge?
  /// Who wrote it; nil leaves `managedFields` out.
  var manager: String?

  init(
    _ name: String,
    in namespace: String? = nil,
    labels: [String: String] = [:],
    annotations: [String: String] = [:],
    age: DemoAge = .days(200),
    owner: DemoReference? = nil
  ) {
    self.name = name
    self.namespace = namespace
    self.labels = labels
    self.annotations = annotations
    self.age = age
    self.owner = owner
  }

  /// The same with another value in one field.
  func with<Value>(_ path: WritableKeyPath<DemoMetadata, Value>, _ value: Value) -> DemoMetadata {
    var copy = self
    copy[keyPath: path] = value
    return copy
  }
}

/// Which object is meant; its uid follows from the rest.
struct DemoReference: Hashable {
  let kind: DemoKind
  let namespace: String?
  let name: String

  var uid: String {
    DemoIdentity.uid("\(kind.apiVersion)/\(kind.kind)/\(namespace ?? "")/\(name)")
  }

  /// The reference as an owner that controls.
  var ownerReference: JSONValue {
    [
      "apiVersion": .string(kind.apiVersion), "kind": .string(kind.kind), "name": .string(name),
      "uid": .string(uid), "controller": true, "blockOwnerDeletion": true,
    ]
  }

  /// The reference as events and claims write it.
  var objectReference: JSONValue {
    var value: JSONValue = ["apiVersion": .string(kind.apiVersion), "kind": .string(kind.kind)]
    if let namespace { value["namespace"] = .string(namespace) }
    value["name"] = .string(name)
    value["uid"] = .string(uid)
    return value
  }
}

/// The objects collected so far, and the clock they are dated by.
struct DemoScene {
  /// The cluster's present, in whole seconds.
  let now: Timestamp
  /// What has been added, in order.
  private(set) var objects: [JSONValue] = []
  private var podsOnNode: [String: Int] = [:]

  init(now: Timestamp) { self.now = now.truncatedToSeconds }

  /// Adds an object; `fields` are the members beside `metadata`.
  @discardableResult
  mutating func add(
    _ kind: DemoKind,
    _ metadata: DemoMetadata,
    _ fields: JSONValue = [:]
  ) -> DemoReference {
    let reference = DemoReference(
      kind: kind,
      namespace: metadata.namespace,
      name: metadata.name
    )
    var object: JSONValue = [
      "apiVersion": .string(kind.apiVersion), "kind": .string(kind.kind),
    ]
    object["metadata"] = json(metadata, uid: reference.uid, fields: fields)
    for member in fields.object?.members ?? [] { object[member.key] = member.value }
    objects.append(object)
    return reference
  }

  /// The moment `age` before the present, as Kubernetes writes it.
  func time(_ age: DemoAge) -> JSONValue { .string(timeText(age)) }

  /// The text of the moment `age` before the present.
  func timeText(_ age: DemoAge) -> String {
    Timestamp(seconds: now.seconds - age.seconds).description
  }

  /// The next free address of a pod on a node.
  mutating func nextPodAddress(on node: String) -> String {
    let place = DemoNode.all.firstIndex(where: { $0.name == node }) ?? 0
    podsOnNode[node, default: 4] += 1
    return "10.244.\(place).\(podsOnNode[node, default: 5])"
  }

  private func json(_ metadata: DemoMetadata, uid: String, fields: JSONValue) -> JSONValue {
    var value: JSONValue = ["name": .string(metadata.name)]
    if let namespace = metadata.namespace { value["namespace"] = .string(namespace) }
    value["uid"] = .string(uid)
    if let generation = metadata.generation {
      value["generation"] = .number(JSONNumber(generation))
    }
    value["creationTimestamp"] = time(metadata.age)
    if let deletedSince = metadata.deletedSince {
      value["deletionTimestamp"] = time(deletedSince)
      value["deletionGracePeriodSeconds"] = 0
    }
    if !metadata.labels.isEmpty { value["labels"] = .texts(metadata.labels) }
    if !metadata.annotations.isEmpty { value["annotations"] = .texts(metadata.annotations) }
    if let owner = metadata.owner { value["ownerReferences"] = [owner.ownerReference] }
    if !metadata.finalizers.isEmpty { value["finalizers"] = .strings(metadata.finalizers) }
    if let manager = metadata.manager {
      value["managedFields"] = .array(managedFields(metadata, manager: manager, fields: fields))
    }
    return value
  }

  /// Who owns which fields: the manager all but the status, the controllers the status.
  private func managedFields(
    _ metadata: DemoMetadata,
    manager: String,
    fields: JSONValue
  ) -> [JSONValue] {
    func entry(_ manager: String, _ operation: String, _ members: [JSONObject.Member]) -> JSONValue
    {
      [
        "manager": .string(manager), "operation": .string(operation), "apiVersion": "v1",
        "time": time(metadata.age), "fieldsType": "FieldsV1",
        "fieldsV1": Self.fieldSet(.object(JSONObject(members))),
      ]
    }
    let members = fields.object?.members ?? []
    var labels: [JSONObject.Member] = []
    if !metadata.labels.isEmpty {
      let value: JSONValue = ["labels": .texts(metadata.labels)]
      labels = [JSONObject.Member(key: "metadata", value: value)]
    }
    let operation = manager == "argocd-controller" ? "Apply" : "Update"
    var entries = [entry(manager, operation, labels + members.filter { $0.key != "status" })]
    let status = members.filter { $0.key == "status" }
    if !status.isEmpty {
      entries.append(entry("kube-controller-manager", "Update", status))
      entries[1]["subresource"] = "status"
    }
    return entries
  }

  /// The set of an object's fields as server-side apply writes it; arrays count as one field.
  private static func fieldSet(_ value: JSONValue) -> JSONValue {
    guard let object = value.object else { return [:] }
    return .object(
      JSONObject(object.members.map { .init(key: "f:" + $0.key, value: fieldSet($0.value)) })
    )
  }
}

extension JSONValue {
  /// An array of strings.
  static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

  /// An object of strings, sorted by key as the API server writes maps.
  static func texts(_ values: [String: String]) -> JSONValue {
    .object(
      JSONObject(
        values.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .string($0.value)) }
      )
    )
  }

  /// An integer.
  static func int(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
}
