// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Testing

@testable import Engine

/// Random changes of a table against a plain dictionary, with snapshots that are looked at again later.
struct InventoryTableModelTests {
  private typealias Objects = [ModelKey: ModelObject]

  /// A table with the model it is to agree with.
  private struct Pair {
    var table = InventoryTable([.listable("pods"), .listable("nodes", isNamespaced: false)])
    var model: [Objects] = [[:], [:]]
    var random: SplitMix64
    let reader = JSONReader()

    mutating func put(_ object: ModelObject, _ type: Int) throws {
      let old = model[type].updateValue(object, forKey: object.key)
      let change = try reader.read(object.json) { table.put($0, type) }
      let expected: RowChange = old == nil ? .added : old == object ? .unchanged : .changed
      #expect(change == expected)
    }

    mutating func remove(_ object: ModelObject, _ type: Int) throws {
      let old = model[type].removeValue(forKey: object.key)
      let isGone = try reader.read(object.json) { table.remove($0, type) }
      #expect(isGone == (old != nil))
    }

    mutating func removeNamespace(_ namespace: String) {
      model[0] = model[0].filter { $0.key.namespace != namespace }
      table.removeAll(0, inNamespace: namespace)
    }

    /// Lists a type anew; what the list lacks is to go, unless the list does not come through.
    mutating func relist(_ type: Int, inNamespace namespace: String?) throws {
      var relist = table.beginRelist(type, inNamespace: namespace)
      var seen: Set<ModelKey> = []
      for _ in 0..<Int.random(in: 0..<40, using: &random) {
        if Int.random(in: 0..<50, using: &random) == 0 {
          relist.restart()
          seen = []
        }
        var object = ModelObject.random(isNamespaced: type == 0, &random)
        if let namespace { object.namespace = namespace }
        seen.insert(object.key)
        model[type][object.key] = object
        try reader.read(object.json) { _ = table.put($0, &relist) }
      }
      if Int.random(in: 0..<5, using: &random) == 0 {
        table.cancelRelist(relist)
        return
      }
      table.endRelist(relist)
      model[type] = model[type].filter { key, _ in
        seen.contains(key) || (namespace != nil && key.namespace != namespace)
      }
    }

    mutating func step() throws {
      let type = Int.random(in: 0..<4, using: &random) == 0 ? 1 : 0
      let object = ModelObject.random(isNamespaced: type == 0, &random)
      switch Int.random(in: 0..<200, using: &random) {
      case 0: removeNamespace(ModelObject.namespaces[0])
      case 1: try relist(type, inNamespace: nil)
      case 2: try relist(0, inNamespace: ModelObject.namespaces[1])
      case 3..<70: try remove(object, type)
      default: try put(object, type)
      }
    }
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func `the table agrees with a dictionary and snapshots never change`(seed: UInt64) throws {
    var pair = Pair(random: SplitMix64(state: seed))
    var kept: [(snapshot: InventorySnapshot, model: [Objects])] = []
    for step in 0..<800 {
      try pair.step()
      if step % 100 == 0 { kept.append((pair.table.snapshot(), pair.model)) }
    }
    kept.append((pair.table.snapshot(), pair.model))
    for (snapshot, model) in kept {
      for type in 0..<2 { expectAgreement(snapshot, type, model[type]) }
    }
  }

  private func expectAgreement(_ snapshot: InventorySnapshot, _ type: Int, _ model: Objects) {
    #expect(snapshot.model(ofType: type) == model)
    #expect(snapshot.type(at: type).rowCount == model.count)
    var rows = 0
    snapshot.forEachRow(ofType: type) { numbers in
      rows += 1
      let row = snapshot.row(ofType: type, index: numbers.index)
      let expected = model[ModelKey(namespace: row.namespace, name: row.name)]
      #expect(snapshot.namespaceName(numbers.namespaceID) == expected?.namespace ?? "")
      #expect(snapshot.labels(ofSet: numbers.labelSetID) == expected?.labels)
      #expect(snapshot.label("app", ofSet: numbers.labelSetID) == expected?.labels["app"])
      #expect(numbers.isBeingDeleted == expected?.isBeingDeleted)
    }
    #expect(rows == model.count)
    for (key, object) in model {
      let row = snapshot.row(ofType: type, namespace: key.namespace, name: key.name)
      #expect(row.map { ModelObject($0) } == object)
    }
    #expect(snapshot.row(ofType: type, namespace: "nowhere", name: "nothing") == nil)
    for namespace in ModelObject.namespaces {
      let names = snapshot.rows(ofType: type, inNamespace: namespace).map(\.name)
      #expect(
        names.sorted() == model.keys.filter { $0.namespace == namespace }.map(\.name).sorted()
      )
    }
  }

