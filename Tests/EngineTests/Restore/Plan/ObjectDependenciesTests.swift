// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Testing
import Velero

@testable import Engine

struct ObjectDependenciesTests {
  private static func object(
    _ resource: String,
    _ namespace: String?,
    _ name: String,
    _ text: String = "{}"
  ) throws -> ArchiveModel.Object {
    ArchiveModel.object(resource, namespace, name, try YAMLDocument(parsing: text).jsonValue())
  }

  /// A shop with all that it needs, and something that nobody needs.
  private static func shop() throws -> ArchiveModel {
    try ArchiveModel(
      objects: [
        try object("namespaces", nil, "shop"),
        try object("namespaces", nil, "pay"),
        try object(
          "deployments.apps",
          "shop",
          "web",
          """
          kind: Deployment
          spec:
            template:
              metadata: {labels: {app: web}}
              spec:
                serviceAccountName: robot
                priorityClassName: system-node-critical
                containers: [{name: a, envFrom: [{configMapRef: {name: settings}}]}]
                volumes:
                - {name: a, persistentVolumeClaim: {claimName: files}}
                - {name: b, secret: {secretName: gone}}
                - {name: c, secret: {secretName: maybe, optional: true}}
          """
        ),
        try object("configmaps", "shop", "settings"),
        try object("configmaps", "shop", "unused"),
        try object("configmaps", "pay", "settings"),
        try object(
          "persistentvolumeclaims",
          "shop",
          "files",
          "{spec: {volumeName: pv-1, storageClassName: fast}, status: {phase: Bound}}"
        ),
        try object("persistentvolumes", nil, "pv-1", "{spec: {storageClassName: fast}}"),
        try object("storageclasses.storage.k8s.io", nil, "fast"),
        try object("serviceaccounts", "shop", "robot", "{imagePullSecrets: [{name: pull}]}"),
        try object("secrets", "shop", "pull"),
      ] + others()
    )
  }

  private static func others() throws -> [ArchiveModel.Object] {
    [
      try object(
        "ingresses.networking.k8s.io",
        "shop",
        "front",
        """
        spec:
          tls: [{secretName: pull}]
          rules: [{http: {paths: [{backend: {service: {name: web}}}]}}]
        """
      ),
      try object("services", "shop", "web", "{spec: {selector: {app: web}}}"),
      try object(
        "rolebindings.rbac.authorization.k8s.io",
        "shop",
        "robots",
        """
        roleRef: {kind: ClusterRole, name: reader}
        subjects: [{kind: ServiceAccount, name: robot, namespace: shop}]
        """
      ),
      try object("clusterroles.rbac.authorization.k8s.io", nil, "reader"),
      try object(
        "horizontalpodautoscalers.autoscaling",
        "shop",
        "web",
        "{spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}"
      ),
      try object("gadgets.example.com", "shop", "toy"),
      try object("customresourcedefinitions.apiextensions.k8s.io", nil, "gadgets.example.com"),
      try object(
        "statefulsets.apps",
        "shop",
        "db",
        "{spec: {serviceName: db, volumeClaimTemplates: [{metadata: {name: data}}]}}"
      ),
      try object("persistentvolumeclaims", "shop", "data-db-0"),
      try object("persistentvolumeclaims", "shop", "data-db-1"),
      try object("persistentvolumeclaims", "shop", "data-db-x"),
      try object("persistentvolumeclaims", "pay", "data-db-0"),
    ]
  }

  private struct Found {
    var index: ArchiveIndex
    var dependencies: ObjectDependencies

    /// `secrets/shop/pull: secret of …`, in the order they were found.
    var reasons: [String] {
      dependencies.numbers.map { number in
        "\(index.address(number).text): \(dependencies.reason(for: number)?.reason ?? "")"
      }
    }

    var missing: [String] {
      dependencies.missing.map { "\($0.target.text): \($0.reason)\($0.isOptional ? " ?" : "")" }
    }
  }

  private func dependencies(of names: [String], _ model: ArchiveModel) async throws -> Found {
    let archive = model.archive()
    let index = try archiveIndex(archive)
    let store = MemoryStore()
    try await store.put("a", archive)
    let named = try NamedObjects(names, in: index, discovery: ArchiveModel.discovery)
    let reader = ArchiveItemReader(store: store, key: "a", index: index)
    return Found(
      index: index,
      dependencies: try await .of(named.numbers, in: index, reader: reader)
    )
  }

