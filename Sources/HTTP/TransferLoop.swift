// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// What the engine's thread does: carries out the transfers of its mailbox until it is stopped.
///
/// Confined to that thread.
final class TransferLoop {
  /// Longest sleep when nothing is due; the mailbox wakes it earlier.
  private static let sleepLimitMilliseconds = 60_000
  /// Most idle connections kept for later requests, to all hosts together.
  private static let keptConnectionLimit = 64
  /// Most streams asked for on one HTTP/2 connection; the server's own limit, often 100 or 250, counts as well.
  private static let streamLimit = 1_000

  private static let isCurlReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private let engine: TransferEngine
  private let multi: UnsafeMutableRawPointer?
  private var running: [ObjectIdentifier: EasyHandle] = [:]
  private let touched = TouchList()
  private var now = SuspendingClock.now
  /// No deadline of a running transfer is earlier.
  private var nextDeadline: SuspendingClock.Instant?

  init(engine: TransferEngine) {
    self.engine = engine
    multi = Self.isCurlReady ? curl_multi_init() : nil
    guard let multi else { return }
    let perHost = max(1, engine.options.maximumConnectionsPerHost)
    for (option, value) in [
      (CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX)),
      (CURLMOPT_MAX_HOST_CONNECTIONS, perHost),
      (CURLMOPT_MAXCONNECTS, max(Self.keptConnectionLimit, perHost)),
      (CURLMOPT_MAX_CONCURRENT_STREAMS, Self.streamLimit),
    ] {
      let code = binnacle_multi_set_long(multi, option, value)
      precondition(code == CURLM_OK, "libcurl 7.67 and later know these options")
    }
  }

  deinit {
    if let multi { curl_multi_cleanup(multi) }
  }

  /// Runs until the engine is stopped and every transfer has ended.
  func run() {
    if let multi {
      engine.began(MultiReference(raw: multi))
      while read(engine.takeMail(), multi) {
        var runningCount: Int32 = 0
        curl_multi_perform(multi, &runningCount)
        now = SuspendingClock.now
        deliver()
        reap(multi)
        enforceDeadlines(multi)
        curl_multi_poll(multi, nil, 0, sleepMilliseconds, nil)
        now = SuspendingClock.now
      }
    }
    end()
  }

  // MARK: Mail

  /// Does what the letters say; false when the loop shall end.
  private func read(_ mail: TransferEngine.Mail, _ multi: UnsafeMutableRawPointer) -> Bool {
    guard !mail.isStopping else {
      for letter in mail.letters {
        letter.transfer.finish(.failure(.closed(letter.transfer.plan.summary)))
      }
      return false
    }
    for letter in mail.letters {
      let transfer = letter.transfer
      if letter.attention == .start {
        start(transfer, multi)
        continue
      }
      guard let handle = running[ObjectIdentifier(transfer)] else { continue }
      switch letter.attention {
      case .start: break
      case .cancel: remove(handle, multi)
      case .receive: resume(handle, receiving: true, sending: false, multi)
      case .send: resume(handle, receiving: false, sending: true, multi)
      }
    }
    return true
  }

  private func start(_ transfer: Transfer, _ multi: UnsafeMutableRawPointer) {
    guard !transfer.hasEnded else {
      engine.ended(transfers: 1)
      return
    }
    guard let handle = EasyHandle(transfer: transfer, now: now, touched: touched),
      curl_multi_add_handle(multi, handle.raw) == CURLM_OK
    else {
      transfer.finish(.failure(.noHandle(transfer.plan)))
      engine.ended(transfers: 1)
      return
    }
    running[ObjectIdentifier(transfer)] = handle
    note(handle.deadline)
  }

  private func resume(
    _ handle: EasyHandle,
    receiving: Bool,
    sending: Bool,
    _ multi: UnsafeMutableRawPointer
  ) {
    let code = handle.resume(receiving: receiving, sending: sending)
    if code != CURLE_OK { finish(handle, code, multi) }
  }

  // MARK: Progress

  private func deliver() {
    while let handle = touched.handles.popLast() {
      handle.deliver(now: now)
      note(handle.deadline)
    }
  }

  /// Takes the transfers that curl says are done.
  private func reap(_ multi: UnsafeMutableRawPointer) {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let raw = message.pointee.easy_handle else {
        continue
      }
      // The message is gone once its handle is removed.
      finish(EasyHandle.of(raw: raw), binnacle_message_result(message), multi)
    }
  }

  private func finish(_ handle: EasyHandle, _ code: CURLcode, _ multi: UnsafeMutableRawPointer) {
    // Removed first: a caller who has seen the end finds the connection free.
    let report = handle.report(code)
    remove(handle, multi)
    let transfer = handle.transfer
    // curl takes a head that is cut, after some lines, for a whole one.
    guard code != CURLE_OK || !handle.hasHead else {
      transfer.finish(.success(()))
      return
    }
    let error = handle.ownFailure ?? HTTPError(report, plan: transfer.plan)
    transfer.finish(.failure(error))
    if !handle.isConnected { shareFate(of: handle, error, multi) }
  }

  /// Ends the requests that wait for a connection to a host where none can be made, instead of letting each try.
  private func shareFate(
    of failed: EasyHandle,
    _ error: HTTPError,
    _ multi: UnsafeMutableRawPointer
  ) {
    let origin = failed.transfer.plan.url.origin
    let companions = running.values.filter { $0.transfer.plan.url.origin == origin }
    guard !companions.contains(where: \.isConnected) else { return }
    for handle in companions {
      remove(handle, multi)
      handle.transfer.finish(.failure(error))
    }
  }

  private func remove(_ handle: EasyHandle, _ multi: UnsafeMutableRawPointer) {
    curl_multi_remove_handle(multi, handle.raw)
    running[ObjectIdentifier(handle.transfer)] = nil
    engine.ended(transfers: 1)
  }

  // MARK: Deadlines

  private func note(_ deadline: SuspendingClock.Instant?) {
    guard let deadline else { return }
    nextDeadline = nextDeadline.map { min($0, deadline) } ?? deadline
  }

  /// Ends the transfers whose deadline has passed; looks at them all, but only when one may have.
  private func enforceDeadlines(_ multi: UnsafeMutableRawPointer) {
    guard let due = nextDeadline, due <= now else { return }
    nextDeadline = nil
    for handle in Array(running.values) {
      guard let deadline = handle.deadline else { continue }
      if deadline <= now {
        let error = handle.timeout(now: now)
        remove(handle, multi)
        handle.transfer.finish(.failure(error))
      } else {
        note(deadline)
      }
    }
  }

  /// Rounded up, so that the deadline has passed on waking.
  private var sleepMilliseconds: Int32 {
    guard let nextDeadline else { return Int32(Self.sleepLimitMilliseconds) }
    let left = max(0, (nextDeadline - now).wholeMilliseconds + 1)
    return Int32(min(left, Self.sleepLimitMilliseconds))
  }

  // MARK: The end

  private func end() {
    if let multi {
      for handle in Array(running.values) {
        remove(handle, multi)
        handle.transfer.finish(.failure(.cancelled(handle.transfer.plan.summary)))
      }
    }
    for letter in engine.ending().letters {
      letter.transfer.finish(.failure(.closed(letter.transfer.plan.summary)))
    }
  }
}

extension Duration {
  /// The whole milliseconds in it, rounded down.
  var wholeMilliseconds: Int {
    let (seconds, attoseconds) = components
    let limit = Int64(Int32.max) / 1_000
    return Int(min(max(seconds, -limit), limit)) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
  }
}
