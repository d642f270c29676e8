// SPDX-License-Identifier: Apache-2.0

import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

/// Objects as a server wrote them, and what a restore makes of them.
struct TransformedObjectsTests {
  private static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

  private static func metadata(_ name: String, _ more: JSONValue = [:]) -> JSONValue {
    let own: JSONValue = [
      "name": .string(name), "namespace": "shop", "uid": "0e6f", "resourceVersion": "811",
      "creationTimestamp": "2026-01-02T03:04:05Z", "labels": ["app": "shop"],
      "ownerReferences": [["apiVersion": "v1", "kind": "X", "name": "x", "uid": "1"]],
      "managedFields": [["manager": "kubectl", "operation": "Apply"]],
    ]
    return MergePatch.apply(more, to: own)
  }

  private static let cluster: JSONValue = ["namespace": nil, "ownerReferences": nil]

  private static let objects: [(type: String, object: JSONValue)] = [
    (
      "pods",
      [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": metadata("web-7d4b", ["generateName": "web-"]),
        "spec": [
          "nodeName": "node-2", "priority": 1000, "priorityClassName": "high",
          "serviceAccountName": "web",
          "initContainers": [["name": "restore-wait", "image": "velero/velero:v1.18.1"]],
          "containers": [
            [
              "name": "web", "image": "docker.io/shop/web:1",
              "volumeMounts": [
                ["name": "web-token-8xkq2", "mountPath": "/var/run/secrets"],
                ["name": "data", "mountPath": "/data"],
              ],
              "env": [["name": "DB", "value": "postgres://db.shop.svc.cluster.local/shop"]],
            ]
          ],
          "volumes": [
            ["name": "web-token-8xkq2", "secret": ["secretName": "web-token-8xkq2"]],
            ["name": "data", "persistentVolumeClaim": ["claimName": "data"]],
          ],
        ],
        "status": ["phase": "Running", "podIP": "10.1.2.3"],
      ]
    ),
    (
      "services",
      [
        "apiVersion": "v1", "kind": "Service",
        "metadata": metadata(
          "web",
          [
            "annotations": [
              lastApplied: #"{"spec":{"ports":[{"name":"http","port":80,"nodePort":30080}]}}"#
            ]
          ]
        ),
        "spec": [
          "type": "NodePort", "clusterIP": "10.96.0.17", "clusterIPs": ["10.96.0.17"],
          "ports": [
            ["name": "http", "port": 80, "protocol": "TCP", "nodePort": 30080],
            ["name": "admin", "port": 81, "protocol": "TCP", "nodePort": 31977],
          ],
        ],
        "status": ["loadBalancer": [:]],
      ]
    ),
    (
      "persistentvolumeclaims",
      [
        "apiVersion": "v1", "kind": "PersistentVolumeClaim",
        "metadata": metadata(
          "data",
          [
            "annotations": [
              "pv.kubernetes.io/bind-completed": "yes",
              "volume.kubernetes.io/selected-node": "node-2", "team": "shop",
            ], "finalizers": ["kubernetes.io/pvc-protection"],
          ]
        ),
        "spec": [
          "accessModes": ["ReadWriteOnce"], "storageClassName": "fast", "volumeName": "pv-1",
        ],
        "status": ["phase": "Bound"],
      ]
    ),
    (
      "persistentvolumes",
      [
        "apiVersion": "v1", "kind": "PersistentVolume", "metadata": metadata("pv-2", cluster),
        "spec": [
          "persistentVolumeReclaimPolicy": "Retain", "storageClassName": "fast",
          "claimRef": [
            "kind": "PersistentVolumeClaim", "namespace": "shop", "name": "old", "uid": "9",
          ],
        ],
        "status": ["phase": "Bound"],
      ]
    ),
    (
      "rolebindings.rbac.authorization.k8s.io",
      [
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
        "metadata": metadata("readers"),
        "subjects": [
          ["kind": "ServiceAccount", "name": "web", "namespace": "shop"],
          ["kind": "Group", "name": "system:serviceaccounts:shop"],
        ],
        "roleRef": ["kind": "Role", "name": "reader"],
      ]
    ),
    (
      "jobs.batch",
      [
        "apiVersion": "batch/v1", "kind": "Job", "metadata": metadata("import"),
        "spec": [
          "selector": ["matchLabels": ["controller-uid": "0e6f"]],
          "template": [
            "metadata": ["labels": ["controller-uid": "0e6f", "job-name": "import"]],
            "spec": ["containers": [["name": "run", "image": "docker.io/shop/import:1"]]],
          ],
        ],
      ]
    ),
    (
      "secrets",
      [
        "apiVersion": "v1", "kind": "Secret",
        "metadata": metadata(
          "ci",
          [
            "annotations": [
              "kubernetes.io/service-account.name": "web",
              "kubernetes.io/service-account.uid": "77",
            ]
          ]
        ),
        "type": "kubernetes.io/service-account-token",
        "data": ["token": "dA==", "ca.crt": "Yw==", "namespace": "c2hvcA=="],
      ]
    ),
    (
      "validatingwebhookconfigurations.admissionregistration.k8s.io",
      [
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
        "metadata": metadata("guard", cluster),
        "webhooks": [
          [
            "name": "guard.shop.example.com", "sideEffects": "Unknown",
            "clientConfig": ["service": ["namespace": "shop", "name": "guard"]],
          ]
        ],
      ]
    ),
  ]

  @Test func `objects are changed as the golden file says`() throws {
    var options = mappedOptions(["shop": "shop-copy"])
    options.maps = RestoreMaps(
      images: [.init(old: "docker.io", new: "mirror.local")],
      storageClasses: ["fast": "gold"]
    )
    let transform = RestoreTransform(
      options,
      surroundings: .init(volumesProvisionedAnew: ["pv-1"])
    )
    var text = ""
    for (type, object) in Self.objects {
      let metadata = object["metadata"]
      let place = ObjectAddress(
        type: type,
        namespace: metadata?["namespace"]?.string,
        name: metadata?["name"]?.string ?? ""
      )
      let outcome = transform.apply(to: object, at: place)
      text += "# \(place)\n"
      for change in ExistingObject.differences(object, outcome.object) { text += "\(change)\n" }
      if let skip = outcome.skip { text += "skipped: \(skip)\n" }
      for need in outcome.needs { text += "needs: \(need)\n" }
      for warning in outcome.warnings { text += "warning: \(warning)\n" }
      for place in outcome.dangling { text += "dangling: \(place)\n" }
      text += "\n"
    }
    expectGolden(text, "transformed-objects.txt")
  }
}
