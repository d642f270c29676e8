// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import Synchronization
import TestSupport
import Velero

@testable import Engine

/// Two objects of different types that a writer counts up in step, the first one always before the second.
///
/// At every moment the first is at the second's number or one ahead; a backup that holds the second ahead of the first
/// shows no moment of the cluster.
struct ObjectsInStep: Sendable {
  let api: PlainAPI
  let namespace: String
  private let stop = StopSign()

  init(_ api: PlainAPI, namespace: String) { (self.api, self.namespace) = (api, namespace) }

  /// The type of the first comes before the other's in the order of collection, so that lists which show a moment each
  /// hold the second ahead.
  private static let first = (plural: "configmaps", path: "/api/v1", name: "in-step")
  private static let second = (plural: "deployments", path: "/apis/apps/v1", name: "in-step")

  /// Makes both, and so many others around them that lists take several pages.
  func create(fillers: Int) async throws {
    try await post(Self.first.path, "configmaps", configMap("in-step", in: namespace, ["n": "0"]))
    try await post(Self.second.path, "deployments", deployment("in-step", "0"))
    for index in 0..<fillers {
      try await post("/api/v1", "configmaps", configMap("a-filler-\(index)", in: namespace))
      try await post("/apis/apps/v1", "deployments", deployment("a-filler-\(index)", ""))
    }
  }

  private func post(_ root: String, _ plural: String, _ object: JSONValue) async throws {
    try await api.send(.post, "\(root)/namespaces/\(namespace)/\(plural)", object)
  }

  private func deployment(_ name: String, _ number: String) -> JSONValue {
    let labels: JSONValue = ["app": .string(name)]
    return [
      "apiVersion": "apps/v1", "kind": "Deployment",
      "metadata": [
        "name": .string(name), "namespace": .string(namespace),
        "annotations": ["example.com/n": .string(number)],
      ],
      "spec": [
        "replicas": 0, "selector": ["matchLabels": labels],
        "template": [
          "metadata": ["labels": labels],
          "spec": ["containers": [["name": "main", "image": "main"]]],
        ],
      ],
    ]
  }

  /// Counts until `end()`; the number it has come to.
  func write() async throws -> Int {
    var number = 0
    while !stop.isSet {
      number += 1
      let text = JSONValue.string(String(number))
      try await patch(Self.first, ["data": ["n": text]])
      try await patch(Self.second, ["metadata": ["annotations": ["example.com/n": text]]])
    }
    return number
  }

  /// Ends the writer after the step it is in.
  func end() { stop.set() }

  private func patch(
    _ object: (plural: String, path: String, name: String),
    _ change: JSONValue
  ) async throws {
    try await api.send(
      .patch,
      "\(object.path)/namespaces/\(namespace)/\(object.plural)/\(object.name)",
      change,
      contentType: "application/merge-patch+json"
    )
  }

  /// The two numbers as a backup holds them; nil where one is missing.
  func numbers(in archive: BackupArchive) throws -> (first: Int, second: Int)? {
    let first = ObjectKey(type: "configmaps", namespace: namespace, name: "in-step")
    let second = ObjectKey(type: "deployments.apps", namespace: namespace, name: "in-step")
    guard
      let ahead = try archive.object(first)?[path: "data", "n"],
      let behind = try archive.object(second)?[path: "metadata", "annotations", "example.com/n"],
      let number = ahead.string.flatMap({ Int($0) }), let other = behind.string.flatMap({ Int($0) })
    else { return nil }
    return (number, other)
  }
}

private final class StopSign: Sendable {
  private let state = Mutex(false)

  var isSet: Bool { state.withLock { $0 } }

  func set() { state.withLock { $0 = true } }
}

/// What the backups of a cluster in motion came to.
struct ConsistencyRecord: Sendable {
  /// Each backup's numbers, in order.
  var numbers: [(first: Int, second: Int)] = []
  /// What is wrong.
  var flaws: [String] = []
  /// How many steps the writer made meanwhile.
  var steps = 0

  /// Backs up again and again while a writer works.
  static func make(
    _ fixture: BackupRunFixture,
    _ objects: ObjectsInStep,
    _ spec: BackupSpec,
    backups: Int
  ) async throws -> ConsistencyRecord {
    async let writer = objects.write()
    var fixture = fixture
    var record = ConsistencyRecord()
    do {
      for number in 0..<backups {
        // One list after the other is the harder case: their moments are further apart.
        fixture.options.parallelLists = number.isMultiple(of: 4) ? 2 : 1
        try await record.add(fixture, objects, spec, "b-\(number)")
      }
    } catch {
      objects.end()
      _ = try? await writer
      throw error
    }
    objects.end()
    record.steps = try await writer
    return record
  }

  private mutating func add(
    _ fixture: BackupRunFixture,
    _ objects: ObjectsInStep,
    _ spec: BackupSpec,
    _ name: String
  ) async throws {
    let outcome = try await fixture.backUp(name, spec)
    let archive = try await fixture.readArchive(name)
    guard let pair = try objects.numbers(in: archive) else {
      flaws.append("\(name) lacks one of the objects")
      return
    }
    numbers.append(pair)
    if outcome.window.revision == nil || !outcome.window.departures.isEmpty {
      flaws.append("\(name) is not of one revision: \(outcome.window.summary)")
    }
    if !(0...1).contains(pair.first - pair.second) {
      flaws.append("\(name) holds \(pair.second) beside \(pair.first)")
    }
  }
}
