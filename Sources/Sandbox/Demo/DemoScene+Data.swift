// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The namespace `data`: PostgreSQL, Redis, and their nightly dumps.
extension DemoScene {
  /// Adds the databases.
  mutating func addDatabases() {
    addPostgres()
    addRedis()
    addDumps()
    add(
      .networkPolicy,
      DemoMetadata("postgres-clients", in: "data", age: .days(371)).with(\.generation, 1),
      [
        "spec": [
          "podSelector": ["matchLabels": ["app.kubernetes.io/name": "postgres"]],
          "ingress": [
            [
              "from": [["namespaceSelector": ["matchLabels": ["env": "prod"]]]],
              "ports": [["protocol": "TCP", "port": 5432]],
            ]
          ],
          "policyTypes": ["Ingress"],
        ]
      ]
    )
    addHelmRelease("postgres", in: "data", chartVersion: "16.4.9", revisions: [4, 5])
  }

  private static var postgres: DemoWorkload {
    DemoWorkload(
      name: "postgres",
      namespace: "data",
      partOf: "postgres",
      component: "database",
      release: "postgres",
      version: "17.4",
      replicas: 3,
      containers: [
        DemoContainer(
          name: "postgres",
          image: "docker.io/library/postgres:17.4",
          arguments: ["-c", "config_file=/etc/postgresql/postgresql.conf"],
          ports: ["postgres": 5432],
          environment: [
            .secret("POSTGRES_PASSWORD", "postgres", "password"),
            .value("PGDATA", "/var/lib/postgresql/data/pgdata"),
            .field("POD_NAME", "metadata.name"),
          ],
          cpu: "2",
          memory: "8Gi",
          mounts: [
            "config": "/etc/postgresql", "data": "/var/lib/postgresql/data",
            "run": "/run/postgresql",
          ]
        ),
        DemoContainer(
          name: "exporter",
          image: "quay.io/prometheuscommunity/postgres-exporter:v0.17.0",
          ports: ["http": 9187],
          environment: [.secret("DATA_SOURCE_PASS", "postgres", "password")],
          memory: "64Mi",
          probePath: "/healthz"
        ),
      ],
      volumes: [.configMap("config", "postgres"), .empty("run")],
      serviceAccount: "postgres",
      priorityClass: "shop-critical",
      age: .days(371),
      podAge: .days(61),
      podAnnotations: [
        "backup.velero.io/backup-volumes": "data",
        "pre.hook.backup.velero.io/command": "[\"/bin/sh\",\"-c\",\"psql -c CHECKPOINT\"]",
        "pre.hook.backup.velero.io/container": "postgres",
      ]
    )
  }

  private mutating func addPostgres() {
    let postgres = Self.postgres
    addAccount(of: postgres)
    addRole(
      postgres.metadata("postgres-leader"),
      [DemoRule([""], ["configmaps", "endpoints", "pods"], DemoRule.read + ["patch", "update"])],
      for: [.serviceAccount("data", "postgres")]
    )
    addSecret(
      "postgres",
      in: "data",
      labels: postgres.labels,
      age: .days(371),
      passwords: ["password", "replication-password"],
      ["username": "postgres"]
    )
    addConfigMap(
      "postgres",
      in: "data",
      labels: postgres.labels,
      annotations: postgres.annotations,
      age: .days(371),
      ["postgresql.conf": Self.postgresConfiguration, "pg_hba.conf": Self.postgresAccess]
    )
    let pods = addStatefulSet(
      postgres,
      service: "postgres-replicas",
      claim: DemoClaimTemplate(name: "data", size: "200Gi", storageClass: "ceph-block-retain")
    )
    let port = DemoPort(name: "postgres", port: 5432, target: 5432)
    addService(
      postgres.metadata("postgres-replicas"),
      selector: postgres.selector,
      address: nil,
      ports: [port, DemoPort(name: "http", port: 9187, target: 9187)],
      pods: pods
    )
    addService(
      postgres.metadata("postgres"),
      selector: postgres.selector.merging(["apps.kubernetes.io/pod-index": "0"]) { $1 },
      address: "10.96.55.32",
      ports: [port],
      pods: Array(pods.prefix(1))
    )
    addDisruptionBudget(postgres, minimum: 2, healthy: 3)
  }

