// SPDX-License-Identifier: Apache-2.0

/// The failures this module finds by itself.
extension HTTPError {
  static func cancelled(_ request: String) -> HTTPError {
    HTTPError(code: .cancelled, message: "\(request) was cancelled")
  }

  static func closed(_ request: String) -> HTTPError {
    HTTPError(
      code: .cancelled,
      message: "\(request) was not sent: the client has been shut down",
      isSafeToRetry: true
    )
  }

  static func invalidURL(_ why: String) -> HTTPError {
    HTTPError(
      code: .invalidRequest,
      message: "the URL cannot be used: \(why)",
      hint: "give an absolute URL such as 'https://host:6443/path'"
    )
  }

  static func invalidHeader(_ why: String, name: String) -> HTTPError {
    let printable = String(
      name.unicodeScalars.prefix(64).map { $0.value < 0x20 ? "?" : Character($0) }
    )
    return HTTPError(
      code: .invalidRequest,
      message: "the header '\(printable)' cannot be sent: \(why)"
    )
  }

  static func bodyTooLarge(limit: Int, request: String) -> HTTPError {
    HTTPError(
      code: .tooLarge,
      message: "the answer to \(request) is larger than the limit of \(limit) bytes"
    )
  }

  static func headTooLarge(limit: Int, request: String) -> HTTPError {
    HTTPError(
      code: .tooLarge,
      message:
        "the header lines of the answer to \(request) are larger than the limit of \(limit) bytes"
    )
  }

  static func uploadFailed(_ cause: any Error, request: String) -> HTTPError {
    HTTPError(
      code: cause is CancellationError ? .cancelled : .other,
      message: "the body of \(request) could not be produced",
      cause: cause
    )
  }

  static func uploadTooShort(_ count: Int, _ plan: TransferPlan) -> HTTPError {
    HTTPError(
      code: .invalidRequest,
      message:
        "the body of \(plan.summary) ended after \(count) of \(plan.bodyLengthBytes ?? 0) bytes"
    )
  }

  static func uploadTooLong(_ plan: TransferPlan) -> HTTPError {
    HTTPError(
      code: .invalidRequest,
      message: "the body of \(plan.summary) has more than \(plan.bodyLengthBytes ?? 0) bytes"
    )
  }

  static func connectTimedOut(_ plan: TransferPlan) -> HTTPError {
    HTTPError(
      code: .timedOut,
      message:
        "cannot connect to '\(plan.url.host):\(plan.url.port)' within \(plan.connectTimeout)",
      hint: "check that host and port are right and that no firewall drops the packets"
    )
  }

  static func idle(_ plan: TransferPlan, receivedBytes: Int) -> HTTPError {
    HTTPError(
      code: .timedOut,
      message:
        "\(plan.summary): nothing moved for \(plan.idleTimeout ?? .zero), after \(receivedBytes) bytes of the answer",
      hint: "the server or the network hangs; try again, or allow more time",
      receivedBytes: receivedBytes
    )
  }

  static func outOfTime(
    _ plan: TransferPlan,
    receivedBytes: Int,
    isSafeToRetry: Bool
  ) -> HTTPError {
    HTTPError(
      code: .timedOut,
      message:
        "\(plan.summary) was not done within \(plan.totalTimeout ?? .zero); it got \(receivedBytes) bytes of the answer",
      hint: "allow more time",
      isSafeToRetry: isSafeToRetry,
      receivedBytes: receivedBytes
    )
  }

  static func tooManyRequests(limit: Int, request: String) -> HTTPError {
    HTTPError(
      code: .other,
      message: "\(request) was not sent: \(limit) requests of this client are waiting already",
      hint: "send fewer at a time",
      isSafeToRetry: true
    )
  }

  static func noHandle(_ plan: TransferPlan) -> HTTPError {
    HTTPError(
      code: .other,
      message: "\(plan.summary) was not sent: libcurl has no memory, or lacks TLS or HTTP/2",
      isSafeToRetry: true
    )
  }
}
