// SPDX-License-Identifier: Apache-2.0

/// What an archive may come to; beyond it a reader refuses rather than fills memory or works for hours.
public struct ArchiveLimits: Sendable, Hashable {
  /// The most bytes of an entry; API servers take requests of 3 MiB, aggregated ones may take more.
  ///
  /// JSON of nothing but `0,` needs some 30 times its size while it is parsed.
  public var entryBytes: Int64 = 16 << 20
  /// The most entries, directories among them; every object has two.
  public var entries = 10_000_000
  /// The most bytes of the whole archive when it is uncompressed.
  public var totalBytes = Int.max
  /// The most bytes that may come out of one byte, above `freeBytes`; deflate's own limit is 1032.
  ///
  /// JSON of very many equal objects, each of them twice, comes to about 100.
  public var ratio = 400
  /// Uncompressed bytes for which no ratio counts: little archives of nearly nothing are no bombs.
  public var freeBytes = 256 << 20

  /// The limits for archives of Kubernetes objects.
  public init() {}
}
