// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// Reads YAML as strictly as Velero reads its ConfigMaps, and gathers all that is wrong.
public struct StrictFields: Sendable {
  /// What is wrong so far, each with its line.
  public private(set) var problems: [String] = []

  /// Makes a reader that has found nothing wrong yet.
  public init() {}

  /// Takes note of something that is wrong at a node.
  public mutating func complain(_ node: YAMLNode, _ problem: String) {
    problems.append("line \(node.mark.line): \(problem)")
  }

  /// The members of a mapping by key; those that are not known are complained about.
  public mutating func fields(of node: YAMLNode, _ known: Set<String>) -> [String: YAMLNode] {
    guard let pairs = node.pairs else {
      if !node.isNull { complain(node, "fields are expected here") }
      return [:]
    }
    var fields: [String: YAMLNode] = [:]
    for pair in pairs {
      let key = pair.key.scalarText ?? ""
      if known.contains(key) {
        fields[key] = pair.value
      } else {
        let expected = known.sorted().joined(separator: ", ")
        complain(pair.key, "the field '\(key)' is not known; there are \(expected)")
      }
    }
    return fields
  }

  /// The elements of a list; none when it is absent.
  public mutating func elements(_ node: YAMLNode?, _ name: String) -> [YAMLNode] {
    guard let node, !node.isNull else { return [] }
    if let elements = node.elements { return elements }
    complain(node, "'\(name)' is no list")
    return []
  }

  /// A scalar's text; empty for null.
  public mutating func text(_ node: YAMLNode, _ name: String) -> String {
    if let text = node.scalarText { return node.isNull ? "" : text }
    complain(node, "'\(name)' is no text")
    return ""
  }

  /// The texts of a list; none when it is absent.
  public mutating func texts(_ node: YAMLNode?, _ name: String) -> [String] {
    elements(node, name).map { text($0, name) }
  }

  /// A map of texts; empty when it is absent.
  public mutating func map(_ node: YAMLNode?, _ name: String) -> [String: String] {
    guard let node, !node.isNull else { return [:] }
    guard let pairs = node.pairs else {
      complain(node, "'\(name)' is no map of texts")
      return [:]
    }
    var map: [String: String] = [:]
    for pair in pairs { map[pair.key.scalarText ?? ""] = text(pair.value, name) }
    return map
  }
}
