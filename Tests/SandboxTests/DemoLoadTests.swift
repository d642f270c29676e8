// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing

struct DemoLoadTests {
  @Test(arguments: SandboxVersion.allCases)
  func `the whole demo cluster is served, in every version`(version: SandboxVersion) throws {
    let objects = DemoCluster.objects(now: .test, version: version)
    let cluster = SandboxCluster(options: SandboxOptions(version: version, clock: .fixed()))
    try cluster.load(objects)
    let plurals = [
      "Pod": "pods", "ConfigMap": "configmaps", "Order": "orders.shop.example.com",
      "Deployment": "deployments.apps", "PersistentVolume": "persistentvolumes",
      "CronJob": "cronjobs.batch", "EndpointSlice": "endpointslices.discovery.k8s.io",
      "PodDisruptionBudget": "poddisruptionbudgets.policy", "Namespace": "namespaces",
      "ClusterRoleBinding": "clusterrolebindings.rbac.authorization.k8s.io",
    ]
    for (kind, resource) in plurals {
      let count = objects.filter { $0["kind"]?.string == kind }.count
      #expect(cluster.objectCount(resource) == count, "\(resource)")
    }
  }

  @Test func `a populated cluster is served whole`() throws {
    let population = PopulatedCluster(objectCount: 700)
    let cluster = SandboxCluster(options: SandboxOptions(hasStandardObjects: false))
    try cluster.load(population)
    var expected: [String: Int] = [:]
    population.forEach { expected[$0.kind, default: 0] += 1 }
    #expect(cluster.objectCount("namespaces") == 12)
    #expect(cluster.objectCount("configmaps") == expected["ConfigMap"])
    #expect(cluster.objectCount("widget1s.example.com") == expected["Widget1"])
    #expect(cluster.objectCount("persistentvolumes") == expected["PersistentVolume"])
    #expect(cluster.revision == 701)
  }
}

@Suite(.sandbox(.demo))
struct SandboxTraitTests {
  @Test func `a test of a suite with the trait has a server with the content`() throws {
    let server = try SandboxServer.current
    #expect(server.port > 0)
    #expect(server.cluster.objectCount("namespaces") == 14)
  }

  @Test(.sandbox(usesTLS: true))
  func `a test's own trait comes before its suite's`() async throws {
    let server = try SandboxServer.current
    #expect(server.cluster.objectCount("namespaces") == 4)
    let directory = try TemporaryDirectory()
    let authority = String(
      decoding: try TestCertificates.shared.get().server.certificateAuthority,
      as: UTF8.self
    )
    let trust = try directory.write(authority, to: "ca.crt")
    let result = try await Command([
      "openssl", "s_client", "-connect", "127.0.0.1:\(server.port)", "-CAfile", trust,
      "-verify_return_error", "-verify_ip", "127.0.0.1",
    ]).run()
    #expect(result.exitCode == 0, "\(result.error)")
    #expect(result.output.contains("Verify return code: 0 (ok)"))
  }

  @Test(.sandbox(.populated(PopulatedCluster(objectCount: 100)), version: .v1_20))
  func `a server can hold a populated cluster`() throws {
    #expect(try SandboxServer.current.cluster.objectCount("namespaces") == 16)
    #expect(try SandboxServer.current.cluster.options.version == .v1_20)
  }
}

struct WithoutSandboxTests {
  @Test func `without the trait the error says what to do`() {
    #expect(throws: NoSandbox.self) { try SandboxServer.current }
  }
}
