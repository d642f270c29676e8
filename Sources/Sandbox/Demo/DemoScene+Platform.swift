// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What runs on the nodes and serves the whole cluster: proxies, network, storage, names, metrics.
extension DemoScene {
  private static func system(
    _ name: String,
    component: String,
    container: DemoContainer
  ) -> DemoWorkload {
    DemoWorkload(
      name: name,
      namespace: "kube-system",
      partOf: "kube-system",
      component: component,
      containers: [container],
      serviceAccount: name,
      priorityClass: "system-node-critical",
      age: .days(411),
      podAge: .days(61)
    )
  }

  /// Adds the daemon sets: kube-proxy, the network and the storage driver's node part.
  mutating func addNodeAgents() {
    addKubeProxy()
    addNetworkAgent()
    var storage = Self.system(
      "csi-rbd-node",
      component: "storage",
      container: DemoContainer(
        name: "csi-rbdplugin",
        image: "quay.io/cephcsi/cephcsi:v3.13.0",
        arguments: ["--type=rbd", "--nodeserver=true", "--drivername=" + Self.blockDriver],
        environment: [.field("NODE_ID", "spec.nodeName")],
        mounts: ["mountpoint": "/var/lib/kubelet/pods", "secret": "/etc/ceph"],
        isPrivileged: true
      )
    )
    storage.volumes = [
      .host("mountpoint", "/var/lib/kubelet/pods"), .secret("secret", "csi-rbd-secret"),
    ]
    storage.usesHostNetwork = true
    addAccount(of: storage, [DemoRule([""], ["nodes"], ["get"])])
    addDaemonSet(storage)
  }

  private mutating func addKubeProxy() {
    var proxy = Self.system(
      "kube-proxy",
      component: "network",
      container: DemoContainer(
        name: "kube-proxy",
        image: "registry.k8s.io/kube-proxy:v1.32.3",
        command: ["/usr/local/bin/kube-proxy", "--config=/var/lib/kube-proxy/config.conf"],
        environment: [.field("NODE_NAME", "spec.nodeName")],
        mounts: ["kube-proxy": "/var/lib/kube-proxy"],
        isPrivileged: true
      )
    )
    proxy.volumes = [.configMap("kube-proxy", "kube-proxy")]
    proxy.usesHostNetwork = true
    addConfigMap(
      "kube-proxy",
      in: "kube-system",
      labels: ["app": "kube-proxy"],
      age: Self.age,
      [
        "config.conf": """
        apiVersion: kubeproxy.config.k8s.io/v1alpha1
        kind: KubeProxyConfiguration
        clusterCIDR: 10.244.0.0/16
        mode: ipvs
        ipvs: {scheduler: rr, strictARP: true}

        """
      ]
    )
    addAccount(
      of: proxy,
      [DemoRule([""], ["endpoints", "nodes", "services"], DemoRule.read)]
    )
    addDaemonSet(proxy)
  }

  private mutating func addNetworkAgent() {
    var network = Self.system(
      "calico-node",
      component: "network",
      container: DemoContainer(
        name: "calico-node",
        image: "docker.io/calico/node:v3.29.2",
        environment: [
          .value("CALICO_IPV4POOL_VXLAN", "CrossSubnet"),
          .config("CALICO_NETWORKING_BACKEND", "calico-config", "calico_backend"),
        ],
        cpu: "250m",
        memory: "256Mi",
        mounts: ["var-run-calico": "/var/run/calico"],
        isPrivileged: true
      )
    )
    network.volumes = [.host("var-run-calico", "/var/run/calico")]
    network.usesHostNetwork = true
    addConfigMap(
      "calico-config",
      in: "kube-system",
      age: .days(411),
      [
        "calico_backend": "bird", "typha_service_name": "none", "veth_mtu": "0",
        "cni_network_config": """
        {"name": "k8s-pod-network", "cniVersion": "0.3.1", "plugins": [{"type": "calico", "mtu": 0}]}
        """,
      ]
    )
    addAccount(
      of: network,
      [
        DemoRule([""], ["namespaces", "nodes", "pods"], DemoRule.read),
        DemoRule(["networking.k8s.io"], ["networkpolicies"], ["list", "watch"]),
      ]
    )
    addDaemonSet(network)
  }

