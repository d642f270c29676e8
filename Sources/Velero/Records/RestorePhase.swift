// SPDX-License-Identifier: Apache-2.0

/// How far a restore has come.
///
/// Source: Velero 1.18, `pkg/apis/velero/v1/restore_types.go`; the API server accepts no others.
public enum RestorePhase: OperationPhase {
  /// Created, not looked at yet; the same as no phase at all.
  case new
  /// The spec does not make sense; nothing was done.
  case failedValidation
  /// Objects are being restored.
  case inProgress
  /// Objects are restored, plugins still work.
  case waitingForPluginOperations
  /// The same, and something failed.
  case waitingForPluginOperationsPartiallyFailed
  /// The last steps are being taken.
  case finalizing
  /// The same, and something failed.
  case finalizingPartiallyFailed
  /// Done without errors.
  case completed
  /// Done, and some objects or volumes failed.
  case partiallyFailed
  /// Stopped by an error before any object was looked at.
  case failed
  /// A phase of a newer Velero.
  case other(String)

  /// The phases of Velero 1.18, in the order a restore meets them.
  public static let known: [RestorePhase] = [
    .new, .failedValidation, .inProgress, .waitingForPluginOperations,
    .waitingForPluginOperationsPartiallyFailed, .finalizing, .finalizingPartiallyFailed,
    .completed, .partiallyFailed, .failed,
  ]

  /// The text of the API.
  public var text: String {
    switch self {
    case .new: "New"
    case .failedValidation: "FailedValidation"
    case .inProgress: "InProgress"
    case .waitingForPluginOperations: "WaitingForPluginOperations"
    case .waitingForPluginOperationsPartiallyFailed: "WaitingForPluginOperationsPartiallyFailed"
    case .finalizing: "Finalizing"
    case .finalizingPartiallyFailed: "FinalizingPartiallyFailed"
    case .completed: "Completed"
    case .partiallyFailed: "PartiallyFailed"
    case .failed: "Failed"
    case .other(let text): text
    }
  }

  /// Whether the run is over, so that the phase changes no more.
  public var isFinal: Bool {
    switch self {
    case .failedValidation, .completed, .partiallyFailed, .failed: true
    case .new, .inProgress, .waitingForPluginOperations,
      .waitingForPluginOperationsPartiallyFailed, .finalizing, .finalizingPartiallyFailed, .other:
      false
    }
  }
}
