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
  /// The keys that are still there and were not tried.
  ///
  /// That is what came after an interruption or after the store did nothing any more, and the record when something else
  /// stays. The record of a restore stands for all its files.
  public var untried: [String] = []
  /// The restores whose records and files went with the backup.
  public var restores: [String] = []
  /// The bytes of the backup's files that are gone.
  public var sizeBytes: Int64 = 0
  /// Whether nothing of the backup is left; one of which something is left is listed as `Deleting`, and can be deleted again.
  public var isComplete = false
  /// Whether nothing is gone, but the mark that could not be taken away again is there: the next collection deletes the backup.
  public var isMarkedOnly = false

  /// Makes an empty report.
  public init(name: String) { self.name = name }
}
