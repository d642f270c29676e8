// SPDX-License-Identifier: Apache-2.0

/// The bytes of an object, or of a part of it, in chunks; for one reader, once.
///
/// Chunks come when they are asked for. Leaving early lets go of what the store holds open.
public struct ObjectBody: AsyncSequence, Sendable {
  /// A few bytes up to about a megabyte; never none.
  public typealias Element = [UInt8]
  /// What reading throws.
  public typealias Failure = ObjectStoreError

  /// How many bytes the whole object has.
  public let objectSizeBytes: Int64
  /// Which of them come.
  public let range: Range<Int64>
  private let key: String
  private let nextChunk: @Sendable () async throws(ObjectStoreError) -> [UInt8]?

  /// Makes a body.
  ///
  /// - Parameters:
  ///   - key: The object, for messages.
  ///   - objectSizeBytes: How many bytes the whole object has.
  ///   - range: Which of them come.
  ///   - nextChunk: Gives the next bytes, and nil after the last ones.
  public init(
    key: String,
    objectSizeBytes: Int64,
    range: Range<Int64>,
    nextChunk: @escaping @Sendable () async throws(ObjectStoreError) -> [UInt8]?
  ) {
    self.key = key
    self.objectSizeBytes = objectSizeBytes
    self.range = range
    self.nextChunk = nextChunk
  }

  /// Gives the chunks one after the other.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let body: ObjectBody

    /// The next chunk, or nil after the last one.
    public mutating func next() async throws(ObjectStoreError) -> [UInt8]? {
      try await next(isolation: nil)
    }

    /// The next chunk, or nil after the last one.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(ObjectStoreError) -> [UInt8]? {
      guard !Task.isCancelled else { throw .cancelled("read '\(body.key)'") }
      return try await body.nextChunk()
    }
  }

  /// Starts reading; only one iterator may be used.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: self) }

  /// Reads all of it into memory.
  ///
  /// - Parameter limit: The most bytes that are taken.
  /// - Returns: The bytes.
  /// - Throws: `.tooLarge` before reading anything, when more would come; what reading throws.
  public func collect(upTo limit: Int) async throws(ObjectStoreError) -> [UInt8] {
    guard range.count <= limit else { throw .tooLarge(key, limitBytes: limit) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    for try await chunk in self { bytes.append(contentsOf: chunk) }
    return bytes
  }
}
