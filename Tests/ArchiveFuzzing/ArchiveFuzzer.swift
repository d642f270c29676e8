// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

/// Reads archives that were damaged by chance, and compares what the parts of the reader say of them.
///
/// Each step is a function of its seed. A step that finds something throws; one that crashes or never ends is for
/// whoever runs it to notice.
public struct ArchiveFuzzer: Sendable {
  /// What the parts of the reader do not agree on.
  public struct Finding: Error, CustomStringConvertible {
    /// The seed of the step and what was found.
    public var description: String
  }

  /// What came of a step.
  public enum Outcome: Sendable, Hashable {
    /// The archive was read.
    case accepted
    /// It was refused.
    case refused
  }

  private let sound: [[UInt8]]
  private let hostile = ArchiveCorpus.hostile.map(\.tar)
  private var limits = ArchiveLimits()

  /// Takes the archives to damage.
  ///
  /// - Parameter archives: Further ones, as they are in files, to those of `ArchiveCorpus`; others than sound gzip
  ///   streams are left out.
  public init(archives: [[UInt8]] = []) {
    sound =
      ArchiveCorpus.sound.map(\.tar)
      + archives.compactMap { try? Gzip.decompress($0, limit: 4 << 20) }
    limits.entryBytes = 1 << 20
    limits.totalBytes = 16 << 20
    limits.entries = 10_000
  }

  /// Damages an archive and reads it.
  ///
  /// - Parameter seed: What decides about everything.
  /// - Returns: What came of it.
  /// - Throws: `Finding`.
  public func step(_ seed: UInt64) async throws -> Outcome {
    var mutator = ArchiveMutator(random: SplitMix64(state: seed))
    let samples = Int.random(in: 0...5, using: &mutator.random) == 0 ? hostile : sound
    let sample = samples.randomElement(using: &mutator.random) ?? []
    let tar = mutator.mutated(sample, sound + hostile)
    let archive = mutator.damaged(mutator.compressed(tar))
    let whole = try build(archive, seed) { archive.count }
    let pieces = try build(archive, seed) {
      Int.random(in: 1...max(1, archive.count / 2), using: &mutator.random)
    }
    switch (whole, pieces) {
    case (.failure(let one), .failure(let other)):
      guard one.code == other.code else { throw finding(seed, "'\(one)' in pieces is '\(other)'") }
      return .refused
    case (.success(let index), .success(let other)):
      guard index.encoded() == other.encoded() else {
        throw finding(seed, "other pieces, other index")
      }
      try await compare(index, archive, seed, &mutator)
      return .accepted
    case (.success, .failure(let error)), (.failure(let error), .success):
      throw finding(seed, "read in one way, but not in another: \(error)")
    }
  }

  private func build(
    _ archive: [UInt8],
    _ seed: UInt64,
    _ size: () -> Int
  ) throws -> Result<ArchiveIndex, VeleroError> {
    let builder = ArchiveIndexBuilder(limits: limits)
    do {
      var rest = archive[...]
      while !rest.isEmpty {
        let chunk = Array(rest.prefix(max(1, size())))
        try builder.consume(chunk)
        rest = rest.dropFirst(chunk.count)
      }
      return .success(try builder.finish())
    } catch let error as VeleroError {
      return .failure(error)
    } catch {
      throw finding(seed, "an error of another kind: \(error)")
    }
  }

  /// Compares an index with the plain reader, its own file, and what it finds again.
  private func compare(
    _ index: ArchiveIndex,
    _ archive: [UInt8],
    _ seed: UInt64,
    _ mutator: inout ArchiveMutator
  ) async throws {
    var bodies: [String: [UInt8]] = [:]
    let reader = ArchiveReader(limits: limits)
    try reader.consume(archive) { entry, body in
      if ArchivePath(parsing: entry.path) != nil, entry.kind == .file {
        bodies[entry.path] = Array(body)
      }
    }
    try reader.finish()
    guard bodies.count == index.copyCount else {
      throw finding(seed, "not all entries are indexed")
    }
    let file = index.encoded()
    guard let again = ArchiveIndex(file: file, of: index.stamp), again.encoded() == file else {
      throw finding(seed, "the index cannot be read again")
    }
    let store = MemoryStore()
    try await store.put("a", archive)
    let copies = (0..<index.copyCount).filter { _ in Bool.random(using: &mutator.random) }
    var read: [Int] = []
    try await ArchiveItemReader(store: store, key: "a", index: again).read(copies: copies) {
      copy,
      json in
      read.append(copy)
      guard bodies[again.path(ofCopy: copy).text] == json else {
        throw finding(seed, "entry \(copy) is read with other bytes")
      }
    }
    guard read == copies else { throw finding(seed, "other entries are read than were asked for") }
    try await damageIndex(file, again, store, &mutator, seed)
  }

  /// A damaged index is not taken, or one whose entries are what it says.
  private func damageIndex(
    _ file: [UInt8],
    _ index: ArchiveIndex,
    _ store: MemoryStore,
    _ mutator: inout ArchiveMutator,
    _ seed: UInt64
  ) async throws {
    var damaged = file
    mutator.flip(&damaged)
    if ArchiveIndex(file: damaged, of: index.stamp) != nil, try plain(damaged) != plain(file) {
      throw finding(seed, "a damaged index is believed")
    }
    var forged = Array(try plain(file).dropLast(SHA256.digestSizeBytes))
    mutator.flip(&forged)
    forged += SHA256.digest(forged)
    guard let lie = ArchiveIndex(file: Gzip.compress(forged), of: index.stamp) else { return }
    // Who forges an index can forge the archive too; it must only not lead to a crash.
    do {
      try await ArchiveItemReader(store: store, key: "a", index: lie).read(
        copies: 0..<lie.copyCount
      ) { _, _ in }
    } catch is EngineError {}
  }

  private func plain(_ file: [UInt8]) throws -> [UInt8] {
    try Gzip.decompress(file, limit: 64 << 20)
  }

  private func finding(_ seed: UInt64, _ text: String) -> Finding {
    Finding(description: "seed \(seed): \(text)")
  }
}
