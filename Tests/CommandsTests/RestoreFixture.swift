// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import TestSupport
import Velero

/// A store with restores of several kinds: ours, one of Velero, one that cannot be read.
enum RestoreFixture {
  /// Writes the store into `store` of a directory.
  static func write(into directory: TemporaryDirectory) throws {
    try writeCompleted(into: directory)
    try writePartial(into: directory)
    var running = record("shop-20260315030000", phase: .inProgress)
    running.status.completionTimestamp = nil
    try put(.record, of: running.name, running.encoded(), into: directory)
    try put(.logs, of: "by-velero", Gzip.compress(Array(log.utf8)), into: directory)
    var results = OperationResults()
    results.warnings.add("could not restore, ConfigMap \"a\" already exists", namespace: "shop")
    try put(.results, of: "by-velero", results.encoded(), into: directory)
    try put(.record, of: "damaged", Array("{".utf8), into: directory)
  }

  private static func writeCompleted(into directory: TemporaryDirectory) throws {
    let name = "shop-20260313030000"
    var restore = record(name, phase: .completed)
    restore.labels = ["tier": "gold"]
    restore.status.progress = RestoreProgress(totalItems: 2, itemsRestored: 2)
    try put(.record, of: name, restore.encoded(), into: directory)
    try put(.logs, of: name, Gzip.compress(Array(log.utf8)), into: directory)
    try put(.results, of: name, OperationResults().encoded(), into: directory)
    var list = ResourceListBuilder()
    list.add(kind: "v1/Namespace", namespace: nil, name: "shop(created)")
    list.add(kind: "v1/ConfigMap", namespace: "shop", name: "a(created)")
    var encoder = list.makeEncoder(GzipCompressor())
    var bytes: [UInt8] = []
    while let member = encoder.next() { bytes += member }
    try put(.resourceList, of: name, bytes, into: directory)
    var outcome = RestoreOutcomeFile(source: source, target: target)
    outcome.counts[.create] = 2
    outcome.namespaces = ["shop"]
    outcome.restoredIn = .milliseconds(1234)
    try put(.outcome, of: name, outcome.encoded(), into: directory)
  }

  private static func writePartial(into directory: TemporaryDirectory) throws {
    let name = "shop-20260314030000"
    var restore = record(name, phase: .partiallyFailed)
    restore.status.errors = 2
    restore.spec.namespaceMapping = ["shop": "copy"]
    restore.spec.includedNamespaces = ["shop"]
    restore.annotations =
      RestoreOptions(
        objects: ["configmaps/shop/a", "persistentvolumes/pv-1"],
        recreates: true,
        maps: RestoreMaps(storageClasses: ["slow": "fast"])
      ).annotations
    try put(.record, of: name, restore.encoded(), into: directory)
    var results = OperationResults()
    for number in 1...2 { results.errors.add("refused \(number)", namespace: "copy") }
    try put(.results, of: name, results.encoded(), into: directory)
    var outcome = RestoreOutcomeFile(source: source, target: target)
    outcome.failed = (1...2).map { number in
      let here = ObjectAddress(type: "configmaps", namespace: "shop", name: "a\(number)")
      let there = ObjectAddress(type: "configmaps", namespace: "copy", name: "a\(number)")
      return .init(
        source: here,
        target: there,
        failure: RestoreFailure(.forbidden, "configmaps \"a\(number)\" is forbidden")
      )
    }
    outcome.counts[.fail] = 2
    outcome.pending = [ObjectAddress(type: "persistentvolumes", name: "pv-1")]
    outcome.isCancelled = true
    try put(.outcome, of: name, outcome.encoded(), into: directory)
  }

  private static let source = ClusterName(identity: ClusterIdentity(uid: "11111111-aaaa"))
  private static let target = ClusterName(
    context: "lab",
    server: "https://10.0.0.1:6443",
    identity: ClusterIdentity(uid: "22222222-bbbb")
  )

  private static func record(_ name: String, phase: RestorePhase) -> Restore {
    let started = Timestamp(rfc3339: "2026-03-\(name.dropFirst(11).prefix(2))T03:00:00Z")
    var restore = Restore(name: name)
    restore.spec.backupName = "nightly"
    restore.spec.includedNamespaces = ["*"]
    restore.spec.itemOperationTimeout = GoDuration(seconds: 4 * 3600)
    restore.creationTimestamp = started
    restore.status.phase = phase
    restore.status.startTimestamp = started
    restore.status.completionTimestamp = started.map { $0 + GoDuration(seconds: 12) }
    return restore
  }

  private static func put(
    _ file: RestoreFile,
    of name: String,
    _ bytes: [UInt8],
    into directory: TemporaryDirectory
  ) throws {
    try directory.write(bytes, to: "store/" + StoreLayout().key(file, ofRestore: name))
  }

  private static let log = """
    time="2026-03-13T03:00:00Z" level=info msg="restore begins" restore=velero/shop
    time="2026-03-13T03:00:01Z" level=warning msg="odd" restore=velero/shop

    """
}
