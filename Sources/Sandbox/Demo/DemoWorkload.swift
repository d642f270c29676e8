// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Something that runs as pods: what a Deployment, StatefulSet, DaemonSet or Job has in common.
struct DemoWorkload {
  var name: String
  var namespace: String
  /// What it belongs to, for `app.kubernetes.io/part-of`.
  var partOf: String
  var component: String
  /// The Helm release that installed it; nil when something else did.
  var release: String?
  var version = "1.0.0"
  var replicas = 1
  var containers: [DemoContainer]
  var initContainers: [DemoContainer] = []
  var volumes: [DemoVolume] = []
  var serviceAccount = "default"
  var priorityClass: String?
  var age: DemoAge = .days(200)
  /// How long the present pods have been running.
  var podAge: DemoAge = .days(6)
  var podAnnotations: [String: String] = [:]
  var extraLabels: [String: String] = [:]
  var usesHostNetwork = false
  var nodeSelector: [String: String] = [:]

  /// What finds its pods.
  var selector: [String: String] {
    ["app.kubernetes.io/name": name, "app.kubernetes.io/instance": release ?? partOf]
  }

  /// The labels of the workload and of what comes with it.
  var labels: [String: String] {
    var labels = selector
    labels["app.kubernetes.io/component"] = component
    labels["app.kubernetes.io/part-of"] = partOf
    labels["app.kubernetes.io/version"] = version
    labels["app.kubernetes.io/managed-by"] = release == nil ? "argocd" : "Helm"
    return labels.merging(extraLabels) { _, extra in extra }
  }

  /// The annotations of the workload: where it was installed from.
  var annotations: [String: String] {
    guard let release else { return ["argocd.argoproj.io/tracking-id": "\(partOf):\(name)"] }
    return ["meta.helm.sh/release-name": release, "meta.helm.sh/release-namespace": namespace]
  }

  /// Who wrote it.
  var manager: String { release == nil ? "argocd-controller" : "helm" }

  /// The labels of its pods.
  var podLabels: [String: String] {
    selector.merging(["app.kubernetes.io/component": component]) { _, new in new }
  }

  /// Metadata for the workload or what comes with it.
  func metadata(_ name: String? = nil) -> DemoMetadata {
    DemoMetadata(
      name ?? self.name,
      in: namespace,
      labels: labels,
      annotations: annotations,
      age: age
    )
  }

  /// The template of its pods.
  func template(labels extra: [String: String] = [:]) -> JSONValue {
    var metadata: JSONValue = ["labels": .texts(podLabels.merging(extra) { _, new in new })]
    if !podAnnotations.isEmpty { metadata["annotations"] = .texts(podAnnotations) }
    return ["metadata": metadata, "spec": podSpec()]
  }

  /// The specification of its pods, without what only a placed pod has.
  func podSpec(restartPolicy: String = "Always") -> JSONValue {
    var spec: JSONValue = [:]
    if !volumes.isEmpty { spec["volumes"] = .array(volumes.map(\.json)) }
    if !initContainers.isEmpty { spec["initContainers"] = .array(initContainers.map(\.json)) }
    spec["containers"] = .array(containers.map(\.json))
    spec["restartPolicy"] = .string(restartPolicy)
    spec["terminationGracePeriodSeconds"] = 30
    spec["dnsPolicy"] = usesHostNetwork ? "ClusterFirstWithHostNet" : "ClusterFirst"
    if !nodeSelector.isEmpty { spec["nodeSelector"] = .texts(nodeSelector) }
    spec["serviceAccountName"] = .string(serviceAccount)
    spec["serviceAccount"] = .string(serviceAccount)
    if usesHostNetwork { spec["hostNetwork"] = true }
    spec["securityContext"] =
      usesHostNetwork ? [:] : ["runAsNonRoot": true, "seccompProfile": ["type": "RuntimeDefault"]]
    spec["schedulerName"] = "default-scheduler"
    if let priorityClass { spec["priorityClassName"] = .string(priorityClass) }
    return spec
  }
}

