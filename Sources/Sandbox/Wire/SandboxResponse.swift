// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What the server answers.
public struct SandboxResponse: Sendable {
  /// The status code.
  public var status: Int
  /// The headers in order, without those that belong to the connection.
  public var headers: [SandboxHeader]
  /// The body.
  public var body: SandboxBody
  /// How many bytes of the body are sent before the connection is closed; nil when nothing is cut.
  public var cutAfterBytes: Int?

  /// Makes a response.
  public init(status: Int, headers: [SandboxHeader], body: SandboxBody) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header with this name, whatever its case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// The whole body; of a watch, the events that are there now, which ends the watch.
  public var bytes: [UInt8] {
    switch body {
    case .segments(let segments): SandboxSegment.joined(segments)
    case .stream(let stream): stream.drain()
    }
  }
}

/// The body of a response.
public enum SandboxBody: Sendable {
  /// Pieces of memory that follow each other; a list refers to the stored objects without copying them.
  case segments([SandboxSegment])
  /// The events of a watch.
  case stream(SandboxStream)
}

/// A piece of a body: a range of an array that others hold too.
public struct SandboxSegment: Sendable {
  /// The array.
  public let bytes: [UInt8]
  /// The first byte that belongs to the body.
  public let start: Int
  /// The place after the last byte that belongs to the body.
  public let end: Int

  /// Takes a whole array.
  public init(_ bytes: [UInt8]) { self.init(bytes, 0, bytes.count) }

  /// Takes the range `start..<end` of an array.
  public init(_ bytes: [UInt8], _ start: Int, _ end: Int) {
    precondition(0 <= start && start <= end && end <= bytes.count, "the range is inside the array")
    self.bytes = bytes
    self.start = start
    self.end = end
  }

  /// The number of bytes.
  public var count: Int { end - start }

  /// One array with the bytes of all segments.
  public static func joined(_ segments: [SandboxSegment]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(segments.reduce(0) { $0 + $1.count })
    for segment in segments { bytes.append(contentsOf: segment.bytes[segment.start..<segment.end]) }
    return bytes
  }
}

extension SandboxResponse {
  static let noCache = SandboxHeader("Cache-Control", "no-cache, private")

  /// A JSON document, which Kubernetes ends with a newline.
  static func json(_ value: JSONValue, status: Int = 200) -> SandboxResponse {
    json(value.encoded(JSONFormat(escapesHTML: true)), status: status)
  }

  static func json(_ bytes: [UInt8], status: Int = 200) -> SandboxResponse {
    var bytes = bytes
    bytes.append(UInt8(ascii: "\n"))
    return SandboxResponse(
      status: status,
      headers: [noCache, SandboxHeader("Content-Type", "application/json")],
      body: .segments([SandboxSegment(bytes)])
    )
  }

  static func text(_ text: String, status: Int = 200) -> SandboxResponse {
    SandboxResponse(
      status: status,
      headers: [noCache, SandboxHeader("Content-Type", "text/plain; charset=utf-8")],
      body: .segments([SandboxSegment(Array(text.utf8))])
    )
  }

  /// The number of bytes of a body that is known whole.
  var byteCount: Int? {
    guard case .segments(let segments) = body else { return nil }
    return segments.reduce(0) { $0 + $1.count }
  }
}
