// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

/// Objects in words, as they are put on boards and into clusters.
enum ReadinessModel {
  static func text(_ value: JSONValue) -> String {
    String(decoding: value.encoded(), as: UTF8.self)
  }

  static func int(_ number: Int) -> JSONValue { .number(JSONNumber(number)) }

  static func metadata(
    _ name: String,
    in namespace: String,
    owner: (kind: String, name: String, uid: String)? = nil,
    labels: [String: String] = [:],
    uid: String? = nil
  ) -> JSONValue {
    var metadata: JSONValue = ["name": .string(name), "namespace": .string(namespace)]
    metadata["uid"] = uid.map { .string($0) }
    if !labels.isEmpty { metadata["labels"] = self.labels(labels) }
    if let owner {
      metadata["ownerReferences"] = [
        [
          "apiVersion": owner.kind == "Job" ? "batch/v1" : "apps/v1", "kind": .string(owner.kind),
          "name": .string(owner.name), "uid": .string(owner.uid), "controller": true,
        ]
      ]
    }
    return metadata
  }

  static func labels(_ labels: [String: String]) -> JSONValue {
    labels.sorted { $0.key < $1.key }.reduce(into: [:] as JSONValue) {
      $0[$1.key] = .string($1.value)
    }
  }

  /// A template with one container.
  static func template(_ labels: [String: String]) -> JSONValue {
    [
      "metadata": ["labels": self.labels(labels)],
      "spec": ["containers": [["name": "web", "image": "r.example.org/web:1"]]],
    ]
  }

  static func workload(
    _ metadata: JSONValue,
    kind: String,
    replicas: Int = 1,
    app: String,
    status: JSONValue? = nil
  ) -> JSONValue {
    var object: JSONValue = [
      "apiVersion": "apps/v1", "kind": .string(kind), "metadata": metadata,
      "spec": [
        "replicas": int(replicas), "selector": ["matchLabels": ["app": .string(app)]],
        "template": template(["app": app]),
      ],
    ]
    if kind == "StatefulSet" { object["spec"]?["serviceName"] = .string(app) }
    object["status"] = status
    return object
  }

  /// What a Deployment's status says when so many of its replicas are available.
  static func deploymentStatus(_ available: Int, of replicas: Int, generation: Int = 1) -> JSONValue
  {
    [
      "observedGeneration": int(generation), "replicas": int(replicas),
      "updatedReplicas": int(replicas), "readyReplicas": int(available),
      "availableReplicas": int(available), "unavailableReplicas": int(replicas - available),
    ]
  }

  static func pod(_ metadata: JSONValue, claim: String? = nil, status: JSONValue? = nil)
    -> JSONValue
  {
    var object: JSONValue = [
      "apiVersion": "v1", "kind": "Pod", "metadata": metadata,
      "spec": ["containers": [["name": "web", "image": "r.example.org/web:1"]]],
    ]
    if let claim {
      object["spec"]?["volumes"] = [
        ["name": "data", "persistentVolumeClaim": ["claimName": .string(claim)]]
      ]
    }
    object["status"] = status
    return object
  }

  static let podReady: JSONValue = [
    "phase": "Running",
    "conditions": [
      ["type": "PodScheduled", "status": "True"], ["type": "Ready", "status": "True"],
    ],
    "containerStatuses": [
      [
        "name": "web", "image": "r.example.org/web:1", "imageID": "", "ready": true,
        "restartCount": 0, "state": ["running": ["startedAt": "2026-01-01T00:00:00Z"]],
      ]
    ],
  ]

  static func podWaiting(_ reason: String, _ message: String = "") -> JSONValue {
    [
      "phase": "Pending", "conditions": [["type": "PodScheduled", "status": "True"]],
      "containerStatuses": [
        [
          "name": "web", "image": "r.example.org/web:1", "imageID": "", "ready": false,
          "restartCount": 0,
          "state": ["waiting": ["reason": .string(reason), "message": .string(message)]],
        ]
      ],
    ]
  }

  static func service(_ metadata: JSONValue, app: String) -> JSONValue {
    [
      "apiVersion": "v1", "kind": "Service", "metadata": metadata,
      "spec": [
        "selector": ["app": .string(app)], "ports": [["port": 80, "protocol": "TCP"]],
      ],
    ]
  }

  static func slice(_ name: String, of service: String, in namespace: String, ready: Int)
    -> JSONValue
  {
    [
      "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
      "metadata": metadata(
        name,
        in: namespace,
        labels: ["kubernetes.io/service-name": service]
      ),
      "addressType": "IPv4",
      "endpoints": .array(
        (0..<ready).map {
          ["addresses": [.string("10.0.0.\($0 + 1)")], "conditions": ["ready": true]]
        }
      ),
    ]
  }

  static func claim(_ metadata: JSONValue, storageClass: String?, phase: String? = nil) -> JSONValue
  {
    var object: JSONValue = [
      "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata,
      "spec": [
        "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
      ],
    ]
    object["spec"]?["storageClassName"] = storageClass.map { .string($0) }
    object["status"] = phase.map { ["phase": .string($0)] }
    return object
  }

  static func event(
    _ reason: String,
    _ message: String,
    on kind: String,
    _ name: String,
    in namespace: String,
    uid: String,
    count: Int = 1
  ) -> JSONValue {
    [
      "apiVersion": "v1", "kind": "Event", "type": "Warning",
      "metadata": metadata("\(name).\(reason.lowercased())", in: namespace),
      "involvedObject": [
        "kind": .string(kind), "name": .string(name), "namespace": .string(namespace),
        "uid": .string(uid),
      ],
      "reason": .string(reason), "message": .string(message), "count": int(count),
    ]
  }
}