  /// Adds DNS, the metrics server and the storage provisioner.
  mutating func addClusterServices() {
    addServerAddress()
    addDNS()
    addMetricsServer()
    var provisioner = Self.system(
      "csi-rbd-provisioner",
      component: "storage",
      container: DemoContainer(
        name: "csi-provisioner",
        image: "registry.k8s.io/sig-storage/csi-provisioner:v5.1.0",
        arguments: ["--csi-address=/csi/csi.sock", "--leader-election=true"],
        mounts: ["socket": "/csi"]
      )
    )
    provisioner.volumes = [.empty("socket")]
    provisioner.priorityClass = "system-cluster-critical"
    provisioner.replicas = 2
    addAccount(
      of: provisioner,
      [
        DemoRule([""], ["persistentvolumes"], DemoRule.read + DemoRule.write),
        DemoRule([""], ["persistentvolumeclaims"], DemoRule.read + ["update"]),
        DemoRule(["storage.k8s.io"], ["storageclasses", "volumeattachments"], DemoRule.read),
      ]
    )
    addDeployment(provisioner)
  }

  private mutating func addDNS() {
    var dns = Self.system(
      "coredns",
      component: "dns",
      container: DemoContainer(
        name: "coredns",
        image: "registry.k8s.io/coredns/coredns:v1.11.3",
        arguments: ["-conf", "/etc/coredns/Corefile"],
        ports: ["dns": 53, "http": 8080],
        memory: "170Mi",
        mounts: ["config-volume": "/etc/coredns"],
        probePath: "/health"
      )
    )
    dns.replicas = 2
    dns.priorityClass = "system-cluster-critical"
    dns.volumes = [.configMap("config-volume", "coredns")]
    dns.extraLabels = ["k8s-app": "kube-dns"]
    addConfigMap(
      "coredns",
      in: "kube-system",
      age: Self.age,
      [
        "Corefile": Self.corefile
      ]
    )
    addAccount(
      of: dns,
      [
        DemoRule([""], ["endpoints", "namespaces", "pods", "services"], ["list", "watch"]),
        DemoRule(["discovery.k8s.io"], ["endpointslices"], ["list", "watch"]),
      ]
    )
    let pods = addDeployment(dns)
    addService(
      dns.metadata("kube-dns"),
      selector: dns.selector,
      address: "10.96.0.10",
      ports: [
        DemoPort(name: "dns", port: 53, target: 53, protocolName: "UDP"),
        DemoPort(name: "dns-tcp", port: 53, target: 53),
        DemoPort(name: "metrics", port: 9153, target: 9153),
      ],
      pods: pods
    )
  }

  private mutating func addServerAddress() {
    addService(
      DemoMetadata(
        "kubernetes",
        in: "default",
        labels: ["component": "apiserver", "provider": "kubernetes"],
        age: Self.age
      ),
      selector: [:],
      address: "10.96.0.1",
      ports: [DemoPort(name: "https", port: 443, target: 6443)],
      pods: []
    )
  }

  private static let corefile = """
    .:53 {
        errors
        health { lameduck 5s }
        ready
        kubernetes cluster.local in-addr.arpa ip6.arpa {
           pods insecure
           fallthrough in-addr.arpa ip6.arpa
           ttl 30
        }
        prometheus :9153
        forward . /etc/resolv.conf { max_concurrent 1000 }
        cache 30
        loop
        reload
        loadbalance
    }

    """

  private mutating func addMetricsServer() {
    var metrics = Self.system(
      "metrics-server",
      component: "metrics",
      container: DemoContainer(
        name: "metrics-server",
        image: "registry.k8s.io/metrics-server/metrics-server:v0.7.2",
        arguments: ["--secure-port=10250", "--kubelet-use-node-status-port"],
        ports: ["https": 10250],
        memory: "200Mi"
      )
    )
    metrics.priorityClass = "system-cluster-critical"
    addAccount(of: metrics, [DemoRule([""], ["nodes", "nodes/metrics", "pods"], DemoRule.read)])
    let pods = addDeployment(metrics)
    addService(
      metrics.metadata(),
      selector: metrics.selector,
      address: "10.96.41.77",
      ports: [DemoPort(name: "https", port: 443, target: 10250)],
      pods: pods
    )
  }

  /// Adds the account of a workload, and a cluster role with these rules that is bound to it.
  mutating func addAccount(of workload: DemoWorkload, _ rules: [DemoRule] = []) {
    let account = addServiceAccount(workload.metadata(workload.serviceAccount))
    guard !rules.isEmpty else { return }
    var metadata = workload.metadata(workload.serviceAccount).with(\.namespace, nil)
    if workload.namespace == "kube-system" { metadata.name = "system:" + metadata.name }
    addClusterRole(metadata, rules, for: [account])
  }
}
