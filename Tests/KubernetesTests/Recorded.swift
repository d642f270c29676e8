// SPDX-License-Identifier: Apache-2.0

import Glibc
import Primitives
import TestSupport

/// An exchange with a real API server.
struct Recorded: Sendable {
  static let versions = ["1.20", "1.36"]

  let version: String
  /// Such as `24-get`.
  let name: String
  let value: JSONValue

  init(_ version: String, _ name: String) throws {
    self.version = version
    self.name = name
    value = try JSONValue(parsing: try readFile("\(Self.folder)/\(version)/\(name).json"))
  }

  /// The exchanges of one server in order.
  static func all(_ version: String) throws -> [Recorded] {
    var names: [String] = []
    guard let directory = opendir("\(folder)/\(version)") else { return [] }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".json") { names.append(String(name.dropLast(".json".count))) }
    }
    return try names.sorted().map { try Recorded(version, $0) }
  }

  var status: Int { Int(value[path: "response", "status"]?.int64 ?? 0) }
  var body: JSONValue { value[path: "response", "body"] ?? .null }
  var path: String { value[path: "request", "path"]?.string ?? "" }

  private static let folder: String = {
    let file = #filePath
    return file[..<(file.lastIndex(of: "/") ?? file.startIndex)] + "/Fixtures"
  }()
}
