// SPDX-License-Identifier: Apache-2.0

/// The rules for names of Kubernetes objects.
///
/// Source: Kubernetes documentation, "Object Names and IDs": DNS subdomain names (RFC 1123).
public enum ObjectName {
  /// The longest name of an object, in bytes.
  public static let subdomainLimit = 253
  /// The longest part between two points, in bytes.
  public static let labelLimit = 63

  /// Whether a text is a DNS subdomain name: labels of any length with points between them.
  public static func isSubdomain(_ text: String) -> Bool {
    (1...subdomainLimit).contains(text.utf8.count)
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabelText)
  }

  /// Whether a text is a DNS label: lower case letters, digits and hyphens, with none at the ends.
  public static func isLabel(_ text: String) -> Bool {
    text.utf8.count <= labelLimit && isLabelText(text[...])
  }

  /// What names look like, for hints.
  public static let rule =
    "names have lower case letters, digits, '-' and '.', start and end with a letter or digit, "
    + "and are at most \(subdomainLimit) long"

  private static func isLabelText(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
