// SPDX-License-Identifier: Apache-2.0

/// Why the engine did not do what it was asked; failures of the layers below come as their own errors.
public struct EngineError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Sendable, Hashable {
    /// The request contradicts itself or Velero's rules.
    case invalid
    /// The filter takes nothing, and that was not allowed.
    case empty
    /// Something that was named does not exist.
    case notFound
    /// There is one already.
    case alreadyExists
    /// Another process is at work on it.
    case locked
    /// It is not any more what was shown.
    case changed
    /// This version cannot do it.
    case unsupported
    /// Something on this machine does not work.
    case local
    /// What the store holds is not what was written.
    case corrupt
  }

  /// What kind of failure it is.
  public var code: Code
  /// What could not be done, on which object, and why.
  public var message: String
  /// What the reader can do about it.
  public var hint: String?

  /// Makes an error.
  public init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// The message, and the hint in brackets.
  public var description: String { hint.map { "\(message) (\($0))" } ?? message }
}