  /// Adds the budget of a workload's pods.
  mutating func addDisruptionBudget(_ workload: DemoWorkload, minimum: Int, healthy: Int) {
    add(
      .disruptionBudget,
      workload.metadata().with(\.generation, 1),
      [
        "spec": ["minAvailable": .int(minimum), "selector": selector(workload.selector)],
        "status": [
          "observedGeneration": 1, "disruptionsAllowed": .int(healthy - minimum),
          "currentHealthy": .int(healthy), "desiredHealthy": .int(minimum),
          "expectedPods": .int(healthy),
          "conditions": [
            condition("DisruptionAllowed", true, "SufficientPods", "", since: .days(61))
          ],
        ],
      ]
    )
  }

  private mutating func addRedis() {
    let redis = DemoWorkload(
      name: "redis",
      namespace: "data",
      partOf: "redis",
      component: "cache",
      version: "7.4.2",
      containers: [
        DemoContainer(
          name: "redis",
          image: "docker.io/library/redis:7.4.2",
          arguments: ["/etc/redis/redis.conf"],
          ports: ["redis": 6379],
          environment: [.secret("REDIS_PASSWORD", "redis", "password")],
          memory: "2Gi",
          mounts: ["config": "/etc/redis", "cache": "/data"]
        )
      ],
      volumes: [.configMap("config", "redis")],
      age: .days(371)
    )
    addSecret("redis", in: "data", labels: redis.labels, age: .days(371), passwords: ["password"])
    addConfigMap(
      "redis",
      in: "data",
      labels: redis.labels,
      age: .days(371),
      ["redis.conf": "maxmemory 1536mb\nmaxmemory-policy allkeys-lru\nsave \"\"\nappendonly no\n"]
    )
    let pods = addStatefulSet(
      redis,
      service: "redis",
      claim: DemoClaimTemplate(
        name: "cache",
        size: "5Gi",
        storageClass: "ceph-block",
        labels: ["velero.io/exclude-from-backup": "true"]
      )
    )
    addService(
      redis.metadata(),
      selector: redis.selector,
      address: "10.96.7.90",
      ports: [DemoPort(name: "redis", port: 6379, target: 6379)],
      pods: pods
    )
  }

  private mutating func addDumps() {
    let dump = DemoWorkload(
      name: "postgres-dump",
      namespace: "data",
      partOf: "postgres",
      component: "dump",
      containers: [
        DemoContainer(
          name: "dump",
          image: "docker.io/library/postgres:17.4",
          command: ["/bin/sh", "-c", "pg_dumpall -h postgres | gzip >/dumps/$(date +%F).sql.gz"],
          environment: [.secret("PGPASSWORD", "postgres", "password")],
          memory: "512Mi",
          mounts: ["dumps": "/dumps"]
        )
      ],
      volumes: [.claim("dumps", "postgres-dumps")],
      serviceAccount: "postgres",
      priorityClass: "batch-low",
      age: .days(340)
    )
    addClaim(
      DemoMetadata("postgres-dumps", in: "data", labels: dump.labels, age: .days(340)),
      size: "500Gi",
      storageClass: "ceph-block-retain",
      attachedTo: nil
    )
    addCronJob(
      dump,
      schedule: "15 2 * * *",
      runs: [
        DemoRun(started: .hours(31), seconds: 412), DemoRun(started: .hours(7), seconds: 428),
      ]
    )
  }

  private static let postgresConfiguration = """
    listen_addresses = '*'
    max_connections = 400
    shared_buffers = 2GB
    effective_cache_size = 6GB
    wal_level = replica
    max_wal_senders = 10
    hot_standby = on
    log_min_duration_statement = 500ms
    password_encryption = 'scram-sha-256'

    """

  private static let postgresAccess = """
    local all         all                scram-sha-256
    host  replication replicator 10.244.0.0/16 scram-sha-256
    host  all         all        10.244.0.0/16 scram-sha-256

    """
}
