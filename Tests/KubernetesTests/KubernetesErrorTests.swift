// SPDX-License-Identifier: Apache-2.0

import HTTP
import Primitives
import Testing

@testable import Kubernetes

struct KubernetesErrorTests {
  /// What each recorded failure is; both servers agree but for two.
  static let codes: [String: KubernetesError.Code] = [
    "18-create-already-exists": .alreadyExists, "19-create-invalid": .invalid,
    "20-create-missing-namespace": .notFound, "21-create-wrong-kind": .badRequest,
    "22-create-with-resource-version": .serverError, "23-create-not-json": .badRequest,
    "25-get-not-found": .notFound, "28-list-bad-continue": .badRequest,
    "30-list-bad-label-selector": .badRequest, "32-list-bad-field-selector": .badRequest,
    "38-list-match-without-version": .invalid, "39-list-future-version": .timeout,
    "40-list-exact-future-version": .serverError, "43-put-conflict": .conflict,
    "44-put-creates-not": .notFound, "47-patch-json-test-fails": .invalid,
    "50-apply-conflict": .conflict, "51-patch-unsupported-type": .unsupported,
    "52-delete-precondition-fails": .conflict, "54-delete-not-found": .notFound,
    "57-unauthorized": .unauthorized, "58-forbidden-anonymous": .forbidden,
    "59-forbidden-impersonated": .forbidden, "64-cr-invalid": .invalid,
    "68-deployment-immutable-selector": .invalid, "70-service-port-taken": .invalid,
    "76-list-continue-expired": .expired, "77-list-exact-expired": .expired,
    "80-create-in-terminating-namespace": .forbidden,
    "1.36/40-list-exact-future-version": .timeout,
  ]

