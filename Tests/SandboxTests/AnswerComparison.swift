// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox

/// Compares answers of the sandbox with recorded ones, and remembers which values stand for which.
///
/// Values that a server chooses (uids, revisions, generated names, addresses, times) are compared as what they
/// are: the same recorded value always has the same counterpart.
struct AnswerComparison {
  /// Recorded values with the sandbox's counterparts: uids, revisions, continue tokens, generated names.
  private(set) var counterparts: [String: String] = [:]
  /// What differs, each with its path.
  private(set) var differences: [String] = []

  /// Puts the sandbox's values into a recorded request.
  func translated(_ request: SandboxRequest) -> SandboxRequest {
    var request = request
    request.target = replaced(request.target)
    request.body = Array(replaced(String(decoding: request.body, as: UTF8.self)).utf8)
    return request
  }

  private func replaced(_ text: String) -> String {
    var text = text
    for (recorded, actual) in counterparts {
      if recorded.count > 8 {
        text = text.replacing(recorded, with: actual)
      } else {
        text = text.replacing("resourceVersion=\(recorded)&", with: "resourceVersion=\(actual)&")
        text = text.replacing(
          "\"resourceVersion\":\"\(recorded)\"",
          with: "\"resourceVersion\":\"\(actual)\""
        )
      }
    }
    return text
  }

  mutating func compare(_ recorded: JSONValue, _ actual: JSONValue, _ path: String) {
    switch (recorded, actual) {
    case (.object(let left), .object(let right)):
      for key in left.keys where right[key] == nil { differ(path + "." + key, "is missing") }
      for key in right.keys where left[key] == nil { differ(path + "." + key, "is too much") }
      for key in left.keys {
        guard let one = left[key], let other = right[key] else { continue }
        compareMember(key, one, other, path + "." + key)
      }
    case (.array(let left), .array(let right)):
      guard left.count == right.count else {
        return differ(path, "has \(right.count) elements instead of \(left.count)")
      }
      for (index, pair) in zip(left, right).enumerated() {
        compare(pair.0, pair.1, "\(path)[\(index)]")
      }
    case (.string(let left), .string(let right))
    where counterparts[left] != nil || Self.isAddress(left):
      match(left, right, path)
    default:
      if recorded != actual { differ(path, "is \(actual.text()) instead of \(recorded.text())") }
    }
  }

  private static func isAddress(_ text: String) -> Bool {
    text.hasPrefix("10.96.") && text.split(separator: ".").count == 4
  }

  private mutating func compareMember(
    _ key: String,
    _ recorded: JSONValue,
    _ actual: JSONValue,
    _ path: String
  ) {
    guard let left = recorded.string, let right = actual.string else {
      return compare(recorded, actual, path)
    }
    switch key {
    case "uid", "resourceVersion": match(left, right, path)
    case "continue" where !left.isEmpty && !right.isEmpty: match(left, right, path)
    case "name" where left.hasPrefix("gen-") && right.hasPrefix("gen-"): match(left, right, path)
    case "creationTimestamp", "deletionTimestamp", "time", "lastTransitionTime":
      if Timestamp(rfc3339: right) == nil { differ(path, "is no time: \(right)") }
    case "serverAddress":
      if !right.hasPrefix("127.0.0.1:") { differ(path, "is \(right)") }
    case "serverRelativeURL":
      if left.prefix(while: { $0 != "?" }) != right.prefix(while: { $0 != "?" }) {
        differ(path, "is \(right)")
      }
    case "message": compareMessage(left, right, path)
    default: compare(recorded, actual, path)
    }
  }

  private mutating func compareMessage(_ recorded: String, _ actual: String, _ path: String) {
    var wanted = recorded
    for (old, new) in counterparts {
      wanted = wanted.replacing(
        old.count > 8 ? old : "current: \(old)",
        with: old.count > 8 ? new : "current: \(new)"
      )
    }
    if wanted != actual { differ(path, "is '\(actual)' instead of '\(wanted)'") }
  }

  private mutating func match(_ recorded: String, _ actual: String, _ path: String) {
    if let known = counterparts[recorded], known != actual {
      differ(path, "is \(actual), but \(recorded) was \(known) before")
    }
    counterparts[recorded] = actual
  }

  mutating func differ(_ path: String, _ what: String) { differences.append("\(path) \(what)") }
}
