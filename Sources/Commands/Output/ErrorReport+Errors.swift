// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import ObjectStorage
internal import Primitives
internal import Sandbox
internal import Velero

extension ErrorReport {
  /// What is said about an error, and how the process ends: the one table from errors to exit codes.
  init(_ error: any Error) {
    switch error {
    case let error as UsageError:
      self.init(exitCode: .usage, code: "usage", message: error.message, hint: error.hint)
    case let error as CommandFailure:
      self.init(
        exitCode: error.exitCode,
        code: error.code,
        message: error.message,
        hint: error.hint
      )
    case let error as OutputError:
      self.init(exitCode: .failed, code: "output", message: error.message)
    case let error as KubernetesError:
      self.init(
        exitCode: error.code.exitCode,
        code: error.code.rawValue,
        message: error.message,
        hint: error.hint
      )
    case let error as ObjectStoreError:
      self.init(
        exitCode: error.code.exitCode,
        code: error.code.rawValue,
        message: error.message,
        hint: error.hint
      )
    case let error as VeleroError:
      self.init(
        exitCode: error.code.exitCode,
        code: error.code.rawValue,
        message: error.message,
        hint: error.hint
      )
    case let error as SandboxError:
      self.init(exitCode: .failed, code: "sandbox", message: error.message, hint: error.hint)
    case let error as FaultScriptError:
      self.init(
        exitCode: .usage,
        code: "faultScript",
        message: "\(error.file):\(error.mark.line):\(error.mark.column): \(error.message)",
        hint: error.hint
      )
    case let error as CertificateError:
      self.init(exitCode: .failed, code: "certificate", message: error.message, hint: error.hint)
    case is CancellationError:
      self.init(exitCode: .interrupted, code: "interrupted", message: "interrupted")
    default:
      self.init(exitCode: .failed, code: "failed", message: "\(error)")
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
