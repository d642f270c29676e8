// SPDX-License-Identifier: Apache-2.0

/// Why a store did not do what it was asked.
public struct ObjectStoreError: Error, Sendable {
  /// What kind of failure it is; callers decide by this and never by the text.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// There is no object under the key.
    case notFound
    /// An object is there already and the put asked for none.
    case alreadyExists
    /// Something that is no object stands in the way, or somebody else changed the object meanwhile.
    case conflict
    /// The caller may not do this.
    case denied
    /// The store takes no writes at all.
    case readOnly
    /// The store or the caller's share of it is full.
    case noSpace
    /// The object, or what was read of it, is larger than allowed.
    case tooLarge
    /// The key is none that a store takes.
    case invalidKey
    /// The range starts behind the object's end.
    case invalidRange
    /// The store cannot be reached or works badly now; trying again may help.
    case unavailable
    /// What the store holds is not what was written.
    case corrupt
    /// The task was cancelled.
    case cancelled
  }

  /// What kind of failure it is.
  public var code: Code
  /// What could not be done, on which object, and why.
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

extension ObjectStoreError: CustomStringConvertible {
  /// The message, and the hint in brackets.
  public var description: String {
    hint.map { "\(message) (\($0))" } ?? message
  }
}

extension ObjectStoreError {
  static func cancelled(_ action: String) -> ObjectStoreError {
    ObjectStoreError(code: .cancelled, message: "cannot \(action): the task was cancelled")
  }

  static func notFound(_ key: String, in store: String) -> ObjectStoreError {
    ObjectStoreError(code: .notFound, message: "there is no object '\(key)' in \(store)")
  }

  static func alreadyExists(_ key: String, in store: String) -> ObjectStoreError {
    ObjectStoreError(
      code: .alreadyExists,
      message: "cannot put '\(key)' into \(store): an object is there already"
    )
  }

  static func tooLarge(_ key: String, limitBytes: Int) -> ObjectStoreError {
    ObjectStoreError(
      code: .tooLarge,
      message: "cannot read '\(key)' whole: it has more than \(limitBytes) bytes"
    )
  }
}
