// SPDX-License-Identifier: Apache-2.0

/// A request that has been checked, with everything the thread needs to carry it out.
struct TransferPlan: Sendable {
  /// Longest name and value of a header line to send, together: what common servers take at most.
  static let headerLimitBytes = 64 << 10

  let method: HTTPMethod
  let url: RequestURL
  /// The URL that curl is given: with the TLS server name in the place of the host, if there is one.
  let urlText: String
  /// curl's `HOST:PORT:CONNECT-TO-HOST:CONNECT-TO-PORT` when the URL does not name the host to connect to.
  let connectTo: String?
  /// Header lines in the form curl takes them.
  let headerLines: [String]
  let body: [UInt8]?
  let isUploadStreamed: Bool
  /// The length of the body, nil when it is not known.
  let bodyLengthBytes: Int?
  let usesOwnConnection: Bool
  let connectTimeout: Duration
  /// nil: no limit.
  let idleTimeout: Duration?
  let totalTimeout: Duration?
  let tls: TLSOptions
  let proxy: String?
  let userAgent: String

  init(_ request: HTTPRequest, options: HTTPClientOptions) throws(HTTPError) {
    precondition(request.body == nil || request.upload == nil, "a request has one body")
    let url = try RequestURL(request.url)
    self.url = url
    method = request.method
    body = request.body
    isUploadStreamed = request.upload != nil
    bodyLengthBytes = request.upload.map(\.lengthBytes) ?? (request.body?.count ?? 0)
    usesOwnConnection = request.usesOwnConnection || !url.isSecure
    connectTimeout = request.connectTimeout ?? options.connectTimeout
    let idle = request.idleTimeout ?? options.idleTimeout
    idleTimeout = idle > .zero ? idle : nil
    totalTimeout = request.totalTimeout
    tls = options.tls
    proxy = options.proxy.map(Self.resolvingRemotely)
    userAgent = options.userAgent

    var lines = try Self.lines(request.headers)
    if let name = options.tls.serverName, url.isSecure, name != url.host {
      let inURL = name.utf8.contains(UInt8(ascii: ":")) && !name.hasPrefix("[") ? "[\(name)]" : name
      urlText = try RequestURL("https://\(inURL):\(url.port)").origin + url.path + url.query
      connectTo = "\(inURL):\(url.port):\(url.host):\(url.port)"
      if request.headers["Host"] == nil { lines.append("Host: \(url.authority)") }
    } else {
      urlText = request.url
      connectTo = nil
    }
    // curl asks for permission to send a big body and waits a second for the answer that few servers give.
    if request.headers["Expect"] == nil { lines.append("Expect:") }
    headerLines = lines
  }

  /// Whether the request has a body, be it an empty one.
  var hasBody: Bool {
    if body != nil || isUploadStreamed { return true }
    return method == .post || method == .put || method == .patch
  }

  /// What errors call the request: its method and its URL without the query.
  var summary: String { "\(method.rawValue) '\(url.withoutQuery)'" }

  /// Header lines for curl, which takes `Name;` for an empty value.
  private static func lines(_ headers: HTTPHeaders) throws(HTTPError) -> [String] {
    var lines: [String] = []
    for field in headers.fields {
      guard !field.name.isEmpty, field.name.utf8.allSatisfy(isTokenByte) else {
        throw .invalidHeader("its name is no token of letters, digits and '-'", name: field.name)
      }
      guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
        throw .invalidHeader("its value has a control character", name: field.name)
      }
      guard field.name.utf8.count + field.value.utf8.count <= headerLimitBytes else {
        throw .invalidHeader("it is longer than \(headerLimitBytes) bytes", name: field.name)
      }
      lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
    }
    return lines
  }

  /// RFC 9110, section 5.6.2.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  /// `socks5` means for Go, and so for kubectl, that the proxy looks up names; curl calls that `socks5h`.
  private static func resolvingRemotely(_ proxy: String) -> String {
    let scheme = "socks5://"
    return proxy.hasPrefix(scheme) ? "socks5h://" + proxy.dropFirst(scheme.count) : proxy
  }
}
