// SPDX-License-Identifier: Apache-2.0

/// One header of a request or a response.
public struct SandboxHeader: Sendable, Hashable {
  /// The name as it was sent; names are compared without regard to case.
  public var name: String
  /// The value.
  public var value: String

  /// Makes a header.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A request as the server received it.
public struct SandboxRequest: Sendable {
  /// The method in capitals.
  public var method: String
  /// Path and query as they stand in the request line, percent-encoded.
  public var target: String
  /// The headers in order.
  public var headers: [SandboxHeader]
  /// The whole body; empty when there is none.
  public var body: [UInt8]

  /// Makes a request.
  ///
  /// - Parameters:
  ///   - method: The method in capitals.
  ///   - target: Path and query, percent-encoded, starting with `/`.
  ///   - headers: The headers in order.
  ///   - body: The whole body.
  public init(
    method: String = "GET",
    target: String,
    headers: [SandboxHeader] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
  }

  /// The first header with this name, whatever its case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// The path as it was sent, without the query.
  var rawPath: String {
    String(target.prefix(while: { $0 != "?" }))
  }

  /// The query as it was sent, without the question mark.
  var rawQuery: String {
    target.firstIndex(of: "?").map { String(target[target.index(after: $0)...]) } ?? ""
  }
}

/// The decoded query of a request.
struct QueryParameters: Sendable {
  private var values: [String: [String]] = [:]

  init(_ query: String) {
    for pair in query.split(separator: "&") {
      let sign = pair.firstIndex(of: "=")
      let name = PercentEncoding.decode(pair[..<(sign ?? pair.endIndex)], plusIsSpace: true)
      let value = sign.map {
        PercentEncoding.decode(pair[pair.index(after: $0)...], plusIsSpace: true)
      }
      values[name, default: []].append(value ?? "")
    }
  }

  /// The first value, or empty where the parameter is missing.
  subscript(name: String) -> String { values[name]?.first ?? "" }

  func all(_ name: String) -> [String] { values[name] ?? [] }

  /// Whether a parameter says yes in one of the ways that Go's `strconv.ParseBool` accepts.
  func isTrue(_ name: String) -> Bool {
    ["1", "t", "T", "TRUE", "true", "True"].contains(self[name])
  }
}

/// RFC 3986, section 2.1.
enum PercentEncoding {
  static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "+"), plusIsSpace {
        bytes.append(UInt8(ascii: " "))
      } else if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
