// SPDX-License-Identifier: Apache-2.0

/// The records of a PAX extended header: `<length> <key>=<value>\n`, where the length counts the whole record.
///
/// Source: POSIX.1-2017, pax, "pax Extended Header".
struct PAXRecords {
  var path: String?
  var sizeBytes: Int64?
  var modifiedSeconds: Int64?
  /// Whether the entry is one of GNU's sparse files, whose body is a map and pieces.
  var isSparse = false

  static func append(_ key: String, _ value: String, to output: inout [UInt8]) {
    var value = value
    value.withUTF8 { append(key, UnsafeRawBufferPointer($0), to: &output) }
  }

  static func append(_ key: String, _ value: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    let rest = key.utf8.count + value.count + 3
    // The length counts its own digits, so that it is looked for until it fits.
    var length = rest + 1
    while rest + String(length).utf8.count != length { length = rest + String(length).utf8.count }
    output.append(contentsOf: "\(length) \(key)=".utf8)
    output.append(contentsOf: value)
    output.append(UInt8(ascii: "\n"))
  }

  /// Reads the records that matter here; the others are checked and left out.
  init(parsing bytes: [UInt8]) throws(VeleroError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
        let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
        length > space - rest.startIndex + 1, length <= rest.count,
        rest[rest.startIndex + length - 1] == UInt8(ascii: "\n"),
        let equals = rest[space..<rest.startIndex + length].firstIndex(of: UInt8(ascii: "="))
      else { throw Self.corrupt("a record has a wrong length") }
      let key = String(decoding: rest[space.advanced(by: 1)..<equals], as: UTF8.self)
      try take(key, rest[(equals + 1)..<(rest.startIndex + length - 1)])
      rest = rest.dropFirst(length)
    }
  }

  private mutating func take(_ key: String, _ value: ArraySlice<UInt8>) throws(VeleroError) {
    guard ["path", "size", "mtime"].contains(key) || key.hasPrefix("GNU.sparse") else { return }
    guard let text = String(validating: value, as: UTF8.self) else {
      throw Self.corrupt("the \(key) is no UTF-8")
    }
    switch key {
    // A record without a value takes back what a global one says.
    case "path": path = text.isEmpty ? nil : text
    case "size":
      guard let number = Int64(text), number >= 0 else {
        throw Self.corrupt("the size is no number")
      }
      sizeBytes = number
    case "mtime":
      // Parts of a second are of no use here.
      guard let number = Int64(text.prefix { $0 != "." }) else {
        throw Self.corrupt("the mtime is no number")
      }
      modifiedSeconds = number
    default: isSparse = true
    }
  }

  private static func corrupt(_ reason: String) -> VeleroError {
    VeleroError(code: .corrupt, message: "cannot read the archive: PAX header: \(reason)")
  }
}
