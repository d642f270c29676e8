// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// One rule of a script.
struct FaultRule {
  private static let conditions = ["method", "path", "query"]
  private static let occurrences = ["nth", "first", "everyNth"]
  private static let actions = ["latency", "status", "cut", "truncate", "expire"]
  private static let methods = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"]

  private let node: YAMLNode
  private let reader: FaultScriptReader

  /// Takes a rule whose keys are all known.
  init(_ node: YAMLNode, reader: FaultScriptReader) throws(FaultScriptError) {
    self.node = node
    self.reader = reader
    let known = Self.conditions + Self.occurrences + Self.actions + ["retryAfter"]
    guard let pairs = node.pairs else {
      throw reader.fail(node.mark, "a rule is a mapping", "write it as '- status: 500'")
    }
    for pair in pairs where !known.contains(pair.key.scalarText ?? "") {
      throw reader.fail(
        pair.key.mark,
        "unknown key '\(pair.key.scalarText ?? "")'",
        "write one of \(known.joined(separator: ", "))"
      )
    }
  }

  func fault() throws(FaultScriptError) -> Fault {
    let action = try action()
    if let retryAfter = node["retryAfter"] {
      guard case .tooManyRequests = action else {
        throw reader.fail(
          retryAfter.mark,
          "'retryAfter' goes with 'status: 429' only",
          "remove it or change the status"
        )
      }
    }
    return Fault(action, on: try match(), occurrence: try occurrence())
  }

  private func match() throws(FaultScriptError) -> FaultMatch {
    let method = try text("method")
    if let method, !Self.methods.contains(method) {
      throw fail("method", "unknown method '\(method)'", "write one of \(list(Self.methods))")
    }
    let path = try text("path")
    if let path, !path.hasPrefix("/"), !path.hasPrefix("*") {
      throw fail("path", "the path '\(path)' never matches", "begin it with '/' or '*'")
    }
    return FaultMatch(method: method, path: path, query: try text("query"))
  }

  private func occurrence() throws(FaultScriptError) -> FaultOccurrence {
    guard let key = try onlyKey(of: Self.occurrences) else { return .every }
    let number = try number(key, in: 1...FaultScript.countLimit)
    switch key {
    case "nth": return .nth(number)
    case "first": return .first(number)
    default: return .everyNth(number)
    }
  }

  private func action() throws(FaultScriptError) -> FaultAction {
    guard let key = try onlyKey(of: Self.actions) else {
      throw reader.fail(
        node.mark,
        "the rule does not say what happens",
        "add one of \(list(Self.actions))"
      )
    }
    switch key {
    case "latency": return .latency(try latency())
    case "status": return try status()
    case "cut": return try place(key).map { .cut(afterBytes: $0) } ?? .cutInTheMiddle
    case "truncate":
      return try place(key).map { .truncated(afterBytes: $0) } ?? .truncatedInTheMiddle
    default: return try expiry()
    }
  }

  private func latency() throws(FaultScriptError) -> Duration {
    let text = node["latency"]?.scalarText ?? ""
    guard let duration = GoDuration(text), duration.nanoseconds > 0,
      Duration.nanoseconds(duration.nanoseconds) <= FaultScript.latencyLimit
    else {
      throw fail("latency", "'\(text)' is no latency", "write it as 250ms or 2s, at most 10m")
    }
    return .nanoseconds(duration.nanoseconds)
  }

  private func status() throws(FaultScriptError) -> FaultAction {
    let status = try number("status", in: 400...599)
    guard status == 429 else { return .status(status) }
    guard node["retryAfter"] != nil else { return .tooManyRequests(retryAfterSeconds: nil) }
    let seconds = try number("retryAfter", in: 0...FaultScript.countLimit)
    return .tooManyRequests(retryAfterSeconds: seconds)
  }

  /// A number of bytes, or nil for `middle`.
  private func place(_ key: String) throws(FaultScriptError) -> Int? {
    if node[key]?.scalarText == "middle" { return nil }
    guard let bytes = node[key]?.scalarText.flatMap({ Int($0) }),
      (0...FaultScript.bytesLimit).contains(bytes)
    else {
      throw fail(key, "'\(key)' has no place", "write 'middle' or after how many bytes")
    }
    return bytes
  }

  private func expiry() throws(FaultScriptError) -> FaultAction {
    switch node["expire"]?.scalarText {
    case "revision": return .gone
    case "continue": return .expiredContinue
    default:
      throw fail(
        "expire",
        "'expire' does not say what has expired",
        "write 'revision' or 'continue'"
      )
    }
  }

  /// The one of these keys that stands in the rule; nil when none does.
  private func onlyKey(of keys: [String]) throws(FaultScriptError) -> String? {
    let present = (node.pairs ?? []).filter { keys.contains($0.key.scalarText ?? "") }
    if present.count > 1 {
      throw reader.fail(
        present[1].key.mark,
        "a rule has one of \(list(keys)) only",
        "write another rule for the second"
      )
    }
    return present.first?.key.scalarText
  }

  private func text(_ key: String) throws(FaultScriptError) -> String? {
    guard let value = node[key] else { return nil }
    guard let text = value.scalarText, !text.isEmpty else {
      throw fail(key, "'\(key)' is no text", "write the text after the colon")
    }
    return text
  }

  private func number(_ key: String, in range: ClosedRange<Int>) throws(FaultScriptError) -> Int {
    guard let number = node[key]?.scalarText.flatMap({ Int($0) }), range.contains(number) else {
      throw fail(
        key,
        "'\(key)' is out of its range",
        "write a whole number from \(range.lowerBound) to \(range.upperBound)"
      )
    }
    return number
  }

  private func fail(_ key: String, _ message: String, _ hint: String) -> FaultScriptError {
    reader.fail(node[key]?.mark ?? node.mark, message, hint)
  }

  private func list(_ keys: [String]) -> String { keys.joined(separator: ", ") }
}
