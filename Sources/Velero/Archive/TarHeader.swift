// SPDX-License-Identifier: Apache-2.0

/// Where the fields of a tar header are, in the ustar form.
///
/// ```
/// offset  size  field     encoding
///      0   100  name      bytes, NUL after the last unless all 100 are used
///    100     8  mode      7 octal digits, NUL
///    108     8  uid       7 octal digits, NUL
///    116     8  gid       7 octal digits, NUL
///    124    12  size      11 octal digits, NUL; bytes of the body
///    136    12  mtime     11 octal digits, NUL; seconds since 1970
///    148     8  checksum  6 octal digits, NUL, space; the sum of all bytes with 8 spaces here
///    156     1  type      '0' file, '5' directory, 'x' PAX records, 'L' GNU long name
///    157   100  link      bytes; empty
///    257     6  magic     "ustar", NUL
///    263     2  release   "00"
///    265    32  user      bytes; empty
///    297    32  group     bytes; empty
///    329     8  major     7 octal digits, NUL
///    337     8  minor     7 octal digits, NUL
///    345   155  prefix    bytes; the path is prefix, '/', name when it is not empty
///    500    12  padding   NUL
/// ```
///
/// Source: POSIX.1-2017, pax, "ustar Interchange Format".
enum TarHeader {
  static let blockSizeBytes = 512
  /// The largest number that 11 octal digits hold.
  static let octalLimit: Int64 = 0o777_7777_7777

  static let name = 0..<100
  static let mode = 100..<108
  static let size = 124..<136
  static let modified = 136..<148
  static let checksum = 148..<156
  static let type = 156
  static let magic = 257..<263
  static let prefix = 345..<500

  /// How many bytes fill the last block of a body up.
  static func padding(sizeBytes: Int64) -> Int { Int(-sizeBytes & 511) }
}

/// What kind of thing an entry of a tar archive is.
public enum TarEntryKind: Sendable, Hashable {
  /// A regular file.
  case file
  /// A directory.
  case directory
  /// Something else, by its type in the header: a link, a device.
  case other(UInt8)
}

/// An entry of a tar archive without its bytes.
public struct TarEntry: Sendable, Hashable {
  /// Relative, with `/` between its segments, without `.` and `..` and without a `/` at its end.
  public var path: String
  /// What it is.
  public var kind: TarEntryKind
  /// How many bytes its body has.
  public var sizeBytes: Int64
  /// Its permissions.
  public var mode: Int
  /// When it was changed, in seconds since 1970.
  public var modifiedSeconds: Int64
  /// Where in the tar archive its body begins.
  public var bodyOffset: Int64

  /// Makes an entry.
  public init(
    path: String,
    kind: TarEntryKind = .file,
    sizeBytes: Int64,
    mode: Int = 0o755,
    modifiedSeconds: Int64 = 0,
    bodyOffset: Int64 = 0
  ) {
    self.path = path
    self.kind = kind
    self.sizeBytes = sizeBytes
    self.mode = mode
    self.modifiedSeconds = modifiedSeconds
    self.bodyOffset = bodyOffset
  }
}
