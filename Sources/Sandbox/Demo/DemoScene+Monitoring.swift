// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The namespace `monitoring`.
extension DemoScene {
  private static func monitoring(
    _ name: String,
    component: String,
    container: DemoContainer
  ) -> DemoWorkload {
    DemoWorkload(
      name: name,
      namespace: "monitoring",
      partOf: "kube-prometheus-stack",
      component: component,
      release: "monitoring",
      version: "69.8.2",
      containers: [container],
      serviceAccount: name,
      age: .days(388),
      podAge: .days(34)
    )
  }

  /// Adds metrics, alerts, dashboards, and what is watched.
  mutating func addMonitoring() {
    addPrometheus()
    addAlertmanager()
    addGrafana()
    addExporters()
    addMonitors()
    addRules()
    addHelmRelease(
      "monitoring",
      in: "monitoring",
      chart: "kube-prometheus-stack",
      chartVersion: "69.8.2",
      revisions: [11, 12]
    )
  }

  private mutating func addPrometheus() {
    var prometheus = Self.monitoring(
      "prometheus",
      component: "prometheus",
      container: DemoContainer(
        name: "prometheus",
        image: "quay.io/prometheus/prometheus:v3.2.1",
        arguments: ["--storage.tsdb.retention.time=15d", "--config.file=/etc/prometheus/prom.yml"],
        ports: ["http": 9090],
        cpu: "500m",
        memory: "4Gi",
        mounts: ["config": "/etc/prometheus", "data": "/prometheus"],
        probePath: "/-/healthy"
      )
    )
    prometheus.volumes = [.configMap("config", "prometheus")]
    addConfigMap(
      "prometheus",
      in: "monitoring",
      labels: prometheus.labels,
      annotations: prometheus.annotations,
      age: .days(388),
      [
        "prom.yml": """
        global: {scrape_interval: 30s, evaluation_interval: 30s, external_labels: {cluster: prod-eu}}
        alerting:
          alertmanagers:
          - static_configs: [{targets: ["alertmanager:9093"]}]
        scrape_configs:
        - job_name: nodes
          kubernetes_sd_configs: [{role: node}]
        - job_name: services
          kubernetes_sd_configs: [{role: endpoints}]

        """
      ]
    )
    addAccount(
      of: prometheus,
      [
        DemoRule([""], ["endpoints", "nodes", "pods", "services"], DemoRule.read),
        DemoRule(paths: ["/metrics"], ["get"]),
      ]
    )
    let pods = addStatefulSet(
      prometheus,
      service: "prometheus",
      claim: DemoClaimTemplate(name: "data", size: "100Gi", storageClass: "ceph-block")
    )
    addService(
      prometheus.metadata(),
      selector: prometheus.selector,
      address: "10.96.3.18",
      ports: [DemoPort(name: "http", port: 9090, target: 9090)],
      pods: pods
    )
  }

  private mutating func addAlertmanager() {
    var alerts = Self.monitoring(
      "alertmanager",
      component: "alertmanager",
      container: DemoContainer(
        name: "alertmanager",
        image: "quay.io/prometheus/alertmanager:v0.28.0",
        ports: ["http": 9093],
        mounts: ["config": "/etc/alertmanager", "data": "/alertmanager"],
        probePath: "/-/healthy"
      )
    )
    alerts.volumes = [.secret("config", "alertmanager")]
    addAccount(of: alerts)
    addSecret(
      "alertmanager",
      in: "monitoring",
      labels: alerts.labels,
      age: .days(388),
      [
        "alertmanager.yml": """
        route: {receiver: on-call, group_by: [alertname, namespace], repeat_interval: 4h}
        receivers:
        - name: on-call
          webhook_configs: [{url: "https://hooks.example.com/on-call"}]

        """
      ]
    )
    let pods = addStatefulSet(
      alerts,
      service: "alertmanager",
      claim: DemoClaimTemplate(name: "data", size: "2Gi", storageClass: "ceph-block")
    )
    addService(
      alerts.metadata(),
      selector: alerts.selector,
      address: nil,
      ports: [DemoPort(name: "http", port: 9093, target: 9093)],
      pods: pods
    )
  }

