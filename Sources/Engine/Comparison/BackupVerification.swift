// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
internal import ObjectStorage
internal import Primitives
internal import Velero

/// Checks a backup: its archive is read to its end, and each object compared with what a cluster has now.
public struct BackupVerification: Sendable {
  /// How far a verification is.
  public enum Progress: Sendable, Hashable {
    /// So much of the archive is read.
    case archive(readBytes: Int64, totalBytes: Int64)
    /// So many objects are compared.
    case objects(done: Int, total: Int)
  }

  private let catalog: BackupCatalog

  /// Takes the backups of a store; nothing is read yet.
  public init(catalog: BackupCatalog) { self.catalog = catalog }

  /// Reads the archive of a backup to its end, which finds cuts and damage.
  ///
  /// - Parameters:
  ///   - name: The backup.
  ///   - onProgress: Told after each chunk.
  /// - Returns: What the objects of a cluster can be compared with.
  /// - Throws: `VeleroError` and `EngineError` `.corrupt` for an archive that is damaged; `ObjectStoreError`, `.notFound`
  ///   when there is none.
  public func archive(
    _ name: String,
    onProgress: (Progress) async throws -> Void = { _ in }
  ) async throws -> ArchiveComparison {
    var comparison = ArchiveComparison()
    let reader = ArchiveReader()
    let archive = try await catalog.store.read(catalog.layout.key(.contents, ofBackup: name))
    var readBytes: Int64 = 0
    for try await chunk in archive {
      try Task.checkCancellation()
      try reader.consume(chunk, wantsBody: { Self.key($0) != nil }) { entry, bytes in
        guard let key = Self.key(entry) else { return }
        do {
          try comparison.addArchived(key, bytes)
        } catch {
          throw EngineError(
            .corrupt,
            "'\(entry.path)' of '\(name)' holds an object that is \(error)"
          )
        }
      }
      readBytes += Int64(chunk.count)
      try await onProgress(.archive(readBytes: readBytes, totalBytes: archive.objectSizeBytes))
    }
    try reader.finish()
    return comparison
  }

  /// Compares the objects of an archive with those of a cluster, type by type.
  ///
  /// - Parameters:
  ///   - comparison: The archive; holds what became of each object afterwards.
  ///   - client: The cluster.
  ///   - onProgress: Told before each type.
  /// - Returns: Why types could not be compared.
  /// - Throws: `KubernetesError` for what ends all of it, such as a cluster that does not answer; `CancellationError`.
  public func compare(
    _ comparison: inout ArchiveComparison,
    with client: KubernetesClient,
    onProgress: (Progress) async throws -> Void = { _ in }
  ) async throws -> [String] {
    let live = try await LiveObjects(client: client)
    var reasons: [String] = []
    let types = comparison.types.sorted { $0.key.resource < $1.key.resource }
    for (type, namespaces) in types {
      try await onProgress(.objects(done: comparison.verdicts.count, total: comparison.count))
      let reason = try await live.read(type, in: namespaces) { comparison.addLive($0, of: type) }
      comparison.finish(type, isChecked: reason == nil)
      if let reason { reasons.append("\(type.resource): not compared: \(reason)") }
    }
    return reasons
  }

  /// The object of an entry; nil for the second copy of an object and for what is none.
  private static func key(_ entry: TarEntry) -> ArchiveComparison.Key? {
    guard let path = ArchivePath(parsing: entry.path) else { return nil }
    var key = ArchiveComparison.Key(
      resource: path.resource,
      namespace: path.namespace,
      name: path.name
    )
    switch path.version {
    case .unversioned: break
    case .preferred: return nil
    case .other(let version): key.version = version
    }
    return key
  }
}
