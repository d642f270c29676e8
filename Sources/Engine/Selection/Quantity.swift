// SPDX-License-Identifier: Apache-2.0

/// A quantity as Kubernetes writes it: `10Gi`, `500m`, `1e3`.
///
/// Kept as a floating-point number: whole numbers of bytes are exact up to 8 PiB. Source: Kubernetes API reference, Quantity.
struct Quantity: Sendable, Hashable, Comparable {
  /// In units of what is counted, mostly bytes.
  let value: Double

  static let zero = Quantity(value: 0)

  private init(value: Double) { self.value = value }

  private static let factors: [String: Double] = [
    "": 1, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15,
    "E": 1e18, "Ki": 0x1p10, "Mi": 0x1p20, "Gi": 0x1p30, "Ti": 0x1p40, "Pi": 0x1p50, "Ei": 0x1p60,
  ]

  /// Reads a quantity; nil when the text is none.
  init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
    let suffix = text[digits.endIndex...]
    guard !digits.isEmpty, let number = Double(digits) else { return nil }
    if let factor = Self.factors[String(suffix)] {
      value = number * factor
    } else if suffix.first == "e" || suffix.first == "E", Int(suffix.dropFirst()) != nil,
      let number = Double(text)
    {
      value = number
    } else {
      return nil
    }
  }

  static func < (left: Quantity, right: Quantity) -> Bool { left.value < right.value }
}
