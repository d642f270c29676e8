// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The namespace `shop`: the web shop's services.
extension DemoScene {
  /// One service of the shop.
  struct ShopService {
    var name: String
    var version: String
    var replicas = 2
    var address: String
    var memory = "256Mi"
    var settings: [String: String]
    /// Keys of the secret with its passwords.
    var passwords: [String] = []
  }

  private static let services = [
    ShopService(
      name: "frontend",
      version: "4.18.2",
      replicas: 3,
      address: "10.96.11.11",
      settings: [
        "CATALOG_URL": "http://catalog", "CART_URL": "http://cart", "LOG_LEVEL": "info",
        "FEATURES": "new-checkout,recommendations", "SESSION_TTL": "30m",
      ]
    ),
    ShopService(
      name: "cart",
      version: "2.7.0",
      address: "10.96.11.12",
      settings: [
        "REDIS_URL": "redis.data:6379", "CART_TTL": "72h", "LOG_LEVEL": "info",
        "MAXIMUM_ITEMS": "200",
      ],
      passwords: ["redis-password"]
    ),
    ShopService(
      name: "checkout",
      version: "3.2.5",
      address: "10.96.11.13",
      memory: "512Mi",
      settings: [
        "DATABASE_URL": "postgres://checkout@postgres.data:5432/orders", "LOG_LEVEL": "info",
        "PAYMENTS_URL": "http://payments.payments", "RETRY_LIMIT": "3", "CURRENCY": "EUR",
      ],
      passwords: ["database-password", "payments-token"]
    ),
    ShopService(
      name: "catalog",
      version: "5.0.1",
      address: "10.96.11.14",
      memory: "512Mi",
      settings: [
        "DATABASE_URL": "postgres://catalog@postgres.data:5432/catalog", "LOG_LEVEL": "warn",
        "MEDIA_ROOT": "/media", "PAGE_SIZE": "48",
      ],
      passwords: ["database-password"]
    ),
    ShopService(
      name: "search",
      version: "1.9.3",
      address: "10.96.11.15",
      memory: "1Gi",
      settings: [
        "CATALOG_URL": "http://catalog", "REINDEX_EVERY": "15m", "LOG_LEVEL": "info",
        "SYNONYMS": "tee=t-shirt,trainers=sneakers",
      ]
    ),
  ]

  /// The workload of one of the shop's services.
  static func workload(
    _ service: ShopService,
    namespace: String,
    release: String,
    age: DemoAge
  ) -> DemoWorkload {
    let keys = service.settings.keys.sorted()
    return DemoWorkload(
      name: service.name,
      namespace: namespace,
      partOf: "shop",
      component: service.name == "frontend" ? "web" : "service",
      release: release,
      version: service.version,
      replicas: service.replicas,
      containers: [
        DemoContainer(
          name: service.name,
          image: "registry.example.com/shop/\(service.name):\(service.version)",
          ports: ["http": 8080],
          environment: keys.map { .config($0, service.name, $0) }
            + service.passwords.map {
              .secret(
                $0.uppercased().split(separator: "-").joined(separator: "_"),
                service.name,
                $0
              )
            },
          memory: service.memory,
          mounts: service.name == "catalog" && namespace == "shop"
            ? ["tmp": "/tmp", "media": "/media"] : ["tmp": "/tmp"],
          probePath: "/healthz"
        )
      ],
      volumes: service.name == "catalog" && namespace == "shop"
        ? [.empty("tmp"), .claim("media", "catalog-media")] : [.empty("tmp")],
      serviceAccount: service.name,
      priorityClass: namespace == "shop" ? "shop-critical" : nil,
      age: age,
      podAnnotations: [
        "prometheus.io/scrape": "true",
        "checksum/config": DemoIdentity.hex("config/" + service.name, digits: 64),
      ]
    )
  }

