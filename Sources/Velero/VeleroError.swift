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

extension VeleroError {
  /// An entry that makes the archive one that is not read.
  ///
  /// - Parameters:
  ///   - path: The entry's path, as it stands in the archive.
  ///   - code: What kind of failure it is.
  ///   - reason: What is wrong with it.
  /// - Returns: The error, whose message names the entry.
  public static func unusable(entry path: String, _ code: Code, _ reason: String) -> VeleroError {
    VeleroError(
      code: code,
      message: "cannot read '\(shown(path))' of the archive: \(reason)",
      hint: "no backup tool writes such an entry; find out who made or changed the archive"
    )
  }

  /// The longest text out of an archive that a message repeats.
  private static let shownLimit = 300

  /// Text out of an archive for a message: what could steer a terminal is escaped, and long text cut.
  public static func shown(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(shownLimit) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return text.unicodeScalars.count > shownLimit ? shown + "…" : shown
  }
}

extension VeleroError: CustomStringConvertible {
  /// The message, and the hint in brackets.
  public var description: String {
    hint.map { "\(message) (\($0))" } ?? message
  }
}
