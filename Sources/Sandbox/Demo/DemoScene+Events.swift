// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What has happened in the last hour.
extension DemoScene {
  /// Adds events about the objects added so far; call it last.
  mutating func addEvents() {
    if let pod = pod(in: "payments", named: "reconciler-") {
      addEvent(
        pod,
        "BackOff",
        "Back-off restarting failed container reconciler in pod \(pod.name)",
        source: "kubelet",
        count: 2417,
        isWarning: true
      )
      addEvent(
        pod,
        "Pulled",
        "Container image \"registry.example.com/payments/reconciler:1.4.0-rc1\" already present on "
          + "machine",
        source: "kubelet",
        count: 107
      )
    }
    if let pod = pod(in: "analytics", named: "recommendations-") {
      addEvent(
        pod,
        "FailedScheduling",
        "0/4 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
        source: "default-scheduler",
        count: 311,
        isWarning: true
      )
    }
    addEvent(
      DemoReference(kind: .claim, namespace: "analytics", name: "training-scratch"),
      "ProvisioningFailed",
      "storageclass.storage.k8s.io \"local-nvme\" not found",
      source: "persistentvolume-controller",
      count: 298,
      isWarning: true
    )
    addEvent(
      DemoReference(kind: .autoscaler, namespace: "shop", name: "frontend"),
      "SuccessfulRescale",
      "New size: 3; reason: All metrics below target",
      source: "horizontal-pod-autoscaler",
      count: 1
    )
    addEvent(
      DemoReference(kind: .certificate, namespace: "shop", name: "shop-tls"),
      "Issuing",
      "The certificate has been successfully issued",
      source: "cert-manager-certificates-issuing",
      count: 1
    )
    addEvent(
      DemoReference(kind: .cronJob, namespace: "data", name: "postgres-dump"),
      "SawCompletedJob",
      "Saw completed job, condition: Complete",
      source: "cronjob-controller",
      count: 2
    )
  }

  private func pod(in namespace: String, named prefix: String) -> DemoReference? {
    for object in objects where object["kind"]?.string == "Pod" {
      let metadata = object["metadata"]
      guard let name = metadata?["name"]?.string, name.hasPrefix(prefix),
        metadata?["namespace"]?.string == namespace
      else { continue }
      return DemoReference(kind: .pod, namespace: namespace, name: name)
    }
    return nil
  }

  private mutating func addEvent(
    _ subject: DemoReference,
    _ reason: String,
    _ message: String,
    source: String,
    count: Int,
    isWarning: Bool = false
  ) {
    let digits = DemoIdentity.hex("event/\(subject.uid)/\(reason)", digits: 16)
    add(
      .event,
      DemoMetadata("\(subject.name).\(digits)", in: subject.namespace, age: .minutes(55)),
      [
        "involvedObject": subject.objectReference, "reason": .string(reason),
        "message": .string(message), "source": ["component": .string(source)],
        "firstTimestamp": time(.minutes(55)), "lastTimestamp": time(.minutes(2)),
        "count": .int(count), "type": isWarning ? "Warning" : "Normal", "eventTime": nil,
        "reportingComponent": .string(source), "reportingInstance": "",
      ]
    )
  }
}
