// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc
internal import Synchronization

/// The mailbox of one thread that drives curl, and the thread's life.
///
/// The thread starts with the first request and ends after `stop`. Everything of curl is touched by that thread alone,
/// but for `curl_multi_wakeup`, which may be called from any (libcurl-thread(3), curl_multi_wakeup(3)).
final class TransferEngine: Sendable {
  /// Most requests that are on their way or waiting at a time; each costs some kilobytes.
  static let transferLimit = 16_384

  /// What the thread shall do about a transfer.
  enum Attention {
    /// Carry it out.
    case start
    /// There is room for more of the response.
    case receive
    /// There is more of the upload, or it is whole.
    case send
    /// Nobody wants it any more.
    case cancel
  }

  /// What has come into the mailbox since the thread last looked.
  struct Mail {
    var letters: [(transfer: Transfer, attention: Attention)] = []
    var isStopping = false
  }

  fileprivate struct State {
    var mail = Mail()
    var transferCount = 0
    /// Set while the thread may sleep in `curl_multi_poll`; nil before it starts and once it ends.
    var multi: MultiReference?
    var isStarted = false
    var hasEnded = false
    var endWaiters: [CheckedContinuation<Void, Never>] = []
  }

  let options: HTTPClientOptions
  private let state = Mutex(State())

  init(options: HTTPClientOptions) { self.options = options }

  // MARK: The tasks' side

  /// Puts a transfer into the mailbox, or ends it when that cannot be.
  func start(_ transfer: Transfer) {
    guard !transfer.hasEnded else { return }
    let summary = transfer.plan.summary
    let failure = state.withLock { state -> HTTPError? in
      guard !state.mail.isStopping else { return .closed(summary) }
      guard state.transferCount < Self.transferLimit else {
        return .tooManyRequests(limit: Self.transferLimit, request: summary)
      }
      if !state.isStarted {
        guard Self.startThread(self) else { return .noHandle(transfer.plan) }
        state.isStarted = true
      }
      state.transferCount += 1
      state.post(transfer, .start)
      return nil
    }
    if let failure { transfer.finish(.failure(failure)) }
  }

  /// Has the thread look after a transfer; each kind is sent at most once until the thread has answered it, so the
  /// mailbox is bounded by the number of transfers.
  ///
  /// Without effect on one that it does not have.
  func attend(_ transfer: Transfer, _ attention: Attention) {
    state.withLock { $0.post(transfer, attention) }
  }

  /// Has the thread cancel what it has and end.
  func stop() {
    state.withLock { state in
      state.mail.isStopping = true
      if !state.isStarted { state.hasEnded = true }
      state.multi?.wake()
    }
  }

  /// Waits until the thread has ended, after `stop`.
  func waitForEnd() async {
    await withCheckedContinuation { waiter in
      let hasEnded = state.withLock { state in
        if !state.hasEnded { state.endWaiters.append(waiter) }
        return state.hasEnded
      }
      if hasEnded { waiter.resume() }
    }
  }

  // MARK: The thread's side

  /// Tells where to wake the thread.
  func began(_ multi: MultiReference) { state.withLock { $0.multi = multi } }

  /// Takes everything out of the mailbox.
  func takeMail() -> Mail {
    state.withLock { state in
      let mail = state.mail
      state.mail.letters = []
      return mail
    }
  }

  /// Counts transfers that have left the thread.
  func ended(transfers: Int) { state.withLock { $0.transferCount -= transfers } }

  /// Takes the last mail and forbids to wake a thread that is about to be gone.
  func ending() -> Mail {
    state.withLock { state in
      state.multi = nil
      state.mail.isStopping = true
      let mail = state.mail
      state.mail.letters = []
      return mail
    }
  }

  /// Releases those who wait for the end.
  func finished() {
    let waiters = state.withLock { state in
      state.hasEnded = true
      defer { state.endWaiters = [] }
      return state.endWaiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Starts a detached thread that runs until `stop`.
  private static func startThread(_ engine: TransferEngine) -> Bool {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let context = Unmanaged.passRetained(engine)
    var thread = pthread_t()
    let code = pthread_create(&thread, &attributes, { TransferEngine.run($0) }, context.toOpaque())
    if code != 0 { context.release() }
    return code == 0
  }

  private static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let engine = Unmanaged<TransferEngine>.fromOpaque(context).takeRetainedValue()
    // The program's signals belong to its other threads; without this, OpenSSL's writes raise SIGPIPE here.
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    TransferLoop(engine: engine).run()
    engine.finished()
    return nil
  }
}

extension TransferEngine.State {
  fileprivate mutating func post(_ transfer: Transfer, _ attention: TransferEngine.Attention) {
    mail.letters.append((transfer, attention))
    // A letter before this one has woken the thread, which takes them all.
    if mail.letters.count == 1 { multi?.wake() }
  }
}

/// The one thing of curl that other threads may touch.
///
/// `@unchecked Sendable`: the pointer is used under the lock of `TransferEngine`, which drops it before the thread
/// frees it.
struct MultiReference: @unchecked Sendable {
  let raw: UnsafeMutableRawPointer

  /// Makes `curl_multi_poll` return, now or when it is called next; writes one byte to a pipe, and never blocks.
  func wake() { curl_multi_wakeup(raw) }
}
