// SPDX-License-Identifier: Apache-2.0

/// Reads the entries of a plan from its archive, wave by wave.
///
/// Small waves are read together and held until their turn, so that an archive which is one stream is not read anew for each.
struct WaveReader {
  /// An entry of a wave.
  struct Item: Sendable, Hashable {
    /// The object's number in the index.
    var number: Int
    /// The entry's.
    var copy: Int
  }

  /// How many bytes of entries are held at most; a larger wave is passed on while it is read.
  private static let heldBytes = 8 << 20

  private let reader: ArchiveItemReader
  private let waves: [[Item]]
  private let sizes: [Int]
  private var held: [Int: [(number: Int, bytes: [UInt8])]] = [:]

  init(_ plan: RestorePlan, _ ground: RestoreGround) {
    reader = ground.reader
    var waves = [[Item]](repeating: [], count: plan.waves.count)
    var sizes = [Int](repeating: 0, count: plan.waves.count)
    for item in plan.items {
      guard case .restored(let wave, let copy) = item.standing else { continue }
      waves[wave].append(Item(number: item.number, copy: copy))
      sizes[wave] += ground.index.copy(copy).sizeBytes
    }
    self.waves = waves
    self.sizes = sizes
  }

  /// The entries of a wave.
  func items(of wave: Int) -> [Item] { waves[wave] }

  /// Reads a wave; each wave once, in their order.
  ///
  /// - Parameters:
  ///   - wave: Its place in the plan.
  ///   - body: Takes an object's number and JSON.
  /// - Throws: `EngineError` `.corrupt`, `ObjectStoreError`, what `body` throws.
  mutating func read(
    _ wave: Int,
    _ body: (_ number: Int, _ bytes: [UInt8]) async throws -> Void
  ) async throws {
    if waves[wave].isEmpty { return }
    if held[wave] == nil { try await hold(from: wave) }
    if let entries = held.removeValue(forKey: wave) {
      for entry in entries { try await body(entry.number, entry.bytes) }
      return
    }
    let numbers = Dictionary(uniqueKeysWithValues: waves[wave].map { ($0.copy, $0.number) })
    try await reader.read(copies: numbers.keys) { copy, bytes in
      if let number = numbers[copy] { try await body(number, bytes) }
    }
  }

  /// Reads this wave and as many of the next ones as may be held; none when this one alone is too large.
  private mutating func hold(from wave: Int) async throws {
    var end = wave
    var bytes = 0
    while end < waves.count, bytes + sizes[end] <= Self.heldBytes {
      bytes += sizes[end]
      end += 1
    }
    guard end > wave else { return }
    var places: [Int: (wave: Int, number: Int)] = [:]
    var read: [Int: [(number: Int, bytes: [UInt8])]] = [:]
    for wave in wave..<end {
      for item in waves[wave] { places[item.copy] = (wave, item.number) }
      read[wave] = []
    }
    try await reader.read(copies: places.keys) { copy, bytes in
      guard let place = places[copy] else { return }
      read[place.wave, default: []].append((place.number, bytes))
    }
    held = read
  }
}
