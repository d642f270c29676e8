// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// How a pod is doing.
enum DemoPodState {
  case running
  /// It cannot be placed; the scheduler's message.
  case pending(message: String)
  /// Its container ends again and again.
  case crashLooping(restarts: Int, exitCode: Int)
  /// It has ended, some time ago.
  case finished(exitCode: Int, DemoAge)

  var isReady: Bool { if case .running = self { true } else { false } }

  var phase: String {
    switch self {
    case .running, .crashLooping: "Running"
    case .pending: "Pending"
    case .finished(let exitCode, _): exitCode == 0 ? "Succeeded" : "Failed"
    }
  }
}

/// A pod as services see it.
struct DemoPod {
  let reference: DemoReference
  let address: String
  let node: String
  let isReady: Bool
}

extension DemoScene {
  /// Adds one pod of a workload, on `node` or on the worker that `index` comes to.
  @discardableResult
  mutating func addPod(
    _ workload: DemoWorkload,
    name: String,
    index: Int,
    owner: DemoReference?,
    labels: [String: String] = [:],
    state: DemoPodState = .running,
    node: DemoNode? = nil
  ) -> DemoPod {
    let spread = index + workload.name.utf8.count
    let node = node ?? DemoNode.workers[spread % DemoNode.workers.count]
    let isPlaced = if case .pending = state { false } else { true }
    let address = workload.usesHostNetwork ? node.address : nextPodAddress(on: node.name)
    let metadata = DemoMetadata(
      name,
      in: workload.namespace,
      labels: workload.podLabels.merging(labels) { $1 },
      annotations: workload.podAnnotations,
      age: workload.podAge,
      owner: owner
    )
    var restartPolicy = "Always"
    if case .finished = state { restartPolicy = "Never" }
    let reference = add(
      .pod,
      metadata,
      [
        "spec": placedSpec(
          workload,
          pod: name,
          restartPolicy: restartPolicy,
          node: isPlaced ? node.name : nil
        ),
        "status": podStatus(workload, pod: name, state: state, node: node, address: address),
      ]
    )
    return DemoPod(
      reference: reference,
      address: address,
      node: node.name,
      isReady: state.isReady
    )
  }

  /// The specification with what admission and the scheduler add.
  private func placedSpec(
    _ workload: DemoWorkload,
    pod: String,
    restartPolicy: String,
    node: String?
  ) -> JSONValue {
    var spec = workload.podSpec(restartPolicy: restartPolicy)
    let volume = "kube-api-access-" + DemoIdentity.suffix("token/" + pod, length: 5)
    let token: JSONValue = [
      "name": .string(volume), "projected": Self.tokenSources,
    ]
    spec["volumes"] = .array((spec["volumes"]?.array ?? []) + [token])
    let mount: JSONValue = [
      "name": .string(volume), "readOnly": true,
      "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
    ]
    spec["containers"] = .array(
      (spec["containers"]?.array ?? []).map { container in
        var container = container
        container["volumeMounts"] = .array((container["volumeMounts"]?.array ?? []) + [mount])
        return container
      }
    )
    if let node { spec["nodeName"] = .string(node) }
    spec["tolerations"] = .array(
      ["not-ready", "unreachable"].map { taint in
        [
          "key": .string("node.kubernetes.io/" + taint), "operator": "Exists",
          "effect": "NoExecute", "tolerationSeconds": 300,
        ]
      }
    )
    spec["priority"] = .int(DemoPriority.value(of: workload.priorityClass))
    spec["enableServiceLinks"] = true
    spec["preemptionPolicy"] = .string(DemoPriority.preemption(of: workload.priorityClass))
    return spec
  }

  private static let tokenSources: JSONValue = [
    "sources": [
      ["serviceAccountToken": ["expirationSeconds": 3607, "path": "token"]],
      [
        "configMap": [
          "name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]],
        ]
      ],
      [
        "downwardAPI": [
          "items": [
            [
              "path": "namespace",
              "fieldRef": ["apiVersion": "v1", "fieldPath": "metadata.namespace"],
            ]
          ]
        ]
      ],
    ],
    "defaultMode": 420,
  ]

