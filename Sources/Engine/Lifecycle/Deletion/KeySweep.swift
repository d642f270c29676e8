// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
internal import Velero

/// Deletes keys, and keeps what became of each.
struct KeySweep {
  /// What was done so far.
  var report: DeletionReport
  private let onEvent: @Sendable (DeletionEvent) -> Void

  init(report: DeletionReport, onEvent: @escaping @Sendable (DeletionEvent) -> Void) {
    self.report = report
    self.onEvent = onEvent
  }

  /// Whether the store does nothing any more, so that no further key is tried.
  private var isOver: Bool {
    Task.isCancelled
      || report.failures.contains { [.readOnly, .unavailable, .cancelled].contains($0.code) }
  }

  /// Whether nothing was left so far.
  var isWhole: Bool { report.failures.isEmpty && report.untried.isEmpty }

  /// Whether a key is not tried any more; it is noted then.
  mutating func skips(_ key: String) -> Bool {
    if isOver { leave([key]) }
    return isOver
  }

  /// Notes keys that stay and are not tried.
  mutating func leave(_ keys: [String]) { report.untried += keys }

  /// Notes keys that are gone although nobody has said so.
  mutating func found(_ gone: [String]) {
    report.failures.removeAll { gone.contains($0.key) }
    for key in gone { note(key) }
  }

  /// Deletes a file of the backup.
  mutating func delete(_ file: ObjectInfo, in store: any ObjectStore) async {
    guard !skips(file.key) else { return }
    do throws(ObjectStoreError) {
      try await store.delete(file.key)
      report.sizeBytes += file.sizeBytes
      note(file.key)
    } catch {
      fail(file.key, error)
    }
  }

  /// Deletes the files of a restore, its record last.
  mutating func delete(_ restore: StoredRestore, _ catalog: RestoreCatalog) async {
    var gone: [String] = []
    do {
      _ = try await catalog.delete(restore) { gone.append($0) }
      for key in gone { note(key) }
      report.restores.append(restore.name)
    } catch {
      for key in gone { note(key) }
      fail(restore.place.key(.record, of: restore.name), error)
    }
  }

  /// Removes what unfinished puts have left; there may be none, so that no key is told.
  mutating func clear(_ prefix: String, in store: any ObjectStore) async {
    guard !isOver, isWhole else { return }
    do throws(ObjectStoreError) {
      try await store.removeAbandoned(prefix: prefix)
    } catch {
      fail(prefix, error)
    }
  }

  private mutating func note(_ key: String) {
    report.deleted.append(key)
    onEvent(.deleted(key: key))
  }

  /// Notes that a key stays.
  mutating func fail(_ key: String, _ error: any Error) {
    let failure = KeyFailure(key, Self.storeError(error))
    report.failures.append(failure)
    onEvent(.failed(failure))
  }

  private static func storeError(_ error: any Error) -> ObjectStoreError {
    if let error = error as? ObjectStoreError { return error }
    if let error = error as? EngineError {
      let code: ObjectStoreError.Code = error.code == .corrupt ? .corrupt : .conflict
      return ObjectStoreError(code: code, message: error.message, hint: error.hint, cause: error)
    }
    return ObjectStoreError(
      code: error is CancellationError ? .cancelled : .unavailable,
      message: "\(error)",
      cause: error
    )
  }
}
