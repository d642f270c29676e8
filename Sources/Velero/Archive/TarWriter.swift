// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// Writes entries of a tar archive behind the bytes of an array; all are regular files of mode 0755 and user 0.
///
/// The form is ustar; PAX records come before an entry whose path does not fit or is not ASCII, and before one
/// of 8 GiB and more. Apart from the array's growth nothing is allocated for an entry in the ustar form.
public struct TarWriter: Sendable {
  private let modifiedSeconds: Int64
  /// A header in which name, size, checksum and prefix are NUL.
  private let template: [UInt8]
  /// The sum of the template's bytes and of 8 spaces for the checksum.
  private let templateSum: Int

  /// Makes a writer.
  ///
  /// - Parameter modified: The time that all entries carry, cut to the second.
  public init(modified: Timestamp) {
    modifiedSeconds = modified.seconds
    var header = [UInt8](repeating: 0, count: TarHeader.blockSizeBytes)
    func put(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
    }
    put("0000755", at: TarHeader.mode.lowerBound)
    put("0000000", at: 108)
    put("0000000", at: 116)
    let fits = (0...TarHeader.octalLimit).contains(modifiedSeconds)
    let modified = String(fits ? modifiedSeconds : 0, radix: 8, minimumDigits: 11)
    put(modified, at: TarHeader.modified.lowerBound)
    put("0", at: TarHeader.type)
    put("ustar\u{0}00", at: TarHeader.magic.lowerBound)
    put("0000000", at: 329)
    put("0000000", at: 337)
    template = header
    templateSum = header.reduce(8 * 32) { $0 + Int($1) }
  }

  /// Writes one whole entry.
  ///
  /// - Parameters:
  ///   - path: Relative, 1 byte and more, without NUL.
  ///   - head: What the body starts with, such as fields that are put before a slice.
  ///   - body: The rest of it.
  ///   - output: Where header, body and padding go to the end of.
  public func append(
    path: UnsafeRawBufferPointer,
    head: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
    body: UnsafeRawBufferPointer,
    to output: inout [UInt8]
  ) {
    let size = Int64(head.count + body.count)
    appendHeader(path: path, sizeBytes: size, to: &output)
    output.append(contentsOf: head)
    output.append(contentsOf: body)
    appendPadding(sizeBytes: size, to: &output)
  }

  /// Writes one whole entry out of values that are easier to have.
  public func append(path: String, body: [UInt8], to output: inout [UInt8]) {
    var path = path
    path.withUTF8 { path in
      body.withUnsafeBytes { body in
        append(path: UnsafeRawBufferPointer(path), body: body, to: &output)
      }
    }
  }

  /// Writes only the header of an entry; the caller writes the body and then the padding.
  public func appendHeader(path: String, sizeBytes: Int64, to output: inout [UInt8]) {
    var path = path
    path.withUTF8 {
      appendHeader(path: UnsafeRawBufferPointer($0), sizeBytes: sizeBytes, to: &output)
    }
  }

  /// Writes the NULs that fill the last block of a body up.
  public func appendPadding(sizeBytes: Int64, to output: inout [UInt8]) {
    Self.appendZeros(TarHeader.padding(sizeBytes: sizeBytes), to: &output)
  }

  /// Writes the two blocks that end an archive.
  public func appendEnd(to output: inout [UInt8]) {
    Self.appendZeros(2 * TarHeader.blockSizeBytes, to: &output)
  }

  private func appendHeader(
    path: UnsafeRawBufferPointer,
    sizeBytes: Int64,
    to output: inout [UInt8]
  ) {
    precondition(!path.isEmpty && sizeBytes >= 0, "an entry has a path and a size")
    let split = path.allSatisfy { $0 < 0x80 && $0 != 0 } ? Self.split(path) : nil
    if let split, sizeBytes <= TarHeader.octalLimit,
      (0...TarHeader.octalLimit).contains(modifiedSeconds)
    {
      appendBlock(name: split.name, prefix: split.prefix, sizeBytes: sizeBytes, to: &output)
    } else {
      appendPAX(path: path, isPathLong: split == nil, sizeBytes: sizeBytes, to: &output)
    }
  }

