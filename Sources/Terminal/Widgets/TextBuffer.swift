// SPDX-License-Identifier: Apache-2.0

/// Lines that a text view shows, asked for one by one.
public protocol TextLines {
  /// How many there are.
  var count: Int { get }
  /// One line, from 0.
  subscript(index: Int) -> TextLine { get }
}

extension Array: TextLines where Element == TextLine {}

/// The newest lines of an endless text: when it is full, the oldest go.
public struct TextBuffer: TextLines, Sendable {
  /// The most lines held.
  public let limit: Int
  /// How many lines have gone.
  public private(set) var droppedCount = 0

  private var lines: [TextLine] = []
  /// Where the oldest line stands, once the buffer is full.
  private var start = 0

  /// Makes an empty buffer.
  public init(limit: Int = 50_000) {
    precondition(limit > 0, "a buffer holds at least one line")
    self.limit = limit
  }

  /// How many lines there are.
  public var count: Int { lines.count }

  /// One of the lines that are still there, the oldest being 0.
  public subscript(index: Int) -> TextLine { lines[(start + index) % lines.count] }

  /// Adds a line.
  public mutating func append(_ line: TextLine) {
    guard lines.count == limit else {
      lines.append(line)
      return
    }
    lines[start] = line
    start = (start + 1) % limit
    droppedCount += 1
  }

  /// Takes all lines away.
  public mutating func removeAll() {
    lines.removeAll()
    start = 0
    droppedCount = 0
  }
}