  /// Adds the shop's services with everything that belongs to each of them.
  mutating func addShop() {
    addRegistryCredentials(in: "shop", age: .days(371))
    for service in Self.services {
      let workload = Self.workload(
        service,
        namespace: "shop",
        release: "shop",
        age: .days(371)
      )
      addServiceAccount(workload.metadata(), pullSecret: "registry-credentials")
      addShopService(service, workload)
    }
    addMedia()
    var ingress = DemoMetadata("shop", in: "shop", age: .days(371))
    ingress.annotations = [
      "cert-manager.io/cluster-issuer": "letsencrypt",
      "meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "shop",
      "nginx.ingress.kubernetes.io/proxy-read-timeout": "60",
    ]
    ingress.labels = ["app.kubernetes.io/part-of": "shop"]
    addIngress(
      ingress,
      host: "shop.example.com",
      tlsSecret: "shop-tls",
      paths: ["/api/cart": "cart", "/api/search": "search", "/": "frontend"]
    )
    addHelmRelease(
      "shop",
      in: "shop",
      chartVersion: "8.3.0",
      revisions: [41, 42, 43],
      values: ["frontend": ["replicas": 3], "ingress": ["host": "shop.example.com"]]
    )
  }

  /// Adds the configuration, secrets, deployment and service of one of the shop's parts.
  mutating func addShopService(_ service: ShopService, _ workload: DemoWorkload) {
    let metadata = workload.metadata()
    add(
      .configMap,
      metadata.with(\.manager, "helm"),
      ["data": .texts(service.settings)]
    )
    if !service.passwords.isEmpty {
      addSecret(
        service.name,
        in: workload.namespace,
        labels: workload.labels,
        age: workload.age,
        passwords: service.passwords
      )
    }
    let pods = addDeployment(workload)
    addService(
      metadata,
      selector: workload.selector,
      address: service.address,
      ports: [DemoPort(name: "http", port: 80, target: 8080)],
      pods: pods
    )
  }

  /// Adds the secret with which images are fetched.
  mutating func addRegistryCredentials(in namespace: String, age: DemoAge) {
    let password = DemoIdentity.hex("registry/" + namespace, digits: 32)
    let auth = Base64.encode(Array("\(namespace)-pull:\(password)".utf8))
    add(
      .secret,
      DemoMetadata("registry-credentials", in: namespace, age: age),
      [
        "data": [
          ".dockerconfigjson": .base64(
            "{\"auths\":{\"registry.example.com\":{\"auth\":\"\(auth)\"}}}"
          )
        ],
        "type": "kubernetes.io/dockerconfigjson",
      ]
    )
  }

  /// Adds the NFS share with the catalog's pictures: a volume and a claim that were made for each other by hand.
  private mutating func addMedia() {
    let claim = DemoReference(kind: .claim, namespace: "shop", name: "catalog-media")
    var spec = claimSpec(size: "1Ti", storageClass: "", mode: "ReadWriteMany")
    spec["volumeName"] = "catalog-media-nfs"
    let facts: JSONValue = ["capacity": ["storage": "1Ti"], "accessModes": ["ReadWriteMany"]]
    var status = facts
    status["phase"] = "Bound"
    add(
      .claim,
      DemoMetadata(
        "catalog-media",
        in: "shop",
        labels: ["app.kubernetes.io/part-of": "shop"],
        annotations: ["pv.kubernetes.io/bind-completed": "yes"],
        age: .days(365)
      ).with(\.finalizers, ["kubernetes.io/pvc-protection"]),
      ["spec": spec, "status": status]
    )
    var volume = facts
    volume["claimRef"] = claim.objectReference
    volume["nfs"] = ["server": "nas.example.com", "path": "/export/catalog"]
    volume["mountOptions"] = ["nfsvers=4.2", "hard"]
    volume["persistentVolumeReclaimPolicy"] = "Retain"
    volume["volumeMode"] = "Filesystem"
    add(
      .persistentVolume,
      DemoMetadata("catalog-media-nfs", labels: ["team": "storefront"], age: .days(365))
        .with(\.finalizers, ["kubernetes.io/pv-protection"]),
      ["spec": volume, "status": ["phase": "Bound"]]
    )
  }
}
