// SPDX-License-Identifier: Apache-2.0

internal import Console
internal import Engine
internal import Kubernetes
internal import ObjectStorage
internal import Primitives
internal import Sandbox
internal import Terminal
internal import Velero

extension ErrorReport {
  /// What is said about an error, and how the process ends: the one table from errors to exit codes.
  init(_ error: any Error) {
    switch error {
    case let error as UsageError: self.init(.usage, "usage", error.message, error.hint)
    case let error as CommandFailure:
      self.init(error.exitCode, error.code, error.message, error.hint)
    case let error as OutputError: self.init(.failed, "output", error.message)
    case let error as EngineError:
      self.init(error.code.exitCode, "\(error.code)", error.message, error.hint)
    case let error as KubernetesError:
      self.init(error.code.exitCode, error.code.rawValue, error.message, error.hint)
    case let error as ObjectStoreError:
      self.init(error.code.exitCode, error.code.rawValue, error.message, error.hint)
    case let error as VeleroError:
      self.init(error.code.exitCode, error.code.rawValue, error.message, error.hint)
    case let error as Failure: self.init(.failed, "console", error.message, error.hint)
    case let error as ScreenError: self.init(.failed, "terminal", error.message, error.hint)
    case let error as SandboxError: self.init(.failed, "sandbox", error.message, error.hint)
    case let error as FaultScriptError:
      let place = "\(error.file):\(error.mark.line):\(error.mark.column)"
      self.init(.usage, "faultScript", "\(place): \(error.message)", error.hint)
    case let error as CertificateError:
      self.init(.failed, "certificate", error.message, error.hint)
    case is CancellationError: self.init(.interrupted, "interrupted", "interrupted")
    default: self.init(.failed, "failed", "\(error)")
    }
    // Whoever interrupts a command knows why it ended; what it was at is of no interest.
    if exitCode == .interrupted {
      (code, message, hint) = ("interrupted", "interrupted", nil)
    }
  }

  private init(_ exitCode: ExitCode, _ code: String, _ message: String, _ hint: String? = nil) {
    self.init(exitCode: exitCode, code: code, message: message, hint: hint)
  }
}

extension EngineError.Code {
  fileprivate var exitCode: ExitCode {
    switch self {
    case .invalid, .empty, .unsupported: .usage
    case .locked, .changed: .locked
    case .notFound: .notFound
    case .alreadyExists, .local, .corrupt: .failed
    }
  }
}

extension KubernetesError.Code {
  fileprivate var exitCode: ExitCode {
    switch self {
    case .unauthorized, .forbidden, .credentials: .denied
    case .notFound: .notFound
    case .cancelled: .interrupted
    case .alreadyExists, .conflict, .invalid, .expired, .tooManyRequests, .timeout, .serverError,
      .unavailable, .untrusted, .badRequest, .unsupported, .configuration, .malformedResponse:
      .failed
    }
  }
}

extension ObjectStoreError.Code {
  fileprivate var exitCode: ExitCode {
    switch self {
    case .notFound: .notFound
    case .denied, .readOnly: .denied
    case .cancelled: .interrupted
    case .alreadyExists, .conflict, .noSpace, .tooLarge, .invalidKey, .invalidRange, .unavailable,
      .corrupt:
      .failed
    }
  }
}

extension VeleroError.Code {
  fileprivate var exitCode: ExitCode {
    switch self {
    case .truncated, .corrupt, .unsafePath, .tooLarge, .unsupported: .failed
    case .invalid: .usage
    }
  }
}
