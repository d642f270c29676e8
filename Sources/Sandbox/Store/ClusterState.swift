// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Everything that a cluster holds.
///
/// Not safe for use from several threads; `SandboxCluster` has the lock.
final class ClusterState {
  let version: SandboxVersion
  let clock: WallClock
  let historyLimit: Int
  var catalog: Catalog
  /// The last revision that was given away, as etcd counts; a cluster starts at 1.
  private(set) var revision: Int64 = 1
  private var tables: [String: ObjectTable] = [:]
  private var random: SplitMix64
  /// Reads of etcd at revisions below this one fail; watches and snapshots are served from the tables.
  var compactedRevision: Int64 = 0
  var access: [AccessRule]
  var faults = FaultPlan()
  var bookmarks: Int64 = 0
  var serverAddress = "127.0.0.1:443"

  init(options: SandboxOptions) {
    version = options.version
    clock = options.clock
    historyLimit = options.historyLimit
    catalog = Catalog(version: options.version)
    random = SplitMix64(state: options.seed)
    access = options.access
  }

  var now: Timestamp { clock.now().truncatedToSeconds }

  func table(_ type: ResourceType) -> ObjectTable { table(named: type.table) }

  func table(named name: String) -> ObjectTable {
    if let table = tables[name] { return table }
    let table = ObjectTable(historyLimit: historyLimit, floor: 0)
    tables[name] = table
    return table
  }

  func existingTable(_ type: ResourceType) -> ObjectTable? { tables[type.table] }

  func dropTable(named name: String) { tables[name] = nil }

  func nextRevision() -> Int64 {
    revision += 1
    return revision
  }

  /// Forgets what was before a revision.
  func compact(through revision: Int64, includingCache: Bool) {
    compactedRevision = max(compactedRevision, revision)
    guard includingCache else { return }
    for table in tables.values { table.forget(through: revision) }
  }

  func namespace(_ name: String) -> StoredObject? { table(named: "namespaces.")[name] }

  /// A version 4 UUID.
  func makeUID() -> String {
    let high = (random.next() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
    let low = (random.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
    let digits = [high, low].map { String($0, radix: 16, minimumDigits: 16) }.joined()
    var uid = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { uid.append("-") }
      uid.append(digit)
    }
    return uid
  }

  /// Five characters for `generateName`, without vowels, as Kubernetes chooses them.
  func makeNameSuffix() -> String {
    let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
    return String((0..<5).map { _ in alphabet[Int.random(in: alphabet.indices, using: &random)] })
  }

  func random(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
}
