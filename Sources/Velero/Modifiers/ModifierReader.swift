// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Reads the YAML of resource modifiers and gathers all that is wrong with it.
///
/// Source: velero/05, section 7.
struct ModifierReader {
  private static let operations: Set<String> = ["add", "remove", "replace", "test", "move", "copy"]

  private(set) var fields = StrictFields()

  mutating func rules(_ root: YAMLNode) -> [ResourceModifiers.Rule] {
    let members = fields.fields(of: root, ["version", "resourceModifierRules"])
    let version = members["version"].map { fields.text($0, "version") } ?? ""
    if version != "v1" {
      fields.complain(
        members["version"] ?? root,
        "the version is '\(version)', and only 'v1' is known"
      )
    }
    return fields.elements(members["resourceModifierRules"], "resourceModifierRules").compactMap {
      rule($0)
    }
  }

  private mutating func rule(_ node: YAMLNode) -> ResourceModifiers.Rule? {
    let members = fields.fields(
      of: node,
      ["conditions", "patches", "mergePatches", "strategicPatches"]
    )
    let conditions = members["conditions"].flatMap { self.conditions($0) }
    if members["conditions"] == nil { fields.complain(node, "the rule has no 'conditions'") }
    var changes: [ResourceModifiers.Change] = []
    let operations = fields.elements(members["patches"], "patches")
    if !operations.isEmpty { changes.append(.json(.array(operations.map { operation($0) }))) }
    let merges = fields.elements(members["mergePatches"], "mergePatches")
    if !merges.isEmpty { changes.append(.merge(merges.map { patch($0) })) }
    let strategics = fields.elements(members["strategicPatches"], "strategicPatches")
    if !strategics.isEmpty { changes.append(.strategic(strategics.map { patch($0) })) }
    guard let change = changes.first, changes.count == 1 else {
      fields.complain(
        node,
        "a rule has one of 'patches', 'mergePatches' and 'strategicPatches', and this one has "
          + (changes.isEmpty ? "none" : "several")
      )
      return nil
    }
    return conditions.map { ResourceModifiers.Rule($0, change) }
  }

  private mutating func conditions(_ node: YAMLNode) -> ResourceModifiers.Conditions? {
    let members = fields.fields(
      of: node,
      ["namespaces", "groupResource", "resourceNameRegex", "labelSelector", "matches"]
    )
    let groupResource = members["groupResource"].map { fields.text($0, "groupResource") } ?? ""
    if groupResource.isEmpty { fields.complain(node, "the conditions have no 'groupResource'") }
    var conditions = ResourceModifiers.Conditions(groupResource: groupResource)
    conditions.namespaces = fields.texts(members["namespaces"], "namespaces")
    if let node = members["resourceNameRegex"] {
      conditions.nameExpression = fields.text(node, "resourceNameRegex")
      if (try? Regex(conditions.nameExpression)) == nil {
        fields.complain(node, "'\(conditions.nameExpression)' is no regular expression")
      }
    }
    if let node = members["labelSelector"], !node.isNull {
      conditions.labelSelector = selector(node)
    }
    conditions.matches = fields.elements(members["matches"], "matches").map { match($0) }
    return conditions
  }

  private mutating func selector(_ node: YAMLNode) -> LabelSelector? {
    _ = fields.fields(of: node, ["matchLabels", "matchExpressions"])
    for requirement in fields.elements(node["matchExpressions"], "matchExpressions") {
      _ = fields.fields(of: requirement, ["key", "operator", "values"])
    }
    do throws(VeleroError) {
      return try LabelSelector(json: json(node))
    } catch {
      fields.complain(node, error.message)
      return nil
    }
  }

  private mutating func match(_ node: YAMLNode) -> ResourceModifiers.Match {
    let members = fields.fields(of: node, ["path", "value"])
    return ResourceModifiers.Match(
      path: pointer(members["path"], "path", in: node),
      value: value(members["value"])
    )
  }

  private mutating func operation(_ node: YAMLNode) -> JSONValue {
    let members = fields.fields(of: node, ["operation", "from", "path", "value"])
    let name = members["operation"].map { fields.text($0, "operation") } ?? ""
    if !Self.operations.contains(name) {
      let known = Self.operations.sorted().joined(separator: ", ")
      fields.complain(members["operation"] ?? node, "the operation '\(name)' is none of \(known)")
    }
    var operation: JSONValue = [
      "op": .string(name), "path": .string(pointer(members["path"], "path", in: node)),
    ]
    if name == "move" || name == "copy" {
      operation["from"] = .string(pointer(members["from"], "from", in: node))
    }
    operation["value"] = value(members["value"])
    return operation
  }

  private mutating func pointer(_ member: YAMLNode?, _ name: String, in node: YAMLNode) -> String {
    let text = member.map { fields.text($0, name) } ?? ""
    if !text.hasPrefix("/") {
      fields.complain(member ?? node, "the \(name) '\(text)' does not begin with '/'")
    }
    return text
  }

  private mutating func value(_ node: YAMLNode?) -> JSONValue {
    guard let node else { return "" }
    do throws(JSONError) {
      return try ModifierValue.json(fields.text(node, "value"))
    } catch {
      fields.complain(node, "the value begins like JSON and is \(error)")
      return .null
    }
  }

  /// The patch in `patchData`: YAML or JSON in a text.
  private mutating func patch(_ node: YAMLNode) -> JSONValue {
    let members = fields.fields(of: node, ["patchData"])
    guard let data = members["patchData"] else {
      fields.complain(node, "the patch has no 'patchData'")
      return [:]
    }
    do throws(YAMLError) {
      let patch = try YAMLDocument(parsing: fields.text(data, "patchData")).jsonValue()
      if patch.object != nil { return patch }
      fields.complain(data, "the 'patchData' holds no fields")
    } catch {
      fields.complain(data, "the 'patchData' is no YAML, in its \(error)")
    }
    return [:]
  }

  private mutating func json(_ node: YAMLNode) -> JSONValue {
    do throws(YAMLError) {
      return try node.jsonValue()
    } catch {
      fields.complain(node, error.message)
      return [:]
    }
  }
}
