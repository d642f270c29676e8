// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The namespaces `shop-staging`, `scratch` and `old-blog`, and what nobody has cleared away.
extension DemoScene {
  /// Adds a small copy of the shop.
  mutating func addStaging() {
    addRegistryCredentials(in: "shop-staging", age: .days(180))
    for (name, address) in [("frontend", "10.96.22.11"), ("catalog", "10.96.22.14")] {
      let service = ShopService(
        name: name,
        version: "5.1.0-beta.3",
        replicas: 1,
        address: address,
        settings: ["LOG_LEVEL": "debug", "CATALOG_URL": "http://catalog", "PAGE_SIZE": "12"]
      )
      var workload = Self.workload(
        service,
        namespace: "shop-staging",
        release: "shop-staging",
        age: .days(180)
      )
      workload.podAge = .hours(20)
      addServiceAccount(workload.metadata(), pullSecret: "registry-credentials")
      addShopService(service, workload)
    }
    addHelmRelease(
      "shop-staging",
      in: "shop-staging",
      chart: "shop",
      chartVersion: "8.4.0-beta.3",
      revisions: [87],
      values: ["logLevel": "debug"]
    )
  }

  /// Adds the excluded and the terminating namespace's contents and a volume whose claim is gone.
  mutating func addLeftovers() {
    addScratch()
    addOldBlog()
    addReleasedVolume()
  }

  private mutating func addScratch() {
    var notebook = DemoWorkload(
      name: "notebook",
      namespace: DemoCluster.excludedNamespace,
      partOf: "notebook",
      component: "experiment",
      containers: [
        DemoContainer(
          name: "jupyter",
          image: "quay.io/jupyter/scipy-notebook:2025-03-10",
          ports: ["http": 8888],
          memory: "2Gi",
          mounts: ["work": "/home/jovyan/work"]
        )
      ],
      volumes: [.claim("work", "notebook-work")],
      age: .days(45)
    )
    notebook.podAge = .days(4)
    let pods = addDeployment(notebook)
    addClaim(
      DemoMetadata(
        "notebook-work",
        in: DemoCluster.excludedNamespace,
        labels: notebook.labels,
        age: .days(45)
      ),
      size: "20Gi",
      storageClass: "ceph-block",
      attachedTo: pods.first?.node
    )
    addConfigMap(
      "load-test-results",
      in: DemoCluster.excludedNamespace,
      age: .days(17),
      ["run-1.csv": "time,users,p50,p99\n0,10,12,40\n60,100,14,55\n120,1000,31,240\n"]
    )
  }

  /// A namespace whose deletion waits for a load balancer that no controller takes down any more.
  private mutating func addOldBlog() {
    let name = DemoCluster.terminatingNamespace
    add(
      .namespace,
      DemoMetadata(
        name,
        labels: ["kubernetes.io/metadata.name": name, "team": "marketing"],
        age: .days(390)
      ).with(\.deletedSince, .days(2)),
      [
        "spec": ["finalizers": ["kubernetes"]],
        "status": [
          "phase": "Terminating",
          "conditions": [
            condition(
              "NamespaceContentRemaining",
              true,
              "SomeResourcesRemain",
              "Some resources are remaining: services. has 1 resource instances",
              since: .days(2)
            ),
            condition(
              "NamespaceFinalizersRemaining",
              true,
              "SomeFinalizersRemain",
              "Some content in the namespace has finalizers remaining: "
                + "service.kubernetes.io/load-balancer-cleanup in 1 resource instances",
              since: .days(2)
            ),
          ],
        ],
      ]
    )
    var service = DemoMetadata("blog", in: name, labels: ["app": "blog"], age: .days(390))
    service.finalizers = ["service.kubernetes.io/load-balancer-cleanup"]
    service.deletedSince = .days(2)
    add(
      .service,
      service,
      [
        "spec": [
          "ports": [["name": "http", "protocol": "TCP", "port": 80, "targetPort": 2368]],
          "selector": ["app": "blog"], "clusterIP": "10.96.200.3", "clusterIPs": ["10.96.200.3"],
          "type": "LoadBalancer", "sessionAffinity": "None", "ipFamilies": ["IPv4"],
          "ipFamilyPolicy": "SingleStack", "internalTrafficPolicy": "Cluster",
          "externalTrafficPolicy": "Cluster",
        ],
        "status": ["loadBalancer": ["ingress": [["ip": "203.0.113.77"]]]],
      ]
    )
  }

  private mutating func addReleasedVolume() {
    let claim = DemoReference(kind: .claim, namespace: "old-blog", name: "uploads")
    let name = "pvc-" + claim.uid
    add(
      .persistentVolume,
      DemoMetadata(
        name,
        annotations: ["pv.kubernetes.io/provisioned-by": Self.blockDriver],
        age: .days(390)
      ).with(\.finalizers, ["kubernetes.io/pv-protection"]),
      [
        "spec": [
          "capacity": ["storage": "40Gi"], "accessModes": ["ReadWriteOnce"],
          "claimRef": claim.objectReference, "persistentVolumeReclaimPolicy": "Retain",
          "storageClassName": "ceph-block-retain", "volumeMode": "Filesystem",
          "csi": [
            "driver": .string(Self.blockDriver), "fsType": "ext4",
            "volumeHandle": .string(
              "0001-0024-3c1d0e62-5b0c-4d7e-9d53-0a7a1e5d0f11-csi-vol-"
                + DemoIdentity.uid("image/" + name)
            ),
          ],
        ],
        "status": ["phase": "Released", "lastPhaseTransitionTime": time(.days(2))],
      ]
    )
  }
}
