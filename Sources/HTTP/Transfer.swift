// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// One request and its response, shared by the tasks that use it and the thread that carries it out.
final class Transfer: Sendable {
  let plan: TransferPlan
  private let engine: TransferEngine
  private let state: Mutex<TransferState>

  init(plan: TransferPlan, engine: TransferEngine) {
    self.plan = plan
    self.engine = engine
    let upload =
      plan.isUploadStreamed
      ? UploadState(lengthBytes: plan.bodyLengthBytes) : UploadState(bytes: plan.body ?? [])
    state = Mutex(TransferState(upload: upload))
  }

  // MARK: The tasks' side

  /// Starts the transfer and waits for the head of the response.
  func exchange() async -> Result<ResponseHead, HTTPError> {
    await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        state.withLock { $0.waitForHead(waiter) }.perform()
        engine.start(self)
      }
    } onCancel: {
      cancel()
    }
  }

  /// Waits for the next chunk of the body; nil at its end.
  func nextChunk() async throws(HTTPError) -> [UInt8]? {
    if Task.isCancelled { cancel() }
    let part: BodyPart
    if let ready = state.withLock({ $0.takePart() }) {
      part = ready
    } else {
      part = await waitForPart()
    }
    if state.withLock({ $0.takeResume() }) { engine.attend(self, .receive) }
    switch part {
    case .chunk(let chunk): return chunk
    case .end: return nil
    case .failed(let error): throw error
    }
  }

  private func waitForPart() async -> BodyPart {
    await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        state.withLock { $0.waitForBody(waiter) }.perform()
      }
    } onCancel: {
      cancel()
    }
  }

  /// Ends the transfer; without effect when it has ended.
  func cancel() {
    let wasRunning = finish(.failure(.cancelled(plan.summary)))
    if wasRunning { engine.attend(self, .cancel) }
  }

  /// Hands over the next chunk of the upload when the one before is used up.
  func offerUpload(_ bytes: [UInt8]) async throws(HTTPError) {
    await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        let waits = state.withLock { $0.upload.wait(waiter) }
        if !waits { waiter.resume() }
      }
    } onCancel: {
      failUpload(HTTPError.cancelled(plan.summary))
    }
    let (failure, resumes) = state.withLock { state -> (HTTPError?, Bool) in
      guard state.upload.hasRoom(for: bytes.count) else { return (.uploadTooLong(plan), false) }
      guard state.upload.isStopped else { return (nil, state.upload.put(bytes)) }
      guard case .failure(let error) = state.end else { return (.cancelled(plan.summary), false) }
      return (error, false)
    }
    if let failure { throw failure }
    if resumes { engine.attend(self, .send) }
  }

  /// The upload is whole.
  func endUpload() {
    if state.withLock({ $0.upload.close() }) { engine.attend(self, .send) }
  }

  /// The upload cannot become whole: without a response, so ends the transfer.
  @discardableResult
  func failUpload(_ error: any Error) -> HTTPError {
    let failure = (error as? HTTPError) ?? .uploadFailed(error, request: plan.summary)
    let (hasHead, writer) = state.withLock { ($0.head != nil, $0.upload.stop()) }
    writer?.resume()
    if !hasHead, finish(.failure(failure)) { engine.attend(self, .cancel) }
    return failure
  }

  // MARK: The thread's side

  /// Ends the transfer and wakes whoever waits for it; false when it had ended already.
  @discardableResult
  func finish(_ result: Result<Void, HTTPError>) -> Bool {
    let (wasRunning, wakeups) = state.withLock { state in
      (state.end == nil, state.finish(result))
    }
    wakeups.perform()
    return wasRunning
  }

  /// Keeps the head until `deliver`.
  func setHead(_ head: ResponseHead) { state.withLock { $0.setHead(head) } }

  /// Takes bytes of the body, or refuses them; nobody is woken before `deliver`.
  func accept(_ bytes: UnsafeRawBufferPointer) -> Acceptance {
    state.withLock { $0.accept(bytes) }
  }

  /// Wakes the task that waits for what has come in.
  func deliver() {
    state.withLock { $0.deliver() }.perform()
  }

  /// Copies the next bytes of the upload.
  func copyUpload(into buffer: UnsafeMutableRawBufferPointer) -> UploadState.Piece {
    let (piece, waiter) = state.withLock { $0.upload.copy(into: buffer) }
    waiter?.resume()
    return piece
  }

  /// Goes back to the start of the upload, if that can be done.
  func rewindUpload() -> Bool { state.withLock { $0.upload.rewind() } }

  /// The number of bytes of the body that have come in.
  var receivedBytes: Int { state.withLock { $0.receivedBytes } }

  /// Whether it has ended, from either side.
  var hasEnded: Bool { state.withLock { $0.end != nil } }
}
