// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Testing

/// Lists and watches, on every cluster at hand.
@Suite(.timeLimit(.minutes(10)))
struct ClientConformanceListTests {
  typealias Cluster = ClusterUnderTest

  @Test(arguments: Cluster.all)
  func `a list comes in pages of one version`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      let names = (0..<7).map { "m\($0)" }
      for name in names {
        _ = try await client.create(configMap(name), in: .configMaps, namespace: namespace)
      }
      // Clusters may put a config map of their own into a namespace.
      let selector = "metadata.name!=kube-root-ca.crt"
      let options = ListOptions(
        resource: .configMaps,
        namespace: namespace,
        fieldSelector: selector,
        limit: 3
      )
      let listed = try await Listed.all(client, options)
      #expect(listed.names == names)
      #expect(listed.pages.map(\.itemCount) == [3, 3, 1])
      #expect(listed.pages.map(\.isLast) == [false, false, true])
      #expect(Set(listed.pages.map(\.resourceVersion)).count == 1)
      #expect(listed.pages.allSatisfy { $0.kind == "ConfigMapList" && $0.apiVersion == "v1" })
      #expect(listed.result.itemCount == 7)
      #expect(listed.result.pages == 3)
      #expect(listed.result.restarts == 0)
      #expect(listed.result.resourceVersion == listed.pages.last?.resourceVersion)
      #expect(listed.repeated == 0)
      #expect(listed.items.allSatisfy { $0["kind"] == nil && $0["data"] == ["k": "v"] })
      var all = options
      all.limit = 0
      let whole = try await Listed.all(client, all)
      #expect(whole.items == listed.items)
      #expect(whole.pages.count == 1)
    }
  }

  @Test(arguments: Cluster.all)
  func `a list without items is a page`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      let options = ListOptions(resource: .services, namespace: namespace)
      let listed = try await Listed.all(client, options)
      #expect(listed.names.isEmpty)
      #expect(listed.pages.count == 1)
      #expect(listed.result.resourceVersion.isEmpty == false)
    }
  }

  @Test(arguments: Cluster.all)
  func `selectors restrict a list`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      for (name, app) in [("a", "x"), ("b", "y"), ("c", "x")] {
        _ = try await client.create(
          configMap(name, labels: ["app": .string(app)]),
          in: .configMaps,
          namespace: namespace
        )
      }
      var options = ListOptions(resource: .configMaps, namespace: namespace)
      options.labelSelector = "app in (x)"
      #expect(try await Listed.all(client, options).names == ["a", "c"])
      options.labelSelector = "app,app!=x"
      #expect(try await Listed.all(client, options).names == ["b"])
      options.labelSelector = nil
      options.fieldSelector = "metadata.name=c"
      #expect(try await Listed.all(client, options).names == ["c"])
      options.fieldSelector = "data.k=v"
      let error = await #expect(throws: KubernetesError.self) {
        try await Listed.all(client, options)
      }
      #expect(error?.code == .badRequest)
      options.fieldSelector = nil
      options.labelSelector = "a===b"
      let broken = await #expect(throws: KubernetesError.self) {
        try await Listed.all(client, options)
      }
      #expect(broken?.code == .badRequest)
    }
  }

  @Test(arguments: Cluster.all)
  func `metadata can be listed alone`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      for name in ["a", "b", "c"] {
        _ = try await client.create(configMap(name), in: .configMaps, namespace: namespace)
      }
      let options = ListOptions(
        resource: .configMaps,
        namespace: namespace,
        fieldSelector: "metadata.name!=kube-root-ca.crt",
        limit: 2,
        isMetadataOnly: true
      )
      let listed = try await Listed.all(client, options)
      #expect(listed.names == ["a", "b", "c"])
      #expect(listed.pages.map(\.kind) == Array(repeating: "PartialObjectMetadataList", count: 2))
      #expect(listed.items.allSatisfy { $0["data"] == nil })
    }
  }

  @Test(arguments: Cluster.all)
  func `a list shows the cluster as it was at a version`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      for name in ["a", "b"] {
        _ = try await client.create(configMap(name), in: .configMaps, namespace: namespace)
      }
      var options = ListOptions(
        resource: .configMaps,
        namespace: namespace,
        fieldSelector: "metadata.name!=kube-root-ca.crt",
        limit: 1
      )
      let before = try await Listed.all(client, options)
      _ = try await client.create(configMap("c"), in: .configMaps, namespace: namespace)
      _ = try await client.delete(
        ObjectReference(.configMaps, namespace: namespace, name: "a")
      )
      options.resourceVersion = before.result.resourceVersion
      options.resourceVersionMatch = .exact
      let exact = try await Listed.all(client, options)
      #expect(exact.items == before.items)
      #expect(exact.result.resourceVersion == before.result.resourceVersion)
      options.resourceVersionMatch = .notOlderThan
      #expect(try await Listed.all(client, options).names == ["b", "c"])
      options.resourceVersion = nil
      options.resourceVersionMatch = nil
      #expect(try await Listed.all(client, options).names == ["b", "c"])
    }
  }

  @Test(arguments: Cluster.all)
  func `what the receiver throws ends the list`(cluster: Cluster) async throws {
    struct Enough: Error {}
    try await cluster.withNamespace { client, namespace in
      _ = try await client.create(configMap("a"), in: .configMaps, namespace: namespace)
      await #expect(throws: Enough.self) {
        try await client.list(ListOptions(resource: .configMaps, namespace: namespace)) { _ in
          throw Enough()
        }
      }
    }
  }

  @Test(arguments: Cluster.all)
  func `a watch tells changes in order and goes on after its end`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      let listed = try await Listed.all(
        client,
        ListOptions(resource: .configMaps, namespace: namespace)
      )
      // Each answer of the server lasts a second, so that the watch has to resume.
      let watch = client.watch(
        WatchOptions(
          resource: .configMaps,
          namespace: namespace,
          labelSelector: "app=x",
          resourceVersion: listed.result.resourceVersion,
          timeoutSeconds: 1
        )
      )
      var events = watch.makeAsyncIterator()
      let reference = ObjectReference(.configMaps, namespace: namespace, name: "a")
      for round in 0..<3 {
        _ = try await client.create(
          configMap("a", labels: ["app": "x"]),
          in: .configMaps,
          namespace: namespace
        )
        #expect(try await Self.next(&events) == "added a", "round \(round)")
        _ = try await client.patch(reference, .merge(["data": ["k": "new"]]))
        #expect(try await Self.next(&events) == "modified a", "round \(round)")
        _ = try await client.delete(reference)
        #expect(try await Self.next(&events) == "deleted a", "round \(round)")
      }
    }
  }

  /// The next event that is no bookmark.
  static func next(_ events: inout Watch.Iterator) async throws -> String? {
    while let event = try await events.next() {
      switch event {
      case .added(let object): return "added \(object[path: "metadata", "name"]?.string ?? "?")"
      case .modified(let object):
        return "modified \(object[path: "metadata", "name"]?.string ?? "?")"
      case .deleted(let object): return "deleted \(object[path: "metadata", "name"]?.string ?? "?")"
      case .bookmark: continue
      case .expired: return "expired"
      }
    }
    return nil
  }

  @Test(arguments: Cluster.all)
  func `a watch of metadata has no more`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      let listed = try await Listed.all(
        client,
        ListOptions(resource: .services, namespace: namespace)
      )
      var events = client.watch(
        WatchOptions(
          resource: .configMaps,
          namespace: namespace,
          fieldSelector: "metadata.name=a",
          resourceVersion: listed.result.resourceVersion,
          isMetadataOnly: true
        )
      ).makeAsyncIterator()
      _ = try await client.create(configMap("a"), in: .configMaps, namespace: namespace)
      guard case .added(let object)? = try await events.next() else {
        Issue.record("the creation was not told")
        return
      }
      #expect(object["kind"] == "PartialObjectMetadata")
      #expect(object["data"] == nil)
    }
  }

  @Test(arguments: Cluster.all)
  func `a watch can be cancelled`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      let listed = try await Listed.all(
        client,
        ListOptions(resource: .configMaps, namespace: namespace)
      )
      let options = WatchOptions(
        resource: .configMaps,
        namespace: namespace,
        fieldSelector: "metadata.name=a",
        resourceVersion: listed.result.resourceVersion
      )
      let (started, starting) = AsyncStream.makeStream(of: Void.self)
      let task = Task {
        for try await event in client.watch(options) {
          if case .added = event { starting.finish() }
        }
      }
      _ = try await client.create(configMap("a"), in: .configMaps, namespace: namespace)
      for await _ in started {}
      task.cancel()
      let error = await #expect(throws: KubernetesError.self) { try await task.value }
      #expect(error?.code == .cancelled)
    }
  }
}
