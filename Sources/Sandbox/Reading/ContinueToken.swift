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
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
  )

  static func encode(_ bytes: [UInt8]) -> String {
    Base64.encode(bytes, alphabet: alphabet, isPadded: false)
  }

  static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for character in text.utf8 {
      guard let value = alphabet.firstIndex(of: character) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return count == 6 ? nil : bytes
  }
}

/// RFC 4648, section 4.
enum Base64 {
  private static let standard = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
  )

  static func encode(_ bytes: [UInt8]) -> String {
    encode(bytes, alphabet: standard, isPadded: true)
  }

  static func encode(_ bytes: [UInt8], alphabet: [UInt8], isPadded: Bool) -> String {
    var text: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let group = bytes[index..<min(index + 3, bytes.count)]
      var bits: UInt32 = 0
      for offset in 0..<3 {
        bits = bits << 8 | (offset < group.count ? UInt32(group[group.startIndex + offset]) : 0)
      }
      for place in 0..<4 {
        if place <= group.count {
          text.append(alphabet[Int(bits >> UInt32(18 - 6 * place) & 63)])
        } else if isPadded {
          text.append(UInt8(ascii: "="))
        }
      }
      index += 3
    }
    return String(decoding: text, as: UTF8.self)
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
