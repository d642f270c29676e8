// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The namespace `monitoring`: what is watched, and what wakes somebody up.
extension DemoScene {
  /// Adds what is watched.
  mutating func addMonitors() {
    for (name, namespace) in [
      ("shop", "shop"), ("payments", "payments"), ("postgres", "data"), ("coredns", "kube-system"),
    ] {
      add(
        .serviceMonitor,
        DemoMetadata(
          name,
          in: "monitoring",
          labels: ["release": "monitoring"],
          age: .days(350)
        ).with(\.generation, 2),
        [
          "spec": [
            "namespaceSelector": ["matchNames": [.string(namespace)]],
            "selector": ["matchLabels": ["app.kubernetes.io/part-of": .string(name)]],
            "endpoints": [["port": "http", "path": "/metrics", "interval": "30s"]],
          ]
        ]
      )
    }
  }

  /// Adds what wakes somebody up.
  mutating func addRules() {
    for (name, alert, expression) in [
      ("shop", "CheckoutErrors", "sum(rate(checkout_errors_total[5m])) > 0.5"),
      ("storage", "VolumeFillingUp", "kubelet_volume_stats_available_bytes < 1e9"),
    ] {
      add(
        .prometheusRule,
        DemoMetadata(
          name,
          in: "monitoring",
          labels: ["release": "monitoring"],
          age: .days(350)
        ).with(\.generation, 5),
        [
          "spec": [
            "groups": [
              [
                "name": .string(name),
                "rules": [
                  [
                    "alert": .string(alert), "expr": .string(expression), "for": "10m",
                    "labels": ["severity": "page"],
                    "annotations": [
                      "summary": .string("\(alert) in {{ $labels.namespace }}"),
                      "runbook_url": .string("https://runbooks.example.com/" + name),
                    ],
                  ]
                ],
              ]
            ]
          ]
        ]
      )
    }
  }
}
