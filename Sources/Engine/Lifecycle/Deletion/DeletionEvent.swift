// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage

/// What a deletion tells while it goes on.
public enum DeletionEvent: Sendable, Hashable {
  /// A key is gone.
  case deleted(key: String)
  /// A key is still there.
  case failed(KeyFailure)
  /// All that is done of a backup is done, to its end or not.
  case ended(DeletionReport)
}

/// A key that could not be deleted.
public struct KeyFailure: Sendable, Hashable {
  /// The key.
  public var key: String
  /// What kind of failure it is.
  public var code: ObjectStoreError.Code
  /// Why.
  public var message: String
  /// What the reader can do about it.
  public var hint: String?

  /// Makes a value.
  init(_ key: String, _ error: ObjectStoreError) {
    self.key = key
    code = error.code
    message = error.message
    hint = error.hint
  }
}

/// What the deletion of one backup came to.
public struct DeletionReport: Sendable, Hashable {
  /// The backup.
  public var name: String
  /// The keys that are gone, in the order they went.
  public var deleted: [String] = []
  /// The keys that could not be deleted, in order.
  public var failures: [KeyFailure] = []
  /// The restores whose records and files went with the backup.
  public var restores: [String] = []
  /// The bytes of the backup's files that are gone.
  public var sizeBytes: Int64 = 0
  /// Whether nothing of the backup is left; one of which something is left is listed as `Deleting`, and can be deleted again.
  public var isComplete = false

  /// Makes an empty report.
  public init(name: String) { self.name = name }
}
