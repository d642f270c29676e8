// SPDX-License-Identifier: Apache-2.0

/// Cuts what others print to something that fits into a message.
enum TextExcerpt {
  /// The longest excerpt, in characters.
  static let limit = 200

  /// The first line that is not empty, without control characters, cut to the limit.
  static func firstLine(of bytes: [UInt8]) -> String {
    let text = String(decoding: bytes.prefix(limit * 8), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).lazy.map { line in
      String(
        String.UnicodeScalarView(line.unicodeScalars.filter { $0.value >= 0x20 && $0 != "\u{7F}" })
      )
    }
    let line = lines.first { !$0.allSatisfy(\.isWhitespace) } ?? ""
    let trimmed = line.drop(while: \.isWhitespace)
    return trimmed.count > limit ? trimmed.prefix(limit) + "…" : String(trimmed)
  }
}
