// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

struct AdmissionWebhookTests {
  private static let type = WebhookCheck.types[1]

  /// A webhook with a service, about the creation of config maps and secrets.
  private func webhook(_ more: String = "", version: String = "v1") throws -> AdmissionWebhook {
    let object = try PreflightModel.object(
      """
      apiVersion: admissionregistration.k8s.io/\(version)
      metadata: {name: guard}
      webhooks:
      - name: guard.example.com
        clientConfig: {service: {namespace: system, name: guard}}
        rules:
        - operations: [CREATE]
          apiGroups: ['']
          apiVersions: [v1]
          resources: [configmaps, secrets/*]
        \(more)
      """
    )
    return try #require(
      AdmissionWebhook.all(in: object, at: ObjectAddress(type: Self.type, name: "guard")).first
    )
  }

  private static let service = ObjectAddress(type: "services", namespace: "system", name: "guard")

  private func model() throws -> PreflightModel {
    var model = PreflightModel()
    try model.noteConfigMaps(2, in: "shop")
    try model.noteConfigMaps(1, in: "pay")
    try model.note("secrets", "{apiVersion: v1, metadata: {name: s, namespace: pay}}")
    try model.note("pods", "{apiVersion: v1, metadata: {name: p, namespace: pay}}")
    try model.note(
      "secrets",
      "{apiVersion: v1, metadata: {name: t, namespace: pay}}",
      verbs: ["patch"]
    )
    return model
  }

  private func reach(
    _ webhook: AdmissionWebhook,
    _ labels: (String) -> [String: String]? = { ["name": $0] }
  ) throws -> String {
    let facts = try model().facts
    let reach = webhook.reach(in: facts, ActionKinds(facts), labels: labels)
    return "\(reach.objects.count) \(reach.isCertain)"
  }

  @Test func `rules decide by operation, group, version, resource and scope`() throws {
    #expect(try reach(webhook()) == "4 true")
    var other = try webhook()
    other.rules[0].operations = ["UPDATE"]
    #expect(try reach(other) == "1 true")
    other.rules[0].operations = ["*"]
    #expect(try reach(other) == "5 true")
    other.rules[0].resources = ["*"]
    #expect(try reach(other) == "6 true")
    other.rules[0].scope = "Cluster"
    #expect(try reach(other) == "0 true")
    other.rules[0].scope = "Namespaced"
    other.rules[0].groups = ["apps"]
    #expect(try reach(other) == "0 true")
    var exact = try webhook("matchPolicy: Exact")
    #expect(try reach(exact) == "4 true")
    exact.rules[0].versions = ["v2"]
    #expect(try reach(exact) == "0 true")
    exact.isExact = false
    #expect(try reach(exact) == "4 true")
  }

  @Test func `selectors of namespaces decide, and what is not known may be`() throws {
    let selected = try webhook("namespaceSelector: {matchLabels: {name: pay}}")
    #expect(try reach(selected) == "2 true")
    #expect(try reach(selected) { _ in nil } == "4 false")
    let broken = try webhook("namespaceSelector: {matchExpressions: [{key: a, operator: Perhaps}]}")
    #expect(try reach(broken) == "4 false")
    #expect(try reach(webhook("objectSelector: {matchLabels: {a: b}}")) == "4 false")
    #expect(try reach(webhook("matchConditions: [{name: x, expression: 'true'}]")) == "4 false")
  }

  @Test func `namespaces are asked about by their own labels, and webhooks never`() throws {
    var model = PreflightModel()
    try model.note("namespaces", "{apiVersion: v1, metadata: {name: a, labels: {team: x}}}")
    try model.note("namespaces", "{apiVersion: v1, metadata: {name: b}}")
    try model.note(Self.type, "{metadata: {name: own}}")
    var webhook = try webhook("namespaceSelector: {matchLabels: {team: x}}")
    webhook.rules[0].resources = ["*"]
    webhook.rules[0].groups = ["*"]
    let targets = TargetNamespaces([])
    let reach = webhook.reach(in: model.facts, ActionKinds(model.facts)) {
      targets.labels(of: $0, model.facts)
    }
    #expect(reach.objects.elements == [ObjectAddress(type: "namespaces", name: "a")])
    #expect(reach.isCertain)
  }

  @Test func `old configurations let pass by default`() throws {
    #expect(try webhook().isRequired)
    #expect(try !webhook("failurePolicy: Ignore").isRequired)
    #expect(try !webhook(version: "v1beta1").isRequired)
    #expect(try webhook(version: "v1beta1").isExact)
  }

  private func finding(
    _ webhook: AdmissionWebhook,
    _ state: WebhookCheck.State,
    isBrought: Bool = false
  ) throws -> String? {
    let facts = try model().facts
    let reach = webhook.reach(in: facts, ActionKinds(facts)) { _ in [:] }
    let states = [Self.service: state]
    let finding =
      isBrought
      ? WebhookCheck.finding(onBrought: webhook, reach, states, facts)
      : WebhookCheck.finding(on: webhook, reach, states, facts)
    return finding.map { "\($0.severity) \($0.kind.rawValue): \($0.message)" }
  }

  @Test func `a webhook that cannot answer is an error if it has to`() throws {
    let words = "the webhook 'guard.example.com' of 'guard' is asked about 4 objects, and "
    #expect(try finding(webhook(), .ready) == nil)
    #expect(
      try finding(webhook(), .idle)
        == "error webhook-down: \(words)its service 'system/guard' has no ready endpoint"
    )
    #expect(
      try finding(webhook(), .missing)
        == "error webhook-down: \(words)there is no service 'system/guard' to answer"
    )
    #expect(
      try finding(webhook("failurePolicy: Ignore"), .idle)
        == "warning webhook-down: \(words)its service 'system/guard' has no ready endpoint; "
        + "they pass without it"
    )
    #expect(
      try finding(webhook("objectSelector: {matchLabels: {a: b}}"), .idle)?.hasPrefix("warning")
        == true
    )
    #expect(
      try finding(webhook(), .unknown("why"))
        == "warning unknown: \(words)it is not known whether its service 'system/guard' answers: why"
    )
  }

  @Test func `a server outside the cluster is a note without its path`() throws {
    var webhook = try webhook()
    let object = try PreflightModel.object(
      """
      webhooks:
      - {name: far, clientConfig: {url: 'https://far.example.com:8443/secret?token=x'}}
      """
    )
    webhook.backend = try #require(
      AdmissionWebhook.all(in: object, at: webhook.configuration).first?.backend
    )
    #expect(
      try finding(webhook, .ready)
        == "note unknown: the webhook 'guard.example.com' of 'guard' is asked about 4 objects, and it is "
        + "not known whether its server 'far.example.com:8443' answers"
    )
  }

  @Test func `a webhook that the restore brings may not be ready by then`() throws {
    #expect(try finding(webhook(), .ready, isBrought: true) == nil)
    #expect(
      try finding(webhook(), .idle, isBrought: true)
        == "warning webhook-down: the webhook 'guard.example.com' of 'guard' comes with the restore and "
        + "is asked about up to 4 objects, and its service 'system/guard' may not be ready by then"
    )
    #expect(
      try finding(webhook(), .missing, isBrought: true)?
        .hasSuffix("there is no service 'system/guard' to answer") == true
    )
    #expect(
      try finding(webhook("failurePolicy: Ignore"), .idle, isBrought: true)?.hasPrefix("note")
        == true
    )
  }

  // Conversions.

  private func conversion(_ sent: String, _ state: WebhookCheck.State) throws -> String? {
    let definition = try PreflightModel.object(
      """
      spec:
        conversion:
          strategy: Webhook
          webhook: {clientConfig: {service: {namespace: system, name: guard}}}
        versions: [{name: v1beta1}, {name: v1, storage: true}]
      """
    )
    var model = PreflightModel()
    try model.note(
      "gadgets.example.com",
      "{apiVersion: example.com/\(sent), metadata: {name: g, namespace: shop}}"
    )
    let webhook = ConversionWebhook(definition, type: "gadgets.example.com")
    return webhook?.finding(state, model.facts).map {
      "\($0.severity) \($0.kind.rawValue) \($0.subjects.map(\.path)) \($0.count)"
    }
  }

  @Test func `objects that have to be converted need the webhook that does it`() throws {
    #expect(try conversion("v1beta1", .ready) == nil)
    #expect(try conversion("v1beta1", .idle) == "error webhook-down [\"shop/g\"] 1")
    #expect(try conversion("v1beta1", .unknown("why")) == "warning unknown [\"shop/g\"] 1")
    #expect(try conversion("v1", .missing) == "note webhook-down [\"shop/g\"] 1")
    #expect(ConversionWebhook(["spec": ["conversion": ["strategy": "None"]]], type: "a.b") == nil)
  }
}