extension DemoScene {
  /// Adds a Deployment with its present and its last ReplicaSet and its pods, which it returns.
  @discardableResult
  mutating func addDeployment(
    _ workload: DemoWorkload,
    podState: DemoPodState = .running
  ) -> [DemoPod] {
    let ready = podState.isReady ? workload.replicas : 0
    let owner = add(
      .deployment,
      workload.metadata().with(\.generation, 4).with(\.manager, workload.manager)
        .with(
          \.annotations,
          workload.annotations.merging(["deployment.kubernetes.io/revision": "4"]) { $1 }
        ),
      [
        "spec": [
          "replicas": .int(workload.replicas), "selector": selector(workload.selector),
          "template": workload.template(),
          "strategy": [
            "type": "RollingUpdate",
            "rollingUpdate": ["maxUnavailable": "25%", "maxSurge": "25%"],
          ],
          "revisionHistoryLimit": 1, "progressDeadlineSeconds": 600,
        ],
        "status": deploymentStatus(workload, ready: ready),
      ]
    )
    addReplicaSet(workload, owner: owner, revision: 3, ready: nil)
    let current = addReplicaSet(workload, owner: owner, revision: 4, ready: ready)
    let hash = current.name.split(separator: "-").last.map(String.init) ?? ""
    return (0..<workload.replicas).map { index in
      let suffix = DemoIdentity.suffix("\(workload.namespace)/\(current.name)/\(index)", length: 5)
      return addPod(
        workload,
        name: "\(current.name)-\(suffix)",
        index: index,
        owner: current,
        labels: ["pod-template-hash": hash],
        state: podState
      )
    }
  }

  /// The number of ready pods is nil for a ReplicaSet of the past, which has none.
  @discardableResult
  private mutating func addReplicaSet(
    _ workload: DemoWorkload,
    owner: DemoReference,
    revision: Int,
    ready: Int?
  ) -> DemoReference {
    let subject = "\(workload.namespace)/\(workload.name)/\(revision)"
    let hash = DemoIdentity.suffix(subject, length: 10)
    let replicas = ready == nil ? 0 : workload.replicas
    let label = ["pod-template-hash": hash]
    var metadata = DemoMetadata(
      "\(workload.name)-\(hash)",
      in: workload.namespace,
      labels: workload.podLabels.merging(label) { $1 },
      annotations: [
        "deployment.kubernetes.io/desired-replicas": "\(workload.replicas)",
        "deployment.kubernetes.io/max-replicas": "\(workload.replicas + 1)",
        "deployment.kubernetes.io/revision": "\(revision)",
      ],
      age: ready == nil ? workload.age : workload.podAge,
      owner: owner
    )
    metadata.generation = ready == nil ? 2 : 1
    var status: JSONValue = [
      "replicas": .int(replicas), "observedGeneration": ready == nil ? 2 : 1,
    ]
    if let ready, ready > 0 {
      status["fullyLabeledReplicas"] = .int(replicas)
      status["readyReplicas"] = .int(ready)
      status["availableReplicas"] = .int(ready)
    }
    return add(
      .replicaSet,
      metadata,
      [
        "spec": [
          "replicas": .int(replicas),
          "selector": selector(workload.selector.merging(label) { $1 }),
          "template": workload.template(labels: label),
        ],
        "status": status,
      ]
    )
  }

  /// A label selector.
  func selector(_ labels: [String: String]) -> JSONValue { ["matchLabels": .texts(labels)] }

  /// A condition as controllers write it.
  func condition(
    _ type: String,
    _ isTrue: Bool,
    _ reason: String,
    _ message: String,
    since age: DemoAge
  ) -> JSONValue {
    [
      "type": .string(type), "status": isTrue ? "True" : "False", "lastTransitionTime": time(age),
      "reason": .string(reason), "message": .string(message),
    ]
  }

  private func deploymentStatus(_ workload: DemoWorkload, ready: Int) -> JSONValue {
    let isAvailable = ready == workload.replicas
    var status: JSONValue = [
      "observedGeneration": 4, "replicas": .int(workload.replicas),
      "updatedReplicas": .int(workload.replicas),
    ]
    if ready > 0 {
      status["readyReplicas"] = .int(ready)
      status["availableReplicas"] = .int(ready)
    } else if workload.replicas > 0 {
      status["unavailableReplicas"] = .int(workload.replicas)
    }
    let conditions = [
      condition(
        "Available",
        isAvailable,
        isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        isAvailable
          ? "Deployment has minimum availability."
          : "Deployment does not have minimum availability.",
        since: workload.podAge.later(20)
      ),
      condition(
        "Progressing",
        isAvailable,
        isAvailable ? "NewReplicaSetAvailable" : "ProgressDeadlineExceeded",
        isAvailable
          ? "ReplicaSet has successfully progressed."
          : "ReplicaSet has timed out progressing.",
        since: workload.podAge.later(isAvailable ? 20 : 600)
      ),
    ]
    status["conditions"] = .array(
      conditions.map { condition in
        var condition = condition
        condition["lastUpdateTime"] = condition["lastTransitionTime"]
        return condition
      }
    )
    return status
  }
}
