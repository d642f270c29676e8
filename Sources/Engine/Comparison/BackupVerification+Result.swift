// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
internal import ObjectStorage
public import Primitives
public import Velero

/// What a verification of one backup came to, as a whole.
public struct VerificationOutcome: Sendable {
  /// What is kept of it.
  public var result: VerificationResult
  /// The objects with what became of each; nil for an archive that is damaged or has too few objects.
  public var comparison: ArchiveComparison?
  /// Why types could not be compared.
  public var reasons: [String] = []
  /// What is wrong with the archive, or, beside a comparison, what kept that from its end; nil otherwise: also where there was
  /// nothing to compare with, and for an archive with too few objects, of which only `result` tells.
  public var failure: (any Error)?
}

extension BackupVerification {
  /// Reads the archive of a backup to its end, and compares its objects with the cluster they are of.
  ///
  /// A backup is sound when its archive is whole, has as many objects as its record says, and none that differs from the
  /// cluster's object of the same version. It is also sound when it could not be compared.
  ///
  /// - Parameters:
  ///   - record: The backup.
  ///   - clock: The present time.
  ///   - client: Gives the cluster that is connected, nil for none; asked when the archive is read.
  ///   - onProgress: Told as it goes on.
  /// - Returns: What came of it.
  /// - Throws: `ObjectStoreError` `.unavailable`, which says nothing about the archive; `CancellationError`, also as that of a lower
  ///   module.
  public func verify(
    _ record: Backup,
    clock: WallClock = .system,
    against client: () async throws -> KubernetesClient?,
    onProgress: (Progress) async throws -> Void = { _ in }
  ) async throws -> VerificationOutcome {
    func outcome(_ isSound: Bool, _ text: String) -> VerificationOutcome {
      VerificationOutcome(
        result: VerificationResult(record, at: clock.now(), isSound: isSound, text: text)
      )
    }
    var comparison: ArchiveComparison
    do {
      comparison = try await archive(record.name, onProgress: onProgress)
    } catch {
      guard !Self.saysNothing(error) else { throw error }
      var outcome = outcome(false, Self.message(error))
      outcome.failure = error
      return outcome
    }
    let counted = record.status.progress?.itemsBackedUp
    if let counted, record.status.phase == .completed, counted > comparison.count {
      return outcome(
        false,
        "the archive has \(HumanText.counted(comparison.count, "object")), its record \(HumanText.count(counted))"
      )
    }
    let whole = "\(HumanText.counted(comparison.count, "object")) whole"
    var result: VerificationOutcome
    do {
      if let client = try await source(of: record, client) {
        let reasons = try await compare(&comparison, with: client, onProgress: onProgress)
        let counts = comparison.counts
        let parts = ArchiveComparison.Verdict.allCases.compactMap { verdict in
          verdict == .equal ? nil : counts[verdict].map { "\(HumanText.count($0)) \(verdict.text)" }
        }
        result = outcome(
          counts[.different] == nil,
          ([whole] + parts).joined(separator: "; ")
        )
        result.reasons = reasons
      } else {
        result = outcome(true, "\(whole); not compared, since its cluster is not connected")
      }
    } catch {
      guard !Self.isCancellation(error) else { throw error }
      // What differed until then differs all the same.
      result = outcome(
        comparison.counts[.different] == nil,
        "\(whole); not compared: \(Self.message(error))"
      )
      result.failure = error
    }
    result.comparison = comparison
    return result
  }

  /// The cluster that a backup is of; nil when another one is connected, or none.
  private func source(
    of record: Backup,
    _ client: () async throws -> KubernetesClient?
  ) async throws -> KubernetesClient? {
    guard let client = try await client() else { return nil }
    guard let source = ClusterIdentity(annotations: record.annotations) else { return client }
    return try await ClusterIdentity.read(with: client) == source ? client : nil
  }

  private static func isCancellation(_ error: any Error) -> Bool {
    switch error {
    case is CancellationError: true
    case let error as ObjectStoreError: error.code == .cancelled
    case let error as KubernetesError: error.code == .cancelled
    default: false
    }
  }

  /// Whether a failure is one of the way to the archive, and not of the archive.
  private static func saysNothing(_ error: any Error) -> Bool {
    isCancellation(error) || (error as? ObjectStoreError)?.code == .unavailable
  }

  private static func message(_ error: any Error) -> String {
    switch error {
    case let error as ObjectStoreError: error.message
    case let error as EngineError: error.message
    case let error as VeleroError: error.message
    case let error as KubernetesError: error.message
    default: "\(error)"
    }
  }
}
