// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// What restores, and the archives of backups, give.
extension LiveCompletion {
  /// The restores, each with how it stands.
  func restores(startingWith typed: String) async throws -> [Candidate] {
    let catalog = try wiring.restoreCatalog()
    let names = try await catalog.names().filter { $0.hasPrefix(typed) }
    guard names.count <= Self.describedBackups else { return names.map { Candidate(word: $0) } }
    let now = invocation.clock.now()
    return try await catalog.restores().entries.filter { names.contains($0.name) }.map { restore in
      guard let status = restore.record?.status else {
        return Candidate(word: restore.name, summary: "made by Velero")
      }
      let age = status.startTimestamp.map { ", \(HumanText.short(now - $0)) ago" } ?? ""
      return Candidate(word: restore.name, summary: status.phase.text + age)
    }
  }

  /// The labels of the restores, or the values of one.
  func restoreLabels(_ key: String?) async throws -> [Candidate] {
    var labels = LabelTally()
    for restore in try await wiring.restoreCatalog().restores().entries {
      for (key, value) in restore.record?.labels ?? [:] { labels.add(key, value) }
    }
    return labels.candidates(of: key, noun: "restore")
  }

  /// The namespaces that the list of the backup's objects names, with how many objects each has.
  func archivedNamespaces() async throws -> [Candidate] {
    guard let backup = typedBackup else { return [] }
    let list = try await wiring.catalog().json(.resourceList, of: backup)
    var counts: [String: Int] = [:]
    for kind in list?.object?.members ?? [] {
      for entry in kind.value.array ?? [] {
        guard let parts = entry.string?.split(separator: "/"), parts.count == 2 else { continue }
        counts[String(parts[0]), default: 0] += 1
      }
    }
    return counts.sorted { $0.key < $1.key }.map {
      Candidate(word: $0.key, summary: HumanText.counted($0.value, "object"))
    }
  }

  /// Objects as `TYPE/NAMESPACE/NAME`, a part after the other, where an index of the archive was made before.
  func archivedObjects(startingWith typed: String) async throws -> [Candidate] {
    guard let backup = typedBackup,
      let index = try await wiring.archiveIndexes().existing(of: backup)
    else { return [] }
    let depth = typed.split(separator: "/", omittingEmptySubsequences: false).count
    var counts: [String: Int] = [:]
    for item in index.items {
      let text = index.address(item.number).text
      guard text.hasPrefix(typed) else { continue }
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      let word = parts.prefix(depth).joined(separator: "/")
      counts[parts.count > depth ? word + "/" : word, default: 0] += 1
    }
    return counts.sorted { $0.key < $1.key }.map { word, count in
      Candidate(word: word, summary: word.hasSuffix("/") ? HumanText.counted(count, "object") : "")
    }
  }

  /// The backup that the line names so far.
  private var typedBackup: String? {
    arguments[RestoreCreateFlags.fromBackup].flatMap { ObjectName.isSubdomain($0) ? $0 : nil }
  }
}
