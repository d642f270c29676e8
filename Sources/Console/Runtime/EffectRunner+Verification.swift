// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
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
    let verification = BackupVerification(catalog: store.backups)
    func result(_ isSound: Bool, _ text: String) -> VerificationResult {
      VerificationResult(record, at: backend.clock.now(), isSound: isSound, text: text)
    }
    var comparison: ArchiveComparison
    do {
      comparison = try await verification.archive(record.name) { tell(.progress($0, record)) }
    } catch {
      let failure = Failure(error)
      // A store that does not answer says nothing about the archive.
      if failure.kind == .cancelled || failure.kind == .unreachable { throw error }
      return result(false, failure.message)
    }
    let counted = record.status.progress?.itemsBackedUp
    if let counted, record.status.phase == .completed, counted > comparison.count {
      return result(
        false,
        "the archive has \(HumanText.counted(comparison.count, "object")), its record \(HumanText.count(counted))"
      )
    }
    let whole = "\(HumanText.counted(comparison.count, "object")) whole"
    guard let client = try await sourceClient(of: record) else {
      return result(true, "\(whole); not compared, since its cluster is not connected")
    }
    tell(.stage("comparing '\(record.name)' with the cluster"))
    do {
      let reasons = try await verification.compare(&comparison, with: client) {
        tell(.progress($0, record))
      }
      let counts = comparison.counts
      let parts = ArchiveComparison.Verdict.allCases.compactMap { verdict in
        verdict.word.flatMap { word in counts[verdict].map { "\(HumanText.count($0)) \(word)" } }
      }
      for reason in reasons { tell(.line(reason)) }
      return result(counts[.different] == nil, ([whole] + parts).joined(separator: "; "))
    } catch {
      let failure = Failure(error)
      if failure.kind == .cancelled { throw error }
      return result(true, "\(whole); not compared: \(failure.message)")
    }
  }

  /// The cluster that a backup is of; nil when another one is connected, or none.
  private func sourceClient(of record: Backup) async throws -> KubernetesClient? {
    guard let client = session?.client else { return nil }
    guard let source = ClusterIdentity(annotations: record.annotations) else { return client }
    return try await ClusterIdentity.read(with: client) == source ? client : nil
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

extension ArchiveComparison.Verdict {
  /// What is said of such objects; nil for those of which nothing has to be said.
  fileprivate var word: String? {
    switch self {
    case .equal: nil
    case .changed: "changed since"
    case .gone: "gone since"
    case .different: "different from the same version in the cluster"
    case .unchecked: "not compared"
    }
  }
}
