// SPDX-License-Identifier: Apache-2.0

public import Velero

/// Which objects are in a backup's archive and where their bytes are.
///
/// Objects and entries have numbers from 0, in the archive's order; an object's is that of its first entry. Names, labels
/// and kinds are stored once each.
public struct ArchiveIndex: Sendable {
  /// Which archive it is of.
  public let stamp: ArchiveStamp
  /// What `metadata/version` says; empty when the archive has none.
  public let formatVersion: String
  /// Files that are no objects, and that readers ignore: the first of them.
  public let strays: [String]
  /// How many such files there are.
  public let strayCount: Int

  let rows: ArchiveIndexRows

  /// How many objects there are.
  public var itemCount: Int { rows.itemCount }
  /// How many entries the objects have.
  public var copyCount: Int { rows.copyCount }
  /// In how many gzip members entries begin; 1 when all have to be read from the archive's start.
  public var memberCount: Int { rows.members.count }

  /// The object with a number.
  public subscript(number: Int) -> ArchivedItem { ArchivedItem(rows: rows, number: number) }

  /// All objects, in the order of their first entries.
  public var items: some Sequence<ArchivedItem> & Sendable {
    (0..<itemCount).lazy.map { [rows] in ArchivedItem(rows: rows, number: $0) }
  }

  /// The types that objects have, `plural.group`.
  var resources: Set<String> { Set(rows.types.map { rows.text.string($0.resource) }) }

  /// The namespaces that objects live in.
  var namespaces: Set<String> { rows.namespaces(ofItems: 0..<itemCount) }

  /// The numbers of a type's objects, in the archive's order.
  func numbers(ofType resource: String) -> [Int] {
    guard let text = rows.text.find(resource), let type = rows.type(ofResource: text) else {
      return []
    }
    return rows.itemTypes.indices.filter { rows.itemTypes[$0] == type }
  }

  /// For each label the values that objects have, with how many have them.
  public var labelCounts: [String: [String: Int]] {
    var objects: [UInt32: (item: Int, count: Int)] = [:]
    for (item, set) in rows.itemLabels.enumerated() { objects[set, default: (item, 0)].count += 1 }
    var counts: [String: [String: Int]] = [:]
    for (item, count) in objects.values {
      for (key, value) in self[item].labels {
        counts[key, default: [:]][value, default: 0] += count
      }
    }
    return counts
  }

  /// The number of an object; nil when the archive has none of the name.
  public func number(resource: String, namespace: String?, name: String) -> Int? {
    guard let resource = rows.text.find(resource), let type = rows.type(ofResource: resource),
      let namespace = rows.text.find(namespace ?? ""), let name = rows.text.find(name)
    else { return nil }
    return rows.item(.init(type: type, namespace: namespace, name: name)).map { Int($0) }
  }

  /// The entry with a number.
  public func copy(_ number: Int) -> ArchivedCopy { ArchivedCopy(rows: rows, number: number) }

  /// The path of an entry.
  public func path(ofCopy number: Int) -> ArchivePath {
    self[Int(rows.copyItems[number])].path(in: copy(number).version)
  }
}

/// An object of an archive.
public struct ArchivedItem: Sendable {
  let rows: ArchiveIndexRows
  /// Its number in the index.
  public let number: Int

  private var type: ArchiveIndexRows.TypeRow { rows.types[Int(rows.itemTypes[number])] }

  /// The resource with its group, such as `deployments.apps`, or `pods` of the core group.
  public var resource: String { rows.text.string(type.resource) }
  /// The kind, such as `Deployment`.
  public var kind: String { rows.text.string(type.kind) }
  /// The namespace; nil for the cluster's own.
  public var namespace: String? {
    let namespace = rows.itemNamespaces[number]
    return namespace == 0 ? nil : rows.text.string(namespace)
  }
  /// The name.
  public var name: String { rows.text.string(rows.itemNames[number]) }
  /// What its metadata and status say that decides about a restore.
  public var flags: ArchivedItemFlags { rows.itemFlags[number] }

  /// The labels.
  public var labels: [String: String] {
    rows.labelSets.withBytes(rows.itemLabels[number]) { words in
      var labels: [String: String] = [:]
      for at in stride(from: 0, to: words.count, by: 8) {
        let key = words.loadUnaligned(fromByteOffset: at, as: UInt32.self)
        let value = words.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self)
        labels[rows.text.string(key)] = rows.text.string(value)
      }
      return labels
    }
  }

  /// Its entries, in the archive's order; at least one, each in another directory.
  public var copies: [ArchivedCopy] {
    var copies: [ArchivedCopy] = []
    var next = rows.firstCopies[number]
    while next != ArchiveIndexRows.none {
      copies.append(ArchivedCopy(rows: rows, number: Int(next)))
      next = rows.nextCopies[Int(next)]
    }
    return copies
  }

  /// Its entry in a directory; nil when there is none.
  public func copy(_ version: ArchivePath.Version) -> ArchivedCopy? {
    copies.first { $0.version == version }
  }

  /// The path of its entry in a directory.
  public func path(in version: ArchivePath.Version) -> ArchivePath {
    ArchivePath(resource: resource, version: version, namespace: namespace, name: name)
  }
}

/// One of the entries of an object.
public struct ArchivedCopy: Sendable {
  let rows: ArchiveIndexRows
  /// Its number in the index.
  public let number: Int

  /// Which directory it is in.
  public var version: ArchivePath.Version {
    let directory = rows.copyDirectories[number]
    return ArchivePath.Version(directory: directory == 0 ? nil : rows.text.string(directory))
  }
  /// The API version in its JSON, such as `apps/v1`.
  public var apiVersion: String { rows.text.string(rows.copyVersions[number]) }
  /// How many bytes its JSON has.
  public var sizeBytes: Int { Int(rows.copySizes[number]) }
  /// The CRC-32 of its JSON.
  public var checksum: UInt32 { rows.copyChecksums[number] }
  /// Where its JSON is in the archive.
  public var place: ArchivePlace {
    ArchivePlace(
      member: rows.members[Int(rows.copyMembers[number])],
      offset: rows.copyOffsets[number]
    )
  }
}

/// What an archived object says that decides whether and how it is restored.
///
/// Source: Velero 1.18, `pkg/restore/restore.go`, `restoreItem`.
public struct ArchivedItemFlags: OptionSet, Sendable, Hashable {
  /// The bits.
  public let rawValue: UInt16

  /// Makes a set out of bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// It has owners.
  public static let owned = ArchivedItemFlags(rawValue: 1 << 0)
  /// One of its owners is its controller.
  public static let controlled = ArchivedItemFlags(rawValue: 1 << 1)
  /// Its name was made by the server.
  public static let generatedName = ArchivedItemFlags(rawValue: 1 << 2)
  /// It was being deleted.
  public static let deleting = ArchivedItemFlags(rawValue: 1 << 3)
  /// It has finalizers.
  public static let finalizers = ArchivedItemFlags(rawValue: 1 << 4)
  /// It has a status.
  public static let status = ArchivedItemFlags(rawValue: 1 << 5)
  /// A pod or job that has ended.
  public static let completed = ArchivedItemFlags(rawValue: 1 << 6)
  /// A pod that a node made out of a file of its own.
  public static let mirrorPod = ArchivedItemFlags(rawValue: 1 << 7)

  /// All bits that have a meaning.
  static let known = ArchivedItemFlags(rawValue: 0xFF)
}
