// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// A machine of the cluster.
struct DemoNode: Hashable {
  let name: String
  let address: String
  let isControlPlane: Bool

  static let controlPlane = DemoNode(name: "cp-1", address: "10.20.0.11", isControlPlane: true)
  static let workers = (1...3).map {
    DemoNode(name: "worker-\($0)", address: "10.20.0.2\($0)", isControlPlane: false)
  }
  static let all = [controlPlane] + workers
}

/// The cluster's priority classes.
enum DemoPriority {
  static let values: KeyValuePairs<String, Int> = [
    "system-node-critical": 2_000_001_000, "system-cluster-critical": 2_000_000_000,
    "shop-critical": 1_000_000, "batch-low": -100,
  ]

  static func value(of name: String?) -> Int {
    values.first(where: { $0.key == name })?.value ?? 0
  }

  /// Whether pods of a class push others aside.
  static func preemption(of name: String?) -> String {
    value(of: name) < 0 ? "Never" : "PreemptLowerPriority"
  }
}

extension DemoScene {
  /// The cluster's age.
  static let age = DemoAge.days(412)

  /// Adds the namespaces with what every namespace gets.
  mutating func addNamespaces() {
    let teams: KeyValuePairs<String, (team: String, days: Int64)> = [
      "default": ("", 412), "kube-system": ("", 412), "kube-public": ("", 412),
      "kube-node-lease": ("", 412), "cert-manager": ("platform", 410),
      "ingress-nginx": ("platform", 410), "monitoring": ("platform", 388),
      "data": ("platform", 371), "shop": ("storefront", 371), "payments": ("payments", 352),
      "analytics": ("insights", 207), "shop-staging": ("storefront", 180),
      DemoCluster.excludedNamespace: ("platform", 45),
    ]
    for (name, facts) in teams {
      var labels = ["kubernetes.io/metadata.name": name]
      if !facts.team.isEmpty {
        labels["team"] = facts.team
        labels["env"] = name.hasSuffix("staging") ? "staging" : "prod"
        labels["pod-security.kubernetes.io/enforce"] =
          name == "monitoring" ? "privileged" : "baseline"
      }
      if name == DemoCluster.excludedNamespace {
        labels["velero.io/exclude-from-backup"] = "true"
        labels["env"] = "dev"
      }
      addNamespace(DemoMetadata(name, labels: labels, age: .days(facts.days)))
    }
  }

  private mutating func addNamespace(_ metadata: DemoMetadata) {
    add(
      .namespace,
      metadata,
      ["spec": ["finalizers": ["kubernetes"]], "status": ["phase": "Active"]]
    )
    addServiceAccount(DemoMetadata("default", in: metadata.name, age: metadata.age.later(1)))
    add(
      .configMap,
      DemoMetadata(
        "kube-root-ca.crt",
        in: metadata.name,
        annotations: [
          "kubernetes.io/description":
            "Contains a CA bundle that can be used to verify the kube-apiserver when using internal "
            + "endpoints such as the internal service IP or kubernetes.default.svc."
        ],
        age: metadata.age.later(1)
      ),
      ["data": ["ca.crt": .string(Self.rootCertificate)]]
    )
  }

  /// A certificate of an authority whose key is gone.
  static let rootCertificate = """
    -----BEGIN CERTIFICATE-----
    MIIBgDCCASWgAwIBAgIUQtXHGcgaeTnhidXSSKBEnzsX5h0wCgYIKoZIzj0EAwIw
    FTETMBEGA1UEAwwKa3ViZXJuZXRlczAeFw0yNjExMjEwNzU2NTdaFw0zNjExMTgw
    NzU2NTdaMBUxEzARBgNVBAMMCmt1YmVybmV0ZXMwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAAS0BQTuGgrpKLDQ1RZ+nZP72YJuUKGniTK/xJbrrAJXgXWUoWeztgbI
    kq6aDehfAF6zOR3uZdn8eKkmlBJsceoLo1MwUTAdBgNVHQ4EFgQU2D9TuoDr6QKL
    GT+NEVzVhnFtFMQwHwYDVR0jBBgwFoAU2D9TuoDr6QKLGT+NEVzVhnFtFMQwDwYD
    VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA1iZNQMSXm/uXW9T1Dy/y
    CKiGTgbiJD8MOHumImJj2KQCIQCAYhzCJZajyBgaj54b71vgFX/DpwWBT5jMhGwW
    LCobYQ==
    -----END CERTIFICATE-----

    """

  /// Adds the classes of priority, storage and ingress, and the storage driver.
  mutating func addClasses() {
    for (name, value) in DemoPriority.values {
      let isSystem = name.hasPrefix("system-")
      add(
        .priorityClass,
        DemoMetadata(name, age: isSystem ? Self.age : .days(360)).with(\.generation, 1),
        [
          "value": .int(value), "globalDefault": false,
          "description": isSystem
            ? "Used for system critical pods that must not be moved from their current node."
            : "Set by the platform team.",
          "preemptionPolicy": .string(DemoPriority.preemption(of: name)),
        ]
      )
    }
    addStorageClass("ceph-block", isDefault: true, reclaimPolicy: "Delete")
    addStorageClass("ceph-block-retain", isDefault: false, reclaimPolicy: "Retain")
    add(
      .csiDriver,
      DemoMetadata(Self.blockDriver, age: .days(411)),
      [
        "spec": [
          "attachRequired": true, "podInfoOnMount": false, "volumeLifecycleModes": ["Persistent"],
          "storageCapacity": false, "fsGroupPolicy": "File", "requiresRepublish": false,
          "seLinuxMount": true,
        ]
      ]
    )
  }

