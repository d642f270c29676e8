// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

extension EffectRunner {
  /// Verifies backups, and keeps what came of each.
  func verify(_ places: [BackupPlace], _ tell: @escaping Teller) async throws -> OperationEnd {
    var results: [VerificationResult] = []
    for place in places {
      try Task.checkCancellation()
      tell(.stage("reading '\(place.name)'"))
      let store = try await backend.store(place.location)
      guard let record = try await store.backups.record(place.name) else {
        tell(.issue(Issue(.error, "there is no backup '\(place.name)' any more")))
        continue
      }
      let result = try await verify(record, store, tell)
      results.append(result)
      if !result.isSound { tell(.issue(Issue(.error, "'\(place.name)': \(result.text)"))) }
      do {
        try await backend.verifications.add(result, of: store.backups.store)
      } catch {
        tell(.issue(Issue(.warning, "the result is not kept: \(error.message)")))
      }
    }
    let damaged = results.filter { !$0.isSound }
    if results.count == 1 {
      return OperationEnd(damaged.isEmpty ? .done : .failed, results[0].text)
    }
    let text =
      "\(HumanText.counted(results.count - damaged.count, "backup")) sound, \(damaged.count) damaged"
    return OperationEnd(
      damaged.isEmpty && results.count == places.count ? .done : .failed,
      text,
      details: damaged.map { "'\($0.backup)': \($0.text)" }
    )
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
