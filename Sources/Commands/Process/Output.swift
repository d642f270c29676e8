// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A place that bytes are written to, such as standard output.
public struct Output: Sendable {
  /// Whether a person reads along on a terminal.
  public let isTerminal: Bool
  /// The width of the terminal in columns at this moment; nil when it is none.
  public let columns: @Sendable () -> Int?
  private let sink: @Sendable ([UInt8]) async throws -> Void

  /// Makes an output.
  ///
  /// - Parameters:
  ///   - isTerminal: Whether a person reads along.
  ///   - columns: The width now; nil when it is not known.
  ///   - sink: Takes all of the bytes; called by one task at a time for a whole line or more.
  public init(
    isTerminal: Bool = false,
    columns: @escaping @Sendable () -> Int? = { nil },
    sink: @escaping @Sendable ([UInt8]) async throws -> Void
  ) {
    self.isTerminal = isTerminal
    self.columns = columns
    self.sink = sink
  }

  /// Writes bytes, all of them or none that the reader can count on.
  ///
  /// - Throws: `OutputError` when the reader is gone or the bytes cannot be written.
  public func write(_ bytes: [UInt8]) async throws {
    if !bytes.isEmpty { try await sink(bytes) }
  }

  /// Writes text.
  public func write(_ text: String) async throws { try await write(Array(text.utf8)) }

  /// Writes text and ends the line.
  public func line(_ text: String = "") async throws { try await write(text + "\n") }
}

/// Why output could not be written.
public struct OutputError: Error, Sendable, Hashable {
  /// Whether nobody reads any more (EPIPE); no fault, and nothing is said about it.
  public var isClosed: Bool
  /// What went wrong.
  public var message: String
}

/// Keeps what is written, for tests and for measuring.
public final class CapturedOutput: Sendable {
  private let bytes = Mutex<[UInt8]>([])

  /// Makes an empty one.
  public init() {}

  /// What was written so far, as text.
  public var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

  /// An output that writes here.
  ///
  /// - Parameters:
  ///   - isTerminal: What the output says of itself.
  ///   - columns: The width it says it has.
  /// - Returns: The output; several may write here.
  public func output(isTerminal: Bool = false, columns: Int? = nil) -> Output {
    Output(isTerminal: isTerminal, columns: { columns }) { added in
      self.bytes.withLock { $0 += added }
    }
  }
}
