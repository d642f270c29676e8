// SPDX-License-Identifier: Apache-2.0

/// Byte strings that are stored once each and known by a number; number 0 is the empty one.
///
/// The part that readers need; `Interner` writes it.
struct BytePool: Sendable {
  fileprivate(set) var spans = ChunkedArray<ByteSpan>()
  fileprivate var arena = ByteArena()
  fileprivate var index = PagedIndex()

  fileprivate init() { spans.append(.empty) }

  /// One more than the highest number in use; numbers that are free at present have empty strings.
  var limit: Int { spans.count }

  /// The number of a string that is in the pool.
  @inline(__always)
  func find(_ bytes: UnsafeRawBufferPointer) -> UInt32? {
    bytes.isEmpty ? 0 : find(bytes, bytes.tag())
  }

  /// The number of a text that is in the pool.
  func find(_ text: String) -> UInt32? { text.withBytes { find($0) } }

  func withBytes<Result>(
    _ id: UInt32,
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try arena.withBytes(spans[Int(id)], body)
  }

  func string(_ id: UInt32) -> String { arena.string(spans[Int(id)]) }

  @inline(__always)
  fileprivate func find(_ bytes: UnsafeRawBufferPointer, _ tag: UInt32) -> UInt32? {
    find(tag) { $0.isEqual(bytes) }
  }

  /// The number of a string that was added with this hash and that `matches` accepts.
  @inline(__always)
  func find(_ tag: UInt32, where matches: (UnsafeRawBufferPointer) -> Bool) -> UInt32? {
    index.find(tag) { id in arena.withBytes(spans[Int(id)], matches) }
  }
}

/// Writes a `BytePool`: counts the uses of every string and gives back those that nobody uses.
///
/// Numbers are used again. Bytes of strings that are gone stay where they are until they are more than half of all;
/// then the others are copied together, and numbers stay what they are.
struct Interner: Sendable {
  /// Below this, rubbish is not worth collecting.
  private static let smallestGarbageBytes = 1 << 16

  private(set) var pool = BytePool()
  /// Not part of the pool, so that snapshots never make it be copied.
  private var uses: [UInt32] = [0]
  private var free: [UInt32] = []
  private(set) var liveBytes = 0
  private(set) var garbageBytes = 0

  /// How many strings are in use.
  var count: Int { pool.index.count }

  /// The number of a string, which is added if it is new; its uses stay as they are.
  ///
  /// - Returns: The number, and whether nobody used the string so far.
  mutating func intern(_ bytes: UnsafeRawBufferPointer) -> (id: UInt32, isNew: Bool) {
    intern(bytes, bytes.tag())
  }

  /// The number of a string with this hash of its own.
  mutating func intern(
    _ bytes: UnsafeRawBufferPointer,
    _ tag: UInt32
  ) -> (id: UInt32, isNew: Bool) {
    if bytes.isEmpty { return (0, false) }
    if let id = pool.find(bytes, tag) { return (id, false) }
    return (add(bytes, tag), true)
  }

  /// Adds a string that is not in the pool, under a hash that is the string's own or that `release` is told.
  mutating func add(_ bytes: UnsafeRawBufferPointer, _ tag: UInt32) -> UInt32 {
    let span = pool.arena.append(bytes)
    liveBytes += bytes.count
    let id: UInt32
    if let freed = free.popLast() {
      id = freed
      pool.spans[Int(id)] = span
    } else {
      id = UInt32(pool.spans.count)
      pool.spans.append(span)
      uses.append(0)
    }
    pool.index.insert(tag, id)
    return id
  }

  /// Counts one more use.
  mutating func retain(_ id: UInt32) {
    if id != 0 { uses[Int(id)] += 1 }
  }

  /// Counts one use less.
  ///
  /// - Parameters:
  ///   - id: The string's number.
  ///   - onLast: When this was the last use, is passed the bytes before they go, and gives the hash they were added with.
  mutating func release(
    _ id: UInt32,
    onLast: (UnsafeRawBufferPointer) -> UInt32 = { $0.tag() }
  ) {
    guard id != 0 else { return }
    precondition(uses[Int(id)] > 0, "who releases \(id) has retained it")
    uses[Int(id)] -= 1
    guard uses[Int(id)] == 0 else { return }
    let span = pool.spans[Int(id)]
    let tag = pool.arena.withBytes(span, onLast)
    pool.index.remove(tag, id)
    pool.spans[Int(id)] = .empty
    free.append(id)
    liveBytes -= Int(span.count)
    garbageBytes += Int(span.count)
    if garbageBytes > max(liveBytes, Self.smallestGarbageBytes) { compact() }
  }

  private mutating func compact() {
    var arena = ByteArena()
    for id in 0..<pool.spans.count where pool.spans[id].count > 0 {
      pool.spans[id] = pool.arena.withBytes(pool.spans[id]) { arena.append($0) }
    }
    pool.arena = arena
    garbageBytes = 0
  }
}
