// SPDX-License-Identifier: Apache-2.0

/// Why some bytes are no gzip stream, or not one that is read here.
public struct GzipError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: Sendable, Hashable {
    /// The stream ends inside a member, or is empty.
    case truncated
    /// A header, the compressed data or a checksum is wrong.
    case corrupt
    /// Bytes that start no member, and are not all NUL, follow the last one.
    case trailingBytes
    /// More comes out than the caller allowed.
    case tooLarge
  }

  /// What kind of failure it is.
  public var code: Code
  /// What is wrong, in words.
  public var message: String

  /// Makes an error.
  public init(code: Code, message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { "not a valid gzip stream: \(message)" }
}
