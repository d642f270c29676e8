// SPDX-License-Identifier: Apache-2.0

internal import CDeflate

/// The checksum of gzip and zip (RFC 1952, section 8), which finds damage and no ill will.
public enum CRC32 {
  /// The checksum of bytes that are all there; 0 for none.
  public static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    libdeflate_crc32(0, bytes.baseAddress, bytes.count)
  }

  /// The checksum of an array's bytes.
  public static func of(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { of($0) } }
}
