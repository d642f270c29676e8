// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing

struct DemoPopulatedClusterTests {
  @Test(arguments: [20, 21, 500, 3600])
  func `a cluster has exactly as many objects as asked for, each with its own name`(count: Int)
    throws
  {
    let objects = PopulatedCluster(objectCount: count).objects
    #expect(objects.count == count)
    let names = objects.map {
      "\($0.kind) \($0.metadata["namespace"]?.string ?? "")/\($0.metadata["name"]?.string ?? "")"
    }
    #expect(Set(names).count == count)
    #expect(Set(objects.map { $0.metadata["uid"] }).count == count)
  }

  @Test func `the same seed gives the same bytes, another one others`() {
    let first = PopulatedCluster(objectCount: 300, seed: 7).objects.map(\.bytes)
    #expect(PopulatedCluster(objectCount: 300, seed: 7).objects.map(\.bytes) == first)
    #expect(PopulatedCluster(objectCount: 300, seed: 8).objects.map(\.bytes) != first)
  }

  @Test func `every object is JSON with its kind and its namespace, and names come in order`()
    throws
  {
    let cluster = PopulatedCluster(objectCount: 1200, namespaceCount: 5)
    var last: [String: String] = [:]
    for object in cluster.objects {
      let value = try JSONValue(parsing: object.bytes)
      #expect(value["apiVersion"]?.string == object.apiVersion)
      #expect(value["metadata"] == object.metadata)
      guard let namespace = object.metadata["namespace"]?.string else { continue }
      #expect(cluster.namespaces.contains(namespace))
      let key = "\(namespace)/\(object.metadata["name"]?.string ?? "")"
      // Helm's secrets are named otherwise, a filler comes last.
      if key.contains("/sh.helm") { continue }
      #expect(last[object.kind] ?? "" < key || object.kind == "ConfigMap")
      last[object.kind] = key
    }
  }

  @Test func `the mix is that of real clusters`() {
    var counts: [String: Int] = [:]
    var bytes = 0
    PopulatedCluster(objectCount: 3000).forEach {
      counts[$0.kind.filter { !$0.isNumber }, default: 0] += 1
      bytes += $0.tail.count
    }
    let expected = [
      "ConfigMap": 2200, "Secret": 1800, "Pod": 1400, "Deployment": 1200, "Service": 800,
      "ServiceAccount": 500, "Widget": 500, "StatefulSet": 400, "Role": 300, "RoleBinding": 300,
      "PersistentVolumeClaim": 300, "PersistentVolume": 300, "Ingress": 300,
    ]
    for (kind, count) in expected {
      let share = Double(counts[kind] ?? 0) / Double(count) * 10_000 / 3000
      #expect(share > 0.7 && share < 1.3, "\(kind): \(counts[kind] ?? 0)")
    }
    #expect((1500...3500).contains(bytes / 3000), "\(bytes / 3000) bytes an object")
  }

  @Test func `claims and volumes name each other`() {
    let objects = PopulatedCluster(objectCount: 2000).objects
    let claims = objects.filter { $0.kind == "PersistentVolumeClaim" }.map {
      "pv-" + ($0.metadata["name"]?.string ?? "")
    }
    let volumes = objects.filter { $0.kind == "PersistentVolume" }.map {
      $0.metadata["name"]?.string ?? ""
    }
    #expect(!claims.isEmpty && Set(claims) == Set(volumes))
  }
}
