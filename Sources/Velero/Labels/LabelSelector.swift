// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// Selects objects by their labels, as `metav1.LabelSelector` does: all of it must match.
///
/// An empty selector matches everything.
public struct LabelSelector: Sendable, Hashable {
  /// How a label is compared.
  public enum Operator: String, Sendable, Hashable, CaseIterable {
    /// The value is one of those given.
    case isIn = "In"
    /// The value is none of those given, or the label is absent.
    case notIn = "NotIn"
    /// The label is there, with any value.
    case exists = "Exists"
    /// The label is absent.
    case doesNotExist = "DoesNotExist"
  }

  /// One comparison of a label.
  public struct Requirement: Sendable, Hashable {
    /// The label.
    public var key: String
    /// How it is compared.
    public var comparison: Operator
    /// With what; one value and more for `In` and `NotIn`, none for the others.
    public var values: [String]

    /// Makes a comparison.
    public init(key: String, comparison: Operator, values: [String] = []) {
      self.key = key
      self.comparison = comparison
      self.values = values
    }

    /// Whether a label's value, nil when it is absent, is as asked for.
    public func matches(_ value: String?) -> Bool {
      switch comparison {
      case .isIn: value.map { values.contains($0) } ?? false
      case .notIn: value.map { !values.contains($0) } ?? true
      case .exists: value != nil
      case .doesNotExist: value == nil
      }
    }
  }

  /// Labels with the values they must have.
  public var matchLabels: [String: String]
  /// Further comparisons.
  public var matchExpressions: [Requirement]

  /// Makes a selector.
  public init(matchLabels: [String: String] = [:], matchExpressions: [Requirement] = []) {
    self.matchLabels = matchLabels
    self.matchExpressions = matchExpressions
  }

  /// Whether it matches everything.
  public var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

  /// Whether an object with these labels is selected.
  public func matches(_ labels: [String: String]) -> Bool {
    matches { labels[$0] }
  }

  /// Whether an object is selected whose labels a function gives.
  ///
  /// - Parameter value: A label's value, or nil when it is absent.
  /// - Returns: Whether all of the selector matches.
  public func matches(_ value: (String) -> String?) -> Bool {
    matchLabels.allSatisfy { value($0.key) == $0.value }
      && matchExpressions.allSatisfy { $0.matches(value($0.key)) }
  }
}

extension LabelSelector: CustomStringConvertible {
  /// The selector as kubectl prints it and the API server takes it: `a=b,c in (x,y),!d`; empty for an empty one.
  ///
  /// Requirements are in the order of their keys. Source: Kubernetes API machinery, `labels/selector.go`.
  public var description: String {
    var texts = matchLabels.map { (key: $0.key, text: "\($0.key)=\($0.value)") }
    texts += matchExpressions.map { (key: $0.key, text: $0.description) }
    let sorted = texts.sorted { left, right in
      left.key == right.key
        ? left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
        : left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
    }
    return sorted.map(\.text).joined(separator: ",")
  }
}

extension LabelSelector.Requirement: CustomStringConvertible {
  /// The comparison as kubectl prints it.
  public var description: String {
    let list = values.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ",")
    return switch comparison {
    case .isIn: "\(key) in (\(list))"
    case .notIn: "\(key) notin (\(list))"
    case .exists: key
    case .doesNotExist: "!" + key
    }
  }
}

extension LabelSelector {
  /// Reads the JSON of the API.
  ///
  /// - Parameter json: An object with `matchLabels` and `matchExpressions`, both optional; `null` is empty.
  /// - Throws: `.invalid` for an operator, key, value or number of values that the API server refuses.
  public init(json: JSONValue) throws(VeleroError) {
    self.init()
    for (key, value) in json["matchLabels"]?.object?.dictionary ?? [:] {
      guard let value = value.string else {
        throw Self.invalid("the value of '\(key)' is no text")
      }
      matchLabels[key] = value
    }
    for requirement in json["matchExpressions"]?.array ?? [] {
      let key = requirement["key"]?.string ?? ""
      let name = requirement["operator"]?.string ?? ""
      guard let comparison = Operator(rawValue: name) else {
        throw Self.invalid("'\(name)' for '\(key)' is none of In, NotIn, Exists and DoesNotExist")
      }
      let values = requirement["values"]?.array?.compactMap(\.string) ?? []
      matchExpressions.append(Requirement(key: key, comparison: comparison, values: values))
    }
    try validate()
  }

  /// The JSON of the API; empty parts are left out.
  public var json: JSONValue {
    var object: JSONValue = [:]
    if !matchLabels.isEmpty {
      object["matchLabels"] = .object(
        JSONObject(sorting: matchLabels.mapValues { .string($0) })
      )
    }
    if !matchExpressions.isEmpty {
      object["matchExpressions"] = .array(matchExpressions.map(\.json))
    }
    return object
  }

  /// Checks keys, values and the number of values.
  ///
  /// - Throws: `.invalid` with what the API server would refuse.
  public func validate() throws(VeleroError) {
    for (key, value) in matchLabels {
      try LabelSyntax.checkKey(key)
      try LabelSyntax.checkValue(value, of: key)
    }
    for requirement in matchExpressions {
      try LabelSyntax.checkKey(requirement.key)
      let takesValues = requirement.comparison == .isIn || requirement.comparison == .notIn
      guard takesValues != requirement.values.isEmpty else {
        throw Self.invalid(
          "\(requirement.comparison.rawValue) for '\(requirement.key)' takes "
            + (takesValues ? "at least one value" : "no values")
        )
      }
      for value in requirement.values { try LabelSyntax.checkValue(value, of: requirement.key) }
    }
  }

  static func invalid(_ reason: String) -> VeleroError {
    VeleroError(code: .invalid, message: "cannot use the label selector: \(reason)")
  }
}

extension LabelSelector.Requirement {
  fileprivate var json: JSONValue {
    var object: JSONValue = ["key": .string(key), "operator": .string(comparison.rawValue)]
    if !values.isEmpty { object["values"] = .array(values.map { .string($0) }) }
    return object
  }
}
