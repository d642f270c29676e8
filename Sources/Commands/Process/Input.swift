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
