// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The namespace `shop`: limits, policies, access, and the orders.
extension DemoScene {
  /// Adds autoscalers, budgets, quotas, network policies and roles.
  mutating func addShopPolicies() {
    for (name, present, most) in [("frontend", 3, 12), ("checkout", 2, 8), ("search", 2, 6)] {
      addAutoscaler(name, in: "shop", replicas: present, maximum: most)
    }
    for (name, healthy) in [("frontend", 3), ("checkout", 2)] {
      let workload = DemoWorkload(
        name: name,
        namespace: "shop",
        partOf: "shop",
        component: name == "frontend" ? "web" : "service",
        release: "shop",
        containers: [],
        age: .days(371)
      )
      addDisruptionBudget(workload, minimum: 1, healthy: healthy)
    }
    addLimits(in: "shop", age: .days(371))
    addShopNetworkPolicies()
    addShopAccess()
    addConfigMap(
      "feature-flag-cache",
      in: "shop",
      labels: ["app.kubernetes.io/part-of": "shop", "velero.io/exclude-from-backup": "true"],
      age: .minutes(38),
      ["flags.json": "{\"new-checkout\": 0.5, \"recommendations\": 1, \"gift-cards\": 0}"]
    )
  }

  /// Adds an autoscaler for a Deployment.
  mutating func addAutoscaler(_ name: String, in namespace: String, replicas: Int, maximum: Int) {
    let metric: JSONValue = [
      "type": "Resource",
      "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 70]],
    ]
    add(
      .autoscaler,
      DemoMetadata(
        name,
        in: namespace,
        labels: ["app.kubernetes.io/name": name],
        age: .days(300)
      ),
      [
        "spec": [
          "scaleTargetRef": ["kind": "Deployment", "name": .string(name), "apiVersion": "apps/v1"],
          "minReplicas": .int(min(2, replicas)), "maxReplicas": .int(maximum), "metrics": [metric],
        ],
        "status": [
          "lastScaleTime": time(.hours(19)), "currentReplicas": .int(replicas),
          "desiredReplicas": .int(replicas),
          "currentMetrics": [
            [
              "type": "Resource",
              "resource": [
                "name": "cpu", "current": ["averageUtilization": 43, "averageValue": "43m"],
              ],
            ]
          ],
          "conditions": [
            condition("AbleToScale", true, "ReadyForNewScale", "recommended size", since: .days(6))
          ],
        ],
      ]
    )
  }

  /// Adds a quota and limits for a namespace.
  mutating func addLimits(in namespace: String, age: DemoAge) {
    let hard: JSONValue = [
      "limits.memory": "64Gi", "persistentvolumeclaims": "10", "pods": "60", "requests.cpu": "24",
      "requests.storage": "2Ti",
    ]
    add(
      .resourceQuota,
      DemoMetadata("compute", in: namespace, age: age),
      [
        "spec": ["hard": hard],
        "status": [
          "hard": hard,
          "used": [
            "limits.memory": "5376Mi", "persistentvolumeclaims": "1", "pods": "11",
            "requests.cpu": "1100m", "requests.storage": "1Ti",
          ],
        ],
      ]
    )
    add(
      .limitRange,
      DemoMetadata("defaults", in: namespace, age: age),
      [
        "spec": [
          "limits": [
            [
              "type": "Container", "default": ["memory": "256Mi"],
              "defaultRequest": ["cpu": "50m", "memory": "128Mi"],
            ]
          ]
        ]
      ]
    )
  }

  private mutating func addShopNetworkPolicies() {
    func metadata(_ name: String) -> DemoMetadata {
      DemoMetadata(name, in: "shop", age: .days(365)).with(\.generation, 1)
    }
    add(
      .networkPolicy,
      metadata("default-deny"),
      ["spec": ["podSelector": [:], "policyTypes": ["Ingress"]]]
    )
    add(
      .networkPolicy,
      metadata("from-ingress"),
      [
        "spec": [
          "podSelector": ["matchLabels": ["app.kubernetes.io/component": "web"]],
          "ingress": [
            [
              "from": [
                [
                  "namespaceSelector": [
                    "matchLabels": ["kubernetes.io/metadata.name": "ingress-nginx"]
                  ]
                ]
              ]
            ]
          ],
          "policyTypes": ["Ingress"],
        ]
      ]
    )
    add(
      .networkPolicy,
      metadata("within-shop"),
      [
        "spec": [
          "podSelector": [:],
          "ingress": [
            ["from": [["podSelector": [:]]], "ports": [["protocol": "TCP", "port": 8080]]]
          ],
          "policyTypes": ["Ingress"],
        ]
      ]
    )
  }

  private mutating func addShopAccess() {
    addRole(
      DemoMetadata("order-writer", in: "shop", age: .days(371)),
      [DemoRule(["shop.example.com"], ["orders", "orders/status"], ["*"])],
      for: [.serviceAccount("shop", "checkout")]
    )
    addClusterRole(
      DemoMetadata(
        "orders-view",
        labels: ["rbac.authorization.k8s.io/aggregate-to-view": "true"],
        age: .days(371)
      ),
      [DemoRule(["shop.example.com"], ["orders"], DemoRule.read)]
    )
    addClusterRoleBinding(
      DemoMetadata("orders-reporting", age: .days(200)),
      to: "orders-view",
      for: [.serviceAccount("analytics", "reports"), .serviceAccount("shop", "frontend")]
    )
    addRoleBinding(
      DemoMetadata("storefront-team", in: "shop", age: .days(371)),
      to: "ClusterRole",
      named: "edit",
      for: [.group("storefront")]
    )
  }

  /// Adds the open orders, of which one waits for its refund before it can go.
  mutating func addOrders() {
    let orders: KeyValuePairs<String, (customer: String, phase: String, hours: Int64)> = [
      "order-1038": ("c-20417", "Delivered", 196), "order-1039": ("c-88120", "Delivered", 171),
      "order-1040": ("c-10233", "Shipped", 68), "order-1041": ("c-55871", "Refunding", 61),
      "order-1042": ("c-20417", "Packed", 22), "order-1043": ("c-73905", "Paid", 9),
      "order-1044": ("c-61448", "Paid", 3), "order-1045": ("c-19006", "Received", 1),
    ]
    for (name, facts) in orders {
      let isRefunding = facts.phase == "Refunding"
      var metadata = DemoMetadata(
        name,
        in: "shop",
        labels: ["shop.example.com/customer": facts.customer],
        age: .hours(facts.hours)
      )
      metadata.generation = isRefunding ? 3 : 1
      metadata.finalizers = ["shop.example.com/settle"]
      metadata.deletedSince = isRefunding ? .hours(5) : nil
      let cents = DemoIdentity.bytes(name, count: 2).reduce(0) { $0 * 256 + Int($1) }
      let total = "\(cents / 100 + 9).\(cents % 90 + 10)"
      add(
        .order,
        metadata,
        [
          "spec": [
            "customer": .string(facts.customer), "currency": "EUR", "total": .string(total),
            "items": [
              [
                "sku": .string("SKU-\(cents % 9000 + 1000)"), "quantity": .int(cents % 3 + 1),
                "price": .string(total),
              ]
            ],
            "shipping": ["carrier": "post", "country": cents % 2 == 0 ? "DE" : "AT"],
          ],
          "status": [
            "phase": .string(facts.phase), "updated": time(.hours(facts.hours).later(1800)),
          ],
        ]
      )
    }
  }
}
