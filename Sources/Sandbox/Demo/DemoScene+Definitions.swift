// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The kind that a CustomResourceDefinition defines.
private struct Definition {
  var group: String
  var plural: String
  var kind: String
  var isNamespaced = true
  var shortNames: [String] = []
  var category: String?
  var age: DemoAge
  var columns: KeyValuePairs<String, String> = [:]
  /// The schema of `spec`; nil keeps whatever comes.
  var specSchema: JSONValue?
}

extension DemoScene {
  /// Adds the definitions of the shop's, cert-manager's and the monitoring's own kinds.
  mutating func addDefinitions() {
    addDefinition(
      Definition(
        group: "shop.example.com",
        plural: "orders",
        kind: "Order",
        shortNames: ["ord"],
        category: "shop",
        age: .days(371),
        columns: ["Customer": ".spec.customer", "Phase": ".status.phase"],
        specSchema: Self.orderSchema
      )
    )
    for (plural, kind, isNamespaced) in [
      ("certificates", "Certificate", true), ("clusterissuers", "ClusterIssuer", false),
      ("issuers", "Issuer", true),
    ] {
      addDefinition(
        Definition(
          group: "cert-manager.io",
          plural: plural,
          kind: kind,
          isNamespaced: isNamespaced,
          shortNames: kind == "Certificate" ? ["cert", "certs"] : [],
          category: "cert-manager",
          age: .days(410),
          columns: ["Ready": ".status.conditions[?(@.type==\"Ready\")].status"]
        )
      )
    }
    for (plural, kind, shortName) in [
      ("servicemonitors", "ServiceMonitor", "smon"),
      ("prometheusrules", "PrometheusRule", "promrule"),
    ] {
      addDefinition(
        Definition(
          group: "monitoring.coreos.com",
          plural: plural,
          kind: kind,
          shortNames: [shortName],
          category: "prometheus-operator",
          age: .days(388)
        )
      )
    }
  }

  private mutating func addDefinition(_ definition: Definition) {
    var metadata = DemoMetadata("\(definition.plural).\(definition.group)", age: definition.age)
    metadata.generation = 1
    metadata.labels = ["app.kubernetes.io/part-of": definition.category ?? definition.group]
    let names = Self.names(definition)
    add(
      .definition,
      metadata,
      [
        "spec": [
          "group": .string(definition.group), "names": names,
          "scope": definition.isNamespaced ? "Namespaced" : "Cluster",
          "versions": [Self.version(definition)], "conversion": ["strategy": "None"],
        ],
        "status": [
          "conditions": [
            condition(
              "NamesAccepted",
              true,
              "NoConflicts",
              "no conflicts found",
              since: definition.age
            ),
            condition(
              "Established",
              true,
              "InitialNamesAccepted",
              "the initial names have been accepted",
              since: definition.age
            ),
          ],
          "acceptedNames": names, "storedVersions": ["v1"],
        ],
      ]
    )
  }

  private static func names(_ definition: Definition) -> JSONValue {
    var names: JSONValue = [
      "plural": .string(definition.plural), "singular": .string(definition.kind.lowercased()),
    ]
    if !definition.shortNames.isEmpty { names["shortNames"] = .strings(definition.shortNames) }
    names["kind"] = .string(definition.kind)
    names["listKind"] = .string(definition.kind + "List")
    if let category = definition.category { names["categories"] = [.string(category)] }
    return names
  }

  private static func version(_ definition: Definition) -> JSONValue {
    let open: JSONValue = ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
    var version: JSONValue = [
      "name": "v1", "served": true, "storage": true,
      "schema": [
        "openAPIV3Schema": [
          "type": "object",
          "properties": [
            "apiVersion": ["type": "string"], "kind": ["type": "string"],
            "metadata": ["type": "object"], "spec": definition.specSchema ?? open, "status": open,
          ],
        ]
      ],
      "subresources": ["status": [:]],
    ]
    if !definition.columns.isEmpty {
      version["additionalPrinterColumns"] = .array(
        definition.columns.map {
          ["name": .string($0), "type": "string", "jsonPath": .string($1)]
        }
      )
    }
    return version
  }

  private static let orderSchema: JSONValue = [
    "type": "object", "required": ["customer", "items"],
    "properties": [
      "customer": ["type": "string"], "currency": ["type": "string", "enum": ["EUR", "USD"]],
      "total": ["type": "string", "pattern": "^[0-9]+\\.[0-9]{2}$"],
      "items": [
        "type": "array", "minItems": 1,
        "items": [
          "type": "object", "required": ["sku", "quantity"],
          "properties": [
            "sku": ["type": "string"], "quantity": ["type": "integer", "minimum": 1],
            "price": ["type": "string"],
          ],
        ],
      ],
      "shipping": [
        "type": "object",
        "properties": ["carrier": ["type": "string"], "country": ["type": "string"]],
      ],
    ],
  ]
}
