// SPDX-License-Identifier: Apache-2.0

/// Something that went other than asked, on which object, in which phase, and why.
public struct Issue: Sendable, Hashable {
  /// How much it matters.
  public enum Severity: String, Sendable, Hashable {
    /// The result is what was asked for; the user should know something about it.
    case warning
    /// Something that was asked for is missing from the result.
    case error
  }

  /// Which object it is about; fields are nil where it is about more than one.
  public struct Subject: Sendable, Hashable {
    /// `plural.group`, or `plural` in the core group.
    public var resource: String?
    /// The namespace; nil for cluster-scoped objects.
    public var namespace: String?
    /// The object's name.
    public var name: String?

    /// Makes a subject.
    public init(resource: String? = nil, namespace: String? = nil, name: String? = nil) {
      self.resource = resource
      self.namespace = namespace
      self.name = name
    }
  }

  /// How much it matters.
  public var severity: Severity
  /// Which object it is about.
  public var subject: Subject
  /// What is so, in words for the user.
  public var message: String
  /// The failure of the layer below, in words.
  public var cause: String?
  /// What the user can do about it.
  public var hint: String?

  /// Makes an issue.
  public init(
    _ severity: Severity,
    _ message: String,
    subject: Subject = Subject(),
    cause: String? = nil,
    hint: String? = nil
  ) {
    self.severity = severity
    self.subject = subject
    self.message = message
    self.cause = cause
    self.hint = hint
  }
}
