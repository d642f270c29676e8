// SPDX-License-Identifier: Apache-2.0

/// The form of the `Warning` header: `299 - "text"`, several separated by commas.
///
/// Source: RFC 7234 section 5.5; Kubernetes sends code 299 and no date.
enum WarningHeader {
  /// How many different warnings are passed on before the rest is kept silent.
  static let keptLimit = 256

  /// The quoted texts in order, unescaped.
  static func texts(in value: String) -> [String] {
    var texts: [String] = []
    var current: String?
    var isEscaped = false
    for character in value {
      guard let text = current else {
        if character == "\"" { current = "" }
        continue
      }
      if isEscaped {
        current = text + String(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        texts.append(text)
        current = nil
      } else {
        current = text + String(character)
      }
    }
    return texts
  }
}
