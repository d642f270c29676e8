// SPDX-License-Identifier: Apache-2.0

/// The fields of one tar header whose checksum was found right.
struct TarFields {
  let type: UInt8
  let mode: Int
  let sizeBytes: Int64
  let modifiedSeconds: Int64
  private let name: [UInt8]
  private let prefix: [UInt8]
  private let offset: Int64

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - block: 512 bytes.
  ///   - offset: Where the block is in the archive, for messages.
  /// - Throws: `.corrupt`.
  init(_ block: UnsafeRawBufferPointer, at offset: Int64) throws(VeleroError) {
    self.offset = offset
    guard let sum = Self.number(block, TarHeader.checksum), Self.isSum(sum, of: block) else {
      throw Self.corrupt("its checksum is wrong", offset)
    }
    let name = Self.text(block, TarHeader.name)
    guard let size = Self.number(block, TarHeader.size), size >= 0 else {
      throw Self.unusable(name, "its size is no number")
    }
    guard let seconds = Self.number(block, TarHeader.modified) else {
      throw Self.unusable(name, "its time is no number")
    }
    type = block[TarHeader.type]
    sizeBytes = size
    modifiedSeconds = seconds
    mode = Int(Self.number(block, TarHeader.mode) ?? 0)
    self.name = name
    // The prefix is POSIX's alone; GNU's old format keeps other things in its place.
    let isPOSIX = block[TarHeader.magic].elementsEqual("ustar\u{0}".utf8)
    prefix = isPOSIX ? Self.text(block, TarHeader.prefix) : []
  }

  /// Whether a body of the size in the header follows.
  var hasBody: Bool {
    // Links, devices, directories and pipes have none.
    !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(type)
  }

  /// What the entry is.
  ///
  /// - Parameter path: Its path, which need not be that of the header.
  /// - Returns: The kind.
  func kind(path: String) -> TarEntryKind {
    switch type {
    case UInt8(ascii: "0"), 0, UInt8(ascii: "7"):
      // Archives older than POSIX mark a directory by the end of its name.
      path.utf8.last == UInt8(ascii: "/") ? .directory : .file
    case UInt8(ascii: "5"): .directory
    default: .other(type)
    }
  }

  func path() throws(VeleroError) -> String {
    let bytes = prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
    guard let path = String(validating: bytes, as: UTF8.self) else {
      throw Self.corrupt("its name is no UTF-8", offset)
    }
    guard !path.isEmpty else { throw Self.corrupt("its name is empty", offset) }
    return path
  }

  /// Whether a checksum is the sum of the header's bytes, taken as unsigned or, as some old programs did, as
  /// signed numbers.
  private static func isSum(_ sum: Int64, of block: UnsafeRawBufferPointer) -> Bool {
    var unsigned: Int64 = 0
    var high: Int64 = 0
    for byte in block {
      unsigned += Int64(byte)
      high += Int64(byte >> 7)
    }
    // The field itself counts as spaces.
    for byte in block[TarHeader.checksum] {
      unsigned += 32 - Int64(byte)
      high -= Int64(byte >> 7)
    }
    return sum == unsigned || sum == unsigned - 256 * high
  }

  private static func text(_ block: UnsafeRawBufferPointer, _ field: Range<Int>) -> [UInt8] {
    Array(block[field].prefix { $0 != 0 })
  }

  /// A number in octal digits with spaces or NULs around, or in GNU's base 256; nil for anything else.
  private static func number(_ block: UnsafeRawBufferPointer, _ field: Range<Int>) -> Int64? {
    let bytes = block[field]
    if let first = bytes.first, first & 0x80 != 0 {
      var value: Int64 = first & 0x40 != 0 ? -1 : 0
      for (index, byte) in bytes.enumerated() {
        guard value >= Int64.min >> 8, value <= Int64.max >> 8 else { return nil }
        value = value << 8 | Int64(index == 0 ? byte & 0x7F | (byte & 0x40) << 1 : byte)
      }
      return value
    }
    var value: Int64 = 0
    var rest = bytes.drop { $0 == UInt8(ascii: " ") || $0 == 0 }
    while let byte = rest.popFirst(), byte != UInt8(ascii: " "), byte != 0 {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "7") else { return nil }
      value = value << 3 | Int64(byte - UInt8(ascii: "0"))
    }
    return value
  }

  private static func unusable(_ name: [UInt8], _ reason: String) -> VeleroError {
    .unusable(entry: String(decoding: name, as: UTF8.self), .corrupt, reason)
  }

  private static func corrupt(_ reason: String, _ offset: Int64) -> VeleroError {
    VeleroError(
      code: .corrupt,
      message: "cannot read the archive: the header at byte \(offset) is damaged: \(reason)"
    )
  }
}
