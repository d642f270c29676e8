// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Testing

/// Reading and changing single objects, on every cluster at hand.
@Suite(.timeLimit(.minutes(10)))
struct ClientConformanceObjectTests {
  typealias Cluster = ClusterUnderTest

  @Test(arguments: Cluster.all)
  func `an object is created, read, replaced and deleted`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      let reference = ObjectReference(.configMaps, namespace: namespace, name: "a")
      var object = try await client.create(configMap("a"), in: .configMaps, namespace: namespace)
      #expect(object["kind"] == "ConfigMap")
      #expect(object[path: "metadata", "uid"]?.string?.isEmpty == false)
      #expect(try await client.get(reference) == object)
      object["data"]?["k"] = "new"
      let replaced = try await client.replace(reference, with: object)
      #expect(replaced[path: "data", "k"] == "new")
      let conflict = await #expect(throws: KubernetesError.self) {
        try await client.replace(reference, with: object)
      }
      #expect(conflict?.code == .conflict)
      #expect(conflict?.object?.name == "a")
      let status = try await client.delete(reference)
      #expect(status["status"] == "Success")
      let gone = await #expect(throws: KubernetesError.self) { try await client.get(reference) }
      #expect(gone?.code == .notFound)
      #expect(gone?.httpStatus == 404)
      #expect(gone?.object == KubernetesError.Object(group: "", kind: "configmaps", name: "a"))
      #expect(
        gone?.message
          == "cannot get configmaps 'a' in namespace '\(namespace)': configmaps \"a\" not found "
          + "(404 NotFound)"
      )
    }
  }

  @Test(arguments: Cluster.all)
  func `creation fails with the reason`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      func code(
        _ object: JSONValue,
        _ resource: GroupVersionResource = .configMaps,
        in namespace: String
      ) async -> KubernetesError? {
        await #expect(throws: KubernetesError.self) {
          try await client.create(object, in: resource, namespace: namespace)
        }
      }
      _ = try await client.create(configMap("a"), in: .configMaps, namespace: namespace)
      #expect(await code(configMap("a"), in: namespace)?.code == .alreadyExists)
      #expect(await code(configMap("a"), in: "no-such-namespace")?.code == .notFound)
      let invalid = await code(configMap("Bad_Name"), in: namespace)
      #expect(invalid?.code == .invalid)
      #expect(invalid?.causes.first?.field == "metadata.name")
      let wrongKind: JSONValue = [
        "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "b"],
      ]
      #expect(await code(wrongKind, in: namespace)?.code == .badRequest)
      let unknown = GroupVersionResource(group: "no.such", version: "v1", resource: "things")
      #expect(await code(configMap("a"), unknown, in: namespace)?.code == .notFound)
    }
  }

  @Test(arguments: Cluster.all)
  func `a dry run changes nothing`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      let reference = ObjectReference(.configMaps, namespace: namespace, name: "a")
      let dry = WriteOptions(isDryRun: true)
      let tried = try await client.create(
        configMap("a"),
        in: .configMaps,
        namespace: namespace,
        options: dry
      )
      #expect(tried[path: "metadata", "name"] == "a")
      await #expect(throws: KubernetesError.self) { try await client.get(reference) }
      let real = try await client.create(configMap("a"), in: .configMaps, namespace: namespace)
      let patched = try await client.patch(
        reference,
        .merge(["data": ["k": "other"]]),
        options: dry
      )
      #expect(patched[path: "data", "k"] == "other")
      _ = try await client.delete(reference, options: DeleteOptions(isDryRun: true))
      #expect(try await client.get(reference) == real)
    }
  }

  @Test(arguments: Cluster.all)
  func `names can be made up by the server`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      let object = try await client.create(
        ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["generateName": "gen-"]],
        in: .configMaps,
        namespace: namespace
      )
      let name = try #require(object[path: "metadata", "name"]?.string)
      #expect(name.hasPrefix("gen-"))
      #expect(name.count > 4)
    }
  }

  @Test(arguments: Cluster.all)
  func `merge, JSON and strategic patches change what they say`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      let reference = ObjectReference(.configMaps, namespace: namespace, name: "a")
      let first = configMap("a", data: ["a": "1", "b": "2"])
      _ = try await client.create(first, in: .configMaps, namespace: namespace)
      let merged = try await client.patch(reference, .merge(["data": ["a": nil, "c": "3"]]))
      #expect(merged["data"] == ["b": "2", "c": "3"])
      let patched = try await client.patch(
        reference,
        .json([
          ["op": "test", "path": "/data/b", "value": "2"], ["op": "remove", "path": "/data/b"],
          ["op": "add", "path": "/data/d", "value": "4"],
        ])
      )
      #expect(patched["data"] == ["c": "3", "d": "4"])
      let failed = await #expect(throws: KubernetesError.self) {
        try await client.patch(
          reference,
          .json([["op": "test", "path": "/data/c", "value": "9"]])
        )
      }
      #expect(failed?.code == .invalid)
      let service: JSONValue = [
        "apiVersion": "v1", "kind": "Service", "metadata": ["name": "s"],
        "spec": ["ports": [["name": "a", "port": 80]]],
      ]
      _ = try await client.create(service, in: .services, namespace: namespace)
      let strategic = try await client.patch(
        ObjectReference(.services, namespace: namespace, name: "s"),
        .strategic(["spec": ["ports": [["name": "b", "port": 81]]]])
      )
      let ports = strategic[path: "spec", "ports"]?.array ?? []
      #expect(Set(ports.compactMap { $0["port"]?.int64 }) == [80, 81])
    }
  }

  @Test(arguments: Cluster.all)
  func `apply owns fields and tells who else does`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      let reference = ObjectReference(.configMaps, namespace: namespace, name: "a")
      func wanted(_ data: JSONValue) -> JSONValue {
        ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "a"], "data": data]
      }
      let one = WriteOptions(fieldManager: "one")
      let two = WriteOptions(fieldManager: "two")
      let created = try await client.apply(reference, wanted(["a": "1", "b": "1"]), options: one)
      #expect(created["data"] == ["a": "1", "b": "1"])
      let conflict = await #expect(throws: KubernetesError.self) {
        try await client.apply(reference, wanted(["a": "2"]), options: two)
      }
      #expect(conflict?.code == .conflict)
      #expect(conflict?.causes.map(\.reason) == ["FieldManagerConflict"])
      #expect(conflict?.causes.map(\.field) == [".data.a"])
      let forced = try await client.apply(
        reference,
        wanted(["a": "2"]),
        isForced: true,
        options: two
      )
      #expect(forced["data"] == ["a": "2", "b": "1"])
      let less = try await client.apply(reference, wanted([:]), options: one)
      #expect(less["data"] == ["a": "2"])
    }
  }

  @Test(arguments: Cluster.all)
  func `a status changes only through its subresource`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      let service: JSONValue = [
        "apiVersion": "v1", "kind": "Service", "metadata": ["name": "s"],
        "spec": ["type": "LoadBalancer", "ports": [["port": 80]]],
        "status": ["loadBalancer": ["ingress": [["ip": "192.0.2.1"]]]],
      ]
      let created = try await client.create(service, in: .services, namespace: namespace)
      #expect(created[path: "status", "loadBalancer", "ingress"] == nil)
      let status = ObjectReference(
        .services,
        namespace: namespace,
        name: "s",
        subresource: "status"
      )
      let changed = try await client.patch(
        status,
        .merge(["status": ["loadBalancer": ["ingress": [["ip": "192.0.2.1"]]]]])
      )
      let ingress = changed[path: "status", "loadBalancer", "ingress"]?.array
      #expect(ingress?.first?["ip"] == "192.0.2.1")
    }
  }

  @Test(arguments: Cluster.all)
  func `deletion keeps to its preconditions`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      let reference = ObjectReference(.configMaps, namespace: namespace, name: "a")
      let object = try await client.create(configMap("a"), in: .configMaps, namespace: namespace)
      for options in [
        DeleteOptions(uid: "00000000-0000-0000-0000-000000000000"),
        DeleteOptions(resourceVersion: "1"),
      ] {
        let error = await #expect(throws: KubernetesError.self) {
          try await client.delete(reference, options: options)
        }
        #expect(error?.code == .conflict)
      }
      let status = try await client.delete(
        reference,
        options: DeleteOptions(
          uid: object[path: "metadata", "uid"]?.string,
          resourceVersion: object[path: "metadata", "resourceVersion"]?.string,
          propagation: .background
        )
      )
      #expect(status["status"] == "Success")
    }
  }

  @Test(arguments: Cluster.all)
  func `a finalizer holds an object until it is taken off`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      let reference = ObjectReference(.configMaps, namespace: namespace, name: "a")
      var object = configMap("a")
      object["metadata"]?["finalizers"] = ["example.org/hold"]
      _ = try await client.create(object, in: .configMaps, namespace: namespace)
      let held = try await client.delete(reference)
      #expect(held["kind"] == "ConfigMap")
      #expect(held[path: "metadata", "deletionTimestamp"]?.string != nil)
      #expect(try await client.get(reference)[path: "metadata", "deletionTimestamp"] != nil)
      _ = try await client.patch(reference, .merge(["metadata": ["finalizers": nil]]))
      let gone = await #expect(throws: KubernetesError.self) { try await client.get(reference) }
      #expect(gone?.code == .notFound)
    }
  }

  @Test(arguments: Cluster.all)
  func `an object's metadata can be had alone`(cluster: Cluster) async throws {
    try await cluster.withNamespace { client, namespace in
      _ = try await client.create(configMap("a"), in: .configMaps, namespace: namespace)
      let reference = ObjectReference(.configMaps, namespace: namespace, name: "a")
      let metadata = try await client.get(reference, isMetadataOnly: true)
      #expect(metadata["kind"] == "PartialObjectMetadata")
      #expect(metadata[path: "metadata", "name"] == "a")
      #expect(metadata["data"] == nil)
    }
  }
}
