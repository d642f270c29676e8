// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The namespaces `ingress-nginx` and `cert-manager`.
extension DemoScene {
  /// Adds the ingress controller with its class, its load balancer and its webhook.
  mutating func addIngressController() {
    let controller = Self.controller
    addAccount(
      of: controller,
      [
        DemoRule([""], ["configmaps", "endpoints", "pods", "secrets", "services"], DemoRule.read),
        DemoRule(["networking.k8s.io"], ["ingressclasses", "ingresses"], DemoRule.read),
        DemoRule(["networking.k8s.io"], ["ingresses/status"], ["update"]),
      ]
    )
    addSecret(
      "ingress-nginx-admission",
      in: "ingress-nginx",
      labels: controller.labels,
      age: .days(410),
      passwords: ["key"],
      ["ca": Self.rootCertificate, "cert": Self.rootCertificate]
    )
    addConfigMap(
      "ingress-nginx-controller",
      in: "ingress-nginx",
      labels: controller.labels,
      annotations: controller.annotations,
      age: .days(410),
      [
        "allow-snippet-annotations": "false", "proxy-body-size": "16m", "ssl-protocols": "TLSv1.3",
        "use-forwarded-headers": "true",
      ]
    )
    let pods = addDeployment(controller)
    addService(
      controller.metadata("ingress-nginx-controller"),
      selector: controller.selector,
      address: "10.96.12.6",
      ports: [
        DemoPort(name: "http", port: 80, target: 80),
        DemoPort(name: "https", port: 443, target: 443),
      ],
      pods: pods,
      type: "LoadBalancer"
    )
    addIngressClass(controller)
    addWebhook(controller)
    addHelmRelease("ingress-nginx", in: "ingress-nginx", chartVersion: "4.12.1", revisions: [6, 7])
  }

  private static var controller: DemoWorkload {
    DemoWorkload(
      name: "ingress-nginx",
      namespace: "ingress-nginx",
      partOf: "ingress-nginx",
      component: "controller",
      release: "ingress-nginx",
      version: "1.12.1",
      replicas: 2,
      containers: [
        DemoContainer(
          name: "controller",
          image: "registry.k8s.io/ingress-nginx/controller:v1.12.1",
          arguments: ["/nginx-ingress-controller", "--ingress-class=nginx"],
          ports: ["http": 80, "https": 443, "webhook": 8443],
          environment: [
            .field("POD_NAME", "metadata.name"), .field("POD_NAMESPACE", "metadata.namespace"),
          ],
          memory: "256Mi",
          mounts: ["webhook-cert": "/usr/local/certificates"],
          probePath: "/healthz"
        )
      ],
      volumes: [.secret("webhook-cert", "ingress-nginx-admission")],
      serviceAccount: "ingress-nginx",
      priorityClass: "system-cluster-critical",
      age: .days(410),
      podAge: .days(34)
    )
  }

  private mutating func addIngressClass(_ controller: DemoWorkload) {
    add(
      .ingressClass,
      controller.metadata("nginx").with(\.namespace, nil).with(\.generation, 1),
      ["spec": ["controller": "k8s.io/ingress-nginx"]]
    )
  }

  private mutating func addWebhook(_ controller: DemoWorkload) {
    add(
      .validatingWebhook,
      controller.metadata("ingress-nginx-admission").with(\.namespace, nil).with(\.generation, 2),
      [
        "webhooks": [
          [
            "name": "validate.nginx.ingress.kubernetes.io",
            "clientConfig": [
              "service": [
                "namespace": "ingress-nginx", "name": "ingress-nginx-controller",
                "path": "/networking/v1/ingresses", "port": 443,
              ],
              "caBundle": .base64(Self.rootCertificate),
            ],
            "rules": [
              [
                "operations": ["CREATE", "UPDATE"], "apiGroups": ["networking.k8s.io"],
                "apiVersions": ["v1"], "resources": ["ingresses"], "scope": "*",
              ]
            ],
            "failurePolicy": "Ignore", "matchPolicy": "Equivalent", "sideEffects": "None",
            "timeoutSeconds": 10, "admissionReviewVersions": ["v1"],
          ]
        ]
      ]
    )
  }

