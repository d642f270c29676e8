// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc

/// What curl knows about a transfer that has ended with an error.
struct CurlReport {
  var code: CURLcode
  /// curl's own words, more exact than the code's; may be empty.
  var text: String
  /// `errno` of the connection attempt, or 0.
  var systemError: Int32
  /// OpenSSL's verdict on the server's certificate (`X509_V_ERR_…`), or 0.
  var verifyResult: Int
  /// Whether the request went out.
  var isConnected: Bool
  var receivedBytes: Int
}

/// curl's failures as the client's. The codes are those of libcurl-errors(3), as of 7.88.
extension HTTPError {
  /// The error of a transfer that curl has given up.
  init(_ report: CurlReport, plan: TransferPlan) {
    self = Self.describe(report, plan)
    isSafeToRetry = !report.isConnected && code != .invalidRequest
    receivedBytes = report.receivedBytes
  }

  private static func describe(_ report: CurlReport, _ plan: TransferPlan) -> HTTPError {
    let server = "'\(plan.url.host):\(plan.url.port)'"
    switch report.code {
    case CURLE_COULDNT_RESOLVE_HOST:
      return HTTPError(
        code: .cannotResolve,
        message: "cannot look up '\(plan.url.host)': no address is known for the name",
        hint: "check the name in the URL, and that this machine reaches its name server"
      )
    case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
      return proxy(report, plan)
    case CURLE_COULDNT_CONNECT:
      return HTTPError(
        code: .cannotConnect,
        message: "cannot connect to \(server): \(systemReason(report))",
        hint:
          "check that the server runs, that host and port are right and that no firewall is between"
      )
    case CURLE_OPERATION_TIMEDOUT:
      return .connectTimedOut(plan)
    case CURLE_PEER_FAILED_VERIFICATION:
      return untrusted(report, plan, server)
    case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE:
      return unreadableCredentials(report, server)
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED,
      CURLE_SSL_ENGINE_INITFAILED:
      return tls(report, server)
    case CURLE_OK, CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
      CURLE_HTTP2,
      CURLE_HTTP2_STREAM, CURLE_SEND_FAIL_REWIND, CURLE_READ_ERROR:
      return lost(report, plan, server)
    case CURLE_URL_MALFORMAT:
      return .invalidURL(reason(report))
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
      return HTTPError(
        code: .other,
        message: "\(server) does not answer in HTTP: \(reason(report))",
        hint: "check the port; it may be one of another service, or want 'https'"
      )
    default:
      return HTTPError(
        code: .other,
        message: "\(plan.summary) got no answer: \(reason(report))"
      )
    }
  }

  private static func proxy(_ report: CurlReport, _ plan: TransferPlan) -> HTTPError {
    HTTPError(
      code: .proxyFailure,
      message: "cannot reach '\(plan.url.host)' through the proxy: \(reason(report))",
      hint: "check the proxy's address, or list the host in NO_PROXY to go around it"
    )
  }

  private static func untrusted(
    _ report: CurlReport,
    _ plan: TransferPlan,
    _ server: String
  ) -> HTTPError {
    let (why, hint) = verdict(report, plan)
    return HTTPError(
      code: .untrustedCertificate,
      message: "the certificate of \(server) is not to be trusted: \(why)",
      hint: hint
    )
  }

  /// OpenSSL's verdicts, x509_vfy.h; curl leaves 1, or 0, for a certificate in order but for another name.
  private static func verdict(
    _ report: CurlReport,
    _ plan: TransferPlan
  ) -> (why: String, hint: String) {
    let authorityHint =
      plan.tls.certificateAuthority == nil
      ? "give the certificate authority of the server; only the system's are trusted now"
      : "check that the certificate authority given is the one of this server"
    switch report.verifyResult {
    case 2, 20, 21: return ("its issuer is not among the trusted authorities", authorityHint)
    case 18: return ("it is signed by itself", authorityHint)
    case 19: return ("its chain ends in an authority that is not trusted", authorityHint)
    case 9: return ("it is not valid yet", "check the clock of this machine and of the server")
    case 10:
      return ("it has expired", "renew the server's certificate, or check this machine's clock")
    case 0, 1:
      let name = plan.tls.serverName ?? plan.url.host
      return (
        "it is not for the name '\(name)'",
        "use a name the certificate is for, or set the TLS server name to one"
      )
    default: return (reason(report), authorityHint)
    }
  }

  private static func unreadableCredentials(_ report: CurlReport, _ server: String) -> HTTPError {
    let what =
      report.code == CURLE_SSL_CACERT_BADFILE
      ? "certificate authority" : "client certificate or key"
    return HTTPError(
      code: .tlsFailure,
      message: "cannot connect to \(server): the \(what) cannot be used: \(reason(report))",
      hint: "check that it is PEM text, and that certificate and key belong together"
    )
  }

  /// Alerts by which a server turns down the client's certificate; OpenSSL tells them in words only.
  private static let refusals = [
    "certificate required", "bad certificate", "unknown ca", "certificate unknown",
    "unsupported certificate", "certificate expired", "certificate revoked", "access denied",
  ]

  private static func tls(_ report: CurlReport, _ server: String) -> HTTPError {
    if let refused = refusal(report, server) { return refused }
    return HTTPError(
      code: .tlsFailure,
      message: "cannot make a TLS connection to \(server): \(reason(report))",
      hint: "check that the port speaks TLS, and which versions the server allows"
    )
  }

  private static func refusal(_ report: CurlReport, _ server: String) -> HTTPError? {
    guard let alert = report.text.firstRange(of: "alert ") else { return nil }
    let words = report.text[alert.upperBound...].prefix { $0 != "," }
    guard refusals.contains(where: { words.hasPrefix($0) }) else { return nil }
    return HTTPError(
      code: .clientCertificateRefused,
      message: "\(server) refuses the client certificate: \(words)",
      hint:
        "give a client certificate that the server's authority has issued and that is still valid"
    )
  }

  private static func lost(
    _ report: CurlReport,
    _ plan: TransferPlan,
    _ server: String
  ) -> HTTPError {
    // With TLS 1.3 the server looks at the client's certificate after the handshake.
    if let refused = refusal(report, server) { return refused }
    return HTTPError(
      code: .connectionLost,
      message:
        "the connection to \(server) was lost after \(report.receivedBytes) bytes of the answer to \(plan.summary): "
        + reason(report),
      hint: "try again; if it happens again, see the server's log"
    )
  }

  private static func systemReason(_ report: CurlReport) -> String {
    guard report.systemError != 0 else { return reason(report) }
    var text = [CChar](repeating: 0, count: 256)
    guard strerror_r(report.systemError, &text, text.count) == 0 else { return reason(report) }
    let words = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: words, as: UTF8.self).asciiLowercased
  }

  /// curl's words, or those for the code.
  private static func reason(_ report: CurlReport) -> String {
    guard report.code != CURLE_OK else { return "it ended within the header lines" }
    let text = report.text.isEmpty ? String(cString: curl_easy_strerror(report.code)) : report.text
    return text.asciiLowercased
  }
}

extension String {
  fileprivate var asciiLowercased: String {
    String(decoding: utf8.map(asciiLowercase), as: UTF8.self)
  }
}
