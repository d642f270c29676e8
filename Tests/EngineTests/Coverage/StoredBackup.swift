// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import TestSupport
import Velero

@testable import Engine

/// A backup in Velero's layout, as another program may have left it.
struct StoredBackup: Sendable {
  var name: String
  /// How long before the test's moment it began, in hours.
  var age: Int64 = 0
  var phase = BackupPhase.completed
  /// The uid in the annotation of this engine.
  var cluster: String?
  var namespaces: [String] = []
  /// Entries by `group/version/Kind`; nil for a backup without its list.
  var holds: [String: [String]]? = [:]
  var results: String?
  var hasArchive = true

  private var record: Backup {
    var backup = Backup(name: name)
    backup.spec.includedNamespaces = namespaces
    backup.status.phase = phase
    backup.status.startTimestamp = .test + GoDuration(seconds: -age * 3600)
    if let cluster { backup.annotations[ClusterIdentity.annotation] = cluster }
    return backup
  }

  func write(into store: any ObjectStore) async throws {
    let layout = StoreLayout()
    func put(_ file: BackupFile, _ bytes: [UInt8]) async throws {
      try await store.put(layout.key(file, ofBackup: name), bytes)
    }
    try await put(.record, record.encoded())
    if hasArchive { try await put(.contents, [1]) }
    if let results { try await put(.results, Gzip.compress(Array(results.utf8))) }
    guard let holds else { return }
    let json = JSONValue.object(
      JSONObject(
        holds.sorted { $0.key < $1.key }.map {
          JSONObject.Member(key: $0.key, value: .array($0.value.map { .string($0) }))
        }
      )
    )
    try await put(.resourceList, Gzip.compress(json.encoded()))
  }
}

extension CoverageObject {
  static func deployment(_ namespace: String, _ name: String, exclusion: Exclusion? = nil)
    -> CoverageObject
  {
    CoverageObject(
      group: "apps",
      kind: "Deployment",
      resource: "deployments.apps",
      namespace: namespace,
      name: name,
      exclusion: exclusion
    )
  }
}

extension CoverageRow {
  /// `Kind namespace/name: backup`, with what else is to be said of it.
  var text: String {
    let place = [object.namespace, object.name].compactMap { $0 }.joined(separator: "/")
    let found =
      switch finding {
      case .held(let copy):
        copy.backup + (copy.isPartial ? " partial" : "") + (copy.isClusterKnown ? "" : " anywhere")
      case .never: "never"
      case .unknown: "unknown"
      case .excluded(let exclusion): "excluded by \(exclusion.rawValue)"
      }
    return "\(object.kind) \(place): \(found)"
  }
}
