// SPDX-License-Identifier: Apache-2.0

/// Makes tar entries of every kind, right and wrong ones; written from the format's description, not with our writer.
public enum TarMaker {
  /// What programs write into a header to tell which form it has.
  public enum Form: CaseIterable, Sendable {
    case ustar, gnu, old

    var magic: [UInt8] {
      switch self {
      case .ustar: Array("ustar\u{0}00".utf8)
      case .gnu: Array("ustar  \u{0}".utf8)
      case .old: []
      }
    }
  }

  /// One entry with its padding.
  ///
  /// - Parameters:
  ///   - name: The name field; only 100 bytes of it count.
  ///   - body: What follows the header.
  ///   - type: The type.
  ///   - form: The magic.
  ///   - size: The size field, when it is not that of the body.
  /// - Returns: Whole blocks.
  public static func entry(
    _ name: String,
    _ body: [UInt8] = [],
    type: Character = "0",
    form: Form = .ustar,
    size: [UInt8]? = nil
  ) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ bytes: some Sequence<UInt8>, _ at: Int) {
      for (index, byte) in bytes.enumerated() { header[at + index] = byte }
    }
    put(Array(name.utf8).prefix(100), 0)
    put("0000644\u{0}0000000\u{0}0000000\u{0}".utf8, 100)
    put(size ?? Array(octal(body.count, 11).utf8), 124)
    put("15126420345".utf8, 136)
    header[156] = form == .old && type == "0" ? 0 : type.asciiValue ?? 0
    put(form.magic, 257)
    fixChecksum(&header, at: 0)
    return header + body + [UInt8](repeating: 0, count: -body.count & 511)
  }

  /// An entry after a header that gives it a name of any length, as GNU tar writes it.
  public static func longEntry(_ name: String, _ body: [UInt8]) -> [UInt8] {
    entry("././@LongLink", Array(name.utf8) + [0], type: "L", form: .gnu)
      + entry(String(name.prefix(99)), body, form: .gnu)
  }

  /// A header of PAX records.
  public static func pax(_ records: [(String, String)], type: Character = "x") -> [UInt8] {
    var body: [UInt8] = []
    for (key, value) in records {
      let rest = key.utf8.count + value.utf8.count + 3
      var length = rest + 1
      while rest + String(length).utf8.count != length { length = rest + String(length).utf8.count }
      body += Array("\(length) \(key)=\(value)\n".utf8)
    }
    return entry("PaxHeaders/x", body, type: type)
  }

  /// What ends an archive.
  public static let end = [UInt8](repeating: 0, count: 1024)

  /// A number in GNU's base 256, 12 bytes.
  public static func base256(_ value: Int64) -> [UInt8] {
    let low = (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * Int64($0))) }
    return (value < 0 ? [0xFF, 0xFF, 0xFF, 0xFF] : [0x80, 0, 0, 0]) + low
  }

  static func octal(_ value: Int, _ digits: Int) -> String {
    let text = String(value, radix: 8)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  /// Makes the checksum of a header right.
  public static func fixChecksum(_ bytes: inout [UInt8], at start: Int) {
    guard start + 512 <= bytes.count else { return }
    var sum = 0
    for index in 0..<512 { sum += (148..<156).contains(index) ? 32 : Int(bytes[start + index]) }
    let text = octal(sum, 6) + "\u{0} "
    bytes.replaceSubrange(start + 148..<start + 156, with: text.utf8)
  }
}