  /// Adds cert-manager, its issuers, and the certificates of the cluster's hosts.
  mutating func addCertManager() {
    let rule = DemoRule(
      ["cert-manager.io"],
      ["certificates", "clusterissuers", "issuers"],
      ["*"]
    )
    for (name, rules) in [
      ("cert-manager", [rule, DemoRule([""], ["secrets"], DemoRule.read + DemoRule.write)]),
      ("cert-manager-cainjector", [rule]), ("cert-manager-webhook", []),
    ] {
      let workload = Self.certManager(name)
      addAccount(of: workload, rules)
      let pods = addDeployment(workload)
      if name == "cert-manager-webhook" {
        addService(
          workload.metadata(),
          selector: workload.selector,
          address: "10.96.210.4",
          ports: [DemoPort(name: "https", port: 443, target: 10250)],
          pods: pods
        )
      }
    }
    addIssuers()
    addCertificate("shop-tls", in: "shop", host: "shop.example.com", age: .days(371))
    addCertificate("payments-tls", in: "payments", host: "pay.example.com", age: .days(352))
    addCertificate("grafana-tls", in: "monitoring", host: "grafana.example.com", age: .days(388))
    addHelmRelease("cert-manager", in: "cert-manager", chartVersion: "v1.17.1", revisions: [3])
  }

  private static func certManager(_ name: String) -> DemoWorkload {
    let part = name.split(separator: "-").last.map(String.init) ?? "controller"
    let image = part == "manager" ? "controller" : part
    return DemoWorkload(
      name: name,
      namespace: "cert-manager",
      partOf: "cert-manager",
      component: image,
      release: "cert-manager",
      version: "v1.17.1",
      containers: [
        DemoContainer(
          name: name,
          image: "quay.io/jetstack/cert-manager-\(image):v1.17.1",
          arguments: ["--v=2", "--leader-election-namespace=cert-manager"],
          ports: ["metrics": 9402],
          environment: [.field("POD_NAMESPACE", "metadata.namespace")]
        )
      ],
      serviceAccount: name,
      age: .days(410)
    )
  }

  private mutating func addIssuers() {
    addSecret("letsencrypt-account", in: "cert-manager", age: .days(410), passwords: ["tls.key"])
    for (name, server) in [
      ("letsencrypt", "https://acme-v02.api.letsencrypt.org/directory"),
      ("letsencrypt-staging", "https://acme-staging-v02.api.letsencrypt.org/directory"),
    ] {
      add(
        .issuer,
        DemoMetadata(name, age: .days(410)).with(\.generation, 1),
        [
          "spec": [
            "acme": [
              "email": "platform@example.com", "server": .string(server),
              "privateKeySecretRef": ["name": "letsencrypt-account"],
              "solvers": [["http01": ["ingress": ["ingressClassName": "nginx"]]]],
            ]
          ],
          "status": [
            "conditions": [
              condition("Ready", true, "ACMEAccountRegistered", "registered", since: .days(410))
            ]
          ],
        ]
      )
    }
  }

  /// Adds a Certificate and the secret it keeps.
  private mutating func addCertificate(
    _ name: String,
    in namespace: String,
    host: String,
    age: DemoAge
  ) {
    add(
      .certificate,
      DemoMetadata(name, in: namespace, age: age).with(\.generation, 1),
      [
        "spec": [
          "secretName": .string(name), "dnsNames": [.string(host)],
          "issuerRef": [
            "group": "cert-manager.io", "kind": "ClusterIssuer", "name": "letsencrypt",
          ],
          "usages": ["digital signature", "key encipherment"],
        ],
        "status": [
          "conditions": [
            condition(
              "Ready",
              true,
              "Ready",
              "Certificate is up to date and has not expired",
              since: age
            )
          ],
          "notBefore": time(.days(31)), "notAfter": time(.days(-59)),
          "renewalTime": time(.days(-29)), "revision": 6,
        ],
      ]
    )
    add(
      .secret,
      DemoMetadata(
        name,
        in: namespace,
        labels: ["controller.cert-manager.io/fao": "true"],
        annotations: [
          "cert-manager.io/alt-names": host, "cert-manager.io/certificate-name": name,
          "cert-manager.io/common-name": host, "cert-manager.io/issuer-name": "letsencrypt",
          "cert-manager.io/issuer-kind": "ClusterIssuer",
        ],
        age: age
      ),
      [
        "data": [
          "tls.crt": .base64(Self.rootCertificate),
          "tls.key": .string(Base64.encode(DemoIdentity.bytes("key/" + host, count: 241))),
        ],
        "type": "kubernetes.io/tls",
      ]
    )
  }
}
