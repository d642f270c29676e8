// SPDX-License-Identifier: Apache-2.0

/// A text that no log and no error may show.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  /// The text itself.
  public let value: String

  /// Takes a text.
  public init(_ value: String) { self.value = value }

  /// Stars instead of the text.
  public var description: String { "***" }

  /// A mirror without children, so that dumps do not show the text.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
