// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
internal import Primitives
internal import Velero

/// Writes the files of a restore, as Velero does, and what it takes to do the rest later.
struct RestoreRecording: Sendable {
  /// What an earlier run has left.
  struct Earlier: Sendable {
    let files: RestoreFiles
    let record: Restore
    let request: RestoreRequest
    /// What came of it; nil when it did not get so far as to say.
    let outcome: RestoreOutcomeFile?
    /// Its log.
    let log: [UInt8]
    /// What was done about each object.
    let list: ResourceList

    /// The objects that are left, where they are in the backup; nil when that is not known.
    var left: Set<ObjectAddress>? {
      outcome.map { Set($0.failed.map(\.source) + $0.pending) }
    }

    /// Reads it.
    ///
    /// - Throws: `EngineError` `.notFound`, `.corrupt`, `.invalid`; `ObjectStoreError`.
    static func read(_ name: String, _ restores: RestoreCatalog) async throws -> Earlier {
      guard let found = try await restores.restore(name) else {
        throw EngineError(
          .notFound,
          "there is no restore '\(name)' in \(restores.shared.store.name)",
          hint: "'binnacle restore get' lists the restores"
        )
      }
      guard let record = found.record, let files = try await restores.files(of: name) else {
        throw EngineError(
          .notFound,
          "the restore '\(name)' has no record here: it was made by Velero, which keeps it in the cluster",
          hint: "'binnacle restore create --from-backup …' makes one that can be repeated"
        )
      }
      return Earlier(
        files: files,
        record: record,
        request: RestoreRequest(
          restore: record,
          options: try RestoreOptions(annotations: record.annotations)
        ),
        outcome: try await found.place.outcome(of: name),
        log: try await RestoreRecording.file(.logs, of: name, in: found.place) ?? [],
        list: try ResourceList.decode(
          try await RestoreRecording.file(.resourceList, of: name, in: found.place)
        )
      )
    }
  }

  /// The most bytes of a file of an earlier run that this one goes on with.
  private static let fileLimitBytes = 64 << 20

  let files: RestoreFiles
  let record: Restore
  let earlier: Earlier?

  /// A file of an earlier run; one that cannot be had, or is too long, is no reason not to go on.
  private static func file(
    _ file: RestoreFile,
    of name: String,
    in place: RestorePlace
  ) async throws -> [UInt8]? {
    do {
      return try await place.store.get(place.key(file, of: name), limit: fileLimitBytes)
    } catch  where error.code != .cancelled {
      return nil
    }
  }

  /// What earlier runs have done about each object, without what is tried again.
  var list: ResourceListBuilder {
    var builder = ResourceListBuilder()
    let failed = RestoreAction.fail.listed.map { "(\($0))" } ?? ""
    for (kind, names) in earlier?.list.entries ?? [:] {
      for name in names where !name.hasSuffix(failed) {
        builder.add(kind: kind, namespace: nil, name: name)
      }
    }
    return builder
  }

  /// The record of a restore that begins: with what Velero's controller adds to the spec.
  ///
  /// Source: velero/05, section 1.
  static func begun(_ ground: RestoreGround, at time: Timestamp) -> Restore {
    var record = ground.request.restore
    record.spec.backupName = ground.backup.name
    if record.spec.scheduleName.isEmpty,
      let schedule = ground.backup.labels[VeleroLabel.scheduleName]
    {
      record.spec.scheduleName = schedule
    }
    let excluded = record.spec.excludedResources
    record.spec.excludedResources =
      excluded + RestoreFilter.neverRestored.filter { !excluded.contains($0) }
    if record.spec.itemOperationTimeout.nanoseconds == 0 {
      record.spec.itemOperationTimeout = GoDuration(seconds: 4 * 3600)
    }
    record.creationTimestamp = record.creationTimestamp ?? time
    record.annotations.merge(ground.request.options.annotations) { _, own in own }
    var status = RestoreStatus()
    status.phase = .inProgress
    status.startTimestamp = time
    record.status = status
    return record
  }

  /// Writes everything a run has come to; the record last.
  ///
  /// - Returns: The outcome, with the record and what an earlier run had done already.
  /// - Throws: `ObjectStoreError`.
  func finish(
    _ outcome: RestoreOutcome,
    _ state: RestoreState,
    at time: Timestamp
  ) async throws -> RestoreOutcome {
    var outcome = outcome
    if let before = earlier?.outcome {
      var counts = before.counts
      counts[.fail] = 0
      for action in RestoreAction.allCases where action != .leave {
        counts[action] += outcome.counts[action]
      }
      outcome.counts = counts
      outcome.namespaces = Set(before.namespaces + outcome.namespaces).sorted()
    }
    let results = state.log.results
    outcome.restore = finished(outcome, results, at: time)
    state.log.info(
      "restore '\(record.name)' ends as \(outcome.restore.status.phase.text): "
        + "\(outcome.counts.total) objects, \(results.warnings.count) warnings, \(results.errors.count) errors"
    )
    try await files.write(.logs, (earlier?.log ?? []) + state.log.compressed())
    try await files.write(results)
    try await files.write(state.list)
    try await files.write(.itemOperations, SideFile.encode([]))
    try await files.write(.volumeInfo, SideFile.encode([]))
    try await files.write(RestoreOutcomeFile(outcome))
    try await files.write(outcome.restore)
    return outcome
  }

  private func finished(
    _ outcome: RestoreOutcome,
    _ results: OperationResults,
    at time: Timestamp
  ) -> Restore {
    var record = record
    var status = record.status
    let isWhole = results.errors.count == 0 && outcome.pending.isEmpty
    status.phase = isWhole ? .completed : .partiallyFailed
    status.warnings = results.warnings.count
    status.errors = results.errors.count
    status.completionTimestamp = time
    let total = outcome.counts.total + outcome.pending.count
    status.progress = RestoreProgress(
      totalItems: total,
      itemsRestored: total - outcome.pending.count
    )
    status.failureReason =
      outcome.pending.isEmpty
      ? "" : "stopped before its end: \(outcome.pending.count) objects were not dealt with"
    record.status = status
    return record
  }
}

extension RestoreOutcome {
  /// What a run has come to.
  init(
    _ prepared: PreparedRestore,
    _ state: RestoreState,
    restoredIn: Duration,
    isStopped: Bool
  ) {
    let pending = prepared.plan.items.compactMap { item -> ObjectAddress? in
      guard case .restored = item.standing, !state.isSettled(item.number) else { return nil }
      return prepared.ground.index.address(item.number)
    }
    self.init(
      restore: prepared.ground.request.restore,
      source: prepared.ground.source,
      target: prepared.ground.target,
      counts: state.progress.counts,
      namespaces: state.namespaces,
      failures: state.failures,
      pending: pending,
      issues: state.issues,
      isCancelled: isStopped,
      restoredIn: restoredIn,
      readiness: nil
    )
  }
}
