// SPDX-License-Identifier: Apache-2.0

/// A place in a YAML text.
public struct YAMLMark: Sendable, Hashable, CustomStringConvertible {
  /// The line, counted from 1.
  public var line: Int
  /// The character in the line, counted from 1.
  public var column: Int

  /// Makes a mark.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The place in words: `line 3, column 5`.
  public var description: String { "line \(line), column \(column)" }
}

/// Why some text is no YAML, or YAML that has no JSON form.
public struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong; for syntax in libyaml's words.
  public var message: String
  /// Where it is wrong.
  public var mark: YAMLMark

  /// Makes an error.
  public init(message: String, mark: YAMLMark) {
    self.message = message
    self.mark = mark
  }

  /// The place with the message: `line 3, column 5: did not find expected key`.
  public var description: String { "\(mark): \(message)" }
}
