// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Takes settings out of YAML, and keeps what is wrong with them.
struct SettingsReader {
  private(set) var warnings: [ConfigurationWarning] = []

  /// Says that something cannot be understood.
  mutating func warn(_ node: YAMLNode, _ message: String) {
    warnings.append(ConfigurationWarning(line: node.mark.line, message: message))
  }

  /// The pairs of a mapping; none for what is no mapping, with a warning unless it is null.
  mutating func pairs(_ node: YAMLNode?, _ name: String) -> [(key: String, pair: YAMLNode.Pair)] {
    guard let node, !node.isNull else { return [] }
    guard let pairs = node.pairs else {
      warn(node, "'\(name)' has to be a mapping of keys to values")
      return []
    }
    var places: [String: Int] = [:]
    var result: [(key: String, pair: YAMLNode.Pair)] = []
    for pair in pairs {
      guard let key = pair.key.scalarText else {
        warn(pair.key, "a key in '\(name)' has to be a text")
        continue
      }
      if let place = places[key] {
        let inside = name.isEmpty ? "" : " in '\(name)'"
        warn(pair.key, "'\(key)' stands twice\(inside); the last one counts")
        result[place].pair = pair
      } else {
        places[key] = result.count
        result.append((key, pair))
      }
    }
    return result
  }

  /// The values of a mapping whose keys are known; others are warned of.
  ///
  /// - Parameters:
  ///   - node: The mapping.
  ///   - name: What messages call it; empty for the whole file.
  ///   - known: The keys.
  ///   - protective: Those of them that protect something: what is near to one counts as it where that one is not set.
  /// - Returns: The values by key.
  mutating func fields(
    _ node: YAMLNode?,
    _ name: String,
    known: [String],
    protective: Set<String> = []
  ) -> [String: YAMLNode] {
    var values: [String: YAMLNode] = [:]
    let pairs = pairs(node, name)
    for (key, pair) in pairs where known.contains(key) { values[key] = pair.value }
    for (key, pair) in pairs where !known.contains(key) {
      let place = name.isEmpty ? "" : " in '\(name)'"
      let plain = Self.plain(key)
      let nearest =
        known.first { Self.plain($0) == plain } ?? Suggestion.nearest(to: key, among: known)
      if let nearest, protective.contains(nearest), values[nearest] == nil {
        values[nearest] = pair.value
        warn(pair.key, "unknown key '\(key)'\(place); it counts as '\(nearest)'")
        continue
      }
      let hint = nearest.map { "; did you mean '\($0)'?" } ?? ""
      warn(pair.key, "unknown key '\(key)'\(place)\(hint)")
    }
    return values
  }

  /// A key as it is compared with others: `read-only` is as good as `readOnly`.
  private static func plain(_ key: String) -> String {
    key.lowercased().filter { $0 != "-" && $0 != "_" }
  }

  /// A truth value that protects something: whatever was meant by a value that is none, it counts as true.
  mutating func protection(_ node: YAMLNode?, _ name: String) -> Bool? {
    if let flag = flag(node, name) { return flag }
    return node.map { !$0.isNull } == true ? true : nil
  }

  /// A text; numbers and truth values are taken as they are written.
  mutating func text(_ node: YAMLNode?, _ name: String) -> String? {
    guard let node, !node.isNull else { return nil }
    if let text = node.scalarText { return text }
    warn(node, "'\(name)' has to be a text")
    return nil
  }

  /// A truth value.
  mutating func flag(_ node: YAMLNode?, _ name: String) -> Bool? {
    guard let node, !node.isNull else { return nil }
    if let flag = node.bool { return flag }
    warn(node, "'\(name)' has to be true or false, not \(shown(node))")
    return nil
  }

  /// A length of time in Go's form, or in whole days or weeks.
  mutating func duration(_ node: YAMLNode?, _ name: String) -> GoDuration? {
    guard let node, !node.isNull else { return nil }
    if let text = node.scalarText, let duration = GoDuration(text) ?? GoDuration(shorthand: text) {
      return duration
    }
    warn(node, "'\(name)' has to be a length of time such as 1h30m or 7d, not \(shown(node))")
    return nil
  }

  /// An age that something may have; none is zero or less.
  mutating func age(_ node: YAMLNode?, _ name: String) -> GoDuration? {
    guard let age = duration(node, name) else { return nil }
    if age.nanoseconds > 0 { return age }
    if let node { warn(node, "'\(name)' has to be longer than nothing") }
    return nil
  }

  /// Several texts, or one.
  mutating func texts(_ node: YAMLNode, _ name: String) -> [String]? {
    if node.isNull { return [] }
    if let text = node.scalarText { return [text] }
    guard let elements = node.elements else {
      warn(node, "'\(name)' has to be a list of texts")
      return nil
    }
    return elements.compactMap { text($0, name) }
  }

  /// Texts under keys.
  mutating func map(_ node: YAMLNode?, _ name: String) -> [String: String] {
    var result: [String: String] = [:]
    for (key, pair) in pairs(node, name) {
      result[key] = text(pair.value, "\(name).\(key)")
    }
    return result
  }

  /// A value for messages.
  func shown(_ node: YAMLNode) -> String {
    node.scalarText.map { "'\($0)'" } ?? (node.elements == nil ? "a mapping" : "a list")
  }
}
