// SPDX-License-Identifier: Apache-2.0

/// The form of files that hold a bearer token.
enum TokenFile {
  /// How long a token that was read is used before the file is read again, in seconds.
  ///
  /// Kubelets renew projected tokens at 80 % of their life of at least 10 minutes. Source: client-go, transport/token_source.go.
  static let lifetimeSeconds: Int64 = 60

  /// The token without the white space around it.
  static func token(in bytes: [UInt8]) -> Secret {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let start = bytes.firstIndex { !isSpace($0) } ?? bytes.endIndex
    let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start
    return Secret(String(decoding: bytes[start..<end], as: UTF8.self))
  }
}
