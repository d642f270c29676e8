// SPDX-License-Identifier: Apache-2.0

/// Puts the head of a response together from the lines curl hands over, one call a line.
///
/// Interim heads (1xx) and trailers are passed over. Source: RFC 9110, sections 15.2 and 6.5.
struct HeadParser {
  /// Most bytes of a head: far above what servers send, below what would hurt.
  static let limitBytes = 256 << 10

  enum Result {
    case more
    case complete(ResponseHead)
    case tooLarge
  }

  private var status = 0
  private var version = HTTPVersion.http1_1
  private var headers = HTTPHeaders()
  private var sizeBytes = 0
  private var isComplete = false

  /// Takes one line with its line end.
  mutating func consume(_ line: UnsafeRawBufferPointer) -> Result {
    guard !isComplete else { return .more }
    sizeBytes += line.count
    guard sizeBytes <= Self.limitBytes else { return .tooLarge }
    let text = Self.trimmed(line[...])
    if text.isEmpty { return finish() }
    if text.starts(with: "HTTP/".utf8) {
      start(text)
    } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
      headers.add(
        name: String(decoding: Self.trimmed(text[..<colon]), as: UTF8.self),
        value: String(decoding: Self.trimmed(text[(colon + 1)...]), as: UTF8.self)
      )
    }
    return .more
  }

  private mutating func start(_ line: Slice<UnsafeRawBufferPointer>) {
    headers = HTTPHeaders()
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
    status = words.count > 1 ? Int(String(decoding: words[1], as: UTF8.self)) ?? 0 : 0
    switch String(decoding: words[0], as: UTF8.self) {
    case "HTTP/2", "HTTP/2.0": version = .http2
    case "HTTP/1.0": version = .http1_0
    default: version = .http1_1
    }
  }

  private mutating func finish() -> Result {
    // 101 is final, but never asked for: curl ends such a transfer by itself.
    guard status >= 200 else { return .more }
    isComplete = true
    return .complete(ResponseHead(status: status, version: version, headers: headers))
  }

  private static func trimmed(
    _ bytes: Slice<UnsafeRawBufferPointer>
  ) -> Slice<UnsafeRawBufferPointer> {
    var bytes = bytes
    while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    return bytes
  }
}
