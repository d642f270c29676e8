// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// SHA-256 (FIPS 180-4), for bytes that arrive in pieces or all at once.
public struct SHA256: ~Copyable {
  /// The length of a digest.
  public static let digestSizeBytes = 32

  private let context: OpaquePointer

  /// Starts a digest of no bytes.
  public init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto has no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Takes the bytes that follow.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
      preconditionFailure("a running digest takes bytes")
    }
  }

  /// Takes the bytes that follow.
  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Ends the digest and returns its 32 bytes.
  public consuming func finish() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.digestSizeBytes) { buffer, count in
      guard EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1 else {
        preconditionFailure("a running digest ends once")
      }
      count = Self.digestSizeBytes
    }
  }

  /// The digest of bytes that are all there, 32 bytes.
  public static func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var digest = SHA256()
    digest.update(bytes)
    return digest.finish()
  }

  /// The digest of an array's bytes, 32 bytes.
  public static func digest(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { digest($0) }
  }

  /// The digest of text in UTF-8, as 64 lower-case hexadecimal digits.
  public static func hexDigest(_ text: String) -> String {
    Hexadecimal.text(digest(Array(text.utf8)))
  }

  /// The digest of an array's bytes, as 64 lower-case hexadecimal digits.
  public static func hexDigest(_ bytes: [UInt8]) -> String {
    Hexadecimal.text(digest(bytes))
  }
}

/// Bytes as hexadecimal digits.
public enum Hexadecimal {
  /// Two lower-case digits a byte, without separators.
  public static func text(_ bytes: some Sequence<UInt8>) -> String {
    var digits: [UInt8] = []
    for byte in bytes {
      digits.append(digit(byte >> 4))
      digits.append(digit(byte & 15))
    }
    return String(decoding: digits, as: UTF8.self)
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
