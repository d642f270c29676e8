// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing

/// Whatever one object of the demo cluster says of another holds.
struct DemoReferenceTests {
  private let objects: [JSONValue]
  private let byName: [String: JSONValue]

  init() {
    objects = DemoCluster.objects(now: .test)
    byName = Dictionary(
      objects.map {
        (
          Self.key(
            $0["kind"]?.string,
            $0[path: "metadata", "namespace"]?.string,
            $0[path: "metadata", "name"]?.string
          ),
          $0
        )
      },
      uniquingKeysWith: { first, _ in first }
    )
  }

  @Test func `every owner exists, with that uid`() {
    for object in objects {
      for owner in object[path: "metadata", "ownerReferences"]?.array ?? [] {
        let found = find(owner["kind"]?.string, object, owner["name"]?.string)
        #expect(found?[path: "metadata", "uid"] == owner["uid"], "\(owner.text())")
        #expect(found?["apiVersion"] == owner["apiVersion"])
      }
    }
  }

  @Test func `every namespace exists`() {
    for object in objects {
      guard let namespace = object[path: "metadata", "namespace"]?.string else { continue }
      #expect(byName[Self.key("Namespace", nil, namespace)] != nil, "\(namespace)")
    }
  }

  @Test func `bound claims and volumes point at each other, and their classes exist`() {
    for claim in all("PersistentVolumeClaim") where claim[path: "status", "phase"] == "Bound" {
      let volume = byName[
        Self.key("PersistentVolume", nil, claim[path: "spec", "volumeName"]?.string)
      ]
      #expect(volume?[path: "spec", "claimRef", "uid"] == claim[path: "metadata", "uid"])
      #expect(volume?[path: "spec", "capacity"] == claim[path: "status", "capacity"])
      let name = claim[path: "spec", "storageClassName"]?.string ?? ""
      #expect(name.isEmpty || byName[Self.key("StorageClass", nil, name)] != nil, "\(name)")
    }
    for attachment in all("VolumeAttachment") {
      let name = attachment[path: "spec", "source", "persistentVolumeName"]?.string
      #expect(byName[Self.key("PersistentVolume", nil, name)] != nil)
    }
  }

  @Test func `what a pod needs exists: account, class, node, volumes, variables`() {
    for pod in all("Pod") {
      let spec = pod["spec"]
      #expect(find("ServiceAccount", pod, spec?["serviceAccountName"]?.string) != nil)
      if let name = spec?["priorityClassName"]?.string {
        let found = byName[Self.key("PriorityClass", nil, name)]
        #expect(found?["value"] == spec?["priority"])
      }
      if let name = spec?["nodeName"]?.string {
        #expect(byName[Self.key("Node", nil, name)] != nil)
      }
      for volume in spec?["volumes"]?.array ?? [] { check(volume, of: pod) }
      for container in spec?["containers"]?.array ?? [] {
        for variable in container["env"]?.array ?? [] { check(variable["valueFrom"], of: pod) }
        let volumes = (spec?["volumes"]?.array ?? []).map { $0["name"] }
        for mount in container["volumeMounts"]?.array ?? [] {
          #expect(volumes.contains(mount["name"]), "\(mount.text())")
        }
      }
    }
  }

  @Test func `every pod in the endpoints of a service is found by its selector`() {
    for slice in all("EndpointSlice") {
      let owner = slice[path: "metadata", "ownerReferences"]?.array?.first
      let service = find("Service", slice, owner?["name"]?.string)
      for endpoint in slice["endpoints"]?.array ?? [] {
        let pod = find("Pod", slice, endpoint[path: "targetRef", "name"]?.string)
        #expect(pod?[path: "status", "podIP"] == endpoint["addresses"]?.array?.first)
        for member in service?[path: "spec", "selector"]?.object?.members ?? [] {
          #expect(pod?[path: "metadata", "labels", member.key] == member.value)
        }
      }
    }
  }

