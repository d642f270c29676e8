// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The namespace `kube-system`: the control plane, and who may do what in the whole cluster.
extension DemoScene {
  /// Adds the roles that Kubernetes brings along, their bindings, and the controllers' accounts.
  mutating func addClusterAccess() {
    let builtIn = ["kubernetes.io/bootstrapping": "rbac-defaults"]
    func metadata(_ name: String) -> DemoMetadata {
      DemoMetadata(
        name,
        labels: builtIn,
        annotations: ["rbac.authorization.kubernetes.io/autoupdate": "true"],
        age: Self.age
      )
    }
    addClusterRole(metadata("cluster-admin"), DemoRule.everything, for: [.group("system:masters")])
    let workloads = ["configmaps", "endpoints", "pods", "services", "serviceaccounts"]
    let apps = ["daemonsets", "deployments", "replicasets", "statefulsets"]
    let view = [DemoRule([""], workloads, DemoRule.read), DemoRule(["apps"], apps, DemoRule.read)]
    let edit =
      view + [
        DemoRule([""], workloads + ["secrets"], DemoRule.write),
        DemoRule(["apps"], apps, DemoRule.write),
      ]
    addClusterRole(metadata("view"), view)
    addClusterRole(metadata("edit"), edit)
    addClusterRole(
      metadata("admin"),
      edit + [
        DemoRule(
          ["rbac.authorization.k8s.io"],
          ["rolebindings", "roles"],
          DemoRule.read + DemoRule.write
        )
      ]
    )
    addClusterRoleBinding(
      DemoMetadata("platform-admins", age: .days(409)),
      to: "cluster-admin",
      for: [.group("platform-admins"), .user("break-glass@example.com")]
    )
    addControllers()
  }

  private mutating func addControllers() {
    let rules: KeyValuePairs<String, DemoRule> = [
      "deployment-controller": DemoRule(["apps"], ["deployments", "replicasets"], ["*"]),
      "generic-garbage-collector": DemoRule(["*"], ["*"], ["delete", "get", "list", "patch"]),
      "namespace-controller": DemoRule(
        ["*"],
        ["*"],
        ["delete", "deletecollection", "get", "list"]
      ),
    ]
    for (name, rule) in rules {
      let account = addServiceAccount(DemoMetadata(name, in: "kube-system", age: Self.age))
      addClusterRole(
        DemoMetadata(
          "system:controller:" + name,
          labels: ["kubernetes.io/bootstrapping": "rbac-defaults"],
          annotations: ["rbac.authorization.kubernetes.io/autoupdate": "true"],
          age: Self.age
        ),
        [rule],
        for: [account]
      )
    }
  }

  /// Adds the control plane's pods, its configuration and its leases.
  mutating func addControlPlane() {
    addStaticPod("etcd", "registry.k8s.io/etcd:3.5.16-0", port: 2379, data: "/var/lib/etcd")
    for (name, port) in [
      ("kube-apiserver", 6443), ("kube-controller-manager", 10257), ("kube-scheduler", 10259),
    ] {
      addStaticPod(
        name,
        "registry.k8s.io/\(name):v1.32.3",
        port: port,
        data: "/etc/kubernetes/pki"
      )
    }
    for name in ["kube-controller-manager", "kube-scheduler"] {
      let holder = "cp-1_" + DemoIdentity.uid("holder/" + name)
      add(
        .lease,
        DemoMetadata(name, in: "kube-system", age: Self.age),
        [
          "spec": [
            "holderIdentity": .string(holder), "leaseDurationSeconds": 15,
            "acquireTime": .string(timeText(.days(61)).dropLast() + ".000000Z"),
            "renewTime": .string(timeText(.seconds(2)).dropLast() + ".113407Z"),
            "leaseTransitions": 4,
          ]
        ]
      )
    }
    addKubeadmConfiguration()
  }

