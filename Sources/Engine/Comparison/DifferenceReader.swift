// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
public import Primitives
internal import Velero

/// Compares a backup with another one, or with a cluster as it is now.
///
/// Of each object only a digest is held, so that memory grows with the number of objects and not with their size.
public struct DifferenceReader: Sendable {
  /// Told how far a comparison is.
  public typealias Listener = @Sendable (DifferenceProgress) async throws -> Void

  /// A backup, and where it is.
  public struct Side: Sendable {
    /// The backups of its store.
    public var catalog: BackupCatalog
    /// The indexes of their archives.
    public var indexes: ArchiveIndexes
    /// Its name.
    public var name: String

    /// Names a backup.
    public init(catalog: BackupCatalog, indexes: ArchiveIndexes, name: String) {
      self.catalog = catalog
      self.indexes = indexes
      self.name = name
    }

    var objects: BackupObjects { BackupObjects(catalog: catalog, indexes: indexes) }
  }

  private let before: Side
  private let onProgress: Listener

  /// Takes the earlier state; nothing is read yet.
  public init(_ before: Side, onProgress: @escaping Listener = { _ in }) {
    self.before = before
    self.onProgress = onProgress
  }

  /// Compares with a later backup.
  ///
  /// Objects whose archived bytes are the same are not read.
  ///
  /// - Throws: `EngineError` `.corrupt` and `VeleroError` for a damaged archive; `ObjectStoreError`; `CancellationError`.
  public func compare(with after: Side) async throws -> BackupDifference {
    let (old, new) = (try await index(before), try await index(after))
    var objects: [ObjectDifference] = []
    var equalCount = 0
    var pairs: [(old: Int, new: Int)] = []
    for item in old.items {
      let address = item.address
      guard let copy = item.mainCopy else { continue }
      guard let other = new.mainCopy(of: address) else {
        objects.append(ObjectDifference(address, .removed))
        continue
      }
      if copy.checksum == other.checksum, copy.sizeBytes == other.sizeBytes {
        equalCount += 1
      } else {
        pairs.append((copy.number, other.number))
      }
    }
    for item in new.items where old.mainCopy(of: item.address) == nil {
      objects.append(ObjectDifference(item.address, .added))
    }
    let digests = try await digests(pairs.map(\.old), old, before, of: pairs.count * 2)
    let others = try await self.digests(
      pairs.map(\.new),
      new,
      after,
      done: pairs.count,
      of: pairs.count * 2
    )
    var noisyCount = 0
    for (address, digest) in digests {
      if others[address] == digest {
        noisyCount += 1
      } else {
        objects.append(ObjectDifference(address, .changed))
      }
    }
    return BackupDifference(
      objects: objects,
      equalCount: equalCount + noisyCount,
      noisyCount: noisyCount
    )
  }

  /// Compares with a cluster as it is now.
  ///
  /// What counts as added is what the backup's filter would take now and the backup has not.
  ///
  /// - Throws: As for backups; `KubernetesError` when the cluster does not answer.
  public func compare(
    with client: KubernetesClient,
    clock: WallClock = .system
  ) async throws -> BackupDifference {
    let index = try await index(before)
    let copies = index.items.compactMap { $0.mainCopy?.number }
    let digests = try await digests(Array(copies), index, before, of: copies.count)
    var difference = try await compare(digests, with: client)
    try await onProgress(DifferenceProgress("asking what the backup would take now"))
    do {
      let added = try await taken(client, clock).filter { digests[$0] == nil }
      difference.objects += added.map { ObjectDifference($0, .added) }
    } catch let error as EngineError {
      difference.gaps.append("what was added since is not known: \(error.message)")
    }
    return BackupDifference(
      objects: difference.objects,
      equalCount: difference.equalCount,
      gaps: difference.gaps,
      uncompared: difference.uncompared
    )
  }

  private func compare(
    _ digests: [ObjectAddress: [UInt8]],
    with client: KubernetesClient
  ) async throws -> BackupDifference {
    let live = try await LiveObjects(client: client)
    var difference = BackupDifference()
    let types = Dictionary(grouping: digests.keys, by: \.type).sorted { $0.key < $1.key }
    var done = 0
    for (type, addresses) in types {
      try await onProgress(
        DifferenceProgress("reading \(type) of the cluster", done: done, total: digests.count)
      )
      var isEqual: [ObjectAddress: Bool] = [:]
      let reason = try await live.read(
        ArchiveComparison.ObjectType(resource: type),
        in: Set(addresses.map(\.namespace))
      ) { object in
        let address = ObjectAddress(
          type: type,
          namespace: object[path: "metadata", "namespace"]?.string,
          name: object[path: "metadata", "name"]?.string ?? ""
        )
        guard let digest = digests[address] else { return }
        isEqual[address] = ObjectNoise.digest(object) == digest
      }
      done += addresses.count
      if let reason {
        difference.gaps.append("\(type): not compared: \(reason)")
        difference.uncompared.formUnion(addresses)
        continue
      }
      for address in addresses {
        switch isEqual[address] {
        case true: difference.equalCount += 1
        case false: difference.objects.append(ObjectDifference(address, .changed))
        case nil: difference.objects.append(ObjectDifference(address, .removed))
        }
      }
    }
    return difference
  }

  /// What the backup's filter takes now.
  private func taken(_ client: KubernetesClient, _ clock: WallClock) async throws
    -> [ObjectAddress]
  {
    guard let record = try await before.catalog.record(before.name) else {
      throw EngineError(.notFound, "the backup '\(before.name)' has no record any more")
    }
    let scope = try await BackupScope.read(try BackupScope.asked(record), with: client)
    let preview = try await PreviewReader(client: client, clock: clock).read(scope.filter)
    if let problem = preview.problems.first { throw EngineError(.invalid, problem) }
    var addresses = preview.extras.filter(\.verdict.isTaken).map(\.address)
    preview.forEachTaken { type, row, _ in
      addresses.append(
        ObjectAddress(type: type.rule.groupResource, namespace: row.namespace, name: row.name)
      )
    }
    return addresses
  }

  private func index(_ side: Side) async throws -> ArchiveIndex {
    try await onProgress(DifferenceProgress("reading the index of '\(side.name)'"))
    return try await side.indexes.index(of: side.name)
  }

  /// The digests of the objects of some entries.
  private func digests(
    _ copies: [Int],
    _ index: ArchiveIndex,
    _ side: Side,
    done: Int = 0,
    of total: Int
  ) async throws -> [ObjectAddress: [UInt8]] {
    var digests: [ObjectAddress: [UInt8]] = [:]
    try await side.objects.read(copies, of: side.name, index) { copy, object in
      let path = index.path(ofCopy: copy)
      let address = ObjectAddress(
        type: path.resource,
        namespace: path.namespace,
        name: path.name
      )
      digests[address] = ObjectNoise.digest(object)
      if digests.count.isMultiple(of: Self.reportInterval) {
        try await onProgress(
          DifferenceProgress("reading '\(side.name)'", done: done + digests.count, total: total)
        )
      }
    }
    return digests
  }

  /// After how many objects the progress is told.
  private static let reportInterval = 256
}
