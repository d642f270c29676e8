// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

@testable import Engine

/// Every row is one of velero/05, sections 4 and 6.
struct RestoreTransformTests {
  @Test func `metadata loses what the old server wrote, and keeps the rest`() {
    let object: JSONValue = [
      "kind": "ConfigMap",
      "metadata": [
        "name": "a", "namespace": "shop", "generateName": "a-", "selfLink": "/x", "uid": "1",
        "resourceVersion": "2", "generation": 3, "creationTimestamp": "t",
        "deletionTimestamp": "t", "deletionGracePeriodSeconds": 30,
        "ownerReferences": [["uid": "u"]],
        "finalizers": ["f"], "managedFields": [["manager": "m"]], "labels": ["x": "y"],
        "annotations": ["p": "q"],
      ],
      "data": ["k": "v"], "status": ["s": 1],
    ]
    let result = transformed(object, "configmaps")
    #expect(
      result.object == [
        "kind": "ConfigMap",
        "metadata": [
          "name": "a", "namespace": "shop", "finalizers": ["f"],
          "managedFields": [["manager": "m"]],
          "labels": ["x": "y", "velero.io/backup-name": "b", "velero.io/restore-name": "r"],
          "annotations": ["p": "q"],
        ],
        "data": ["k": "v"],
      ]
    )
    #expect(result.status == ["s": 1])
  }

  @Test func `long names are hashed in labels`() {
    let long = String(repeating: "n", count: 70)
    let labels = MetadataReset.labels(backup: long, restore: "r")
    #expect(labels[VeleroLabel.backupName]?.utf8.count == 63)
  }

  @Test func `objects go into the mapped namespace, and those of the cluster into none`() {
    let object: JSONValue = ["metadata": ["name": "a", "namespace": "shop"]]
    #expect(
      transformed(object, "configmaps", options: mappedOptions(["shop": "copy"]))
        .object[path: "metadata", "namespace"] == "copy"
    )
    let role = transformed(["metadata": ["name": "a"]], "clusterroles", namespace: nil)
    #expect(role.object[path: "metadata", "namespace"] == nil)
  }

  @Test func `a pod is free of its node, its tokens and Velero's containers`() {
    let pod: JSONValue = [
      "metadata": ["name": "p"],
      "spec": [
        "nodeName": "n", "priority": 10, "priorityClassName": "high", "serviceAccountName": "sa",
        "volumes": [
          ["name": "sa-token-abc"],
          ["name": "data", "persistentVolumeClaim": ["claimName": "data-0"]],
        ],
        "initContainers": [["name": "restic-wait"], ["name": "restore-wait"], ["name": "own"]],
        "containers": [
          [
            "name": "c",
            "volumeMounts": [["name": "sa-token-abc"], ["name": "data"]],
          ]
        ],
      ],
    ]
    let result = transformed(pod, "pods")
    #expect(
      result.object["spec"] == [
        "priorityClassName": "high", "serviceAccountName": "sa",
        "volumes": [["name": "data", "persistentVolumeClaim": ["claimName": "data-0"]]],
        "initContainers": [["name": "own"]],
        "containers": [["name": "c", "volumeMounts": [["name": "data"]]]],
      ]
    )
    #expect(
      result.needs.map(\.text)
        == ["persistentvolumeclaims/shop/data-0", "priorityclasses.scheduling.k8s.io/high"]
    )
  }

  @Test func `jobs, accounts and secrets lose what ties them to the old server`() {
    let job = transformed(
      [
        "metadata": ["name": "j"],
        "spec": [
          "selector": [
            "matchLabels": ["controller-uid": "1", "batch.kubernetes.io/controller-uid": "1"]
          ],
          "template": ["metadata": ["labels": ["controller-uid": "1", "a": "b"]]],
        ],
      ],
      "jobs.batch"
    )
    #expect(
      job.object["spec"] == ["selector": [:], "template": ["metadata": ["labels": ["a": "b"]]]]
    )
    let account = transformed(
      ["metadata": ["name": "sa"], "secrets": [["name": "sa-token-1"], ["name": "own"]]],
      "serviceaccounts"
    )
    #expect(account.object["secrets"] == [["name": "own"]])
    let token: JSONValue = [
      "metadata": [
        "name": "sa-token-1",
        "annotations": [
          "kubernetes.io/service-account.uid": "1", "kubernetes.io/service-account.name": "sa",
        ],
      ],
      "type": "kubernetes.io/service-account-token",
      "data": ["token": "t", "ca.crt": "c", "namespace": "bg=="],
    ]
    let secret = transformed(token, "secrets")
    #expect(secret.skip == nil)
    #expect(secret.object["data"] == ["namespace": "bg=="])
    #expect(
      secret.object[path: "metadata", "annotations"]
        == ["kubernetes.io/service-account.name": "sa"]
    )
    let known = RestoreTransform.Surroundings(accounts: ["shop": ["sa"]])
    #expect(
      transformed(token, "secrets", surroundings: known).skip?.description
        == "the service account 'sa' gets a token of its own"
    )
    #expect(
      transformed(["metadata": ["name": "sa-token-1"]], "secrets", surroundings: known).skip == nil
    )
  }

  @Test func `bindings name the mapped namespaces, and groups are named as dangling`() {
    let binding: JSONValue = [
      "metadata": ["name": "b", "namespace": "shop"],
      "subjects": [
        ["kind": "ServiceAccount", "name": "sa", "namespace": "shop"],
        ["kind": "ServiceAccount", "name": "sa", "namespace": "other"],
        ["kind": "Group", "name": "system:serviceaccounts:shop"],
      ],
    ]
    let result = transformed(
      binding,
      "rolebindings.rbac.authorization.k8s.io",
      options: mappedOptions(["shop": "copy"])
    )
    #expect(
      result.object["subjects"]?.array?.compactMap { $0["namespace"]?.string } == ["copy", "other"]
    )
    #expect(
      result.dangling.map(\.description)
        == ["/subjects/2/name names the namespace 'shop': system:serviceaccounts:shop"]
    )
  }

  @Test func `webhooks, API services and definitions are made fit for v1`() {
    let webhooks: JSONValue = [
      "apiVersion": "admissionregistration.k8s.io/v1", "metadata": ["name": "w"],
      "webhooks": [
        ["name": "a", "sideEffects": "Some"], ["name": "b", "sideEffects": "NoneOnDryRun"],
      ],
    ]
    let type = "mutatingwebhookconfigurations.admissionregistration.k8s.io"
    #expect(
      transformed(webhooks, type, namespace: nil).object["webhooks"] == [
        ["name": "a", "sideEffects": "None"], ["name": "b", "sideEffects": "NoneOnDryRun"],
      ]
    )
    var old = webhooks
    old["apiVersion"] = "admissionregistration.k8s.io/v1beta1"
    #expect(transformed(old, type, namespace: nil).object["webhooks"] == old["webhooks"])
    let service = "apiservices.apiregistration.k8s.io"
    let managed: JSONValue = [
      "metadata": ["name": "s", "labels": ["kube-aggregator.kubernetes.io/automanaged": "onstart"]]
    ]
    #expect(transformed(managed, service, namespace: nil).skip != nil)
    #expect(transformed(["metadata": ["name": "s"]], service, namespace: nil).skip == nil)
    let definition: JSONValue = [
      "apiVersion": "apiextensions.k8s.io/v1", "metadata": ["name": "d"],
      "spec": [
        "preserveUnknownFields": true,
        "versions": [["name": "v1", "schema": ["openAPIV3Schema": ["type": "object"]]]],
      ],
    ]
    #expect(
      transformed(definition, RestoreWave.definitions, namespace: nil).object["spec"] == [
        "preserveUnknownFields": false,
        "versions": [
          [
            "name": "v1",
            "schema": [
              "openAPIV3Schema": [
                "type": "object", "x-kubernetes-preserve-unknown-fields": true,
              ]
            ],
          ]
        ],
      ]
    )
  }

  @Test func `images, storage classes and nodes' labels are mapped`() {
    var options = RestoreTransform.Options(backup: "b", restore: "r")
    options.maps = RestoreMaps(
      images: ["docker.io,mirror.local", "none"].compactMap(RestoreMaps.ImageRule.init(parsing:)),
      storageClasses: ["fast": "gold"],
      nodeLabels: ["disk=ssd": "storage=nvme", "zone=a": ""]
    )
    #expect(options.maps.images.count == 1)
    let set: JSONValue = [
      "metadata": ["name": "s"],
      "spec": [
        "template": [
          "spec": [
            "nodeSelector": ["disk": "ssd", "zone": "a", "own": "x"],
            "initContainers": [["image": "docker.io/a"]],
            "containers": [["image": "docker.io/b"], ["image": "quay.io/c"]],
          ]
        ],
        "volumeClaimTemplates": [
          ["spec": ["storageClassName": "fast"]], ["spec": ["storageClassName": "slow"]],
        ],
      ],
    ]
    let spec = transformed(set, "statefulsets.apps", options: options).object["spec"]
    #expect(
      spec == [
        "template": [
          "spec": [
            "nodeSelector": ["storage": "nvme", "own": "x"],
            "initContainers": [["image": "mirror.local/a"]],
            "containers": [["image": "mirror.local/b"], ["image": "quay.io/c"]],
          ]
        ],
        "volumeClaimTemplates": [
          ["spec": ["storageClassName": "gold"]], ["spec": ["storageClassName": "slow"]],
        ],
      ]
    )
    let claim: JSONValue = ["metadata": ["name": "c"], "spec": ["storageClassName": "fast"]]
    #expect(
      transformed(claim, "persistentvolumeclaims", options: options)
        .object[path: "spec", "storageClassName"] == "gold"
    )
  }

  @Test(arguments: [
    "pods", "services", "persistentvolumeclaims", "jobs.batch", "secrets", "serviceaccounts",
    "rolebindings.rbac.authorization.k8s.io", RestoreWave.definitions, "configmaps",
  ])
  func `what was transformed once is not changed again`(resource: String) {
    let object: JSONValue = [
      "apiVersion": "v1", "kind": "X",
      "metadata": ["name": "a", "namespace": "shop", "uid": "1", "labels": ["a": "b"]],
      "spec": [
        "clusterIP": "10.0.0.1", "nodeName": "n", "volumeName": "v",
        "ports": [["port": 80, "nodePort": 30000]],
      ],
      "subjects": [["namespace": "shop"]], "secrets": [["name": "a-token-1"]],
      "status": ["phase": "Bound"],
    ]
    let once = transformed(object, resource, options: mappedOptions(["shop": "copy"])).object
    #expect(transformed(once, resource, options: mappedOptions(["shop": "copy"])).object == once)
  }
}
