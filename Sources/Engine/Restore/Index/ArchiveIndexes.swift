// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage
internal import Primitives
public import Velero

/// The indexes of a store's archives: taken from beside the backup or from the local cache, and made when they are in
/// neither, or damaged, or of another archive.
public struct ArchiveIndexes: Sendable {
  /// How many indexes the cache keeps.
  static let cacheLimit = 64

  private let catalog: BackupCatalog
  private let cache: (any ObjectStore)?
  private let limits: ArchiveLimits

  /// Takes a store; nothing is read yet.
  ///
  /// - Parameters:
  ///   - catalog: The backups.
  ///   - cache: Where indexes go that cannot be kept beside their backups; nil to keep them nowhere.
  ///   - limits: What an archive may come to.
  public init(
    catalog: BackupCatalog,
    cache: (any ObjectStore)?,
    limits: ArchiveLimits = ArchiveLimits()
  ) {
    self.catalog = catalog
    self.cache = cache
    self.limits = limits
  }

  /// The index of a backup's archive.
  ///
  /// Finding one costs three small reads; making one reads the whole archive. A new one is kept beside the backup where
  /// that can be written, otherwise in the cache; that it can be kept nowhere is no error.
  ///
  /// - Parameters:
  ///   - name: The backup.
  ///   - onProgress: Called while the archive is read, with the bytes so far and those of the whole archive.
  /// - Returns: The index.
  /// - Throws: `VeleroError` for an archive that is damaged or refused; `ObjectStoreError`, `.notFound` when the
  ///   backup has no archive.
  public func index(
    of name: String,
    onProgress: (_ readBytes: Int64, _ totalBytes: Int64) async throws -> Void = { _, _ in }
  ) async throws -> ArchiveIndex {
    if let index = try await existing(of: name) { return index }
    let index = try await build(catalog.layout.key(.contents, ofBackup: name), onProgress)
    try await keep(index, of: name, catalog.layout.archiveIndexKey(ofBackup: name))
    return index
  }

  /// The index of a backup's archive, if one was made before; costs three small reads.
  ///
  /// - Parameter name: The backup.
  /// - Returns: The index; nil when there is none that is sound and of the archive as it is.
  /// - Throws: `ObjectStoreError`, `.notFound` when the backup has no archive.
  public func existing(of name: String) async throws -> ArchiveIndex? {
    let archive = catalog.layout.key(.contents, ofBackup: name)
    let stamp = try await ArchiveStamp.read(archive, in: catalog.store)
    let key = catalog.layout.archiveIndexKey(ofBackup: name)
    if let index = try await load(key, from: catalog.store, stamp) { return index }
    guard let cache else { return nil }
    return try await load(cacheKey(key), from: cache, stamp)
  }

  /// Makes the index of an archive, whether there is one or not, and keeps it nowhere.
  private func build(
    _ key: String,
    _ onProgress: (Int64, Int64) async throws -> Void
  ) async throws -> ArchiveIndex {
    let builder = ArchiveIndexBuilder(limits: limits)
    let archive = try await catalog.store.read(key)
    var readBytes: Int64 = 0
    for try await chunk in archive {
      try Task.checkCancellation()
      try builder.consume(chunk)
      readBytes += Int64(chunk.count)
      try await onProgress(readBytes, archive.objectSizeBytes)
    }
    return try builder.finish()
  }

  /// An index that can be used; a store that does not give it is as one that has none.
  private func load(
    _ key: String,
    from store: any ObjectStore,
    _ stamp: ArchiveStamp
  ) async throws -> ArchiveIndex? {
    do {
      let limitBytes = ArchiveIndex.limitBytes(archiveBytes: stamp.sizeBytes)
      let file = try await store.get(key, limit: limitBytes)
      return ArchiveIndex(file: file, of: stamp, limits: limits)
    } catch let error where error.code == .cancelled {
      throw error
    } catch {
      return nil
    }
  }

  private func keep(_ index: ArchiveIndex, of name: String, _ key: String) async throws {
    let file = index.encoded()
    if try await put(file, key, into: catalog.store) {
      // Whoever has deleted the backup meanwhile shall not find a file of it.
      let record = catalog.layout.key(.record, ofBackup: name)
      if try await catalog.store.head(record) == nil { try await catalog.store.delete(key) }
      return
    }
    guard let cache else { return }
    if try await put(file, cacheKey(key), into: cache) { try await prune(cache) }
  }

  private func put(
    _ file: [UInt8],
    _ key: String,
    into store: any ObjectStore
  ) async throws -> Bool {
    do {
      try await store.put(key, file)
      return true
    } catch let error where error.code == .cancelled {
      throw error
    } catch {
      return false
    }
  }

  private func cacheKey(_ key: String) -> String {
    "archive-index/\(SHA256.hexDigest("\(catalog.store.identity)\n\(key)")).gz"
  }

  /// Removes the oldest indexes beyond the limit; one that cannot be removed stays.
  private func prune(_ cache: any ObjectStore) async throws {
    guard let page = try? await cache.list(prefix: "archive-index/") else { return }
    let oldest = page.objects.sorted { ($0.modified?.seconds ?? 0) < ($1.modified?.seconds ?? 0) }
    for object in oldest.dropLast(Self.cacheLimit) { try? await cache.delete(object.key) }
  }
}
