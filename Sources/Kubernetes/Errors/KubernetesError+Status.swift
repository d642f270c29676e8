// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Primitives

// The one place where the server's and the connection's failures get a code.

extension KubernetesError {
  /// The codes of the API machinery's reasons.
  ///
  /// Source: k8s.io/apimachinery, meta/v1/types.go, StatusReason.
  private static let codes: [String: Code] = [
    "Unauthorized": .unauthorized, "Forbidden": .forbidden, "NotFound": .notFound,
    "AlreadyExists": .alreadyExists, "Conflict": .conflict, "Gone": .expired,
    "Expired": .expired, "Invalid": .invalid, "ServerTimeout": .timeout, "Timeout": .timeout,
    "StoreReadError": .serverError, "TooManyRequests": .tooManyRequests,
    "BadRequest": .badRequest, "MethodNotAllowed": .unsupported, "NotAcceptable": .unsupported,
    "RequestEntityTooLarge": .badRequest, "UnsupportedMediaType": .unsupported,
    "InternalError": .serverError, "ServiceUnavailable": .unavailable,
  ]

  /// The code of an answer: by its reason when that is known, otherwise by its HTTP status.
  static func code(reason: String?, httpStatus: Int) -> Code {
    if let reason, let code = codes[reason] { return code }
    switch httpStatus {
    case 401: return .unauthorized
    case 403: return .forbidden
    case 404: return .notFound
    case 405, 406, 415: return .unsupported
    case 408, 504: return .timeout
    case 409: return .conflict
    case 410: return .expired
    case 422: return .invalid
    case 429: return .tooManyRequests
    case 502, 503: return .unavailable
    case 500...: return .serverError
    default: return .badRequest
    }
  }

  /// The error that a `Status` object speaks of.
  ///
  /// - Parameters:
  ///   - status: An object of kind `Status`, as the body of an answer or in a watch's ERROR event.
  ///   - httpStatus: The answer's status; nil takes the code of the object.
  ///   - doing: What was tried, such as `cannot get configmaps 'a' in namespace 'b'`.
  init(status: JSONValue, httpStatus: Int?, doing: String) {
    let details = status["details"]
    let number = httpStatus ?? status["code"]?.int64.map { Int($0) } ?? 500
    let reason = status["reason"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    let words = status["message"]?.string ?? "the server says no more"
    let kind = reason.map { "\(number) \($0)" } ?? "\(number)"
    self.init(
      code: Self.code(reason: reason, httpStatus: number),
      message: "\(doing): \(words) (\(kind))"
    )
    self.httpStatus = number
    self.reason = reason
    causes = (details?["causes"]?.array ?? []).map { cause in
      Cause(
        reason: cause["reason"]?.string ?? "",
        message: cause["message"]?.string ?? "",
        field: cause["field"]?.string ?? ""
      )
    }
    if let kind = details?["kind"]?.string {
      object = Object(
        group: details?["group"]?.string ?? "",
        kind: kind,
        name: details?["name"]?.string ?? ""
      )
    }
    retryAfterSeconds = details?["retryAfterSeconds"]?.int64.map { Int($0) }
    hint = Self.hint(code)
  }

  /// The error of an answer that is none of the API's own: a proxy's page, a load balancer's text.
  init(body: [UInt8], httpStatus: Int, mediaType: String?, doing: String) {
    let line = TextExcerpt.firstLine(of: body)
    let kind = mediaType.map { "\(httpStatus), \($0)" } ?? "\(httpStatus)"
    let said = line.isEmpty ? "with nothing more" : "saying: \(line)"
    self.init(
      code: (200..<300).contains(httpStatus)
        ? .malformedResponse : Self.code(reason: nil, httpStatus: httpStatus),
      message: "\(doing): the answer (\(kind)) is none of the Kubernetes API, \(said)"
    )
    self.httpStatus = httpStatus
    let isUnknownPath = httpStatus == 404 && line == "404 page not found"
    hint =
      isUnknownPath
      ? "the server does not serve this API; its group, version or resource may be gone"
      : "a proxy, a login page or a load balancer may stand in front of the API server; "
        + "check the kubeconfig's 'server'"
  }

  private static func hint(_ code: Code) -> String? {
    switch code {
    case .unauthorized:
      "the server does not accept the credentials of this context; log in again or renew them"
    case .forbidden: "ask for a role that allows this, or act as another user with --as"
    case .conflict: "read the object again and repeat the change"
    case .expired: "the server no longer keeps that version; list again"
    case .tooManyRequests: "the server is overloaded or limits this user; try again later"
    case .timeout, .serverError, .unavailable: "look at the API server's health, then try again"
    case .notFound, .alreadyExists, .invalid, .untrusted, .badRequest, .unsupported,
      .configuration, .credentials, .malformedResponse, .cancelled:
      nil
    }
  }

  /// The error of a request that got no answer, or a body that broke off.
  init(_ error: HTTPError, doing: String) {
    let code: Code =
      switch error.code {
      case .cannotResolve, .cannotConnect, .connectionLost, .proxyFailure: .unavailable
      case .untrustedCertificate, .clientCertificateRefused, .tlsFailure: .untrusted
      case .timedOut: .timeout
      case .tooLarge: .malformedResponse
      case .invalidRequest: .configuration
      case .cancelled: .cancelled
      case .other: .unavailable
      }
    self.init(
      code: code,
      message: code == .cancelled ? Self.cancelled.message : "\(doing): \(error.message)",
      hint: error.hint,
      cause: error
    )
  }
}
