// SPDX-License-Identifier: Apache-2.0

/// How far a backup has come.
///
/// Source: Velero 1.18, `pkg/apis/velero/v1/backup_types.go`; the API server accepts no others.
public enum BackupPhase: OperationPhase {
  /// Created, not looked at yet; the same as no phase at all.
  case new
  /// Waiting for its turn.
  case queued
  /// Its turn has come.
  case readyToStart
  /// The spec does not make sense; nothing was done.
  case failedValidation
  /// Objects are being written.
  case inProgress
  /// Objects are written, plugins still work.
  case waitingForPluginOperations
  /// The same, and something failed.
  case waitingForPluginOperationsPartiallyFailed
  /// The last files are being written.
  case finalizing
  /// The same, and something failed.
  case finalizingPartiallyFailed
  /// Done without errors.
  case completed
  /// Done, and some objects or volumes failed.
  case partiallyFailed
  /// Stopped by an error; of no use.
  case failed
  /// Being removed.
  case deleting
  /// A phase of a newer Velero.
  case other(String)

  /// The phases of Velero 1.18, in the order a backup meets them.
  public static let known: [BackupPhase] = [
    .new, .queued, .readyToStart, .failedValidation, .inProgress, .waitingForPluginOperations,
    .waitingForPluginOperationsPartiallyFailed, .finalizing, .finalizingPartiallyFailed,
    .completed, .partiallyFailed, .failed, .deleting,
  ]

  /// The text of the API.
  public var text: String {
    switch self {
    case .new: "New"
    case .queued: "Queued"
    case .readyToStart: "ReadyToStart"
    case .failedValidation: "FailedValidation"
    case .inProgress: "InProgress"
    case .waitingForPluginOperations: "WaitingForPluginOperations"
    case .waitingForPluginOperationsPartiallyFailed: "WaitingForPluginOperationsPartiallyFailed"
    case .finalizing: "Finalizing"
    case .finalizingPartiallyFailed: "FinalizingPartiallyFailed"
    case .completed: "Completed"
    case .partiallyFailed: "PartiallyFailed"
    case .failed: "Failed"
    case .deleting: "Deleting"
    case .other(let text): text
    }
  }

  /// Whether the run is over, so that the phase changes no more except by deletion.
  public var isFinal: Bool {
    switch self {
    case .failedValidation, .completed, .partiallyFailed, .failed: true
    case .new, .queued, .readyToStart, .inProgress, .waitingForPluginOperations,
      .waitingForPluginOperationsPartiallyFailed, .finalizing, .finalizingPartiallyFailed,
      .deleting, .other:
      false
    }
  }

  /// Whether a restore can be made from the backup.
  public var isRestorable: Bool { self == .completed || self == .partiallyFailed }
}
