// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing

/// Watches whose connections and versions fail.
@Suite(.timeLimit(.minutes(10)))
struct WatchFaultTests {
  static let watches = FaultMatch(query: "watch=1")

  func watch(_ cluster: FaultyCluster, from version: String) -> Watch {
    cluster.client.watch(
      WatchOptions(resource: .configMaps, namespace: "default", resourceVersion: version)
    )
  }

  @Test(arguments: SandboxVersion.allCases)
  func `a watch goes on where its connection broke`(version: SandboxVersion) async throws {
    let cluster = try await FaultyCluster(version)
    let start = String(cluster.server.cluster.revision - 7)
    cluster.server.cluster.add(
      Fault(.cut(afterBytes: 1500), on: Self.watches, occurrence: .first(3))
    )
    var events = watch(cluster, from: start).makeAsyncIterator()
    for name in cluster.names {
      #expect(try await ClientConformanceListTests.next(&events) == "added \(name)")
    }
    #expect(cluster.server.cluster.requests.count { $0.query.contains("watch=1") } > 1)
  }

  @Test(arguments: SandboxVersion.allCases)
  func `a version that is gone ends the watch with the word to list again`(
    version: SandboxVersion
  ) async throws {
    let cluster = try await FaultyCluster(version)
    let start = String(cluster.server.cluster.revision - 5)
    cluster.server.cluster.compact()
    var events = watch(cluster, from: start).makeAsyncIterator()
    guard case .expired(let error)? = try await events.next() else {
      Issue.record("the watch did not expire")
      return
    }
    #expect(error.code == .expired)
    #expect(try await events.next() == nil)
  }

  @Test func `bookmarks move the version on`() async throws {
    let cluster = try await FaultyCluster()
    let start = cluster.server.cluster.revision
    var events = watch(cluster, from: String(start)).makeAsyncIterator()
    _ = try await cluster.client.create(
      ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s"]],
      in: .secrets,
      namespace: "default"
    )
    _ = try await cluster.client.create(configMap("new"), in: .configMaps, namespace: "default")
    #expect(try await ClientConformanceListTests.next(&events) == "added new")
    cluster.server.cluster.sendBookmarks()
    guard case .bookmark(let version)? = try await events.next() else {
      Issue.record("no bookmark came")
      return
    }
    #expect((Int64(version) ?? 0) > start)
  }

  @Test func `a server that hangs up at once is not asked in a tight loop`() async throws {
    let cluster = try await FaultyCluster()
    let start = String(cluster.server.cluster.revision - 7)
    cluster.server.cluster.add(
      Fault(.cut(afterBytes: 1), on: Self.watches, occurrence: .first(4))
    )
    cluster.server.cluster.add(Fault(.status(403), on: Self.watches))
    var events = watch(cluster, from: start).makeAsyncIterator()
    let error = await #expect(throws: KubernetesError.self) {
      while try await events.next() != nil {}
    }
    #expect(error?.code == .forbidden)
    let sleeps = cluster.clock.sleeps
    #expect(
      sleeps == [.milliseconds(200), .milliseconds(400), .milliseconds(800), .milliseconds(1600)]
    )
  }

  @Test func `a busy server is waited for`() async throws {
    let cluster = try await FaultyCluster()
    let start = String(cluster.server.cluster.revision - 7)
    cluster.server.cluster.add(
      Fault(.tooManyRequests(retryAfterSeconds: 3), on: Self.watches, occurrence: .nth(1))
    )
    var events = watch(cluster, from: start).makeAsyncIterator()
    #expect(try await ClientConformanceListTests.next(&events) == "added m0")
    #expect(cluster.clock.sleeps.contains { $0 >= .seconds(3) })
  }
}
