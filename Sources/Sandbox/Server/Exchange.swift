// SPDX-License-Identifier: Apache-2.0

internal import CMicroHTTPD

/// One request on a connection and its answer.
///
/// The library keeps a pointer to it from the request's begin to its end; only the connection's thread
/// touches it.
final class Exchange {
  private let cluster: SandboxCluster
  private let target: String
  private var method = ""
  private var body: [UInt8] = []
  private var hasStarted = false
  /// Whether the cluster still counts this request as being answered.
  private var isCounted = true

  private init(cluster: SandboxCluster, target: String) {
    self.cluster = cluster
    self.target = target
    cluster.activity.requestBegan()
  }

  private func stopCounting() {
    guard isCounted else { return }
    isCounted = false
    cluster.activity.requestEnded()
  }

  private static let success = binnacle_mhd_yes()
  private static let refusal = binnacle_mhd_no()

  /// The library's callbacks.
  static let begin: binnacle_mhd_begin = { server, target, _ in
    guard let server, let target else { return nil }
    let cluster = Unmanaged<SandboxCluster>.fromOpaque(server).takeUnretainedValue()
    let exchange = Exchange(cluster: cluster, target: String(cString: target))
    return Unmanaged.passRetained(exchange).toOpaque()
  }

  static let access: binnacle_mhd_access = {
    _,
    connection,
    _,
    method,
    _,
    upload,
    uploadSize,
    context in
    guard let connection, let method, let uploadSize, let pointer = context?.pointee else {
      return Exchange.refusal
    }
    let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
    if !exchange.hasStarted {
      exchange.hasStarted = true
      exchange.method = String(cString: method)
      return Exchange.success
    }
    if uploadSize.pointee > 0 {
      // One byte more than the limit is kept, so that the handler sees that there was too much.
      let room = RequestHandler.bodyLimit + 1 - exchange.body.count
      let part = UnsafeRawBufferPointer(start: upload, count: min(uploadSize.pointee, max(0, room)))
      exchange.body.append(contentsOf: part)
      uploadSize.pointee = 0
      return Exchange.success
    }
    return exchange.answer(connection)
  }

  static let end: binnacle_mhd_end = { _, _, context, _ in
    guard let pointer = context?.pointee else { return }
    context?.pointee = nil
    Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue().stopCounting()
  }

  private func answer(_ connection: OpaquePointer) -> MHD_Result {
    let request = SandboxRequest(
      method: method,
      target: target,
      headers: Self.headers(connection),
      body: body
    )
    body = []
    let answer = cluster.handle(request)
    // A connection that is cut before the first byte gives no answer at all.
    if answer.cutAfterBytes == 0 { return Exchange.refusal }
    if case .stream = answer.body { stopCounting() }
    let writer = BodyWriter(answer, socket: binnacle_mhd_socket(connection))
    guard let response = writer.makeResponse() else { return Exchange.refusal }
    defer { MHD_destroy_response(response) }
    for header in answer.headers {
      _ = MHD_add_response_header(response, header.name, header.value)
    }
    return MHD_queue_response(connection, UInt32(answer.status), response)
  }

  private static func headers(_ connection: OpaquePointer) -> [SandboxHeader] {
    var headers: [SandboxHeader] = []
    withUnsafeMutablePointer(to: &headers) { pointer in
      binnacle_mhd_headers(
        connection,
        { context, _, name, value in
          guard let context, let name, let value else { return Exchange.success }
          context.assumingMemoryBound(to: [SandboxHeader].self).pointee.append(
            SandboxHeader(String(cString: name), String(cString: value))
          )
          return Exchange.success
        },
        pointer
      )
    }
    return headers
  }
}

/// Feeds the body of one response to the library.
///
/// The library keeps a pointer to it as long as the response lives; only the connection's thread touches it.
private final class BodyWriter {
  /// How much the library asks for at once, in bytes.
  private static let blockSize = 256 * 1024
  /// How long a watch waits before it looks whether the client is still there.
  private static let patience = Duration.seconds(1)

  private let body: SandboxBody
  private let socket: Int32
  private let cutAfterBytes: Int
  private let byteCount: Int?
  private var segment = 0
  private var offset = 0
  /// The lines of a watch that are being sent.
  private var lines: [SandboxSegment] = []
  private var sent = 0

  init(_ response: SandboxResponse, socket: Int32) {
    body = response.body
    byteCount = response.byteCount
    cutAfterBytes = response.cutAfterBytes ?? Int.max
    self.socket = socket
  }

  func makeResponse() -> OpaquePointer? {
    MHD_create_response_from_callback(
      byteCount.map(UInt64.init) ?? binnacle_mhd_size_unknown(),
      Self.blockSize,
      { context, _, buffer, capacity in
        guard let context, let buffer else { return binnacle_mhd_end_with_error() }
        return Unmanaged<BodyWriter>.fromOpaque(context).takeUnretainedValue()
          .read(UnsafeMutableRawBufferPointer(start: buffer, count: capacity))
      },
      Unmanaged.passRetained(self).toOpaque(),
      { context in
        guard let context else { return }
        Unmanaged<BodyWriter>.fromOpaque(context).release()
      }
    )
  }

  private func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let room = min(buffer.count, cutAfterBytes - sent)
    guard room > 0 else { return binnacle_mhd_end_with_error() }
    let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<room])
    let count =
      switch body {
      case .segments(let segments): end(ifZero: copy(segments, to: target))
      case .stream(let stream): copy(stream, to: target)
      }
    if count > 0 { sent += count }
    return count
  }

  private func copy(_ segments: [SandboxSegment], to target: UnsafeMutableRawBufferPointer) -> Int {
    var count = 0
    while count < target.count, segment < segments.count {
      let piece = segments[segment]
      let part = min(piece.count - offset, target.count - count)
      piece.bytes.withUnsafeBytes { bytes in
        let start = piece.start + offset
        UnsafeMutableRawBufferPointer(rebasing: target[count..<(count + part)])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + part)]))
      }
      count += part
      offset += part
      if offset == piece.count {
        segment += 1
        offset = 0
      }
    }
    return count
  }

  private func end(ifZero count: Int) -> Int {
    count > 0 ? count : binnacle_mhd_end_of_stream()
  }

  /// Waits for events; a client that has hung up is noticed within `patience`.
  private func copy(_ stream: SandboxStream, to target: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = copy(lines, to: target)
      if count > 0 { return count }
      switch stream.next(atMost: Self.patience) {
      case .lines(let next):
        lines = next
        segment = 0
        offset = 0
      case .end: return binnacle_mhd_end_of_stream()
      case .nothing:
        guard !isHungUp else {
          stream.finish()
          return binnacle_mhd_end_with_error()
        }
      }
    }
  }

  private var isHungUp: Bool { binnacle_is_hung_up(socket) != 0 }
}
