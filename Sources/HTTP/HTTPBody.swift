// SPDX-License-Identifier: Apache-2.0

/// The body of a response, in chunks as they come in.
///
/// The bytes are read once: iterators made one after the other go on where the last one stopped, and two tasks must
/// not read at the same time. What is not read yet is held up to `TransferState.bufferLimitBytes`; then the server is
/// held back. Dropping the body (and its iterators) before its end, or cancelling the reading task, cancels the
/// transfer. Chunks are not empty and at most `TransferState.chunkLimitBytes` long.
public struct HTTPBody: AsyncSequence, Sendable {
  /// One piece of the body.
  public typealias Element = [UInt8]
  /// What reading ends with when the body does not come whole.
  public typealias Failure = HTTPError

  private let owner: Owner

  init(transfer: Transfer, lease: EngineLease) {
    owner = Owner(transfer: transfer, lease: lease)
  }

  /// An iterator over what has not been read yet.
  public func makeAsyncIterator() -> Iterator { Iterator(owner: owner) }

  /// Reads the rest of the body into one array.
  ///
  /// - Parameter limit: The most bytes to take.
  /// - Returns: All bytes that had not been read.
  /// - Throws: `.tooLarge` when there are more (the transfer is cancelled), otherwise what the transfer ended with.
  public func collect(upTo limit: Int) async throws(HTTPError) -> [UInt8] {
    var iterator = makeAsyncIterator()
    guard var bytes = try await iterator.next() else { return [] }
    while bytes.count <= limit {
      guard let chunk = try await iterator.next() else { return bytes }
      bytes += chunk
    }
    owner.transfer.cancel()
    throw .bodyTooLarge(limit: limit, request: owner.transfer.plan.summary)
  }

  /// Hands out the chunks of a body.
  public struct Iterator: AsyncIteratorProtocol {
    private let owner: Owner

    init(owner: Owner) { self.owner = owner }

    /// The next chunk, or nil at the end of the body.
    public mutating func next() async throws(HTTPError) -> [UInt8]? {
      try await owner.transfer.nextChunk()
    }

    /// The next chunk, or nil at the end of the body.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(HTTPError) -> [UInt8]? {
      try await owner.transfer.nextChunk()
    }
  }

  /// Cancels the transfer when nobody can read it any more; keeps the client's threads alive until then.
  final class Owner: Sendable {
    let transfer: Transfer
    private let lease: EngineLease

    init(transfer: Transfer, lease: EngineLease) {
      self.transfer = transfer
      self.lease = lease
    }

    deinit { transfer.cancel() }
  }
}
