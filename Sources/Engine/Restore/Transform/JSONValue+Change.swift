// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension JSONValue {
  /// Changes the value at the end of a path; nothing happens where there is none.
  mutating func change(_ path: [String], _ body: (inout JSONValue) -> Void) {
    change(path[...], body)
  }

  private mutating func change(_ path: ArraySlice<String>, _ body: (inout JSONValue) -> Void) {
    guard let key = path.first else { return body(&self) }
    guard var child = self[key] else { return }
    child.change(path.dropFirst(), body)
    self[key] = child
  }

  /// Changes each element of the array at the end of a path; nothing happens where there is none.
  mutating func changeElements(_ path: [String], _ body: (inout JSONValue) -> Void) {
    change(path) { value in
      guard var elements = value.array else { return }
      for place in elements.indices { body(&elements[place]) }
      value = .array(elements)
    }
  }

  /// Removes members of the object at the end of a path; an object that nothing is left of goes with them.
  mutating func removeMembers(_ path: [String], where isUnwanted: (String) -> Bool) {
    guard let object = self[in: path]?.object else { return }
    let kept = object.members.filter { !isUnwanted($0.key) }
    guard kept.count < object.count else { return }
    change(Array(path.dropLast())) { parent in
      guard let last = path.last else { return }
      parent[last] = kept.isEmpty ? nil : .object(JSONObject(kept))
    }
  }

  /// Removes elements of the array at the end of a path; an array that nothing is left of goes with them.
  mutating func removeElements(_ path: [String], where isUnwanted: (JSONValue) -> Bool) {
    guard let elements = self[in: path]?.array else { return }
    let kept = elements.filter { !isUnwanted($0) }
    guard kept.count < elements.count else { return }
    change(Array(path.dropLast())) { parent in
      guard let last = path.last else { return }
      parent[last] = kept.isEmpty ? nil : .array(kept)
    }
  }

  /// The value at the end of a path, or nil where it ends early.
  subscript(in path: [String]) -> JSONValue? {
    path.reduce(Optional(self)) { value, key in value?[key] }
  }

  /// The value without members that are `null`, which the API takes for absent ones.
  var withoutNulls: JSONValue {
    switch self {
    case .object(let object):
      let members = object.members.filter { !$0.value.isNull }
      return .object(JSONObject(members.map { .init(key: $0.key, value: $0.value.withoutNulls) }))
    case .array(let elements): return .array(elements.map(\.withoutNulls))
    case .null, .bool, .number, .string: return self
    }
  }

  /// The texts of a map; members that are no texts are left out.
  var texts: [String: String] { (object?.dictionary ?? [:]).compactMapValues(\.string) }
}

/// Where objects have the description of a pod.
enum PodSpec {
  private static let template = ["spec", "template", "spec"]

  /// The path of the pod's spec in objects of a type; nil for types without pods.
  static func path(in resource: String) -> [String]? {
    switch resource {
    case "pods": ["spec"]
    case "replicationcontrollers", "deployments.apps", "statefulsets.apps", "daemonsets.apps",
      "replicasets.apps", "jobs.batch":
      template
    case "cronjobs.batch": ["spec", "jobTemplate"] + template
    default: nil
    }
  }

  /// The lists of containers in a pod's spec that Velero's actions look at.
  static let containerLists = ["initContainers", "containers"]
}
