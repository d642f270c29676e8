// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
internal import Primitives
internal import Synchronization
internal import Velero

/// Turns blocks of tar into gzip members and writes them to the store while more blocks are made.
///
/// Blocks wait in a bounded channel, are compressed by as many tasks as there are cores, and go out as they get
/// ready: whole entries in whole members, in any order but between the archive's start and its end, which every
/// reader of tar and gzip accepts. Memory: a few blocks.
final class ArchivePipeline: Sendable {
  /// What a pipeline is made of.
  struct Limits: Sendable {
    /// How many tasks compress.
    var compressors: Int
    /// How many blocks, and how many members, wait at most.
    var waiting = 2
  }

  private let limits: Limits
  private let modified: Timestamp
  private let blocks: BoundedChannel<ArchiveBlock>
  private let members: BoundedChannel<[UInt8]>
  private let failure = Mutex<(any Error)?>(nil)
  private let stored = Mutex<Int64>(0)
  /// Blocks that were compressed, whose memory is used again: fresh memory costs a page fault every 4 KiB.
  private let spare = Mutex<[ArchiveBlock]>([])

  /// Makes a pipeline.
  ///
  /// - Parameters:
  ///   - limits: What it is made of.
  ///   - modified: The time that the archive's entries carry.
  init(limits: Limits, modified: Timestamp) {
    self.limits = limits
    self.modified = modified
    blocks = BoundedChannel(capacity: limits.waiting)
    members = BoundedChannel(capacity: limits.waiting)
  }

  /// Bytes that the store has taken.
  var storedBytes: Int64 { stored.withLock { $0 } }

  /// A block without entries, with the memory of an earlier one if there is any.
  func emptyBlock() -> ArchiveBlock { spare.withLock { $0.popLast() } ?? ArchiveBlock() }

  /// Hands over a block of whole tar entries, waiting while too many are in work.
  ///
  /// - Throws: `CancellationError` when the pipeline has come to an early end; `run` throws the reason.
  func send(_ block: ArchiveBlock) async throws {
    guard !block.bytes.isEmpty else { return }
    try await blocks.send(block)
  }

  /// Runs the pipeline around `body`, which sends the blocks; the object is in the store when this returns.
  ///
  /// - Throws: What stopped it first: the store's error, what `body` throws, or cancellation. Nothing is stored then.
  func run(
    into store: any ObjectStore,
    key: String,
    body: @escaping @Sendable () async throws -> Void
  ) async throws {
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await self.guarded { try await self.upload(to: store, key: key) } }
        group.addTask { try await self.guarded { try await self.compressAll() } }
        group.addTask {
          try await self.guarded {
            try await body()
            self.blocks.finish()
          }
        }
        try await group.waitForAll()
      }
    } catch {
      throw failure.withLock { $0 } ?? error
    }
  }

  /// Ends everything when one part fails, and keeps the first reason.
  private func guarded(_ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch {
      failure.withLock { if $0 == nil { $0 = error } }
      blocks.finish()
      members.finish()
      throw error
    }
  }

  private func compressAll() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<limits.compressors {
        group.addTask {
          let compressor = BlockCompressor()
          while var block = await self.blocks.receive() {
            try await self.members.send(await compressor.compress(block))
            block.removeAll()
            self.keep(block)
          }
        }
      }
      try await group.waitForAll()
    }
    members.finish()
  }

  private func keep(_ block: ArchiveBlock) {
    spare.withLock { [limit = limits.waiting + limits.compressors] blocks in
      if blocks.count < limit { blocks.append(block) }
    }
  }

  private func upload(to store: any ObjectStore, key: String) async throws {
    let archive = ArchiveWriter(modified: modified)
    let compressor = BlockCompressor()
    try await store.put(key, condition: .ifAbsent) { writer in
      var start = ArchiveBlock()
      archive.appendStart(to: &start)
      try await self.write(await compressor.compress(start), to: writer)
      while let member = await self.members.receive() {
        try await self.write(member, to: writer)
      }
      // The members also end when something failed or was cancelled; the object is not whole then.
      if let failure = self.failure.withLock({ $0 }) { throw failure }
      try Task.checkCancellation()
      var end = ArchiveBlock()
      archive.appendEnd(to: &end)
      try await self.write(await compressor.compress(end), to: writer)
    }
  }

  private func write(_ member: [UInt8], to writer: any ObjectWriter) async throws {
    try await writer.write(member)
    stored.withLock { $0 += Int64(member.count) }
  }
}

/// Compresses blocks on a thread of its own: at some 20 ms a block it would hold up Swift's few threads, on which the
/// lists come in.
private actor BlockCompressor {
  private let executor = QueueExecutor(label: "binnacle.compressor")
  private var encoder = DeflateEncoder()

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  func compress(_ block: ArchiveBlock) -> [UInt8] {
    block.bytes.withUnsafeBytes { encoder.gzip($0, repeats: block.repeats) }
  }
}
