// SPDX-License-Identifier: Apache-2.0

/// The status line and header lines of a response.
struct ResponseHead: Sendable, Hashable {
  var status: Int
  var version: HTTPVersion
  var headers: HTTPHeaders
}

/// What the reader of a body gets.
enum BodyPart: Sendable {
  case chunk([UInt8])
  case end
  case failed(HTTPError)
}

/// What curl is told about bytes it offers.
enum Acceptance {
  case taken
  case pause
  case abort
}

/// One transfer between the thread that drives curl and the tasks that wait for it: no waiting, no clock, no calls.
///
/// The thread puts in (`setHead`, `accept`, `finish`), the tasks take out (`waitForHead`, `waitForBody`). Waiting tasks
/// are handed back to the caller, who resumes them after it has left the lock.
struct TransferState {
  /// Most bytes of a response body held for a reader that does not read; then the connection is not read either.
  ///
  /// curl keeps up to `EasyHandle.receiveBufferBytes` more of its own, and of a stream on a shared HTTP/2 connection
  /// what its window of 32 MiB still lets the server send (lib/http2.c of 7.88, HTTP2_HUGE_WINDOW_SIZE).
  static let bufferLimitBytes = 1 << 20
  /// Longest chunk handed to a reader, so that it starts work before a page is whole.
  static let chunkLimitBytes = 256 << 10

  typealias HeadWaiter = CheckedContinuation<Result<ResponseHead, HTTPError>, Never>
  typealias BodyWaiter = CheckedContinuation<BodyPart, Never>

  /// Tasks to resume after the lock is left.
  struct Wakeups {
    fileprivate(set) var head: (waiter: HeadWaiter, result: Result<ResponseHead, HTTPError>)?
    fileprivate(set) var body: (waiter: BodyWaiter, part: BodyPart)?
    fileprivate(set) var upload: UploadState.Waiter?

    /// Resumes them.
    func perform() {
      if let head { head.waiter.resume(returning: head.result) }
      if let body { body.waiter.resume(returning: body.part) }
      upload?.resume()
    }
  }

  var upload: UploadState
  private(set) var head: ResponseHead?
  /// How the transfer ended; the first end stands.
  private(set) var end: Result<Void, HTTPError>?
  private(set) var receivedBytes = 0
  private(set) var bufferedBytes = 0
  /// Whether the last bytes were refused, so that curl waits to be told to go on.
  private(set) var isPaused = false
  /// Whether the transfer is in the engine's mailbox already.
  var isInMailbox = false

  private var chunks: [[UInt8]] = []
  private var isLastChunkFull = false
  private var headWaiter: HeadWaiter?
  private var bodyWaiter: BodyWaiter?

  init(upload: UploadState) { self.upload = upload }

  // MARK: What the thread puts in

  /// The head is in.
  mutating func setHead(_ head: ResponseHead) { self.head = head }

  /// Takes bytes of the body, or refuses all of them.
  mutating func accept(_ bytes: UnsafeRawBufferPointer) -> Acceptance {
    guard end == nil else { return .abort }
    if bufferedBytes + bytes.count > Self.bufferLimitBytes, bufferedBytes > 0 {
      isPaused = true
      return .pause
    }
    receivedBytes += bytes.count
    bufferedBytes += bytes.count
    if let last = chunks.indices.last, chunks[last].count + bytes.count <= Self.chunkLimitBytes {
      chunks[last].append(contentsOf: bytes)
    } else {
      // A full chunk before this one foretells a long body: room for all of it at once, and no copy to grow.
      isLastChunkFull = isLastChunkFull || !chunks.isEmpty
      var chunk: [UInt8] = []
      chunk.reserveCapacity(isLastChunkFull ? Self.chunkLimitBytes : bytes.count)
      chunk.append(contentsOf: bytes)
      chunks.append(chunk)
    }
    return .taken
  }

  /// Ends the transfer; bytes that are in stay readable unless it was cancelled.
  mutating func finish(_ result: Result<Void, HTTPError>) -> Wakeups {
    guard end == nil else { return Wakeups() }
    end = result
    let writer = upload.stop()
    if case .failure(let error) = result, error.code == .cancelled {
      chunks = []
      bufferedBytes = 0
    }
    var wakeups = deliver()
    wakeups.upload = writer
    return wakeups
  }

  /// Hands what is there to the task that waits for it.
  mutating func deliver() -> Wakeups {
    var wakeups = Wakeups()
    if let waiter = headWaiter, let result = headResult {
      headWaiter = nil
      wakeups.head = (waiter, result)
    }
    if let waiter = bodyWaiter, let part = takePart() {
      bodyWaiter = nil
      wakeups.body = (waiter, part)
    }
    return wakeups
  }

  // MARK: What the tasks take out

  /// The head if it is in or cannot come, otherwise keeps the waiter.
  mutating func waitForHead(_ waiter: HeadWaiter) -> Wakeups {
    precondition(headWaiter == nil, "a transfer has one sender")
    headWaiter = waiter
    return deliver()
  }

  /// The next part of the body if it is there, otherwise keeps the waiter.
  mutating func waitForBody(_ waiter: BodyWaiter) -> Wakeups {
    precondition(bodyWaiter == nil, "a body is read by one task at a time")
    bodyWaiter = waiter
    return deliver()
  }

  /// The next part of the body, if it is there.
  mutating func takePart() -> BodyPart? {
    if !chunks.isEmpty {
      let chunk = chunks.removeFirst()
      bufferedBytes -= chunk.count
      return .chunk(chunk)
    }
    switch end {
    case nil: return nil
    case .success: return .end
    case .failure(let error): return .failed(error)
    }
  }

  /// Whether curl waits although half of the room is free again; answering yes counts as having told it.
  mutating func takeResume() -> Bool {
    guard isPaused, end == nil, bufferedBytes <= Self.bufferLimitBytes / 2 else { return false }
    isPaused = false
    return true
  }

  private var headResult: Result<ResponseHead, HTTPError>? {
    if case .failure(let error) = end, head == nil || error.code == .cancelled {
      return .failure(error)
    }
    return head.map { .success($0) }
  }
}
