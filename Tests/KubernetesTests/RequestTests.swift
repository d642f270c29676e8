// SPDX-License-Identifier: Apache-2.0

import HTTP
import Primitives
import Testing

@testable import Kubernetes

struct RequestTests {
  static let deployments = GroupVersionResource(
    group: "apps",
    version: "v1",
    resource: "deployments"
  )
  static let configMaps = GroupVersionResource(group: "", version: "v1", resource: "configmaps")

  @Test func `paths follow the API's layout`() {
    let nodes = GroupVersionResource(group: "", version: "v1", resource: "nodes")
    #expect(nodes.path() == "/api/v1/nodes")
    #expect(nodes.path(name: "a", subresource: "status") == "/api/v1/nodes/a/status")
    #expect(
      Self.deployments.path(namespace: "shop", name: "api")
        == "/apis/apps/v1/namespaces/shop/deployments/api"
    )
    let roles = GroupVersionResource(
      group: "rbac.authorization.k8s.io",
      version: "v1",
      resource: "clusterroles"
    )
    #expect(
      roles.path(name: "system:a/b c?#%")
        == "/apis/rbac.authorization.k8s.io/v1/clusterroles/system:a%2Fb%20c%3F%23%25"
    )
  }

  static func url(_ call: APICall) -> String {
    call.request(server: "https://h/prefix", headers: []).url
  }

  @Test func `the first page carries version and match, the next only its token`() {
    let options = ListOptions(
      resource: Self.configMaps,
      namespace: "shop",
      labelSelector: "app in (a,b),!c",
      fieldSelector: "metadata.name=x",
      limit: 2,
      resourceVersion: "197",
      resourceVersionMatch: .exact
    )
    #expect(
      Self.url(options.call(continuing: nil))
        == "https://h/prefix/api/v1/namespaces/shop/configmaps?limit=2"
        + "&labelSelector=app%20in%20%28a%2Cb%29%2C%21c&fieldSelector=metadata.name%3Dx"
        + "&resourceVersion=197&resourceVersionMatch=Exact"
    )
    #expect(
      Self.url(options.call(continuing: "a+/="))
        == "https://h/prefix/api/v1/namespaces/shop/configmaps?limit=2"
        + "&labelSelector=app%20in%20%28a%2Cb%29%2C%21c&fieldSelector=metadata.name%3Dx"
        + "&continue=a%2B%2F%3D"
    )
  }

  @Test func `metadata-only lists accept whole objects as well`() {
    let call = ListOptions(resource: Self.configMaps, limit: 0, isMetadataOnly: true)
      .call(continuing: nil)
    let request = call.request(server: "https://h", headers: [(name: "A", value: "b")])
    #expect(request.url == "https://h/api/v1/configmaps")
    #expect(
      request.headers["Accept"]
        == "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
    )
    #expect(request.headers["A"] == "b")
  }

  @Test func `a watch asks for bookmarks and outlives the server's own end`() {
    let call = WatchOptions(resource: Self.deployments, resourceVersion: "5")
      .call(after: "7", timeoutSeconds: 300)
    #expect(
      Self.url(call)
        == "https://h/prefix/apis/apps/v1/deployments?watch=1&allowWatchBookmarks=true"
        + "&resourceVersion=7&timeoutSeconds=300"
    )
    #expect(call.request(server: "", headers: []).idleTimeout == .seconds(330))
  }

  @Test func `impersonation is told by headers`() {
    let impersonation = Impersonation(
      user: "jane",
      uid: "7",
      groups: ["a", "b"],
      extra: [Impersonation.Extra(key: "Acme.com/Project", values: ["x", "y"])]
    )
    #expect(
      impersonation.headers.map { "\($0.name): \($0.value)" } == [
        "Impersonate-User: jane", "Impersonate-Uid: 7", "Impersonate-Group: a",
        "Impersonate-Group: b", "Impersonate-Extra-acme.com%2Fproject: x",
        "Impersonate-Extra-acme.com%2Fproject: y",
      ]
    )
    #expect(Impersonation(groups: ["a"]).headers.isEmpty)
  }

  @Test func `deletion tells what it depends on`() {
    #expect(
      DeleteOptions(
        uid: "u",
        resourceVersion: "7",
        propagation: .foreground,
        gracePeriodSeconds: 0,
        isDryRun: true
      ).body == [
        "kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0,
        "preconditions": ["uid": "u", "resourceVersion": "7"], "propagationPolicy": "Foreground",
        "dryRun": ["All"],
      ]
    )
    #expect(DeleteOptions().body == ["kind": "DeleteOptions", "apiVersion": "v1"])
  }

  struct Retry: Sendable, CustomTestStringConvertible {
    var code: KubernetesError.Code
    var httpStatus: Int?
    var retryAfter: Int?
    var isRead = true
    var isUnsent = false
    var isCut = false
    var hasConnected = true
    var attempt = 1
    var isRepeated: Bool

    var testDescription: String {
      "\(httpStatus.map(String.init) ?? "\(code)") \(isRead ? "read" : "write")"
        + (isUnsent ? " unsent" : "") + (isCut ? " cut" : "") + (hasConnected ? "" : " first")
        + (retryAfter.map { " after \($0) s" } ?? "") + (isRepeated ? " again" : " no more")
    }
  }

  @Test(arguments: [
    Retry(code: .unavailable, isRepeated: true),
    Retry(code: .unavailable, hasConnected: false, isRepeated: false),
    Retry(code: .unavailable, isRead: false, isRepeated: false),
    Retry(code: .unavailable, isRead: false, isUnsent: true, isRepeated: true),
    Retry(code: .timeout, isRepeated: true), Retry(code: .untrusted, isRepeated: false),
    Retry(code: .cancelled, isRepeated: false), Retry(code: .credentials, isRepeated: false),
    Retry(code: .serverError, httpStatus: 500, isRepeated: true),
    Retry(code: .serverError, httpStatus: 500, isRead: false, isRepeated: false),
    Retry(code: .unavailable, httpStatus: 503, isRepeated: true),
    Retry(code: .unavailable, httpStatus: 503, retryAfter: 1, isRead: false, isRepeated: false),
    Retry(code: .tooManyRequests, httpStatus: 429, isRepeated: true),
    Retry(code: .tooManyRequests, httpStatus: 429, isRead: false, isRepeated: false),
    Retry(code: .tooManyRequests, httpStatus: 429, retryAfter: 1, isRead: false, isRepeated: true),
    Retry(code: .tooManyRequests, httpStatus: 429, retryAfter: 3600, isRepeated: false),
    Retry(code: .malformedResponse, isCut: true, isRepeated: true),
    Retry(code: .malformedResponse, isRepeated: false),
    Retry(code: .notFound, httpStatus: 404, isRepeated: false),
    Retry(code: .expired, httpStatus: 410, isRepeated: false),
    Retry(code: .unavailable, attempt: 5, isRepeated: false),
  ])
  func `only what is safe is repeated`(row: Retry) {
    let retrying = Retrying(options: ClientOptions(randomSeed: 1))
    var error = KubernetesError(code: row.code, message: "m")
    error.httpStatus = row.httpStatus
    error.retryAfterSeconds = row.retryAfter
    let delay = retrying.delay(
      after: CallFailure(error: error, isUnsent: row.isUnsent, isCut: row.isCut),
      attempt: row.attempt,
      isRead: row.isRead,
      hasConnected: row.hasConnected
    )
    #expect((delay != nil) == row.isRepeated)
    if let delay, let seconds = row.retryAfter { #expect(delay >= .seconds(seconds)) }
  }

  @Test func `lines are cut wherever the chunks end`() {
    let text = "{\"a\":1}\n\n{\"b\":2}\r\n{\"c\"}\n"
    for size in 1...text.utf8.count {
      var splitter = LineSplitter(limitBytes: 100)
      var lines: [String] = []
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: size) {
        let fits = splitter.add(Array(bytes[start..<min(start + size, bytes.count)]))
        #expect(fits)
        while let line = splitter.next() { lines.append(String(decoding: line, as: UTF8.self)) }
      }
      #expect(lines == ["{\"a\":1}", "{\"b\":2}\r", "{\"c\"}"])
    }
    var small = LineSplitter(limitBytes: 3)
    let fits = small.add(Array("abcd".utf8))
    #expect(!fits)
  }
}
