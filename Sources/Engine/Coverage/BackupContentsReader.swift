// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
internal import Velero

/// Finds the objects of a search in one backup.
struct BackupContentsReader: Sendable {
  let catalog: BackupCatalog
  let wanted: WantedObjects

  /// What a backup holds of what is looked for.
  enum Contents: Sendable {
    /// The places of the objects that it holds, as its list says, and what its errors name.
    case holds([Int], CoverageFailures)
    /// It holds nothing: there is no archive.
    case absent(String)
    /// It cannot be found out.
    case unknown(String)
  }

  /// Reads the list of a backup, and its errors when it has some.
  ///
  /// - Throws: `ObjectStoreError` when the store cannot be reached; `CancellationError`.
  func read(_ backup: CoverageBackup) async throws -> Contents {
    do {
      let archive = catalog.layout.key(.contents, ofBackup: backup.name)
      guard try await catalog.store.exists(archive) else {
        return .absent("it has no archive '\(archive)'")
      }
      let failures = try await backup.isPartial ? failures(of: backup) : .nothing
      guard let failures else {
        return .unknown("it failed in part, and has no file that says in which")
      }
      var matcher = ResourceListMatcher(wanted)
      try await catalog.readInflated(.resourceList, of: backup.name) { try matcher.consume($0) }
      try matcher.finish()
      return .holds(matcher.places, failures)
    } catch let error as ObjectStoreError where error.code == .notFound {
      return .unknown("it has no list of its objects")
    } catch let error as ObjectStoreError where error.code != .cancelled {
      guard error.code != .unavailable else { throw error }
      return .unknown(error.message)
    } catch let error as EngineError {
      return .unknown(error.message)
    } catch let error as VeleroError {
      return .unknown("\(error.message) in '\(backup.name)'")
    }
  }

  /// What the errors of a backup name; nil when there is no file of them.
  private func failures(of backup: CoverageBackup) async throws -> CoverageFailures? {
    try await catalog.json(.results, of: backup.name).map {
      CoverageFailures(OperationResults(json: $0))
    }
  }
}
