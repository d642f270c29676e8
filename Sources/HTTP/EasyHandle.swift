// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// The handles in whose callbacks something has happened since the loop last looked.
final class TouchList {
  var handles: [EasyHandle] = []
}

/// A curl easy handle with everything it points to; made, used and freed on the engine's thread.
final class EasyHandle {
  /// Size of curl's buffer for reading from a connection, as measured: bigger ones are no faster.
  static let receiveBufferBytes = 128 << 10
  /// Silence after which the system asks whether the other side still exists, and the time between the questions.
  static let keepAliveSeconds = 30

  let transfer: Transfer
  let raw: UnsafeMutableRawPointer
  private var lists: [UnsafeMutablePointer<curl_slist>] = []
  private let errorText: UnsafeMutablePointer<CChar>
  private var failure: CURLcode?

  private var parser = HeadParser()
  /// Whether the head of the response is whole.
  private(set) var hasHead = false
  private(set) var isReceivePaused = false
  private(set) var isSendPaused = false
  /// Whether the connection is made, so that the request went out.
  private(set) var isConnected = false
  /// When the transfer came to the thread, for its total time.
  let startedAt: SuspendingClock.Instant
  /// When something last moved, as far as the loop has looked.
  var movedAt: SuspendingClock.Instant
  private let touched: TouchList
  private var isTouched = false
  private var hasNews = false
  /// Why the transfer must end although curl sees no error.
  private(set) var ownFailure: HTTPError?

  /// nil when curl has no memory left, or lacks an option it was built without.
  init?(transfer: Transfer, now: SuspendingClock.Instant, touched: TouchList) {
    guard let raw = curl_easy_init() else { return nil }
    self.transfer = transfer
    self.raw = raw
    self.touched = touched
    startedAt = now
    movedAt = now
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    let plan = transfer.plan
    configureTransport(plan)
    configureRequest(plan)
    configureTLS(plan.tls)
    configureCallbacks()
    if failure != nil { return nil }
  }

  deinit {
    curl_easy_cleanup(raw)
    for list in lists { curl_slist_free_all(list) }
    errorText.deallocate()
  }

  // MARK: Options