  @Test func `roles and accounts of bindings exist`() {
    for binding in all("RoleBinding") + all("ClusterRoleBinding") {
      let kind = binding[path: "roleRef", "kind"]?.string
      let namespace =
        kind == "ClusterRole" ? nil : binding[path: "metadata", "namespace"]?.string
      let role = binding[path: "roleRef", "name"]?.string
      #expect(byName[Self.key(kind, namespace, role)] != nil, "\(role ?? "")")
      for subject in binding["subjects"]?.array ?? [] where subject["kind"] == "ServiceAccount" {
        let key = Self.key(
          "ServiceAccount",
          subject["namespace"]?.string,
          subject["name"]?.string
        )
        #expect(byName[key] != nil, "\(subject.text())")
      }
    }
  }

  @Test func `ingresses, autoscalers and budgets point at what exists`() {
    for ingress in all("Ingress") {
      for rule in ingress[path: "spec", "rules"]?.array ?? [] {
        for path in rule[path: "http", "paths"]?.array ?? [] {
          let name = path[path: "backend", "service", "name"]?.string
          #expect(find("Service", ingress, name) != nil)
        }
      }
      for tls in ingress[path: "spec", "tls"]?.array ?? [] {
        #expect(find("Secret", ingress, tls["secretName"]?.string) != nil)
      }
    }
    for scaler in all("HorizontalPodAutoscaler") {
      let target = find(
        "Deployment",
        scaler,
        scaler[path: "spec", "scaleTargetRef", "name"]?.string
      )
      #expect(target?[path: "spec", "replicas"] == scaler[path: "status", "currentReplicas"])
    }
    for budget in all("PodDisruptionBudget") {
      let selector = budget[path: "spec", "selector", "matchLabels"]?.object?.members ?? []
      let pods = all("Pod").filter { pod in
        pod[path: "metadata", "namespace"] == budget[path: "metadata", "namespace"]
          && selector.allSatisfy { pod[path: "metadata", "labels", $0.key] == $0.value }
      }
      #expect(budget[path: "status", "expectedPods"]?.int64 == Int64(pods.count))
    }
  }

  @Test func `every custom resource has its definition, and its subject every event`() {
    let builtIn = ["v1", "apps/v1", "batch/v1", "autoscaling/v2", "policy/v1"]
    for object in objects {
      let version = object["apiVersion"]?.string ?? ""
      if builtIn.contains(version) || version.contains(".k8s.io/") { continue }
      let group = version.split(separator: "/").first.map(String.init)
      let definition = all("CustomResourceDefinition").first {
        $0[path: "spec", "group"]?.string == group
          && $0[path: "spec", "names", "kind"] == object["kind"]
      }
      #expect(definition != nil, "\(version)")
    }
    for event in all("Event") {
      let subject = event["involvedObject"]
      let found = find(subject?["kind"]?.string, event, subject?["name"]?.string)
      #expect(found?[path: "metadata", "uid"] == subject?["uid"])
    }
  }

  private func check(_ source: JSONValue?, of pod: JSONValue) {
    for (field, kind) in [
      ("configMap", "ConfigMap"), ("secret", "Secret"), ("configMapKeyRef", "ConfigMap"),
      ("secretKeyRef", "Secret"), ("persistentVolumeClaim", "PersistentVolumeClaim"),
    ] {
      guard let reference = source?[field] else { continue }
      let name = reference["name"] ?? reference["secretName"] ?? reference["claimName"]
      let found = find(kind, pod, name?.string)
      #expect(found != nil, "\(reference.text())")
      if let key = reference["key"]?.string {
        #expect(found?[path: "data", key] != nil, "\(reference.text())")
      }
    }
  }

  private func all(_ kind: String) -> [JSONValue] { objects.filter { $0["kind"]?.string == kind } }

  /// The object of a kind that another object names, in the same namespace or in none.
  private func find(_ kind: String?, _ other: JSONValue, _ name: String?) -> JSONValue? {
    byName[Self.key(kind, other[path: "metadata", "namespace"]?.string, name)]
      ?? byName[Self.key(kind, nil, name)]
  }

  private static func key(_ kind: String?, _ namespace: String?, _ name: String?) -> String {
    "\(kind ?? "-") \(namespace ?? "")/\(name ?? "-")"
  }
}
