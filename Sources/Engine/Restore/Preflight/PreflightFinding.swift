// SPDX-License-Identifier: Apache-2.0

/// Something in the target that stands in the way of a restore, or may.
public struct PreflightFinding: Sendable, Hashable {
  /// How much it matters.
  public enum Severity: String, Sendable, Hashable {
    /// Objects would fail.
    case error
    /// Objects may fail, or not work.
    case warning
    /// Worth knowing.
    case note
  }

  /// How much it matters.
  public var severity: Severity
  /// What is so, in words for the user.
  public var message: String
  /// The first few objects of the restore that it is about.
  public var subjects: [ObjectAddress]
  /// How many there are.
  public var count: Int
  /// What the user can do about it.
  public var hint: String?
}
