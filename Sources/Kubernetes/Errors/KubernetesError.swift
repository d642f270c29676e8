// SPDX-License-Identifier: Apache-2.0

/// Why something that was asked of a cluster, or of its configuration, did not happen.
public struct KubernetesError: Error, Sendable {
  /// What kind of failure it is; callers decide by this and never by text.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// The server does not accept the credentials (401).
    case unauthorized
    /// The user lacks a permission, or admission refused the request (403).
    case forbidden
    /// The object, its namespace or its type does not exist (404).
    case notFound
    /// An object of that name exists (409, AlreadyExists).
    case alreadyExists
    /// The object has changed meanwhile, a precondition fails, or another manager owns a field (409, Conflict).
    case conflict
    /// The object does not pass validation (422).
    case invalid
    /// The resource version or continue token is older than what the server keeps (410).
    case expired
    /// The server wants fewer requests (429).
    case tooManyRequests
    /// The server or the connection took too long.
    case timeout
    /// The server failed (500 and others above it).
    case serverError
    /// The server cannot be reached, the connection broke off, or the server is not serving (502, 503).
    case unavailable
    /// TLS failed: the server's certificate is not trusted or the client's was refused.
    case untrusted
    /// The request is wrong in itself (400 and the like).
    case badRequest
    /// The server does not offer this method, media type or API (405, 406, 415).
    case unsupported
    /// A kubeconfig, or what it refers to, is broken or missing.
    case configuration
    /// No usable credentials could be had: a credential plugin failed, a token file is gone.
    case credentials
    /// The answer is not what the Kubernetes API answers.
    case malformedResponse
    /// The task was cancelled.
    case cancelled
  }

  /// One of the things that are wrong with an object.
  public struct Cause: Sendable, Hashable {
    /// A word for machines such as `FieldValueInvalid`; may be empty.
    public var reason: String
    /// What is wrong, in the server's words.
    public var message: String
    /// The field's path such as `spec.ports[0].nodePort`; may be empty.
    public var field: String

    /// Makes a cause.
    public init(reason: String, message: String, field: String) {
      self.reason = reason
      self.message = message
      self.field = field
    }
  }

  /// The object an answer speaks of, as far as the server says.
  public struct Object: Sendable, Hashable {
    /// The API group; empty for the core group and where the server does not say.
    public var group: String
    /// The kind or the resource's plural name; servers use both.
    public var kind: String
    /// The object's name; empty when the answer is about a type.
    public var name: String

    /// Makes a reference.
    public init(group: String, kind: String, name: String) {
      self.group = group
      self.kind = kind
      self.name = name
    }
  }

  /// What kind of failure it is.
  public var code: Code
  /// What did not happen and why, in one line.
  public var message: String
  /// What the reader can do about it.
  public var hint: String?
  /// The failure of the layer below.
  public var cause: (any Error)?
  /// The status of the server's answer; nil when there was none.
  public var httpStatus: Int?
  /// The server's reason, such as `NotFound`; nil when it gave none.
  public var reason: String?
  /// What is wrong in detail; may be empty.
  public var causes: [Cause] = []
  /// The object that the server names.
  public var object: Object?
  /// The wait that the server asks for before the next try, in seconds.
  public var retryAfterSeconds: Int?

  /// Makes an error.
  public init(
    code: Code,
    message: String,
    hint: String? = nil,
    cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.hint = hint
    self.cause = cause
  }
}

extension KubernetesError: CustomStringConvertible {
  /// The message, and the hint on a line of its own.
  public var description: String {
    hint.map { "\(message)\nhint: \($0)" } ?? message
  }
}

extension KubernetesError {
  /// Whether the same request may succeed a little later.
  public var isTransient: Bool {
    switch code {
    case .tooManyRequests, .timeout, .serverError, .unavailable: true
    case .unauthorized, .forbidden, .notFound, .alreadyExists, .conflict, .invalid, .expired,
      .untrusted, .badRequest, .unsupported, .configuration, .credentials, .malformedResponse,
      .cancelled:
      false
    }
  }

  /// Whether a namespace that is being deleted refuses the object.
  public var isNamespaceTerminating: Bool {
    causes.contains { $0.reason == "NamespaceTerminating" }
  }

  static let cancelled = KubernetesError(code: .cancelled, message: "the operation was cancelled")

  /// The error itself when it is one, cancellation as such, anything else as a failure of the connection.
  static func wrapping(_ error: any Error, doing: String) -> KubernetesError {
    if let error = error as? KubernetesError { return error }
    if error is CancellationError { return .cancelled }
    return KubernetesError(code: .serverError, message: "\(doing): \(error)", cause: error)
  }
}