  @Test(arguments: 0..<2 as Range<UInt64>)
  func `names and labels that nobody uses any more do not pile up`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    var table = InventoryTable([.listable("pods")])
    let reader = JSONReader()
    var alive: [ModelObject] = []
    for step in 0..<8000 {
      let object = ModelObject.unique(step)
      alive.append(object)
      try reader.read(object.json) { _ = table.put($0, 0) }
      if alive.count > 500 {
        let gone = alive.remove(at: Int.random(in: 0..<alive.count, using: &random))
        try reader.read(gone.json) { _ = table.remove($0, 0) }
      }
    }
    let usage = table.usage
    #expect(usage.liveRows == alive.count)
    #expect(usage.rows <= 1600)
    #expect(usage.garbageNameBytes <= max(usage.nameBytes, 1 << 16))
    // Two strings an object besides a handful that all share, a set of each kind, and namespaces.
    #expect(usage.strings < alive.count * 8)
    #expect(usage.garbageStringBytes <= usage.stringBytes + 5 << 16)
    let snapshot = table.snapshot()
    #expect(
      snapshot.model(ofType: 0)
        == Dictionary(alive.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    )
    table.removeAll(0)
    #expect(table.usage.strings == 0)
    #expect(table.usage.stringBytes == 0)
    #expect(snapshot.model(ofType: 0).count == alive.count)
  }
}

extension ModelObject {
  static let namespaces = ["shop", "payments", "kube-system", "a"]

  var key: ModelKey { ModelKey(namespace: namespace, name: name) }

  /// An object of a small world, so that names meet again.
  static func random(isNamespaced: Bool, _ random: inout SplitMix64) -> ModelObject {
    func one(in count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }
    var object = ModelObject(
      namespace: isNamespaced ? namespaces[Int.random(in: 0..<4, using: &random)] : nil,
      name: "object-\(Int.random(in: 0..<60, using: &random))",
      uid: one(in: 20) ? "uid-\(random.next() % 5)" : uuid(random.next(), random.next()),
      labels: [:],
      annotations: [:],
      owners: [],
      isBeingDeleted: one(in: 10),
      resourceVersion: one(in: 20) ? "v\(random.next() % 5)" : String(random.next() % 1000),
      created: one(in: 20) ? nil : Timestamp(seconds: Int64(random.next() % 2_000_000_000))
    )
    for key in ["app", "tier", "x.example.org/y", "empty"] where one(in: 2) {
      object.labels[key] = key == "empty" ? "" : "value-\(random.next() % 3)"
    }
    if one(in: 3) { object.annotations["velero.io/a"] = "\(random.next() % 3)" }
    if one(in: 9) { object.annotations["backup.velero.io/b"] = "\(random.next() % 3)" }
    if one(in: 9) { object.annotations["meta.helm.sh/release-name"] = "r\(random.next() % 3)" }
    for owner in 0..<2 where one(in: 3) {
      object.owners.append(
        OwnerReference(
          kind: "ReplicaSet",
          apiVersion: "apps/v1",
          name: "owner-\(random.next() % 3)",
          uid: one(in: 5) ? "owner-uid" : uuid(7, random.next() % 3),
          isController: owner == 0
        )
      )
    }
    return object
  }

  /// An object that shares little with others.
  static func unique(_ number: Int) -> ModelObject {
    ModelObject(
      namespace: "namespace-\(number % 700)",
      name: "object-with-a-name-of-usual-length-\(number)",
      uid: uuid(1, UInt64(number)),
      labels: ["app": "web", "instance": "instance-of-usual-length-\(number)"],
      annotations: ["velero.io/note": "note-\(number)"],
      owners: [
        OwnerReference(
          kind: "ReplicaSet",
          apiVersion: "apps/v1",
          name: "owner-\(number)",
          uid: number % 2 == 0 ? "uid-\(number)" : uuid(2, UInt64(number)),
          isController: true
        )
      ],
      isBeingDeleted: false,
      resourceVersion: String(number),
      created: Timestamp(seconds: Int64(number))
    )
  }

  private static func uuid(_ high: UInt64, _ low: UInt64) -> String {
    UUIDBits(high: high, low: low).text
  }
}
