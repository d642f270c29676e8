// SPDX-License-Identifier: Apache-2.0

/// Percent-encoding for paths and queries, RFC 3986.
enum URLText {
  private static let unreserved = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8
  )
  private static let hexadecimal = Array("0123456789ABCDEF".utf8)

  /// Encodes everything but letters, digits and `-._~`, and what `also` names.
  static func encode(_ text: String, also allowed: String = "") -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if unreserved.contains(byte) || allowed.utf8.contains(byte) {
        bytes.append(byte)
      } else {
        bytes += [
          UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)],
        ]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Encodes one segment of a path; the names of roles may hold colons.
  static func segment(_ text: String) -> String { encode(text, also: ":@$&+,;=") }

  /// A query with its question mark, or nothing without parameters.
  static func query(_ parameters: [(name: String, value: String)]) -> String {
    guard !parameters.isEmpty else { return "" }
    return "?" + parameters.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
  }
}
