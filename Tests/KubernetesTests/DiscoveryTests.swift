// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Kubernetes

struct DiscoveryTests {
  /// What the recorded server of 1.20 serves, as far as it was recorded.
  static func legacy() throws -> Discovery {
    let core = DiscoveryDocument.coreGroup(try Recorded("1.20", "02-api-legacy").body)
    let groups = DiscoveryDocument.groups(try Recorded("1.20", "03-apis-legacy").body)
    var discovery = Discovery(groups: core + groups, resources: [])
    for exchange in try Recorded.all("1.20")
    where exchange.body["kind"]?.string == "APIResourceList" {
      let parts = (exchange.body["groupVersion"]?.string ?? "").split(separator: "/")
      let version = parts.last.map(String.init) ?? ""
      let group = parts.count > 1 ? String(parts[0]) : ""
      discovery.resources += DiscoveryDocument.resources(
        exchange.body,
        group: group,
        version: version
      )
    }
    return discovery
  }

  static func aggregated() throws -> Discovery {
    let core = try #require(
      DiscoveryDocument.aggregated(try Recorded("1.36", "11-api-aggregated").body)
    )
    let rest = try #require(
      DiscoveryDocument.aggregated(try Recorded("1.36", "12-apis-aggregated").body)
    )
    return Discovery(
      groups: core.groups + rest.groups,
      resources: core.resources + rest.resources
    )
  }

  @Test func `an older server's documents are no aggregated ones`() throws {
    #expect(
      DiscoveryDocument.aggregated(try Recorded("1.20", "12-apis-aggregated").body) == nil
    )
    #expect(
      DiscoveryDocument.groups(try Recorded("1.20", "12-apis-aggregated").body).map(\.name)
        .contains("apps")
    )
  }

  @Test func `both forms say the same of a type`() throws {
    for discovery in [try Self.legacy(), try Self.aggregated()] {
      #expect(discovery.groups.first?.name == "")
      let pods = try #require(discovery.resource(named: "pods"))
      #expect(pods.groupVersionResource == .init(group: "", version: "v1", resource: "pods"))
      #expect(pods.kind == "Pod")
      #expect(pods.isNamespaced)
      #expect(pods.verbs.isSuperset(of: ["create", "delete", "get", "list", "patch", "watch"]))
      #expect(pods.shortNames == ["po"])
      #expect(pods.categories == ["all"])
      #expect(Set(pods.subresources).isSuperset(of: ["status", "log", "exec"]))
      let deployments = try #require(discovery.resource(named: "deployments"))
      #expect(deployments.apiVersion == "apps/v1")
      #expect(deployments.groupResource == "deployments.apps")
      #expect(deployments.subresources.sorted() == ["scale", "status"])
      let namespaces = try #require(discovery.resource(named: "namespaces"))
      #expect(!namespaces.isNamespaced)
      #expect(!discovery.resources.contains { $0.name.contains("/") })
    }
  }

  @Test func `the server's order of groups is kept`() throws {
    let names = try Self.aggregated().groups.map(\.name)
    let recorded = try Recorded("1.36", "12-apis-aggregated").body["items"]?.array ?? []
    #expect(names == [""] + recorded.compactMap { $0[path: "metadata", "name"]?.string })
  }

  static let mixed = Discovery(
    groups: [
      APIGroup(name: "", versions: ["v1"], preferredVersion: "v1"),
      APIGroup(name: "apps", versions: ["v1", "v1beta1"], preferredVersion: "v1"),
      APIGroup(name: "batch", versions: ["v1", "v1beta1"], preferredVersion: "v1"),
      APIGroup(name: "apple.example", versions: ["v1"], preferredVersion: "v1"),
    ],
    resources: [
      resource("", "v1", "events", "Event", short: ["ev"]),
      resource("apps", "v1", "deployments", "Deployment", short: ["deploy"]),
      resource("apps", "v1beta1", "deployments", "Deployment", short: ["deploy"]),
      resource("apps", "v1beta1", "scales", "Scale"),
      resource("batch", "v1beta1", "cronjobs", "CronJob", short: ["cj"]),
      resource("batch", "v1", "jobs", "Job"),
      resource("apple.example", "v1", "deployments", "Deployment"),
      resource("apple.example", "v1", "ev", "Oddity"),
    ]
  )

  static func resource(
    _ group: String,
    _ version: String,
    _ name: String,
    _ kind: String,
    short: [String] = []
  ) -> APIResource {
    APIResource(
      group: group,
      version: version,
      name: name,
      singularName: "",
      kind: kind,
      isNamespaced: true,
      verbs: [],
      shortNames: short
    )
  }

  @Test func `of a type's versions the preferred one counts, or the first that has it`() {
    #expect(
      Self.mixed.preferred.map(\.groupVersionResource.description) == [
        "events.v1", "deployments.v1.apps", "scales.v1beta1.apps", "cronjobs.v1beta1.batch",
        "jobs.v1.batch", "deployments.v1.apple.example", "ev.v1.apple.example",
      ]
    )
  }

  @Test(arguments: [
    ("events", "events.v1"), ("event", "events.v1"), ("Event", "events.v1"),
    ("deployments", "deployments.v1.apps"), ("deploy", "deployments.v1.apps"),
    ("Deployment", "deployments.v1.apps"), ("deployments.apps", "deployments.v1.apps"),
    ("deploy.ap", "deployments.v1.apps"), ("deployment.apple", "deployments.v1.apple.example"),
    ("deployments.apple.example", "deployments.v1.apple.example"), ("ev", "ev.v1.apple.example"),
    ("cj.b", "cronjobs.v1beta1.batch"), ("scale", "scales.v1beta1.apps"), ("EVENTS", ""),
    ("deployments.x", ""), ("", ""), (".apps", ""), ("nothing", ""),
  ])
  func `names are looked up as users write them`(name: String, found: String) {
    #expect((Self.mixed.resource(named: name)?.groupVersionResource.description ?? "") == found)
  }

  @Test func `a stale group is a failure and no types`() throws {
    let document: JSONValue = [
      "kind": "APIGroupDiscoveryList",
      "items": [
        [
          "metadata": ["name": "metrics.k8s.io"],
          "versions": [
            [
              "version": "v1beta1", "freshness": "Stale",
              "resources": [["resource": "pods", "responseKind": ["kind": "PodMetrics"]]],
            ]
          ],
        ]
      ],
    ]
    let discovery = try #require(DiscoveryDocument.aggregated(document))
    #expect(discovery.groups.map(\.name) == ["metrics.k8s.io"])
    #expect(discovery.resources.isEmpty)
    #expect(
      discovery.failures == [
        DiscoveryFailure(
          group: "metrics.k8s.io",
          version: "v1beta1",
          message: "the server that serves this group does not answer"
        )
      ]
    )
  }
}