  private func configureTransport(_ plan: TransferPlan) {
    set(CURLOPT_URL, plan.urlText)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_PATH_AS_IS, 1)
    set(CURLOPT_NOSIGNAL, 1)
    // Do not wait for the name look-up of a cancelled transfer.
    set(CURLOPT_QUICK_EXIT, 1)
    set(CURLOPT_BUFFERSIZE, Self.receiveBufferBytes)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_TCP_KEEPIDLE, Self.keepAliveSeconds)
    set(CURLOPT_TCP_KEEPINTVL, Self.keepAliveSeconds)
    set(CURLOPT_CONNECTTIMEOUT_MS, max(1, plan.connectTimeout.wholeMilliseconds))
    if plan.usesOwnConnection {
      set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
    } else {
      set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
      set(CURLOPT_PIPEWAIT, 1)
    }
    if let connectTo = plan.connectTo { set(CURLOPT_CONNECT_TO, [connectTo]) }
    if let proxy = plan.proxy {
      set(CURLOPT_PROXY, proxy)
      set(CURLOPT_NOPROXY, "")
    }
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
  }

  private func configureRequest(_ plan: TransferPlan) {
    set(CURLOPT_USERAGENT, plan.userAgent)
    set(CURLOPT_HTTPHEADER, plan.headerLines)
    if plan.hasBody {
      set(CURLOPT_UPLOAD, 1)
      let length = plan.bodyLengthBytes ?? -1
      check(binnacle_easy_set_offset(raw, CURLOPT_INFILESIZE_LARGE, curl_off_t(length)))
    } else if plan.method == .head {
      set(CURLOPT_NOBODY, 1)
    }
    if plan.method != .get, plan.method != .head {
      set(CURLOPT_CUSTOMREQUEST, plan.method.rawValue)
    }
  }

  private func configureTLS(_ tls: TLSOptions) {
    set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
    set(CURLOPT_SSL_VERIFYPEER, tls.skipsVerification ? 0 : 1)
    set(CURLOPT_SSL_VERIFYHOST, tls.skipsVerification ? 0 : 2)
    set(tls.certificateAuthority, data: CURLOPT_CAINFO_BLOB, file: CURLOPT_CAINFO)
    if case .data = tls.certificateAuthority {
      // The system's directory of authorities would be trusted beside the given ones.
      check(binnacle_easy_set_string(raw, CURLOPT_CAPATH, nil))
    }
    set(tls.clientCertificate, data: CURLOPT_SSLCERT_BLOB, file: CURLOPT_SSLCERT)
    set(tls.clientKey, data: CURLOPT_SSLKEY_BLOB, file: CURLOPT_SSLKEY)
  }

  private func set(_ pem: PEM?, data: CURLoption, file: CURLoption) {
    switch pem {
    case nil: break
    case .data(let bytes):
      check(bytes.withUnsafeBytes { binnacle_easy_set_blob(raw, data, $0.baseAddress, $0.count) })
    case .file(let path): set(file, path)
    }
  }

  private func set(_ option: CURLoption, _ value: Int) {
    check(binnacle_easy_set_long(raw, option, value))
  }

  private func set(_ option: CURLoption, _ value: String) {
    check(binnacle_easy_set_string(raw, option, value))
  }

  private func set(_ option: CURLoption, _ lines: [String]) {
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines {
      guard let longer = curl_slist_append(list, line) else {
        failure = CURLE_OUT_OF_MEMORY
        break
      }
      list = longer
    }
    guard let list else { return }
    lists.append(list)
    check(binnacle_easy_set_list(raw, option, list))
  }

  private func check(_ code: CURLcode) {
    if code != CURLE_OK, failure == nil { failure = code }
  }

  // MARK: Callbacks

  private func configureCallbacks() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    check(binnacle_easy_set_pointer(raw, CURLOPT_PRIVATE, context))
    check(binnacle_easy_set_pointer(raw, CURLOPT_ERRORBUFFER, errorText))
    check(binnacle_easy_set_pointer(raw, CURLOPT_WRITEDATA, context))
    check(binnacle_easy_set_pointer(raw, CURLOPT_HEADERDATA, context))
    check(binnacle_easy_set_pointer(raw, CURLOPT_READDATA, context))
    check(binnacle_easy_set_pointer(raw, CURLOPT_SEEKDATA, context))
    check(binnacle_easy_set_pointer(raw, CURLOPT_PREREQDATA, context))
    check(
      binnacle_easy_set_data_callback(raw, CURLOPT_WRITEFUNCTION) { data, size, count, context in
        EasyHandle.of(context).receive(UnsafeRawBufferPointer(start: data, count: size * count))
      }
    )
    check(
      binnacle_easy_set_data_callback(raw, CURLOPT_HEADERFUNCTION) { data, size, count, context in
        EasyHandle.of(context).receiveHead(UnsafeRawBufferPointer(start: data, count: size * count))
      }
    )
    check(
      binnacle_easy_set_data_callback(raw, CURLOPT_READFUNCTION) { data, size, count, context in
        EasyHandle.of(context).send(
          UnsafeMutableRawBufferPointer(start: data, count: size * count)
        )
      }
    )
    check(
      binnacle_easy_set_seek_callback(raw) { context, offset, _ in
        offset == 0 && EasyHandle.of(context).transfer.rewindUpload()
          ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
      }
    )
    check(
      binnacle_easy_set_prereq_callback(raw) { context, _, _, _, _ in
        EasyHandle.of(context).connected()
        return CURL_PREREQFUNC_OK
      }
    )
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> EasyHandle {
    guard let context else { preconditionFailure("curl gives back the context it was given") }
    return Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
  }

  /// The object of a raw handle that this class made.
  static func of(raw: UnsafeMutableRawPointer) -> EasyHandle {
    of(binnacle_easy_get_private(raw))
  }

  private func connected() {
    isConnected = true
    touch()
  }

  private func touch() {
    guard !isTouched else { return }
    isTouched = true
    touched.handles.append(self)
  }

  private func receiveHead(_ line: UnsafeRawBufferPointer) -> Int {
    touch()
    switch parser.consume(line) {
    case .more: return line.count
    case .complete(let head):
      transfer.setHead(head)
      hasHead = true
      hasNews = true
      return line.count
    case .tooLarge:
      ownFailure = .headTooLarge(limit: HeadParser.limitBytes, request: transfer.plan.summary)
      return 0
    }
  }

  private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    touch()
    switch transfer.accept(bytes) {
    case .taken:
      hasNews = true
      return bytes.count
    case .pause:
      isReceivePaused = true
      hasNews = true
      return Int(CURL_WRITEFUNC_PAUSE)
    case .abort:
      return Int(CURL_WRITEFUNC_ERROR)
    }
  }

  private func send(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    touch()
    switch transfer.copyUpload(into: buffer) {
    case .copied(let count): return count
    case .end: return 0
    case .short(let count):
      ownFailure = .uploadTooShort(count, transfer.plan)
      return Int(CURL_READFUNC_ABORT)
    case .pause:
      isSendPaused = true
      return Int(CURL_READFUNC_PAUSE)
    case .abort: return Int(CURL_READFUNC_ABORT)
    }
  }

  // MARK: While it runs

  /// Lets curl go on in the directions given; the callbacks may pause it again at once.
  func resume(receiving: Bool, sending: Bool) -> CURLcode {
    guard receiving && isReceivePaused || sending && isSendPaused else { return CURLE_OK }
    if receiving { isReceivePaused = false }
    if sending { isSendPaused = false }
    touch()
    var mask = CURLPAUSE_CONT
    if isReceivePaused { mask |= CURLPAUSE_RECV }
    if isSendPaused { mask |= CURLPAUSE_SEND }
    return curl_easy_pause(raw, mask)
  }

  /// Wakes the task that waits for what has come in since the last call.
  func deliver(now: SuspendingClock.Instant) {
    isTouched = false
    movedAt = now
    guard hasNews else { return }
    hasNews = false
    transfer.deliver()
  }

  /// When it must have moved or be done; nil when it may take any time.
  var deadline: SuspendingClock.Instant? {
    var deadlines: [SuspendingClock.Instant] = []
    if let idle = transfer.plan.idleTimeout, isConnected, !isReceivePaused, !isSendPaused {
      deadlines.append(movedAt + idle)
    }
    if let total = transfer.plan.totalTimeout { deadlines.append(startedAt + total) }
    return deadlines.min()
  }

  /// The error for a deadline that has passed.
  func timeout(now: SuspendingClock.Instant) -> HTTPError {
    let plan = transfer.plan
    if let total = plan.totalTimeout, startedAt + total <= now {
      return .outOfTime(plan, receivedBytes: transfer.receivedBytes, isSafeToRetry: !isConnected)
    }
    return .idle(plan, receivedBytes: transfer.receivedBytes)
  }

  /// What curl knows about a transfer that has ended.
  func report(_ code: CURLcode) -> CurlReport {
    CurlReport(
      code: code,
      text: String(cString: errorText),
      systemError: Int32(binnacle_easy_get_long(raw, CURLINFO_OS_ERRNO)),
      verifyResult: binnacle_easy_get_long(raw, CURLINFO_SSL_VERIFYRESULT),
      isConnected: isConnected,
      receivedBytes: transfer.receivedBytes
    )
  }
}
