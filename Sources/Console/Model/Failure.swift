// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import ObjectStorage
internal import Velero

/// Why something could not be read or done, as a screen shows it.
public struct Failure: Sendable, Hashable, Error {
  /// What kind of trouble it is: the screen's state follows it.
  public enum Kind: Sendable, Hashable {
    /// The user may not do it.
    case forbidden
    /// The other side did not answer; it is tried again.
    case unreachable
    /// It is not there.
    case notFound
    /// It was stopped by the user.
    case cancelled
    /// Anything else.
    case other
  }

  /// The kind of trouble.
  public var kind: Kind
  /// What went wrong, on which object and why; no full stop.
  public var message: String
  /// What can be done about it.
  public var hint: String?

  /// Describes a failure.
  public init(_ kind: Kind = .other, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }

  /// Describes an error of the layers below.
  public init(_ error: any Error) {
    switch error {
    case let error as Failure: self = error
    case let error as KubernetesError:
      self.init(error.code.failureKind, error.message, hint: error.hint)
    case let error as ObjectStoreError:
      self.init(error.code.failureKind, error.message, hint: error.hint)
    case let error as EngineError:
      self.init(error.code == .notFound ? .notFound : .other, error.message, hint: error.hint)
    case let error as VeleroError: self.init(.other, error.message, hint: error.hint)
    case is CancellationError: self.init(.cancelled, "stopped")
    default: self.init(.other, "\(error)")
    }
  }
}

extension KubernetesError.Code {
  fileprivate var failureKind: Failure.Kind {
    switch self {
    case .unauthorized, .forbidden, .credentials: .forbidden
    case .notFound: .notFound
    case .cancelled: .cancelled
    case .timeout, .unavailable, .serverError, .tooManyRequests, .untrusted: .unreachable
    case .alreadyExists, .conflict, .invalid, .expired, .badRequest, .unsupported, .configuration,
      .malformedResponse:
      .other
    }
  }
}

extension ObjectStoreError.Code {
  fileprivate var failureKind: Failure.Kind {
    switch self {
    case .denied, .readOnly: .forbidden
    case .notFound: .notFound
    case .cancelled: .cancelled
    case .unavailable: .unreachable
    case .alreadyExists, .conflict, .noSpace, .tooLarge, .invalidKey, .invalidRange, .corrupt:
      .other
    }
  }
}