  @Test func `a workload is followed down to its volumes, classes and secrets`() async throws {
    let found = try await dependencies(of: ["deployments.apps/shop/web"], Self.shop())
    let web = "deployments.apps 'shop/web'"
    #expect(
      found.reasons == [
        "namespaces/shop: namespace of \(web)",
        "persistentvolumeclaims/shop/files: claim mounted by \(web)",
        "configmaps/shop/settings: config map read by \(web)",
        "serviceaccounts/shop/robot: service account of \(web)",
        "persistentvolumes/pv-1: volume of persistentvolumeclaims 'shop/files'",
        "storageclasses.storage.k8s.io/fast: storage class of persistentvolumeclaims 'shop/files'",
        "secrets/shop/pull: image pull secret of serviceaccounts 'shop/robot'",
      ]
    )
    #expect(
      found.missing == [
        "secrets/shop/gone: secret mounted by \(web)",
        "secrets/shop/maybe: secret mounted by \(web) ?",
      ]
    )
  }

  @Test(arguments: [
    ("configmaps/shop/settings", ["namespaces/shop"]),
    (
      "ingresses.networking.k8s.io/shop/front",
      ["namespaces/shop", "secrets/shop/pull", "services/shop/web"]
    ),
    (
      "rolebindings.rbac.authorization.k8s.io/shop/robots",
      [
        "namespaces/shop", "clusterroles.rbac.authorization.k8s.io/reader",
        "serviceaccounts/shop/robot", "secrets/shop/pull",
      ]
    ),
    (
      "gadgets.example.com/shop/toy",
      ["namespaces/shop", "customresourcedefinitions.apiextensions.k8s.io/gadgets.example.com"]
    ),
    (
      "statefulsets.apps/shop/db",
      [
        "namespaces/shop", "persistentvolumeclaims/shop/data-db-0",
        "persistentvolumeclaims/shop/data-db-1",
      ]
    ),
    ("storageclasses.storage.k8s.io/fast", []),
  ])
  func `each kind of object has its own references`(name: String, expected: [String]) async throws {
    let found = try await dependencies(of: [name], Self.shop())
    #expect(found.dependencies.numbers.map { found.index.address($0).text } == expected)
  }

  @Test func `an autoscaler brings its target, with what that needs`() async throws {
    let name = "horizontalpodautoscalers.autoscaling/shop/web"
    let found = try await dependencies(of: [name], Self.shop())
    #expect(
      found.reasons.contains(
        "deployments.apps/shop/web: target of horizontalpodautoscalers.autoscaling 'shop/web'"
      )
    )
    #expect(found.dependencies.numbers.count == 8)
    let number = try #require(
      found.index.number(
        of: ObjectAddress(
          type: "horizontalpodautoscalers.autoscaling",
          namespace: "shop",
          name: "web"
        )
      )
    )
    #expect(
      found.dependencies.needs(of: number).map(\.text) == [
        "namespaces/shop", "deployments.apps/shop/web",
      ]
    )
  }

  @Test func `what was asked for is not among what was found`() async throws {
    let names = ["deployments.apps/shop/web", "configmaps/shop/settings", "secrets/shop/pull"]
    let found = try await dependencies(of: names, Self.shop())
    #expect(!found.reasons.contains { $0.hasPrefix("configmaps/") || $0.hasPrefix("secrets/") })
    // But it is known what refers to it.
    let web = try #require(
      found.index.number(resource: "deployments.apps", namespace: "shop", name: "web")
    )
    #expect(found.dependencies.needs(of: web).map(\.text).contains("configmaps/shop/settings"))
  }

  @Test func `circles end`() async throws {
    let model = ArchiveModel(objects: [
      try Self.object("persistentvolumeclaims", "a", "one", "{spec: {}}"),
      try Self.object(
        "pods",
        "a",
        "p",
        "{spec: {volumes: [{persistentVolumeClaim: {claimName: one}}]}}"
      ),
      try Self.object(
        "horizontalpodautoscalers.autoscaling",
        "a",
        "h",
        "{kind: Scaler, spec: {scaleTargetRef: {apiVersion: autoscaling/v1, kind: Scaler, name: h}}}"
      ),
    ])
    let found = try await dependencies(
      of: ["pods/a/p", "horizontalpodautoscalers.autoscaling/a/h"],
      model
    )
    #expect(found.dependencies.numbers == [0])
    #expect(found.missing == [])
  }

  @Test func `a plan takes what was found along`() async throws {
    let model = try Self.shop()
    let found = try await dependencies(of: ["deployments.apps/shop/web"], model)
    let named = try NamedObjects(
      ["deployments.apps/shop/web"],
      in: found.index,
      discovery: ArchiveModel.discovery
    )
    let choice = RestoreSelection(filter: RestoreFilter(), discovery: ArchiveModel.discovery)
      .choose(from: found.index, only: named) { found.dependencies.needs(of: $0) }
    #expect(Set(choice.taken) == named.numbers.union(found.dependencies.numbers))
  }
}
