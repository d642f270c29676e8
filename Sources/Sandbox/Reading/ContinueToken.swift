// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Where a list goes on, as the base64url text that clients send back.
///
/// The text is the JSON `{"v":"meta.k8s.io/v1","rv":…,"start":…}`: the revision, -1 for the present, and the key
/// after which the list goes on, followed by a zero byte. Servers from about 1.31 on put a slash before the key.
struct ContinueToken: Sendable {
  /// The revision of the list; -1 for a continuation at the present.
  var revision: Int64
  /// The first key that may come, relative to what is listed.
  var start: String

  func text(version: SandboxVersion) -> String {
    let token: JSONValue = [
      "v": "meta.k8s.io/v1", "rv": .number(JSONNumber(revision)),
      "start": .string(version == .v1_20 ? start : "/" + start),
    ]
    return Base64URL.encode(token.encoded(JSONFormat(escapesHTML: true)))
  }

  init(revision: Int64, after key: String) {
    self.revision = revision
    start = key + "\0"
  }

  /// Reads a token.
  ///
  /// - Throws: 400 with what is wrong, in the words of Go's decoders.
  init(text: String) throws(APIFailure) {
    guard let bytes = Base64URL.decode(text) else {
      throw Self.invalid("illegal base64 data at input byte \(max(0, text.utf8.count - 1))")
    }
    guard let token = Self.parse(bytes) else {
      throw Self.invalid(GoJSONError.text(for: bytes))
    }
    guard token["v"]?.string == "meta.k8s.io/v1" else {
      throw .badRequest(
        "invalid continue token: continue key is not valid: server does not recognize this encoded version"
          + " \"\(token["v"]?.string ?? "")\""
      )
    }
    guard let revision = token["rv"]?.int64, revision != 0, let start = token["start"]?.string,
      !start.isEmpty
    else {
      throw .badRequest(
        "invalid continue token: continue key is not valid: incorrect encoded start"
      )
    }
    self.revision = revision
    self.start = start.hasPrefix("/") ? String(start.dropFirst()) : start
  }

  private static func parse(_ bytes: [UInt8]) -> JSONValue? { try? JSONValue(parsing: bytes) }

  private static func invalid(_ why: String) -> APIFailure {
    .badRequest("invalid continue token: continue key is not valid: \(why)")
  }
}

/// Base64 with the alphabet for URLs and without padding; RFC 4648, section 5.
enum Base64URL {
  private static let padding = UInt8(ascii: "=")

  static func encode(_ bytes: [UInt8]) -> String {
    let text = Base64.encode(bytes).utf8.prefix { $0 != padding }.map { byte in
      switch byte {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      default: byte
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads text of the alphabet alone: no padding, white space or line breaks; nil for other text.
  static func decode(_ text: String) -> [UInt8]? {
    var standard: [UInt8] = []
    standard.reserveCapacity(text.utf8.count + 3)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "-"): standard.append(UInt8(ascii: "+"))
      case UInt8(ascii: "_"): standard.append(UInt8(ascii: "/"))
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        standard.append(byte)
      default: return nil
      }
    }
    while !standard.count.isMultiple(of: 4) { standard.append(padding) }
    return Base64.decode(String(decoding: standard, as: UTF8.self))
  }
}

/// What Go's decoder says of bytes that are no JSON.
enum GoJSONError {
  static func text(for bytes: [UInt8]) -> String {
    guard let first = bytes.first(where: { ![9, 10, 13, 32].contains($0) }) else {
      return "unexpected end of JSON input"
    }
    if "{[\"-0123456789tfn".utf8.contains(first) { return "unexpected end of JSON input" }
    return "invalid character \(quoted(first)) looking for beginning of value"
  }

  private static func quoted(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "'"): "'\\''"
    case UInt8(ascii: "\""): "'\"'"
    case 0x20..<0x7F: "'\(Character(UnicodeScalar(byte)))'"
    default: "'\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))'"
    }
  }
}