  private mutating func addGrafana() {
    var grafana = Self.monitoring(
      "grafana",
      component: "grafana",
      container: DemoContainer(
        name: "grafana",
        image: "docker.io/grafana/grafana:11.5.2",
        ports: ["http": 3000],
        environment: [.secret("GF_SECURITY_ADMIN_PASSWORD", "grafana", "admin-password")],
        memory: "512Mi",
        mounts: ["storage": "/var/lib/grafana", "dashboards": "/etc/dashboards"],
        probePath: "/api/health"
      )
    )
    grafana.volumes = [.claim("storage", "grafana"), .configMap("dashboards", "dashboard-shop")]
    grafana.podAnnotations = ["backup.velero.io/backup-volumes": "storage"]
    addAccount(of: grafana)
    addSecret(
      "grafana",
      in: "monitoring",
      labels: grafana.labels,
      age: .days(388),
      passwords: ["admin-password"],
      ["admin-user": "admin"]
    )
    for (name, metric) in [
      ("shop", "http_requests_total"), ("database", "pg_stat_activity_count"),
    ] {
      addConfigMap(
        "dashboard-" + name,
        in: "monitoring",
        labels: ["grafana_dashboard": "1"],
        age: .days(210),
        ["\(name).json": Self.dashboard(name, metric: metric)]
      )
    }
    let pods = addDeployment(grafana)
    addClaim(
      grafana.metadata(),
      size: "10Gi",
      storageClass: "ceph-block",
      attachedTo: pods.first?.node
    )
    addService(
      grafana.metadata(),
      selector: grafana.selector,
      address: "10.96.140.201",
      ports: [DemoPort(name: "http", port: 80, target: 3000)],
      pods: pods
    )
    addIngress(
      grafana.metadata(),
      host: "grafana.example.com",
      tlsSecret: "grafana-tls",
      paths: ["/": "grafana"]
    )
  }

  private static func dashboard(_ name: String, metric: String) -> String {
    let panels = ["Rate", "Errors", "Duration", "Saturation"].enumerated().map { index, title in
      """
      {"id": \(index + 1), "type": "timeseries", "title": "\(title)", "datasource": "Prometheus", \
      "gridPos": {"h": 8, "w": 12, "x": \(index % 2 * 12), "y": \(index / 2 * 8)}, \
      "targets": [{"expr": "sum(rate(\(metric){panel=\\"\(index)\\"}[5m])) by (pod)"}]}
      """
    }
    return "{\"title\": \"\(name)\", \"schemaVersion\": 39, \"panels\": [\n  "
      + panels.joined(separator: ",\n  ") + "\n]}\n"
  }

  private mutating func addExporters() {
    var exporter = Self.monitoring(
      "node-exporter",
      component: "exporter",
      container: DemoContainer(
        name: "node-exporter",
        image: "quay.io/prometheus/node-exporter:v1.9.0",
        arguments: ["--path.procfs=/host/proc"],
        ports: ["metrics": 9100],
        mounts: ["proc": "/host/proc"]
      )
    )
    exporter.volumes = [.host("proc", "/proc")]
    exporter.usesHostNetwork = true
    addAccount(of: exporter)
    addDaemonSet(exporter)
    let state = Self.monitoring(
      "kube-state-metrics",
      component: "exporter",
      container: DemoContainer(
        name: "kube-state-metrics",
        image: "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.15.0",
        ports: ["http": 8080],
        memory: "256Mi",
        probePath: "/livez"
      )
    )
    addAccount(of: state, [DemoRule(["*"], ["*"], ["list", "watch"])])
    addDeployment(state)
  }
}
