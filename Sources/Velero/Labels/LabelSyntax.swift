// SPDX-License-Identifier: Apache-2.0

/// What the keys and values of labels may look like.
///
/// Source: Kubernetes documentation, "Labels and Selectors", section "Syntax and character set".
enum LabelSyntax {
  static func checkKey(_ key: String) throws(VeleroError) {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.last, isName(name, limit: 63) else {
      throw LabelSelector.invalid(
        "'\(key)' is no label key; it is up to 63 letters, digits, '-', '_' and '.', "
          + "with a letter or digit at both ends, and may have a DNS name and '/' before"
      )
    }
    if parts.count == 2, let prefix = parts.first, !isDNSName(prefix) {
      throw LabelSelector.invalid("'\(prefix)' before the '/' of '\(key)' is no DNS name")
    }
  }

  static func checkValue(_ value: String, of key: String) throws(VeleroError) {
    guard value.isEmpty || isName(value[...], limit: 63) else {
      throw LabelSelector.invalid(
        "'\(value)' is no value of the label '\(key)'; it is up to 63 letters, digits, '-', '_' "
          + "and '.', with a letter or digit at both ends"
      )
    }
  }

  private static func isName(_ text: Substring, limit: Int) -> Bool {
    let utf8 = text.utf8
    guard let first = utf8.first, let last = utf8.last, utf8.count <= limit else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
  }

  private static func isDNSName(_ text: Substring) -> Bool {
    text.utf8.count <= 253
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
        guard let first = part.utf8.first, let last = part.utf8.last else { return false }
        return isLowerAlphanumeric(first) && isLowerAlphanumeric(last)
          && part.utf8.allSatisfy { isLowerAlphanumeric($0) || $0 == UInt8(ascii: "-") }
      }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLowerAlphanumeric(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
