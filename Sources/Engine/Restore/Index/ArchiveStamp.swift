// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
internal import Primitives

/// Tells one archive from another without reading it whole: its size, and a digest of its first and last bytes.
///
/// The last bytes hold the checksum of the last gzip member.
public struct ArchiveStamp: Sendable, Hashable {
  /// How many bytes count at each end.
  static let edgeBytes = 64 << 10

  /// How many bytes the archive has.
  public let sizeBytes: Int64
  /// The SHA-256 of the first and the last `edgeBytes`; of a shorter archive, of all of it twice.
  public let digest: [UInt8]

  init(sizeBytes: Int64, digest: [UInt8]) {
    self.sizeBytes = sizeBytes
    self.digest = digest
  }

  init(sizeBytes: Int64, first: [UInt8], last: [UInt8]) {
    var digest = SHA256()
    digest.update(first)
    digest.update(last)
    self.init(sizeBytes: sizeBytes, digest: digest.finish())
  }

  /// Reads the stamp of an archive in a store, with two ranged reads.
  ///
  /// - Throws: `.notFound` when there is none; what the store throws.
  static func read(_ key: String, in store: any ObjectStore) async throws(ObjectStoreError)
    -> ArchiveStamp
  {
    let size = try await store.size(key)
    guard size > 0 else { return ArchiveStamp(sizeBytes: 0, first: [], last: []) }
    let edge = Int64(edgeBytes)
    let first = try await store.get(key, range: .bytes(0..<edge), limit: edgeBytes)
    let last = try await store.get(key, range: .suffix(edge), limit: edgeBytes)
    return ArchiveStamp(sizeBytes: size, first: first, last: last)
  }

  /// Makes the stamp of an archive that goes by in chunks.
  struct Maker {
    private var sizeBytes: Int64 = 0
    private var first: [UInt8] = []
    private var last: [UInt8] = []

    mutating func update(_ chunk: [UInt8]) {
      sizeBytes += Int64(chunk.count)
      first += chunk.prefix(max(0, edgeBytes - first.count))
      last += chunk.suffix(edgeBytes)
      // Trimmed now and then, so that tiny chunks do not move all bytes each time.
      if last.count > 4 * edgeBytes { last.removeFirst(last.count - edgeBytes) }
    }

    var stamp: ArchiveStamp {
      ArchiveStamp(sizeBytes: sizeBytes, first: first, last: Array(last.suffix(edgeBytes)))
    }
  }
}
