// SPDX-License-Identifier: Apache-2.0

public import Primitives
public import Velero

/// Resource modifiers, ready to be applied to many objects; one task at a time may use a value.
///
/// Source: velero/05, section 7.
public struct ModifierRules {
  private struct Rule {
    let number: Int
    let rule: ResourceModifiers.Rule
    let resource: GroupResourcePattern
    let namespaces: [NamePattern]
    let name: Regex<AnyRegexOutput>?
  }

  private let rules: [Rule]

  /// Prepares rules.
  ///
  /// - Throws: `EngineError` `.invalid` for a regular expression that is none.
  public init(_ modifiers: ResourceModifiers) throws {
    rules = try modifiers.rules.enumerated().map { place, rule in
      Rule(
        number: place + 1,
        rule: rule,
        resource: GroupResourcePattern(rule.conditions.groupResource),
        namespaces: rule.conditions.namespaces.map { NamePattern($0) },
        name: try Self.expression(rule.conditions.nameExpression)
      )
    }
  }

  private static func expression(_ text: String) throws -> Regex<AnyRegexOutput>? {
    if text.isEmpty { return nil }
    do {
      return try Regex(text).matchingSemantics(.unicodeScalar)
    } catch {
      throw EngineError(.invalid, "'\(text)' in the resource modifiers is no regular expression")
    }
  }

  /// An object after all rules that fit it, and what could not be done.
  ///
  /// Every rule is compared with the object as it was before all of them. A rule of which a `test` fails is passed over; one that
  /// cannot be carried out changes nothing and is told.
  ///
  /// - Parameters:
  ///   - object: The object, in the namespace that the backup has it in.
  ///   - resource: Its type, `plural.group`.
  /// - Returns: The object, and the rules that could not be carried out, in words.
  public func apply(to object: JSONValue, resource: String) -> (
    object: JSONValue, problems: [String]
  ) {
    var result = object
    var problems: [String] = []
    for rule in rules where fits(rule, object, resource) {
      do throws(JSONPatchError) {
        result = try Self.change(result, rule.rule.change, resource)
      } catch {
        if !error.isFailedTest {
          problems.append("rule \(rule.number) of the resource modifiers: \(error.message)")
        }
      }
    }
    return (result, problems)
  }

  private func fits(_ rule: Rule, _ object: JSONValue, _ resource: String) -> Bool {
    guard rule.resource.matches(resource) else { return false }
    let metadata = object["metadata"]
    let namespace = metadata?["namespace"]?.string ?? ""
    if !namespace.isEmpty, !rule.namespaces.isEmpty,
      !rule.namespaces.contains(where: { $0.matches(namespace) })
    {
      return false
    }
    if let expression = rule.name,
      (metadata?["name"]?.string ?? "").firstMatch(of: expression) == nil
    {
      return false
    }
    if let selector = rule.rule.conditions.labelSelector {
      let labels = metadata?["labels"]?.texts ?? [:]
      if !selector.matches(labels) { return false }
    }
    return rule.rule.conditions.matches.allSatisfy {
      JSONPatch.value(at: $0.path, in: object) == $0.value
    }
  }

  private static func change(
    _ object: JSONValue,
    _ change: ResourceModifiers.Change,
    _ resource: String
  ) throws(JSONPatchError) -> JSONValue {
    let result: JSONValue
    switch change {
    case .json(let patch): result = try JSONPatch.apply(patch, to: object)
    case .merge(let patches):
      result = patches.reduce(object) { MergePatch.apply($1, to: $0) }
    case .strategic(let patches):
      guard !BuiltInGroups.mayHaveDefinition(resource) else {
        throw JSONPatchError(
          "a strategic merge patch needs a built-in type, and '\(resource)' is none; use a merge patch"
        )
      }
      let patcher = StrategicMergePatch(schema: MergeKeys(resource: resource))
      result = patches.reduce(object) { patcher.apply($1, to: $0) }
    }
    guard result["metadata"]?.object != nil, result["kind"]?.string != nil else {
      throw JSONPatchError("what it leaves is no object with a kind and metadata")
    }
    return result
  }
}

/// A pattern over `resource.group` of which `*` and `?` stand for no dot; `**` stands for anything.
struct GroupResourcePattern: Sendable {
  private let parts: [NamePattern]
  private let whole: NamePattern?

  init(_ text: String) {
    whole = text.contains("**") ? NamePattern(text) : nil
    parts = text.split(separator: ".", omittingEmptySubsequences: false).map {
      NamePattern(String($0))
    }
  }

  func matches(_ groupResource: String) -> Bool {
    if let whole { return whole.matches(groupResource) }
    let names = groupResource.split(separator: ".", omittingEmptySubsequences: false)
    return names.count == parts.count
      && zip(parts, names).allSatisfy { $0.matches(String($1)) }
  }
}
