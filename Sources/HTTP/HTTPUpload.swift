// SPDX-License-Identifier: Apache-2.0

/// A request body that is produced while it is sent.
public struct HTTPUpload: Sendable {
  /// The number of bytes that will come, or nil: HTTP/1.1 then sends it chunked.
  public var lengthBytes: Int?
  /// Writes the body; called at most once, its return ends the body, its error cancels the request.
  public var write: @Sendable (HTTPUploadWriter) async throws -> Void

  /// Makes a body of a function that writes it.
  public init(
    lengthBytes: Int? = nil,
    write: @escaping @Sendable (HTTPUploadWriter) async throws -> Void
  ) {
    self.lengthBytes = lengthBytes
    self.write = write
  }

  /// Makes a body of a sequence of chunks.
  public init<Chunks: AsyncSequence & Sendable>(lengthBytes: Int? = nil, chunks: Chunks)
  where Chunks.Element == [UInt8] {
    self.init(lengthBytes: lengthBytes) { writer in
      for try await chunk in chunks { try await writer.write(chunk) }
    }
  }
}

/// Takes the pieces of a request body.
public struct HTTPUploadWriter: Sendable {
  let transfer: Transfer

  /// Hands over the next bytes, waiting while the ones before are still on their way out.
  ///
  /// - Throws: `.cancelled` when the request was cancelled, or what the transfer failed with.
  public func write(_ bytes: [UInt8]) async throws(HTTPError) {
    guard !bytes.isEmpty else { return }
    try await transfer.offerUpload(bytes)
  }
}
