// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import Testing

struct ReplayTests {
  /// The differences that are meant, by version (nil for both), file and the start of the path.
  private static let deliberate:
    [(version: SandboxVersion?, file: String, path: String, reason: String)] = [
      (nil, "01-version.json", ".gitVersion", "the sandbox says that it is no release"),
      (nil, "01-version.json", ".gitCommit", "as above"),
      (nil, "01-version.json", ".gitTreeState", "as above"),
      (nil, "01-version.json", ".buildDate", "as above"),
      (nil, "01-version.json", ".goVersion", "the sandbox is not written in Go"),
      (
        .v1_20, "81-openapi-v3-index.json", ".paths",
        "health checks and handlers inside the server are not listed"
      ),
    ]

  @Test(arguments: SandboxVersion.allCases)
  func `every recorded request is answered as by the real server`(version: SandboxVersion) throws {
    let cluster = SandboxCluster(options: SandboxOptions(version: version, clock: Self.clock))
    var comparison = AnswerComparison()
    let exchanges = try RecordedExchange.all(version)
    #expect(exchanges.count == 80)
    for exchange in exchanges {
      if exchange.number == 76 { cluster.compact(keepsCache: true) }
      let known = comparison.differences.count
      Self.replay(exchange, on: cluster, &comparison, version)
      for difference in comparison.differences.dropFirst(known)
      where !Self.isDeliberate(difference, exchange.file, version) {
        Issue.record("\(version.rawValue)/\(exchange.file): \(difference)")
      }
      if exchange.number == 15 { try Self.createOthers(exchange, on: cluster) }
    }
  }

  private static let clock = WallClock { Timestamp(seconds: 1_792_555_717) }

  private static func isDeliberate(_ difference: String, _ file: String, _ version: SandboxVersion)
    -> Bool
  {
    deliberate.contains {
      ($0.version == nil || $0.version == version) && $0.file == file
        && difference.hasPrefix($0.path)
    }
  }

  private static func replay(
    _ exchange: RecordedExchange,
    on cluster: SandboxCluster,
    _ comparison: inout AnswerComparison,
    _ version: SandboxVersion
  ) {
    var request = comparison.translated(exchange.request)
    // The recorder's certificate stood for the administrator.
    if ![57, 58].contains(exchange.number) {
      request.headers.append(SandboxHeader("Authorization", "Bearer sandbox-administrator"))
    }
    let response = cluster.handle(request)
    if response.status != exchange.status {
      comparison.differ("status", "is \(response.status) instead of \(exchange.status)")
    }
    compareHeaders(exchange, response, &comparison)
    let text = String(decoding: response.bytes, as: UTF8.self)
    if let events = exchange.events {
      let lines = text.split(separator: "\n").map { (try? JSONValue(parsing: String($0))) ?? .null }
      comparison.compare(.array(events), .array(lines), "")
    } else if let body = exchange.body {
      let actual = (try? JSONValue(parsing: text)) ?? .string(text)
      // The cache of 1.20 lists objects in no order.
      let isUnordered = version == .v1_20 && exchange.number == 41
      comparison.compare(
        isUnordered ? sorted(body) : body,
        isUnordered ? sorted(actual) : actual,
        ""
      )
    }
  }

  private static func compareHeaders(
    _ exchange: RecordedExchange,
    _ response: SandboxResponse,
    _ comparison: inout AnswerComparison
  ) {
    for name in ["Cache-Control", "Content-Type", "Retry-After", "Vary", "Warning"] {
      let recorded = exchange.headers[name]?.string
      let actual = response.header(name)
      if recorded != actual {
        comparison.differ(
          "header \(name)",
          "is \(actual ?? "missing") instead of \(recorded ?? "missing")"
        )
      }
    }
    if (exchange.headers["Etag"] == nil) != (response.header("Etag") == nil) {
      comparison.differ("header Etag", "is there on one side only")
    }
  }

  private static func sorted(_ list: JSONValue) -> JSONValue {
    var list = list
    let items = list["items"]?.array ?? []
    list["items"] = .array(
      items.sorted {
        ($0[path: "metadata", "name"]?.string ?? "").prefix(4)
          + ($0[path: "data", "k"]?.string ?? "")
          < ($1[path: "metadata", "name"]?.string ?? "").prefix(4)
          + ($1[path: "data", "k"]?.string ?? "")
      }
    )
    return list
  }

  /// The config maps that were made between the recorded requests.
  private static func createOthers(_ exchange: RecordedExchange, on cluster: SandboxCluster) throws
  {
    for number in 1...4 {
      var request = exchange.request
      var body = try JSONValue(parsing: request.body)
      body["metadata"]?["name"] = .string("settings-\(number)")
      body["metadata"]?["labels"]?["n"] = .string(String(number))
      body["data"]?["k"] = .string(String(repeating: "v", count: number + 1))
      request.body = body.encoded()
      request.headers.append(SandboxHeader("Authorization", "Bearer sandbox-administrator"))
      #expect(cluster.handle(request).status == 201)
    }
  }
}
