// SPDX-License-Identifier: Apache-2.0

/// An absolute `http` or `https` URL, taken apart as far as a client must see into it.
///
/// Source: RFC 3986; what is not needed for HTTP requests (user names, fragments, other schemes) is refused.
struct RequestURL: Sendable, Hashable {
  /// Longest URL that is sent: what common servers and proxies take at most.
  static let limitBytes = 64 << 10

  let isSecure: Bool
  /// Name or address; an IPv6 address with its brackets.
  let host: String
  let port: Int
  /// Whether the port stands in the text.
  let hasPort: Bool
  /// Path with its leading slash, or empty.
  let path: String
  /// Query with its question mark, or empty.
  let query: String

  init(_ text: String) throws(HTTPError) {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.limitBytes else {
      throw .invalidURL("it is longer than \(Self.limitBytes) bytes")
    }
    guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw .invalidURL(
        "it has a blank, a control character or a letter that is not ASCII; percent-encode them"
      )
    }
    let rest: ArraySlice<UInt8>
    if Self.starts(bytes, "https://") {
      isSecure = true
      rest = bytes.dropFirst(8)
    } else if Self.starts(bytes, "http://") {
      isSecure = false
      rest = bytes.dropFirst(7)
    } else {
      throw .invalidURL("it must start with 'https://' or 'http://'")
    }
    guard !rest.contains(UInt8(ascii: "#")) else {
      throw .invalidURL("it has a fragment ('#…'), which is never sent")
    }
    let pathStart = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
    let authority = rest[..<(pathStart ?? rest.endIndex)]
    let target = rest[(pathStart ?? rest.endIndex)...]
    let queryStart = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
    path = String(decoding: target[..<queryStart], as: UTF8.self)
    query = String(decoding: target[queryStart...], as: UTF8.self)
    guard !authority.contains(UInt8(ascii: "@")) else {
      throw .invalidURL("it has a user name; credentials belong into a header")
    }
    let (host, port) = try Self.split(authority)
    self.host = host
    self.port = port ?? (isSecure ? 443 : 80)
    hasPort = port != nil
  }

  /// Scheme, host and port: requests with the same origin can share connections.
  var origin: String { "\(isSecure ? "https" : "http")://\(authority)" }

  /// Host, and the port if it is in the text.
  var authority: String { hasPort ? "\(host):\(port)" : host }

  /// Everything but the query, which may hold secrets.
  var withoutQuery: String { origin + path }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "-._~:[]".utf8.contains(byte)
    }
  }

  private static func starts(_ bytes: [UInt8], _ prefix: String) -> Bool {
    bytes.prefix(prefix.utf8.count).map(asciiLowercase).elementsEqual(prefix.utf8)
  }

  private static func split(
    _ authority: ArraySlice<UInt8>
  ) throws(HTTPError) -> (host: String, port: Int?) {
    var hostEnd = authority.endIndex
    if authority.first == UInt8(ascii: "[") {
      guard let bracket = authority.firstIndex(of: UInt8(ascii: "]")) else {
        throw .invalidURL("the address has no closing bracket")
      }
      hostEnd = authority.index(after: bracket)
    } else if let colon = authority.firstIndex(of: UInt8(ascii: ":")) {
      hostEnd = colon
    }
    let host = String(decoding: authority[..<hostEnd], as: UTF8.self)
    guard !host.isEmpty else { throw .invalidURL("it has no host") }
    guard host.utf8.allSatisfy(isHostByte) else {
      throw .invalidURL("its host has a character that no name or address has")
    }
    let rest = authority[hostEnd...]
    guard let colon = rest.first else { return (host, nil) }
    let digits = String(decoding: rest.dropFirst(), as: UTF8.self)
    guard colon == UInt8(ascii: ":"), digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      let port = Int(digits), (1...65_535).contains(port)
    else {
      throw .invalidURL("the port after '\(host)' must be a number from 1 to 65535")
    }
    return (host, port)
  }
}
