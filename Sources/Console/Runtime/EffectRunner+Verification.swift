// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

extension EffectRunner {
  /// Verifies backups, and keeps what came of each.
  func verify(_ places: [BackupPlace], _ tell: @escaping Teller) async throws -> OperationEnd {
    var tally = VerificationTally(places)
    for place in places {
      do {
        try Task.checkCancellation()
        tell(.stage("reading '\(place.name)'"))
        let store = try await backend.store(place.location)
        guard let record = try await store.backups.record(place.name) else {
          throw Failure(.notFound, "there is no backup '\(place.name)' any more")
        }
        let result = try await verify(record, store, tell)
        tally.results.append(result)
        if !result.isSound { tell(.issue(Issue(.error, "'\(place.name)': \(result.text)"))) }
        await keep(result, of: store, tell)
      } catch {
        let failure = Failure(error)
        if failure.kind == .cancelled { return tally.end(isStopped: true) }
        tally.failures.append(failure)
        tell(.issue(Issue(.error, failure.message, hint: failure.hint)))
      }
    }
    return tally.end(isStopped: false)
  }

  private func keep(
    _ result: VerificationResult,
    of store: ConsoleBackend.Store,
    _ tell: @escaping Teller
  ) async {
    do {
      try await backend.verifications.add(result, of: store.backups.store)
    } catch {
      tell(.issue(Issue(.warning, "the result is not kept: \(error.message)")))
    }
  }

  /// Reads an archive to its end, and compares its objects with the cluster they are of.
  private func verify(
    _ record: Backup,
    _ store: ConsoleBackend.Store,
    _ tell: @escaping Teller
  ) async throws -> VerificationResult {
    let outcome = try await BackupVerification(catalog: store.backups).verify(
      record,
      clock: backend.clock
    ) {
      tell(.stage("comparing '\(record.name)' with the cluster"))
      return session?.client
    } onProgress: {
      tell(.progress($0, record))
    }
    for reason in outcome.reasons { tell(.line(reason)) }
    return outcome.result
  }
}

/// What verifications have come to.
private struct VerificationTally {
  let places: [BackupPlace]
  var results: [VerificationResult] = []
  /// Of the backups that could not be looked at.
  var failures: [Failure] = []

  init(_ places: [BackupPlace]) { self.places = places }

  func end(isStopped: Bool) -> OperationEnd {
    let damaged = results.filter { !$0.isSound }
    let left = places.count - results.count - failures.count
    let isSound = damaged.isEmpty && failures.isEmpty
    if places.count == 1, !isStopped {
      let text = results.first?.text ?? failures.first?.message ?? ""
      let hint = results.isEmpty ? failures.first?.hint : nil
      return OperationEnd(isSound ? .done : .failed, text, details: [hint].compactMap(\.self))
    }
    var parts = [
      "\(HumanText.counted(results.count - damaged.count, "backup")) sound",
      "\(HumanText.count(damaged.count)) damaged",
    ]
    if !failures.isEmpty { parts.append("\(HumanText.count(failures.count)) not read") }
    if left > 0 { parts.append("\(HumanText.count(left)) not looked at") }
    let text = parts.joined(separator: ", ")
    return OperationEnd(
      isStopped ? .cancelled : isSound ? .done : .failed,
      isStopped ? "stopped: \(text)" : text,
      details: damaged.map { "'\($0.backup)': \($0.text)" } + failures.map(\.message)
    )
  }
}

extension OperationNews {
  /// How far a verification is.
  fileprivate static func progress(
    _ step: BackupVerification.Progress,
    _ record: Backup
  ) -> OperationNews {
    var progress = OperationProgress()
    switch step {
    case .archive(let readBytes, let totalBytes):
      progress.bytes = readBytes
      progress.total = record.status.progress?.itemsBackedUp
      progress.current = "\(HumanText.bytes(readBytes)) of \(HumanText.bytes(totalBytes))"
    case .objects(let done, let total):
      progress.done = done
      progress.total = total
      progress.current = record.name
    }
    return .progress(progress)
  }
}
