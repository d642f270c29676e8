// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Primitives

/// One request to the API server, before credentials and host are put to it.
struct APICall {
  /// Media types that the API machinery knows.
  enum Media {
    static let json = "application/json"
    static let mergePatch = "application/merge-patch+json"
    static let jsonPatch = "application/json-patch+json"
    static let strategicPatch = "application/strategic-merge-patch+json"
    static let apply = "application/apply-patch+yaml"
    static let partialObject =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
    static let partialList =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
    static let partialWatch =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
    static let discovery =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
      + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,"
      + "application/json"
  }

  var method = HTTPMethod.get
  /// The path from the server's root on, with its query.
  var path: String
  var query: [(name: String, value: String)] = []
  /// What is tried, for errors: `cannot list configmaps in namespace 'shop'`.
  var doing: String
  var accept = Media.json
  var contentType: String?
  var body: [UInt8]?
  /// Whether the answer goes on for as long as the server likes, so that only silence ends it.
  var isWatch = false
  /// Whether the body is big, or read slowly.
  var isBulk = false
  /// The longest silence; nil for the client's.
  var idleTimeout: Duration?

  /// Whether it is a question in spite of its method, as reviews are.
  var isQuestion = false

  /// Whether the client repeats it where that is safe.
  var isRepeated = true

  /// Whether doing it twice is the same as doing it once.
  var isRead: Bool { isQuestion || method == .get || method == .head }

  func request(server: String, headers: [(name: String, value: String)]) -> HTTPRequest {
    var request = HTTPRequest(
      method: method,
      url: server + path + URLText.query(query),
      headers: ["Accept": accept],
      body: body,
      usesOwnConnection: isBulk
    )
    if let contentType { request.headers.add(name: "Content-Type", value: contentType) }
    for header in headers { request.headers.add(name: header.name, value: header.value) }
    request.idleTimeout = idleTimeout
    return request
  }
}
