// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import Testing

/// Sends requests to a cluster in this process, as its administrator.
struct Driver {
  var cluster: SandboxCluster
  var token = "sandbox-administrator"

  /// What came back, parsed.
  struct Answer {
    var status: Int
    var body: JSONValue
    var response: SandboxResponse

    /// The names of a list's items.
    var names: [String] {
      (body["items"]?.array ?? []).compactMap { $0[path: "metadata", "name"]?.string }
    }

    var reason: String? { body["reason"]?.string }
    var message: String? { body["message"]?.string }
    var revision: String { body[path: "metadata", "resourceVersion"]?.string ?? "" }
    var continueToken: String { body[path: "metadata", "continue"]?.string ?? "" }
    var remaining: Int64? { body[path: "metadata", "remainingItemCount"]?.int64 }
  }

  init(_ options: SandboxOptions = SandboxOptions(clock: Driver.clock)) {
    cluster = SandboxCluster(options: options)
  }

  init(version: SandboxVersion, historyLimit: Int = 20_000) {
    self.init(SandboxOptions(version: version, clock: Self.clock, historyLimit: historyLimit))
  }

  /// 2026-10-21, always.
  static let clock = WallClock { Timestamp(seconds: 1_792_555_717) }

  @discardableResult
  func send(
    _ method: String,
    _ target: String,
    _ body: JSONValue? = nil,
    type: String = "application/json",
    accept: String? = nil,
    headers: [SandboxHeader] = []
  ) -> Answer {
    var all = [SandboxHeader("Authorization", "Bearer \(token)")] + headers
    if body != nil { all.append(SandboxHeader("Content-Type", type)) }
    if let accept { all.append(SandboxHeader("Accept", accept)) }
    let response = cluster.handle(
      SandboxRequest(method: method, target: target, headers: all, body: body?.encoded() ?? [])
    )
    guard case .segments = response.body else {
      return Answer(status: response.status, body: .null, response: response)
    }
    let text = String(decoding: response.bytes, as: UTF8.self)
    return Answer(
      status: response.status,
      body: (try? JSONValue(parsing: text)) ?? .string(text),
      response: response
    )
  }

  @discardableResult
  func get(_ target: String, accept: String? = nil) -> Answer {
    send("GET", target, accept: accept)
  }

  /// The events that a watch has now.
  func events(_ target: String) -> [JSONValue] { Self.lines(get(target).response) }

  static func lines(_ response: SandboxResponse) -> [JSONValue] {
    String(decoding: response.bytes, as: UTF8.self).split(separator: "\n").map {
      (try? JSONValue(parsing: String($0))) ?? .null
    }
  }

  /// The kinds of events with the names of their objects.
  static func summary(_ events: [JSONValue]) -> [String] {
    events.map {
      "\($0["type"]?.string ?? "") \($0[path: "object", "metadata", "name"]?.string ?? "")"
    }
  }

  @discardableResult
  func createConfigMap(
    _ name: String,
    namespace: String = "default",
    labels: [String: String] = [:],
    finalizers: [String] = [],
    value: String = "v"
  ) -> Answer {
    var metadata: JSONValue = ["name": .string(name)]
    for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
      metadata["labels"] = MergedLabels.adding(key, value, to: metadata["labels"])
    }
    if !finalizers.isEmpty { metadata["finalizers"] = .array(finalizers.map(JSONValue.string)) }
    return send(
      "POST",
      "/api/v1/namespaces/\(namespace)/configmaps",
      [
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata,
        "data": ["k": .string(value)],
      ]
    )
  }

  @discardableResult
  func createNamespace(_ name: String) -> Answer {
    send(
      "POST",
      "/api/v1/namespaces",
      ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
    )
  }

  /// A definition `gadgets.example.org` with the versions v1 and v1beta1.
  @discardableResult
  func createGadgets(versions: [String] = ["v1"], scope: String = "Namespaced") -> Answer {
    let schema: JSONValue = [
      "type": "object",
      "properties": [
        "spec": [
          "type": "object", "required": ["size"],
          "properties": [
            "size": ["type": "integer", "minimum": 1],
            "color": ["type": "string", "enum": ["red", "blue"]],
            "free": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
          ],
        ], "status": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
      ],
    ]
    return send(
      "POST",
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
      [
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": ["name": "gadgets.example.org"],
        "spec": [
          "group": "example.org", "scope": .string(scope),
          "names": ["plural": "gadgets", "singular": "gadget", "kind": "Gadget"],
          "versions": .array(
            versions.enumerated().map { index, name in
              [
                "name": .string(name), "served": true, "storage": .bool(index == 0),
                "subresources": ["status": [:]], "schema": ["openAPIV3Schema": schema],
              ]
            }
          ),
        ],
      ]
    )
  }
}

private enum MergedLabels {
  static func adding(_ key: String, _ value: String, to labels: JSONValue?) -> JSONValue {
    var labels = labels ?? [:]
    labels[key] = .string(value)
    return labels
  }
}
