// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

@Suite(.timeLimit(.minutes(10)))
struct DifferenceReaderTests {
  private static func object(_ name: String, _ more: JSONValue = [:]) -> ArchiveModel.Object {
    ArchiveModel.Object(resource: "configmaps", namespace: "shop", name: name, more: more)
  }

  private static func write(_ model: ArchiveModel, _ name: String, _ store: MemoryStore)
    async throws -> DifferenceReader.Side
  {
    let catalog = BackupCatalog(store: store)
    try await store.put(catalog.key(.record, of: name), Backup(name: name).encoded())
    try await store.put(catalog.key(.contents, of: name), model.archive())
    return DifferenceReader.Side(
      catalog: catalog,
      indexes: ArchiveIndexes(catalog: catalog, cache: nil),
      name: name
    )
  }

  @Test func `two backups differ in what was added, removed and changed, and not in noise`()
    async throws
  {
    let store = MemoryStore()
    let before = try await Self.write(
      ArchiveModel(objects: [
        Self.object("same", ["data": ["a": "1"]]), Self.object("gone"),
        Self.object("changed", ["data": ["a": "1"]]),
        Self.object("noisy", ["metadata": ["resourceVersion": "1"], "status": ["x": 1]]),
      ]),
      "old",
      store
    )
    let after = try await Self.write(
      ArchiveModel(objects: [
        Self.object("changed", ["data": ["a": "2"]]), Self.object("new"),
        Self.object("noisy", ["metadata": ["resourceVersion": "2"], "status": ["x": 2]]),
        Self.object("same", ["data": ["a": "1"]]),
      ]),
      "new",
      store
    )
    let difference = try await DifferenceReader(before).compare(with: after)
    #expect(
      difference.objects.map { "\($0.kind.rawValue) \($0.address.name)" }
        == ["changed changed", "removed gone", "added new"]
    )
    #expect(difference.equalCount == 2)
    #expect(difference.noisyCount == 1)
    #expect(difference.gaps.isEmpty)
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `the kinds are those of the two sets`(seed: UInt64) async throws {
    var random = SplitMix64(state: seed)
    var models = [ArchiveModel(), ArchiveModel()]
    var expected: [String: ObjectDifference.Kind] = [:]
    var equal = 0
    for number in 0..<Int.random(in: 0...30, using: &random) {
      let name = "object-\(number)"
      let values = [0, 1].map { _ in Int.random(in: 0...3, using: &random) }
      for side in [0, 1] where values[side] > 0 {
        models[side].objects.append(
          Self.object(name, ["data": ["value": .string("\(values[side])")]])
        )
      }
      switch (values[0], values[1]) {
      case (0, 0): break
      case (0, _): expected[name] = .added
      case (_, 0): expected[name] = .removed
      case let (old, new) where old != new: expected[name] = .changed
      default: equal += 1
      }
    }
    models[1].objects.shuffle(using: &random)
    let store = MemoryStore()
    let before = try await Self.write(models[0], "old", store)
    let after = try await Self.write(models[1], "new", store)
    let difference = try await DifferenceReader(before).compare(with: after)
    #expect(
      Dictionary(difference.objects.map { ($0.address.name, $0.kind) }) { $1 } == expected
    )
    #expect(difference.equalCount == equal)
  }

  @Test func `single objects are read from the archive`() async throws {
    let store = MemoryStore()
    let side = try await Self.write(
      ArchiveModel(objects: [Self.object("a", ["data": ["k": "v"]]), Self.object("b")]),
      "one",
      store
    )
    let address = ObjectAddress(type: "configmaps", namespace: "shop", name: "a")
    let object = try #require(try await side.objects.object(address, in: "one"))
    #expect(object[path: "data", "k"] == "v")
    let other = ObjectAddress(type: "configmaps", namespace: "shop", name: "zzz")
    #expect(try await side.objects.object(other, in: "one") == nil)
  }
}

struct ObjectNoiseTests {
  private static let object: JSONValue = [
    "apiVersion": "v1", "kind": "ConfigMap",
    "metadata": [
      "name": "a", "uid": "1", "resourceVersion": "7", "managedFields": [[:]],
      "creationTimestamp": "2026-01-01T00:00:00Z", "labels": ["app": "web"],
      "ownerReferences": [["kind": "Deployment", "name": "web", "uid": "9"]],
    ],
    "data": ["k": "v", "n": nil], "status": ["ready": true],
  ]

  @Test func `what servers write is noise, what people write is not`() {
    var other = Self.object
    other["metadata"]?["uid"] = "2"
    other["metadata"]?["resourceVersion"] = "8"
    other["metadata"]?["managedFields"] = nil
    other["metadata"]?["ownerReferences"] = [
      ["kind": "Deployment", "name": "web", "uid": "10"]
    ]
    other["metadata"]?["annotations"] = [:]
    other["status"] = nil
    other["data"] = ["k": "v"]
    #expect(ObjectNoise.changes(from: Self.object, to: other).isEmpty)
    #expect(ObjectNoise.digest(Self.object) == ObjectNoise.digest(other))
    #expect(!ObjectNoise.changes(from: Self.object, to: other, hidesNoise: false).isEmpty)

    other["metadata"]?["labels"] = ["app": "shop"]
    #expect(
      ObjectNoise.changes(from: Self.object, to: other).map(\.path) == ["/metadata/labels/app"]
    )
    #expect(ObjectNoise.digest(Self.object) != ObjectNoise.digest(other))
  }

  @Test func `an object that is missing differs in all its members`() {
    let changes = ObjectNoise.changes(from: nil, to: Self.object)
    #expect(changes.map(\.path) == ["/apiVersion", "/kind", "/metadata", "/data"])
    #expect(changes.allSatisfy { $0.before == nil })
  }
}

struct VerificationFilesTests {
  private static func record(_ name: String, at seconds: Int64 = 1000) -> Backup {
    var backup = Backup(name: name)
    backup.status.startTimestamp = Timestamp(seconds: seconds)
    return backup
  }

  @Test func `results are kept by store, and replaced`() async throws {
    let files = VerificationFiles(store: MemoryStore())
    let (one, other) = (MemoryStore(name: "one"), MemoryStore(name: "other"))
    let record = Self.record("nightly")
    let time = Timestamp(seconds: 2000)
    try await files.add(
      VerificationResult(record, at: time, isSound: false, text: "cut"),
      of: one
    )
    try await files.add(
      VerificationResult(record, at: time, isSound: true, text: "whole"),
      of: one
    )
    let results = await files.results(of: one)
    #expect(results.count == 1)
    let result = try #require(results["nightly"])
    #expect(result.isSound)
    #expect(result.text == "whole")
    #expect(result.concerns(record))
    #expect(!result.concerns(Self.record("nightly", at: 1001)))
    #expect(await files.results(of: other).isEmpty)
  }

  @Test func `a damaged file counts as none`() async throws {
    let store = MemoryStore()
    let files = VerificationFiles(store: store)
    let backups = MemoryStore(name: "one")
    let result = VerificationResult(
      Self.record("a"),
      at: Timestamp(seconds: 1),
      isSound: true,
      text: ""
    )
    try await files.add(result, of: backups)
    for object in try await store.list().objects {
      try await store.put(object.key, Array("{".utf8))
    }
    #expect(await files.results(of: backups).isEmpty)
    try await files.add(result, of: backups)
    #expect(await files.results(of: backups).count == 1)
  }
}