  private func podStatus(
    _ workload: DemoWorkload,
    pod: String,
    state: DemoPodState,
    node: DemoNode,
    address: String
  ) -> JSONValue {
    let age = workload.podAge
    var status: JSONValue = ["phase": .string(state.phase)]
    if case .pending(let message) = state {
      status["conditions"] = [
        podCondition("PodScheduled", false, since: age, reason: "Unschedulable", message: message)
      ]
      status["qosClass"] = "Burstable"
      return status
    }
    status["conditions"] = podConditions(state, since: age)
    status["hostIP"] = .string(node.address)
    status["hostIPs"] = [["ip": .string(node.address)]]
    status["podIP"] = .string(address)
    status["podIPs"] = [["ip": .string(address)]]
    status["startTime"] = time(age)
    status["containerStatuses"] = .array(
      workload.containers.map { containerStatus($0, pod: pod, state: state, started: age.later(4)) }
    )
    status["qosClass"] = "Burstable"
    return status
  }

  private func podConditions(_ state: DemoPodState, since age: DemoAge) -> JSONValue {
    let reason: String? =
      switch state {
      case .running, .pending: nil
      case .crashLooping: "ContainersNotReady"
      case .finished: "PodCompleted"
      }
    return .array([
      podCondition("PodReadyToStartContainers", state.phase == "Running", since: age.later(2)),
      podCondition("Initialized", true, since: age),
      podCondition("Ready", state.isReady, since: age.later(9), reason: reason),
      podCondition("ContainersReady", state.isReady, since: age.later(9), reason: reason),
      podCondition("PodScheduled", true, since: age),
    ])
  }

  private func podCondition(
    _ type: String,
    _ isTrue: Bool,
    since age: DemoAge,
    reason: String? = nil,
    message: String? = nil
  ) -> JSONValue {
    var condition: JSONValue = [
      "type": .string(type), "status": isTrue ? "True" : "False", "lastProbeTime": nil,
      "lastTransitionTime": time(age),
    ]
    if let reason { condition["reason"] = .string(reason) }
    if let message { condition["message"] = .string(message) }
    return condition
  }

  private func containerStatus(
    _ container: DemoContainer,
    pod: String,
    state: DemoPodState,
    started: DemoAge
  ) -> JSONValue {
    let id = "containerd://" + DemoIdentity.hex("container/\(pod)/\(container.name)", digits: 64)
    func ended(_ exitCode: Int, _ age: DemoAge) -> JSONValue {
      [
        "terminated": [
          "exitCode": .int(exitCode), "reason": exitCode == 0 ? "Completed" : "Error",
          "startedAt": time(started), "finishedAt": time(age), "containerID": .string(id),
        ]
      ]
    }
    var present: JSONValue = ["running": ["startedAt": time(started)]]
    var last: JSONValue = [:]
    var restarts = 0
    switch state {
    case .running, .pending: break
    case .crashLooping(let count, let exitCode):
      let text = "back-off 5m0s restarting failed container=\(container.name) pod=\(pod)"
      present = ["waiting": ["reason": "CrashLoopBackOff", "message": .string(text)]]
      last = ended(exitCode, .minutes(3))
      restarts = count
    case .finished(let exitCode, let age): present = ended(exitCode, age)
    }
    let repository = container.image.prefix(while: { $0 != ":" })
    return [
      "name": .string(container.name), "state": present, "lastState": last,
      "ready": .bool(state.isReady), "restartCount": .int(restarts),
      "image": .string(container.image),
      "imageID": .string(
        "\(repository)@sha256:" + DemoIdentity.hex("image/\(container.image)", digits: 64)
      ),
      "containerID": .string(id), "started": .bool(state.isReady),
    ]
  }
}
