// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// A parsed field selector; every requirement must hold.
///
/// Source: "Field Selectors" in the Kubernetes documentation; the error texts as recorded.
struct FieldSelector: Sendable {
  struct Requirement: Sendable {
    /// The path's parts, such as `metadata`, `name`.
    var path: [String]
    var value: String
    var isEqual: Bool
  }

  var requirements: [Requirement] = []

  var isEmpty: Bool { requirements.isEmpty }

  init() {}

  /// Reads `a.b=c,d!=e`.
  ///
  /// - Throws: 400 for what is no selector and for fields that the resource does not select by.
  init(_ text: String, type: ResourceType) throws(APIFailure) {
    for term in text.split(separator: ",") where !term.isEmpty {
      guard let sign = term.firstIndex(of: "=") else {
        throw .badRequest(
          "invalid selector: '\(text)'; can't understand '\(term)'"
        )
      }
      let isEqual = term[..<sign].last != "!"
      let field = String(isEqual ? term[..<sign] : term[..<sign].dropLast())
      var value = term[term.index(after: sign)...]
      if value.first == "=" { value = value.dropFirst() }
      guard Self.fields(of: type).contains(field) else { throw Self.unknown(field, type) }
      requirements.append(
        Requirement(
          path: field.split(separator: ".").map(String.init),
          value: String(value),
          isEqual: isEqual
        )
      )
    }
  }

  func matches(_ object: StoredObject) -> Bool {
    guard !isEmpty else { return true }
    var document: JSONValue?
    return requirements.allSatisfy { requirement in
      let value: String
      switch requirement.path {
      case ["metadata", "name"]: value = object.name
      case ["metadata", "namespace"]: value = object.namespace
      default:
        let whole = document ?? object.document
        document = whole
        value = Self.text(requirement.path.reduce(whole) { $0[$1] ?? .null })
      }
      return (value == requirement.value) == requirement.isEqual
    }
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .bool(let flag): flag ? "true" : "false"
    case .number(let number): number.text
    default: ""
    }
  }

  private static func unknown(_ field: String, _ type: ResourceType) -> APIFailure {
    if specific[type.table] != nil { return .badRequest("field label not supported: \(field)") }
    if type.isCustom { return .badRequest("field label not supported: \(field)") }
    return .badRequest(
      "\"\(field)\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
    )
  }

  private static func fields(of type: ResourceType) -> [String] {
    ["metadata.name", "metadata.namespace"] + (specific[type.table] ?? [])
  }

  /// The fields that resources select by besides name and namespace, by table.
  private static let specific: [String: [String]] = [
    "pods.": [
      "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
      "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName",
    ],
    "events.": [
      "involvedObject.kind", "involvedObject.namespace", "involvedObject.name",
      "involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion",
      "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
    ],
    "secrets.": ["type"],
    "namespaces.": ["status.phase"],
    "nodes.": ["spec.unschedulable"],
    "replicationcontrollers.": ["status.replicas"],
    "replicasets.apps": ["status.replicas"],
    "jobs.batch": ["status.successful"],
    "certificatesigningrequests.certificates.k8s.io": ["spec.signerName"],
  ]
}