  /// A path as name and prefix.
  private struct Split {
    var name: UnsafeRawBufferPointer
    var prefix: UnsafeRawBufferPointer
  }

  /// Splits a path so that name and prefix fit; nil when no `/` is at a place that allows it.
  private static func split(_ path: UnsafeRawBufferPointer) -> Split? {
    if path.count <= TarHeader.name.count {
      return Split(name: path, prefix: UnsafeRawBufferPointer(start: nil, count: 0))
    }
    let last = path.prefix(TarHeader.prefix.count + 1).lastIndex(of: UInt8(ascii: "/"))
    guard let last, last > 0, last + 1 < path.count,
      path.count - last - 1 <= TarHeader.name.count
    else { return nil }
    return Split(
      name: UnsafeRawBufferPointer(rebasing: path[(last + 1)...]),
      prefix: UnsafeRawBufferPointer(rebasing: path[..<last])
    )
  }

  private func appendBlock(
    name: UnsafeRawBufferPointer,
    prefix: UnsafeRawBufferPointer,
    sizeBytes: Int64,
    type: UInt8 = UInt8(ascii: "0"),
    to output: inout [UInt8]
  ) {
    let start = output.count
    output.append(contentsOf: template)
    output.withUnsafeMutableBytes { all in
      let header = UnsafeMutableRawBufferPointer(rebasing: all[start...])
      UnsafeMutableRawBufferPointer(rebasing: header[TarHeader.name]).copyMemory(from: name)
      UnsafeMutableRawBufferPointer(rebasing: header[TarHeader.prefix]).copyMemory(from: prefix)
      var sum = templateSum + Int(type) - Int(header[TarHeader.type])
      header[TarHeader.type] = type
      sum += Self.putOctal(sizeBytes, digits: 11, at: TarHeader.size.lowerBound, in: header)
      for byte in name { sum += Int(byte) }
      for byte in prefix { sum += Int(byte) }
      _ = Self.putOctal(Int64(sum), digits: 6, at: TarHeader.checksum.lowerBound, in: header)
      header[TarHeader.checksum.upperBound - 1] = UInt8(ascii: " ")
    }
  }

  /// Writes PAX records and then the header, whose fields hold what fits of the same.
  private func appendPAX(
    path: UnsafeRawBufferPointer,
    isPathLong: Bool,
    sizeBytes: Int64,
    to output: inout [UInt8]
  ) {
    var records: [UInt8] = []
    if isPathLong { PAXRecords.append("path", path, to: &records) }
    if sizeBytes > TarHeader.octalLimit {
      PAXRecords.append("size", String(sizeBytes), to: &records)
    }
    if !(0...TarHeader.octalLimit).contains(modifiedSeconds) {
      PAXRecords.append("mtime", String(modifiedSeconds), to: &records)
    }
    let ascii = path.filter { $0 < 0x80 && $0 != 0 }
    let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
    let base = ascii.split(separator: UInt8(ascii: "/")).last ?? []
    (Array("PaxHeaders.0/".utf8) + base.prefix(80)).withUnsafeBytes {
      appendBlock(
        name: $0,
        prefix: nothing,
        sizeBytes: Int64(records.count),
        type: UInt8(ascii: "x"),
        to: &output
      )
    }
    output.append(contentsOf: records)
    appendPadding(sizeBytes: Int64(records.count), to: &output)
    let size = min(sizeBytes, TarHeader.octalLimit)
    Array(ascii.prefix(TarHeader.name.count)).withUnsafeBytes {
      appendBlock(name: $0, prefix: nothing, sizeBytes: size, to: &output)
    }
  }

  private static func appendZeros(_ count: Int, to output: inout [UInt8]) {
    output.append(contentsOf: repeatElement(0, count: count))
  }

  /// Writes octal digits and returns the sum of their bytes.
  private static func putOctal(
    _ value: Int64,
    digits: Int,
    at offset: Int,
    in header: UnsafeMutableRawBufferPointer
  ) -> Int {
    var rest = value
    var sum = 0
    for index in stride(from: offset + digits - 1, through: offset, by: -1) {
      let digit = UInt8(ascii: "0") + UInt8(rest & 7)
      header[index] = digit
      sum += Int(digit)
      rest >>= 3
    }
    return sum
  }
}
