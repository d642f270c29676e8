// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Primitives
import Sandbox
import Testing

/// One request with the answer that a real API server gave.
struct RecordedExchange {
  var file: String
  var request: SandboxRequest
  var status: Int
  var headers: JSONValue
  /// The parsed body, or the text as a string.
  var body: JSONValue?
  /// The lines of a stream.
  var events: [JSONValue]?

  /// The number in front of the file's name.
  var number: Int { Int(file.prefix(2)) ?? 0 }

  /// Every exchange recorded from a version, in order.
  static func all(_ version: SandboxVersion) throws -> [RecordedExchange] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/\(version.rawValue)")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") }.sorted()
      .map { file in
        let bytes = try Data(contentsOf: folder.appending(path: file))
        return try RecordedExchange(file, JSONValue(parsing: Array(bytes)))
      }
  }

  private init(_ file: String, _ document: JSONValue) throws {
    self.file = file
    let recorded = try #require(document["request"])
    let body: [UInt8]
    switch recorded["body"] {
    case nil, .null?: body = []
    case .string(let text)?: body = Array(text.utf8)
    case let value?: body = value.encoded()
    }
    request = SandboxRequest(
      method: try #require(recorded["method"]?.string),
      target: try #require(recorded["path"]?.string),
      headers: (recorded["headers"]?.object?.members ?? []).map {
        SandboxHeader($0.key, $0.value.string ?? "")
      },
      body: body
    )
    let response = try #require(document["response"])
    status = Int(try #require(response["status"]?.int64))
    headers = response["headers"] ?? [:]
    self.body = response["body"]
    events = response["events"]?.array
  }
}
