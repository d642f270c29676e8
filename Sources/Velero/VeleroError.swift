// SPDX-License-Identifier: Apache-2.0

/// Why some bytes or text are not what Velero's formats allow.
public struct VeleroError: Error, Sendable {
  /// What kind of failure it is; callers decide by this and never by the text.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// The bytes end too early.
    case truncated
    /// The bytes are not of the format.
    case corrupt
    /// A path leads out of the archive, or a name would.
    case unsafePath
    /// Something is larger than this reader takes.
    case tooLarge
    /// A valid form that is not read here.
    case unsupported
    /// Text or a value that the field does not allow.
    case invalid
  }

  /// What kind of failure it is.
  public var code: Code
  /// What is wrong, and where.
  public var message: String
  /// What the reader can do about it.
  public var hint: String?
  /// The failure of the layer below, kept whole.
  public var cause: (any Error)?

  /// Makes an error.
  public init(code: Code, message: String, hint: String? = nil, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
    self.cause = cause
  }
}

extension VeleroError: CustomStringConvertible {
  /// The message, and the hint in brackets.
  public var description: String {
    hint.map { "\(message) (\($0))" } ?? message
  }
}