  private mutating func addStorageClass(_ name: String, isDefault: Bool, reclaimPolicy: String) {
    var metadata = DemoMetadata(name, age: .days(411))
    if isDefault {
      metadata.annotations = ["storageclass.kubernetes.io/is-default-class": "true"]
    }
    add(
      .storageClass,
      metadata,
      [
        "provisioner": .string(Self.blockDriver),
        "parameters": [
          "clusterID": "3c1d0e62-5b0c-4d7e-9d53-0a7a1e5d0f11", "pool": "kubernetes",
          "imageFeatures": "layering", "csi.storage.k8s.io/fstype": "ext4",
          "csi.storage.k8s.io/provisioner-secret-name": "csi-rbd-secret",
          "csi.storage.k8s.io/provisioner-secret-namespace": "kube-system",
        ],
        "reclaimPolicy": .string(reclaimPolicy), "allowVolumeExpansion": true,
        "volumeBindingMode": "Immediate",
      ]
    )
  }

  /// Adds the machines with their leases and storage plug-ins.
  mutating func addNodes() {
    for node in DemoNode.all {
      let owner = addNode(node)
      add(
        .lease,
        DemoMetadata(node.name, in: "kube-node-lease", age: Self.age, owner: owner),
        [
          "spec": [
            "holderIdentity": .string(node.name), "leaseDurationSeconds": 40,
            "renewTime": .string(timeText(.seconds(7)).dropLast() + ".418235Z"),
          ]
        ]
      )
      let driver: JSONValue = [
        "name": .string(Self.blockDriver), "nodeID": .string(node.name), "topologyKeys": nil,
      ]
      add(
        .csiNode,
        DemoMetadata(node.name, age: Self.age, owner: owner),
        ["spec": ["drivers": node.isControlPlane ? [] : [driver]]]
      )
    }
  }

  private mutating func addNode(_ node: DemoNode) -> DemoReference {
    var labels = [
      "beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux",
      "kubernetes.io/hostname": node.name, "topology.kubernetes.io/region": "eu-central",
      "topology.kubernetes.io/zone": "eu-central-" + (node.name.hasSuffix("2") ? "b" : "a"),
    ]
    labels["node-role.kubernetes.io/" + (node.isControlPlane ? "control-plane" : "worker")] = ""
    let place = DemoNode.all.firstIndex(of: node) ?? 0
    var spec: JSONValue = [
      "podCIDR": .string("10.244.\(place).0/24"), "podCIDRs": [.string("10.244.\(place).0/24")],
    ]
    if node.isControlPlane {
      spec["taints"] = [["key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"]]
    }
    return add(
      .node,
      DemoMetadata(
        node.name,
        labels: labels,
        annotations: ["node.alpha.kubernetes.io/ttl": "0"],
        age: Self.age
      ),
      ["spec": spec, "status": nodeStatus(node)]
    )
  }

  private func nodeStatus(_ node: DemoNode) -> JSONValue {
    let resources: JSONValue = [
      "cpu": node.isControlPlane ? "4" : "16", "ephemeral-storage": "203056560Ki",
      "hugepages-2Mi": "0", "memory": node.isControlPlane ? "16372884Ki" : "65842300Ki",
      "pods": "110",
    ]
    func condition(_ type: String, _ isTrue: Bool, _ reason: String) -> JSONValue {
      [
        "type": .string(type), "status": isTrue ? "True" : "False",
        "lastHeartbeatTime": time(.seconds(48)), "lastTransitionTime": time(.days(61)),
        "reason": .string(reason), "message": .string("kubelet: " + reason),
      ]
    }
    return [
      "capacity": resources, "allocatable": resources,
      "conditions": [
        condition("MemoryPressure", false, "KubeletHasSufficientMemory"),
        condition("DiskPressure", false, "KubeletHasNoDiskPressure"),
        condition("PIDPressure", false, "KubeletHasSufficientPID"),
        condition("Ready", true, "KubeletReady"),
      ],
      "addresses": [
        ["type": "InternalIP", "address": .string(node.address)],
        ["type": "Hostname", "address": .string(node.name)],
      ],
      "daemonEndpoints": ["kubeletEndpoint": ["Port": 10250]],
      "nodeInfo": [
        "machineID": .string(DemoIdentity.hex("machine/" + node.name, digits: 32)),
        "systemUUID": .string(DemoIdentity.uid("system/" + node.name)),
        "bootID": .string(DemoIdentity.uid("boot/" + node.name)),
        "kernelVersion": "6.1.0-28-amd64", "osImage": "Debian GNU/Linux 12 (bookworm)",
        "containerRuntimeVersion": "containerd://1.7.25", "kubeletVersion": "v1.32.3",
        "kubeProxyVersion": "v1.32.3", "operatingSystem": "linux", "architecture": "amd64",
      ],
    ]
  }
}