  private mutating func addStaticPod(_ name: String, _ image: String, port: Int, data: String) {
    var workload = DemoWorkload(
      name: name,
      namespace: "kube-system",
      partOf: "control-plane",
      component: name,
      containers: [
        DemoContainer(
          name: name,
          image: image,
          command: [name, "--config=/etc/kubernetes/manifests/\(name).yaml"],
          ports: ["probe": port],
          cpu: "250m",
          memory: "512Mi",
          mounts: ["data": data]
        )
      ],
      volumes: [.host("data", data)],
      priorityClass: "system-node-critical",
      age: Self.age,
      usesHostNetwork: true
    )
    workload.podAge = .days(61)
    workload.podAnnotations = [
      "kubernetes.io/config.hash": DemoIdentity.hex("manifest/" + name, digits: 32),
      "kubernetes.io/config.mirror": DemoIdentity.hex("manifest/" + name, digits: 32),
      "kubernetes.io/config.source": "file",
    ]
    addPod(
      workload,
      name: "\(name)-cp-1",
      index: 0,
      owner: nil,
      labels: ["tier": "control-plane", "component": name],
      node: .controlPlane
    )
  }

  private mutating func addKubeadmConfiguration() {
    addConfigMap(
      "kubeadm-config",
      in: "kube-system",
      age: Self.age,
      [
        "ClusterConfiguration": """
        apiVersion: kubeadm.k8s.io/v1beta4
        kind: ClusterConfiguration
        clusterName: prod-eu
        controlPlaneEndpoint: api.prod-eu.example.com:6443
        kubernetesVersion: v1.32.3
        networking:
          dnsDomain: cluster.local
          podSubnet: 10.244.0.0/16
          serviceSubnet: 10.96.0.0/16

        """
      ]
    )
    addConfigMap(
      "kubelet-config",
      in: "kube-system",
      age: Self.age,
      [
        "kubelet": """
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        cgroupDriver: systemd
        clusterDNS: [10.96.0.10]
        clusterDomain: cluster.local
        evictionHard: {memory.available: 500Mi, nodefs.available: 10%}
        maxPods: 110
        rotateCertificates: true

        """
      ]
    )
    addClusterInformation()
  }

  private mutating func addClusterInformation() {
    addConfigMap(
      "cluster-info",
      in: "kube-public",
      age: Self.age,
      [
        "kubeconfig": """
        apiVersion: v1
        kind: Config
        clusters:
        - name: ""
          cluster: {server: "https://api.prod-eu.example.com:6443"}

        """
      ]
    )
    addRole(
      DemoMetadata("kubeadm:bootstrap-signer-clusterinfo", in: "kube-public", age: Self.age),
      [DemoRule([""], ["configmaps"], ["get"])],
      for: [.user("system:anonymous")]
    )
    add(
      .secret,
      DemoMetadata("csi-rbd-secret", in: "kube-system", age: .days(411)),
      [
        "data": [
          "userID": .base64("kubernetes"),
          "userKey": .string(Base64.encode(DemoIdentity.bytes("ceph", count: 28))),
        ],
        "type": "Opaque",
      ]
    )
  }

  /// Adds a ConfigMap.
  @discardableResult
  mutating func addConfigMap(
    _ name: String,
    in namespace: String,
    labels: [String: String] = [:],
    annotations: [String: String] = [:],
    age: DemoAge,
    _ data: [String: String]
  ) -> DemoReference {
    let metadata = DemoMetadata(
      name,
      in: namespace,
      labels: labels,
      annotations: annotations,
      age: age
    )
    return add(.configMap, metadata, ["data": .texts(data)])
  }

  /// Adds a Secret of type `Opaque` with drawn passwords under the keys, beside what is given.
  @discardableResult
  mutating func addSecret(
    _ name: String,
    in namespace: String,
    labels: [String: String] = [:],
    age: DemoAge,
    passwords: [String] = [],
    _ data: [String: String] = [:]
  ) -> DemoReference {
    var encoded = data.mapValues { Base64.encode(Array($0.utf8)) }
    for key in passwords {
      let password = DemoIdentity.hex("password/\(namespace)/\(name)/\(key)", digits: 24)
      encoded[key] = Base64.encode(Array(password.utf8))
    }
    let metadata = DemoMetadata(name, in: namespace, labels: labels, age: age)
    return add(.secret, metadata, ["data": .texts(encoded), "type": "Opaque"])
  }
}

extension JSONValue {
  /// The UTF-8 of a text as secrets hold it.
  static func base64(_ text: String) -> JSONValue { .string(Base64.encode(Array(text.utf8))) }
}
