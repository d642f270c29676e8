// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The namespaces `payments` and `analytics`.
extension DemoScene {
  /// Adds the payment service and the reconciler, which crashes.
  mutating func addPayments() {
    addRegistryCredentials(in: "payments", age: .days(352))
    addConfigMap(
      "payments",
      in: "payments",
      labels: ["app.kubernetes.io/part-of": "payments"],
      age: .days(352),
      [
        "application.yaml": """
        server: {port: 8080, shutdown: graceful}
        providers:
        - {name: cards, url: "https://gateway.example.net/v3", timeout: 8s, retries: 2}
        - {name: transfer, url: "https://bank.example.net/instant", timeout: 20s, retries: 0}
        ledger: {database: "postgres.data:5432/ledger", batch: 200, interval: 5s}

        """
      ]
    )
    addSecret(
      "payments",
      in: "payments",
      labels: ["app.kubernetes.io/part-of": "payments"],
      age: .days(352),
      passwords: ["database-password", "gateway-key", "signing-key"]
    )
    let payments = Self.payments("payments", version: "6.1.4", replicas: 2, age: .days(352))
    addServiceAccount(payments.metadata(), pullSecret: "registry-credentials")
    let pods = addDeployment(payments)
    addService(
      payments.metadata(),
      selector: payments.selector,
      address: "10.96.30.9",
      ports: [DemoPort(name: "http", port: 80, target: 8080)],
      pods: pods
    )
    addDisruptionBudget(payments, minimum: 1, healthy: 2)
    addAutoscaler("payments", in: "payments", replicas: 2, maximum: 6)
    addIngress(
      payments.metadata(),
      host: "pay.example.com",
      tlsSecret: "payments-tls",
      paths: ["/": "payments"]
    )
    var reconciler = Self.payments("reconciler", version: "1.4.0-rc1", replicas: 1, age: .days(120))
    reconciler.podAge = .hours(9)
    addServiceAccount(reconciler.metadata())
    addRole(
      reconciler.metadata(),
      [DemoRule(["coordination.k8s.io"], ["leases"], ["create", "get", "update"])],
      for: [.serviceAccount("payments", "reconciler")]
    )
    addDeployment(reconciler, podState: .crashLooping(restarts: 107, exitCode: 2))
    addRoleBinding(
      DemoMetadata("auditors", in: "payments", age: .days(352)),
      to: "ClusterRole",
      named: "view",
      for: [.group("auditors")]
    )
  }

  private static func payments(_ name: String, version: String, replicas: Int, age: DemoAge)
    -> DemoWorkload
  {
    DemoWorkload(
      name: name,
      namespace: "payments",
      partOf: "payments",
      component: "service",
      version: version,
      replicas: replicas,
      containers: [
        DemoContainer(
          name: name,
          image: "registry.example.com/payments/\(name):\(version)",
          ports: ["http": 8080],
          environment: [
            .secret("DATABASE_PASSWORD", "payments", "database-password"),
            .secret("GATEWAY_KEY", "payments", "gateway-key"),
            .value("JAVA_TOOL_OPTIONS", "-XX:MaxRAMPercentage=75"),
          ],
          cpu: "500m",
          memory: "1Gi",
          mounts: ["config": "/etc/payments", "tmp": "/tmp"],
          probePath: "/actuator/health"
        )
      ],
      volumes: [.configMap("config", "payments"), .empty("tmp")],
      serviceAccount: name,
      priorityClass: "shop-critical",
      age: age,
      podAge: .days(13)
    )
  }

  /// Adds the reports, a job that has failed, a pod without a place and a claim without a volume.
  mutating func addAnalytics() {
    addServiceAccount(DemoMetadata("reports", in: "analytics", age: .days(207)))
    addSecret("warehouse", in: "analytics", age: .days(207), passwords: ["password"])
    addConfigMap(
      "queries",
      in: "analytics",
      age: .days(207),
      [
        "daily.sql": "SELECT date(created), count(*), sum(total) FROM orders GROUP BY 1;\n",
        "returns.sql":
          "SELECT sku, count(*) FROM returns WHERE created > now() - '7 d' GROUP BY 1;\n",
      ]
    )
    addCronJob(
      Self.analytics("daily-report"),
      schedule: "30 4 * * *",
      runs: [
        DemoRun(started: .hours(29), seconds: 74), DemoRun(started: .hours(5), seconds: 71),
      ]
    )
    addCronJob(
      Self.analytics("returns-report"),
      schedule: "0 */6 * * *",
      runs: [DemoRun(started: .hours(9), seconds: 31, exitCode: 1)]
    )
    addJob(
      Self.analytics("backfill-2025"),
      name: "backfill-2025",
      run: DemoRun(started: .days(12), seconds: 3411)
    )
    addTraining()
  }

  private static func analytics(_ name: String) -> DemoWorkload {
    DemoWorkload(
      name: name,
      namespace: "analytics",
      partOf: "analytics",
      component: "report",
      version: "0.9.8",
      containers: [
        DemoContainer(
          name: "report",
          image: "registry.example.com/analytics/report:0.9.8",
          arguments: ["--query", "/queries/daily.sql", "--out", "s3://reports/\(name)"],
          environment: [.secret("WAREHOUSE_PASSWORD", "warehouse", "password")],
          memory: "512Mi",
          mounts: ["queries": "/queries"]
        )
      ],
      volumes: [.configMap("queries", "queries")],
      serviceAccount: "reports",
      priorityClass: "batch-low",
      age: .days(207)
    )
  }

  /// A model that asks for a GPU and a storage class that the cluster does not have.
  private mutating func addTraining() {
    var training = Self.analytics("recommendations")
    training.component = "training"
    training.nodeSelector = ["nvidia.com/gpu.present": "true"]
    training.volumes.append(.claim("scratch", "training-scratch"))
    training.podAge = .hours(26)
    training.age = .days(3)
    add(
      .claim,
      DemoMetadata(
        "training-scratch",
        in: "analytics",
        labels: training.labels,
        age: .days(3)
      ).with(\.finalizers, ["kubernetes.io/pvc-protection"]),
      [
        "spec": claimSpec(size: "300Gi", storageClass: "local-nvme", mode: "ReadWriteOnce"),
        "status": ["phase": "Pending"],
      ]
    )
    addDeployment(
      training,
      podState: .pending(
        message: "0/4 nodes are available: 1 node(s) had untolerated taint "
          + "{node-role.kubernetes.io/control-plane: }, 3 node(s) didn't match Pod's node "
          + "affinity/selector. preemption: 0/4 nodes are available: 4 Preemption is not helpful "
          + "for scheduling."
      )
    )
  }
}