  @Test(arguments: Recorded.versions)
  func `every recorded Status has its code, causes and object`(version: String) throws {
    var seen = 0
    for exchange in try Recorded.all(version)
    where exchange.body["kind"]?.string == "Status" && exchange.status >= 400 {
      let error = KubernetesError(
        status: exchange.body,
        httpStatus: exchange.status,
        doing: "cannot try"
      )
      let expected = Self.codes["\(version)/\(exchange.name)"] ?? Self.codes[exchange.name]
      #expect(error.code == expected, "\(version)/\(exchange.name)")
      let words = try #require(exchange.body["message"]?.string)
      #expect(error.message.hasPrefix("cannot try: \(words) (\(exchange.status)"))
      #expect(error.reason == exchange.body["reason"]?.string)
      let causes = exchange.body[path: "details", "causes"]?.array ?? []
      #expect(error.causes.map(\.message) == causes.map { $0["message"]?.string ?? "" })
      #expect(error.causes.map(\.field) == causes.map { $0["field"]?.string ?? "" })
      #expect(error.object?.kind == exchange.body[path: "details", "kind"]?.string)
      #expect(
        error.object?.name ?? "" == exchange.body[path: "details", "name"]?.string ?? ""
      )
      seen += 1
    }
    #expect(seen >= 26)
  }

  @Test func `a Status speaks for itself`() throws {
    let invalid = try Recorded("1.36", "70-service-port-taken")
    let error = KubernetesError(
      status: invalid.body,
      httpStatus: 422,
      doing: "cannot create services 'api2' in namespace 'shop'"
    )
    #expect(
      error.message
        == "cannot create services 'api2' in namespace 'shop': Service \"api2\" is invalid: "
        + "spec.ports[0].nodePort: Invalid value: 30123: provided port is already allocated "
        + "(422 Invalid)"
    )
    #expect(error.causes.map(\.reason) == ["FieldValueInvalid"])
    #expect(error.object == KubernetesError.Object(group: "", kind: "Service", name: "api2"))
    let slow = try Recorded("1.36", "39-list-future-version")
    #expect(
      KubernetesError(status: slow.body, httpStatus: 504, doing: "x").retryAfterSeconds == 1
    )
    let dying = try Recorded("1.36", "80-create-in-terminating-namespace")
    #expect(
      KubernetesError(status: dying.body, httpStatus: 403, doing: "x").isNamespaceTerminating
    )
  }

  @Test func `a page of HTML is quoted and cut`() {
    let page =
      "\r\n  <html><head><title>502 Bad Gateway</title>" + String(repeating: "x", count: 500)
    let error = KubernetesError(
      body: Array(page.utf8),
      httpStatus: 502,
      mediaType: "text/html",
      doing: "cannot list pods"
    )
    #expect(error.code == .unavailable)
    #expect(
      error.message.hasPrefix(
        "cannot list pods: the answer (502, text/html) is none of the Kubernetes API, saying: "
          + "<html><head><title>502 Bad Gateway</title>xxx"
      )
    )
    #expect(error.message.count < 320)
    #expect(error.hint?.contains("check the kubeconfig's 'server'") == true)
    let login = KubernetesError(
      body: [],
      httpStatus: 200,
      mediaType: nil,
      doing: "cannot list pods"
    )
    #expect(login.code == .malformedResponse)
  }

  @Test func `a path that is not served says so`() throws {
    let recorded = try Recorded("1.20", "13-unknown-group")
    let error = KubernetesError(
      body: Array((recorded.body.string ?? "").utf8),
      httpStatus: recorded.status,
      mediaType: "text/plain; charset=utf-8",
      doing: "cannot list things.nosuch.example.com"
    )
    #expect(error.code == .notFound)
    #expect(
      error.hint
        == "the server does not serve this API; its group, version or resource may be gone"
    )
  }

  @Test(arguments: [
    (HTTPError.Code.cannotResolve, KubernetesError.Code.unavailable),
    (.cannotConnect, .unavailable), (.untrustedCertificate, .untrusted),
    (.clientCertificateRefused, .untrusted), (.tlsFailure, .untrusted), (.timedOut, .timeout),
    (.connectionLost, .unavailable), (.tooLarge, .malformedResponse),
    (.invalidRequest, .configuration), (.proxyFailure, .unavailable), (.cancelled, .cancelled),
    (.other, .unavailable),
  ])
  func `failures of the connection have codes`(
    http: HTTPError.Code,
    code: KubernetesError.Code
  ) {
    let error = KubernetesError(HTTPError(code: http, message: "m", hint: "h"), doing: "cannot x")
    #expect(error.code == code)
    #expect(error.message == (code == .cancelled ? "the operation was cancelled" : "cannot x: m"))
  }

  @Test(
    arguments: zip(
      [
        400, 401, 403, 404, 405, 406, 408, 409, 410, 413, 415, 418, 422, 429, 500, 501, 502, 503,
        504,
      ],
      [
        KubernetesError.Code.badRequest, .unauthorized, .forbidden, .notFound, .unsupported,
        .unsupported, .timeout, .conflict, .expired, .badRequest, .unsupported, .badRequest,
        .invalid, .tooManyRequests, .serverError, .serverError, .unavailable, .unavailable,
        .timeout,
      ]
    )
  )
  func `a status without a reason has a code`(status: Int, code: KubernetesError.Code) {
    #expect(KubernetesError.code(reason: nil, httpStatus: status) == code)
    #expect(KubernetesError.code(reason: "Unheard", httpStatus: status) == code)
  }

  @Test func `warnings of the server are unquoted`() throws {
    let recorded = try Recorded("1.20", "71-secret-list-deprecated-warning")
    let header = try #require(recorded.value[path: "response", "headers", "Warning"]?.string)
    #expect(WarningHeader.texts(in: header) == ["v1 ComponentStatus is deprecated in v1.19+"])
    #expect(
      WarningHeader.texts(in: #"299 - "say \"a, b\"", 299 - "c" "Sat, 21 Nov 2026""#)
        == [#"say "a, b""#, "c", "Sat, 21 Nov 2026"]
    )
    #expect(WarningHeader.texts(in: "299 - unquoted \"open") == [])
  }
}
