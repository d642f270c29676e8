// SPDX-License-Identifier: Apache-2.0

/// Where a person's answers come from.
public struct Input: Sendable {
  /// Whether a person can be asked.
  public let isTerminal: Bool
  /// Waits for the next line, without its end; nil when there are no more.
  public let readLine: @Sendable () async throws -> String?

  /// Makes an input.
  public init(isTerminal: Bool, readLine: @escaping @Sendable () async throws -> String?) {
    self.isTerminal = isTerminal
    self.readLine = readLine
  }

  /// An input that has nothing to say and is no terminal.
  public static let empty = Input(isTerminal: false) { nil }
}

extension Input {
  /// The longest line that is read, in bytes; a longer one would come in pieces.
  static let lineLimitBytes = 64 * 1024

  /// Everything up to the end of the input.
  ///
  /// - Parameter limitBytes: The most bytes that are taken.
  /// - Returns: The bytes; each line has its end.
  /// - Throws: `CommandFailure` when there are more, or a line is longer than `lineLimitBytes`.
  func contents(limitBytes: Int = 1 << 20) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let line = try await readLine() {
      guard line.utf8.count < Self.lineLimitBytes else {
        throw CommandFailure.failed(
          "cannot read standard input: a line has \(Self.lineLimitBytes) bytes or more",
          hint: "name the file instead of -"
        )
      }
      bytes += line.utf8
      bytes.append(UInt8(ascii: "\n"))
      guard bytes.count <= limitBytes else {
        throw CommandFailure.failed(
          "cannot read standard input: it has more than \(limitBytes) bytes"
        )
      }
    }
    return bytes
  }
}
