// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Server-side apply: the applier states the fields it wants, and owns them from then on.
///
/// Source: "Server-Side Apply" in the Kubernetes documentation.
struct ServerSideApply {
  var schema: ListSchema
  var manager: FieldManager
  var isForced: Bool

  struct Result {
    var object: JSONValue
    var fields: ManagedFields
  }

  /// Applies a configuration to an object.
  ///
  /// - Throws: 409 with every field that others own and that would get another value.
  func apply(
    _ configuration: JSONValue,
    to live: JSONValue,
    _ managed: ManagedFields
  ) throws(APIFailure) -> Result {
    let wanted = FieldComparison.appliedFields(configuration, schema: schema)
    var merged = merge(live, configuration, [])
    let changed = FieldComparison(live, merged, schema: schema).changed.intersection(wanted)
    var fields = managed
    let conflicts = fields.entries.filter { !$0.belongs(to: manager) }.flatMap { entry in
      entry.fields.intersection(changed).paths.map { (entry, $0) }
    }
    if !conflicts.isEmpty, !isForced { throw Self.conflict(conflicts) }
    let own = fields.entries.first { $0.belongs(to: manager) }?.fields ?? FieldSet()
    var abandoned = own.subtracting(wanted)
    for index in fields.entries.indices where !fields.entries[index].belongs(to: manager) {
      abandoned = abandoned.subtracting(fields.entries[index].fields)
      if isForced {
        fields.entries[index].fields = fields.entries[index].fields.subtracting(changed)
      }
    }
    // An element goes as a whole before its fields could go one by one.
    for path in abandoned.paths.sorted(by: { $0.count < $1.count }) {
      merged = Self.removing(path[...], from: merged)
    }
    fields.entries.removeAll { $0.belongs(to: manager) }
    if !wanted.isEmpty {
      var entry = ManagedFields.entry(wanted, manager)
      let before = managed.entries.first { $0.belongs(to: manager) }
      if let before, before.fields == wanted, merged == live { entry.time = before.time }
      fields.entries.append(entry)
    }
    fields.entries.removeAll { $0.fields.isEmpty }
    return Result(object: merged, fields: fields)
  }

  private func merge(_ live: JSONValue, _ wanted: JSONValue, _ path: [String]) -> JSONValue {
    switch (live, wanted) {
    case (.object(var result), .object(let object)) where !schema.isAtomicMap(path):
      for member in object.members {
        result[member.key] =
          result[member.key].map { merge($0, member.value, path + [member.key]) } ?? member.value
      }
      return .object(result)
    case (.array(let before), .array(let after)):
      switch schema.kind(path, before + after) {
      case .atomic: return wanted
      case .set: return .array(before + after.filter { !before.contains($0) })
      case .map(let keys):
        var result = before
        for element in after {
          if let place = result.firstIndex(where: { Self.isSame($0, element, keys) }) {
            result[place] = merge(result[place], element, path)
          } else {
            result.append(element)
          }
        }
        return .array(result)
      }
    default: return wanted
    }
  }

  private static func isSame(_ left: JSONValue, _ right: JSONValue, _ keys: [String]) -> Bool {
    keys.allSatisfy { key in
      let fallback: JSONValue = key == "protocol" ? "TCP" : .null
      return (left[key] ?? fallback) == (right[key] ?? fallback)
    }
  }

  /// The object without the field at a path of `fieldsV1` names.
  private static func removing(_ path: ArraySlice<String>, from value: JSONValue) -> JSONValue {
    guard let step = path.first else { return value }
    let rest = path.dropFirst()
    let name = String(step.dropFirst(2))
    switch value {
    case .object(var object):
      guard step.hasPrefix("f:"), let child = object[name] else { return value }
      object[name] = rest.isEmpty ? JSONValue?.none : removing(rest, from: child)
      return .object(object)
    case .array(var elements):
      guard let wanted = try? JSONValue(parsing: name),
        let place = elements.firstIndex(where: { element in
          step.hasPrefix("v:")
            ? element == wanted
            : (wanted.object?.members ?? []).allSatisfy { element[$0.key] == $0.value }
        })
      else { return value }
      if rest.isEmpty {
        elements.remove(at: place)
      } else {
        elements[place] = removing(rest, from: elements[place])
      }
      return .array(elements)
    default: return value
    }
  }

  private static func conflict(_ conflicts: [(ManagedFields.Entry, [String])]) -> APIFailure {
    let causes = conflicts.map { entry, path in
      APIFailure.Cause(
        reason: "FieldManagerConflict",
        message: "conflict with " + who(entry),
        field: FieldSet.text(path)
      )
    }
    let text: String
    if causes.count == 1 {
      text = "1 conflict: \(causes[0].message): \(causes[0].field ?? "")"
    } else {
      var groups: [(who: String, paths: [String])] = []
      for (entry, path) in conflicts {
        let name = who(entry)
        if groups.last?.who != name { groups.append((name, [])) }
        groups[groups.count - 1].paths.append(FieldSet.text(path))
      }
      text =
        "\(causes.count) conflicts: "
        + groups.map { "conflicts with \($0.who):\n- \($0.paths.joined(separator: "\n- "))" }
        .joined(separator: "\n")
    }
    return APIFailure(
      409,
      "Conflict",
      "Apply failed with " + text,
      details: APIFailure.Details(causes: causes)
    )
  }

  private static func who(_ entry: ManagedFields.Entry) -> String {
    if entry.operation == "Apply" { return "\"\(entry.manager)\"" }
    let place = entry.subresource.isEmpty ? "" : " with subresource \"\(entry.subresource)\""
    return "\"\(entry.manager)\"\(place) using \(entry.apiVersion)"
  }
}
