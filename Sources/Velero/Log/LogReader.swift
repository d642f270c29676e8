// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What a line of a log is.
public enum LogEntry: Sendable, Hashable {
  /// A line in logrus' text form.
  case line(LogLine)
  /// A line that is a JSON object, with its members as they were written.
  case object(JSONObject)
  /// Any other text.
  case text(String)
}

extension LogEntry {
  fileprivate init(_ text: String) {
    if text.hasPrefix("{"), let object = (try? JSONValue(parsing: text))?.object {
      self = .object(object)
    } else if let line = LogLine(parsing: text) {
      self = .line(line)
    } else {
      self = .text(text)
    }
  }
}

/// Splits the uncompressed text of a log, in chunks of any size, into lines.
public struct LogReader: Sendable {
  /// The most bytes of a line; longer ones come in pieces, as text.
  public static let lineLimitBytes = 1 << 20

  private var pending: [UInt8] = []

  /// Makes a reader at the start of a log.
  public init() {}

  /// Reads on with the next chunk.
  ///
  /// - Parameters:
  ///   - chunk: The bytes that follow those of the call before; not kept.
  ///   - onEntry: Called with every line that is complete.
  public mutating func consume(
    _ chunk: UnsafeRawBufferPointer,
    _ onEntry: (LogEntry) throws -> Void
  ) rethrows {
    var rest = chunk[...]
    while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
      pending.append(contentsOf: rest[..<newline])
      rest = rest[(newline + 1)...]
      try emit(onEntry)
    }
    pending.append(contentsOf: rest)
    if pending.count > Self.lineLimitBytes { try emit(onEntry) }
  }

  /// Says that the log has ended, which completes a last line without newline.
  public mutating func finish(_ onEntry: (LogEntry) throws -> Void) rethrows {
    if !pending.isEmpty { try emit(onEntry) }
  }

  private mutating func emit(_ onEntry: (LogEntry) throws -> Void) rethrows {
    let text = String(decoding: pending, as: UTF8.self)
    pending.removeAll(keepingCapacity: true)
    try onEntry(LogEntry(text))
  }
}
