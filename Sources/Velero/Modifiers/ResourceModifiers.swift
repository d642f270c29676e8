// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What the ConfigMap of a restore's `spec.resourceModifier` says: changes to objects on their way into a cluster.
///
/// Source: Velero 1.18, `internal/resourcemodifiers`.
public struct ResourceModifiers: Sendable, Hashable {
  /// The rules; all that fit an object are applied, in their order.
  public var rules: [Rule]

  /// Makes modifiers.
  public init(rules: [Rule] = []) { self.rules = rules }

  /// Which objects are changed, and how.
  public struct Rule: Sendable, Hashable {
    /// Which objects: all of it must fit.
    public var conditions: Conditions
    /// How.
    public var change: Change

    /// Makes a rule.
    public init(_ conditions: Conditions, _ change: Change) {
      self.conditions = conditions
      self.change = change
    }
  }

  /// Which objects a rule changes.
  public struct Conditions: Sendable, Hashable {
    /// Patterns for the namespace in the backup; none means all, and objects of the cluster have none.
    public var namespaces: [String]
    /// A pattern for `resource.group`; `*` stands for no dot.
    public var groupResource: String
    /// What is found somewhere in the name; empty for all names.
    public var nameExpression: String
    /// What the labels match; nil for all.
    public var labelSelector: LabelSelector?
    /// Values that places in the object have; where the place is missing, the rule does not fit.
    public var matches: [Match]

    /// Makes conditions.
    public init(
      groupResource: String,
      namespaces: [String] = [],
      nameExpression: String = "",
      labelSelector: LabelSelector? = nil,
      matches: [Match] = []
    ) {
      self.groupResource = groupResource
      self.namespaces = namespaces
      self.nameExpression = nameExpression
      self.labelSelector = labelSelector
      self.matches = matches
    }
  }

  /// A value that a place in an object has.
  public struct Match: Sendable, Hashable {
    /// The place, as a JSON pointer.
    public var path: String
    /// The value.
    public var value: JSONValue

    /// Makes a match.
    public init(path: String, value: JSONValue) {
      self.path = path
      self.value = value
    }
  }

  /// How a rule changes an object.
  public enum Change: Sendable, Hashable {
    /// A JSON Patch: an array of operations.
    case json(JSONValue)
    /// JSON merge patches, one after the other.
    case merge([JSONValue])
    /// Strategic merge patches, one after the other.
    case strategic([JSONValue])
  }
}

extension ResourceModifiers {
  /// Reads a ConfigMap: one key, YAML, no fields that Velero does not know, version `v1`.
  ///
  /// - Parameters:
  ///   - configMap: The object.
  ///   - source: What messages call it, `namespace/name`.
  /// - Throws: `.invalid` with everything that is wrong, each with its line.
  public init(configMap: JSONValue, source: String) throws(VeleroError) {
    let data = configMap["data"]?.object?.members ?? []
    guard data.count == 1, let text = data.first?.value.string else {
      throw Self.invalid(source, ["it has \(data.count) keys in its data, and one is expected"])
    }
    try self.init(yaml: text, source: source)
  }

  /// Reads the text of modifiers.
  ///
  /// - Throws: As `init(configMap:source:)`.
  public init(yaml: String, source: String) throws(VeleroError) {
    let root: YAMLNode
    do throws(YAMLError) {
      root = try YAMLDocument(parsing: yaml).root
    } catch {
      throw Self.invalid(source, ["line \(error.mark.line): \(error.message)"])
    }
    var reader = ModifierReader()
    let rules = reader.rules(root)
    guard reader.fields.problems.isEmpty else {
      throw Self.invalid(source, reader.fields.problems)
    }
    self.init(rules: rules)
  }

  private static func invalid(_ source: String, _ problems: [String]) -> VeleroError {
    VeleroError(
      code: .invalid,
      message:
        "the resource modifiers '\(source)' are not valid: \(problems.joined(separator: "; "))",
      hint: "correct the ConfigMap that --resource-modifier-configmap names"
    )
  }
}
