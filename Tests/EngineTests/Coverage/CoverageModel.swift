// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import TestSupport
import Velero

@testable import Engine

/// A random cluster with random backups, and the rows by the rule alone: every backup is looked at for every object.
struct CoverageModel {
  let objects: [CoverageObject]
  let backups: [StoredBackup]

  private static let phases: [BackupPhase] = [
    .completed, .completed, .completed, .partiallyFailed, .partiallyFailed, .failed, .inProgress,
    .finalizing, .deleting,
  ]

  init(_ random: inout SplitMix64) {
    var objects: Set<CoverageObject> = []
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      let namespace = ["a", "b", "c"][Int.random(in: 0..<3, using: &random)]
      let name = ["x", "y", "z"][Int.random(in: 0..<3, using: &random)]
      let isNamespace = Int.random(in: 0..<4, using: &random) == 0
      objects.insert(isNamespace ? .namespace(namespace) : .deployment(namespace, name))
    }
    self.objects = objects.sorted(by: CoverageObject.isInOrder).map { object in
      var object = object
      if Int.random(in: 0..<8, using: &random) == 0 { object.exclusion = .label }
      return object
    }
    var ages = Array(0..<40 as Range<Int64>)
    ages.shuffle(using: &random)
    var backups: [StoredBackup] = []
    for index in 0..<Int.random(in: 0...9, using: &random) {
      backups.append(Self.backup("b\(index)", age: ages[index], &random))
    }
    self.backups = backups
  }

  private static func backup(_ name: String, age: Int64, _ random: inout SplitMix64) -> StoredBackup
  {
    var backup = StoredBackup(name: name, age: age)
    backup.phase = phases.randomElement(using: &random) ?? .completed
    backup.cluster = ["own", "own", "other", nil].randomElement(using: &random) ?? nil
    let isNarrow = Int.random(in: 0..<3, using: &random) == 0
    backup.namespaces = isNarrow ? ["a", "c"] : ["*"]
    var holds: [String: [String]] = ["v1/Namespace": [], "apps/v1/Deployment": []]
    for namespace in isNarrow ? ["a", "c"] : ["a", "b", "c"] {
      if Bool.random(using: &random) { holds["v1/Namespace"]?.append(namespace) }
      for name in ["x", "y", "z"] where Bool.random(using: &random) {
        holds["apps/v1/Deployment"]?.append("\(namespace)/\(name)")
      }
    }
    backup.holds = Int.random(in: 0..<10, using: &random) == 0 ? nil : holds
    backup.hasArchive = Int.random(in: 0..<12, using: &random) > 0
    if Int.random(in: 0..<6, using: &random) > 0 {
      let error = [
        " resource: /deployments.apps name: /x error: /e", " resource: /deployments error: /e",
        " message: /e",
      ].randomElement(using: &random)
      backup.results = #"{"errors":{"namespaces":{"a":["\#(error ?? "")"]}},"warnings":{}}"#
    }
    return backup
  }

  func store() async throws -> any ObjectStore {
    let store = MemoryStore()
    for backup in backups { try await backup.write(into: store) }
    return store
  }

  /// The rows as texts.
  var rows: [String] {
    let usable = backups.sorted { $0.age < $1.age }.filter {
      ($0.phase == .completed || $0.phase == .partiallyFailed) && $0.cluster != "other"
    }
    return objects.map { object in
      guard object.exclusion == nil else {
        return CoverageRow(object: object, finding: .excluded(.label)).text
      }
      // A backup is known to hold nothing when it has no archive.
      var isUnknown = false
      for backup in usable where backup.hasArchive {
        let isPartial = backup.phase == .partiallyFailed
        guard let holds = backup.holds, !isPartial || backup.results != nil else {
          if backup.namespaces == ["*"] || object.home != "b" { isUnknown = true }
          continue
        }
        let key = object.isNamespace ? "v1/Namespace" : "apps/v1/Deployment"
        guard holds[key]?.contains(object.entry) == true else { continue }
        if isPartial, Self.fails(object, backup.results ?? "") { continue }
        let copy = CoverageBackup(
          name: backup.name,
          started: .test,
          isPartial: isPartial,
          isClusterKnown: backup.cluster == "own"
        )
        return CoverageRow(object: object, finding: .held(CoverageCopy(copy))).text
      }
      return CoverageRow(object: object, finding: isUnknown ? .unknown : .never).text
    }
  }

  private static func fails(_ object: CoverageObject, _ results: String) -> Bool {
    guard object.home == "a" else { return false }
    if results.contains("name: /x") { return !object.isNamespace && object.name == "x" }
    return results.contains("deployments") ? !object.isNamespace : true
  }
}
