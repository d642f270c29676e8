// SPDX-License-Identifier: Apache-2.0

/// The request body on its way from a task to the thread that drives curl: one chunk at a time.
struct UploadState {
  typealias Waiter = CheckedContinuation<Void, Never>

  /// What curl's read callback is answered.
  enum Piece {
    /// That many bytes were copied.
    case copied(Int)
    /// There is nothing yet: curl waits to be told to go on.
    case pause
    /// The body is whole.
    case end
    /// The body ended with that many bytes, before its length was reached.
    case short(Int)
    /// The body will never be whole.
    case abort
  }

  private enum Source {
    case open
    case ended
    case stopped
  }

  private var chunk: [UInt8]
  private var offset = 0
  private var source: Source
  private let isRewindable: Bool
  private let lengthBytes: Int?
  private var offeredBytes: Int
  private var sentBytes = 0
  private var waiter: Waiter?
  /// Whether curl waits for bytes.
  private(set) var isPaused = false

  /// A body that is in memory, or none.
  init(bytes: [UInt8]) {
    chunk = bytes
    source = .ended
    isRewindable = true
    lengthBytes = bytes.count
    offeredBytes = bytes.count
  }

  /// A body that will be offered in pieces.
  init(lengthBytes: Int?) {
    self.lengthBytes = lengthBytes
    offeredBytes = 0
    chunk = []
    source = .open
    isRewindable = false
  }

  /// Copies the next bytes into curl's buffer; also gives the task to wake when the chunk is used up.
  mutating func copy(into buffer: UnsafeMutableRawBufferPointer) -> (piece: Piece, waiter: Waiter?)
  {
    if case .stopped = source { return (.abort, nil) }
    guard offset < chunk.count else {
      if case .ended = source {
        return (sentBytes < lengthBytes ?? 0 ? .short(sentBytes) : .end, nil)
      }
      isPaused = true
      return (.pause, takeWaiter())
    }
    let count = min(buffer.count, chunk.count - offset)
    chunk.withUnsafeBytes { bytes in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
    }
    offset += count
    sentBytes += count
    return (.copied(count), offset == chunk.count ? takeWaiter() : nil)
  }

  /// Goes back to the start, when curl sends the request again on another connection.
  mutating func rewind() -> Bool {
    guard isRewindable || sentBytes == 0 else { return false }
    offset = 0
    sentBytes = 0
    return true
  }

  /// Whether the chunk before is used up, so that another can be put.
  var isEmpty: Bool { offset == chunk.count }

  var isStopped: Bool {
    if case .stopped = source { return true }
    return false
  }

  /// Keeps the writer until the chunk is used up; false when there is nothing to wait for.
  mutating func wait(_ waiter: Waiter) -> Bool {
    guard !isEmpty, !isStopped else { return false }
    precondition(self.waiter == nil, "an upload is written by one task at a time")
    self.waiter = waiter
    return true
  }

  /// Whether that many bytes more are not more than the length.
  func hasRoom(for count: Int) -> Bool {
    lengthBytes.map { offeredBytes + count <= $0 } ?? true
  }

  /// Puts the next chunk; true when curl must be told to go on.
  mutating func put(_ bytes: [UInt8]) -> Bool {
    precondition(isEmpty, "a chunk is put only after the one before is used up")
    offeredBytes += bytes.count
    chunk = bytes
    offset = 0
    return takePause()
  }

  /// No more chunks come; true when curl must be told to go on.
  mutating func close() -> Bool {
    guard case .open = source else { return false }
    source = .ended
    return takePause()
  }

  /// The body will never be whole; gives back the writer that waits.
  mutating func stop() -> Waiter? {
    source = .stopped
    return takeWaiter()
  }

  private mutating func takePause() -> Bool {
    defer { isPaused = false }
    return isPaused
  }

  private mutating func takeWaiter() -> Waiter? {
    defer { waiter = nil }
    return waiter
  }
}
