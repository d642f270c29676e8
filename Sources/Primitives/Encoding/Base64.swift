// SPDX-License-Identifier: Apache-2.0

/// Base 64 with the standard alphabet and padding, RFC 4648 section 4.
public enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
  )

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xFF, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  /// Writes bytes as base 64 on one line.
  public static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let padded = Array(group) + [0, 0]
      let bits = UInt32(padded[0]) << 16 | UInt32(padded[1]) << 8 | UInt32(padded[2])
      for place in 0..<4 {
        let isPadding = place > group.count
        text.append(
          isPadding
            ? UInt8(ascii: "=") : alphabet[Int(bits >> UInt32(18 - 6 * place) & 0x3F)]
        )
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads base 64, skipping line breaks and spaces; nil for other characters or wrong padding.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 4 * 3)
    var bits: UInt32 = 0
    var count = 0
    var padding = 0
    for character in text.utf8 {
      switch character {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "), UInt8(ascii: "\t"): continue
      case UInt8(ascii: "="):
        padding += 1
        bits <<= 6
      default:
        let value = values[Int(character)]
        guard value != 0xFF, padding == 0 else { return nil }
        bits = bits << 6 | UInt32(value)
      }
      count += 1
      if count == 4 {
        guard padding <= 2 else { return nil }
        bytes.append(UInt8(bits >> 16 & 0xFF))
        if padding < 2 { bytes.append(UInt8(bits >> 8 & 0xFF)) }
        if padding < 1 { bytes.append(UInt8(bits & 0xFF)) }
        (bits, count) = (0, 0)
      } else if padding > 2 {
        return nil
      }
    }
    return count == 0 ? bytes : nil
  }
}
