// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What two states of an object differ in.
struct FieldComparison {
  private let schema: ListSchema
  /// Fields that are new or have another value.
  private(set) var changed = FieldSet()
  /// Fields that are gone.
  private(set) var removed = FieldSet()

  /// Compares two objects; fields that no manager owns are left out.
  init(_ old: JSONValue, _ new: JSONValue, schema: ListSchema) {
    self.schema = schema
    (changed, removed) = compare(Self.owned(old), Self.owned(new), path: [])
    changed.isMember = false
  }

  /// Every field of a configuration that is applied, for the applier to own.
  static func appliedFields(_ document: JSONValue, schema: ListSchema) -> FieldSet {
    var owned = owned(document)
    if owned["metadata"]?.object?.isEmpty == true { owned["metadata"] = nil }
    var fields = FieldComparison(schema: schema).all(owned, path: [], marksMaps: false)
    fields.isMember = false
    return fields
  }

  private init(schema: ListSchema) { self.schema = schema }

  /// The object without the fields that the system sets.
  private static func owned(_ document: JSONValue) -> JSONValue {
    var object = document
    object["apiVersion"] = nil
    object["kind"] = nil
    guard var metadata = object["metadata"] else { return object }
    for key in [
      "name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation",
      "managedFields", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds",
    ] {
      metadata[key] = nil
    }
    object["metadata"] = metadata
    return object
  }

  private func compare(
    _ old: JSONValue,
    _ new: JSONValue,
    path: [String]
  ) -> (changed: FieldSet, removed: FieldSet) {
    switch (old, new) {
    case (.object(let before), .object(let after)) where !schema.isAtomicMap(path):
      return children(
        before.members.filter { !$0.value.isNull || after[$0.key] != nil }
          .map { ("f:" + $0.key, $0.key, $0.value) },
        after.members.filter { !$0.value.isNull }.map { ("f:" + $0.key, $0.key, $0.value) },
        path
      )
    case (.array(let before), .array(let after)):
      if let left = keyed(before, path), let right = keyed(after, path) {
        return children(left, right, path)
      }
    // A field that was there as null owns itself no more than before.
    case (.null, .array(let after)):
      if let right = keyed(after, path) { return children([], right, path) }
    case (.null, .object(let after)) where !schema.isAtomicMap(path):
      return children([], after.members.map { ("f:" + $0.key, $0.key, $0.value) }, path)
    default: break
    }
    return (old == new ? FieldSet() : .leaf, FieldSet())
  }

  private typealias Child = (name: String, field: String, value: JSONValue)

  private func children(
    _ old: [Child],
    _ new: [Child],
    _ path: [String]
  ) -> (changed: FieldSet, removed: FieldSet) {
    var changed = FieldSet()
    var removed = FieldSet()
    let before = Dictionary(
      old.map { ($0.name, $0.value) },
      uniquingKeysWith: { first, _ in first }
    )
    for child in new {
      let path = child.field.isEmpty ? path : path + [child.field]
      if let previous = before[child.name] {
        let difference = compare(previous, child.value, path: path)
        if !difference.changed.isEmpty { changed.children[child.name] = difference.changed }
        if !difference.removed.isEmpty { removed.children[child.name] = difference.removed }
      } else {
        changed.children[child.name] = all(child.value, path: path, marksMaps: true)
      }
    }
    let names = Set(new.map(\.name))
    for child in old where !names.contains(child.name) { removed.children[child.name] = .leaf }
    return (changed, removed)
  }

  /// Every field of a value; `marksMaps` says whether maps and lists are members besides what is in them.
  private func all(_ value: JSONValue, path: [String], marksMaps: Bool) -> FieldSet {
    switch value {
    case .object(let object) where !object.isEmpty && !schema.isAtomicMap(path):
      var set = FieldSet(isMember: marksMaps)
      for member in object.members where !member.value.isNull {
        set.children["f:" + member.key] =
          all(member.value, path: path + [member.key], marksMaps: marksMaps)
      }
      return set.isEmpty ? .leaf : set
    case .array(let elements):
      guard let keyed = keyed(elements, path), !keyed.isEmpty else { return .leaf }
      var set = FieldSet(isMember: marksMaps)
      for child in keyed {
        var element = all(child.value, path: path, marksMaps: marksMaps)
        element.isMember = true
        set.children[child.name] = element
      }
      return set
    default: return .leaf
    }
  }

  /// The elements of a list that is merged, with their names; nil for a list that is replaced as a whole.
  private func keyed(_ elements: [JSONValue], _ path: [String]) -> [Child]? {
    switch schema.kind(path, elements) {
    case .atomic: return nil
    case .set:
      return elements.map { ("v:" + $0.text(), "", .null) }
    case .map(let keys):
      return elements.map { ("k:" + Self.keyText($0, keys), "", $0) }
    }
  }

  private static func keyText(_ element: JSONValue, _ keys: [String]) -> String {
    var value: JSONValue = [:]
    for key in keys.sorted() {
      value[key] = element[key] ?? (key == "protocol" ? "TCP" : nil)
    }
    return value.text()
  }
}
