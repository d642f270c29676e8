// SPDX-License-Identifier: Apache-2.0

/// How strategic merge patches know the elements of lists.
///
/// Paths have the names of the members that lead to a list, elements of lists left out.
public protocol StrategicLists {
  /// The member by which the elements of a list are known; nil where a patch replaces the list.
  func patchMergeKey(_ path: [String], _ elements: [JSONValue]) -> String?
  /// Whether a patch adds to a list of plain values instead of replacing it.
  func isPatchSet(_ path: [String]) -> Bool
}

/// Strategic merge patches, which merge the elements of some lists instead of replacing the list.
///
/// Source: "Update API Objects in Place Using kubectl patch" and the notes on strategic merge patches that it
/// links.
public struct StrategicMergePatch<Lists: StrategicLists> {
  private let schema: Lists

  /// Makes a patcher for documents of one type.
  public init(schema: Lists) { self.schema = schema }

  /// The document after a patch.
  public func apply(_ patch: JSONValue, to document: JSONValue) -> JSONValue {
    merge(document, patch, [])
  }

  private func merge(_ original: JSONValue, _ patch: JSONValue, _ path: [String]) -> JSONValue {
    guard let members = patch.object?.members else { return patch }
    switch patch["$patch"]?.string {
    case "replace": return stripped(patch)
    case "delete": return [:]
    default: break
    }
    var result = original.object ?? JSONObject()
    if let kept = patch["$retainKeys"]?.array {
      result = JSONObject(result.members.filter { kept.contains(.string($0.key)) })
    }
    for member in members where !member.key.hasPrefix("$") {
      let childPath = path + [member.key]
      if member.value.isNull {
        result[member.key] = nil
      } else if let elements = member.value.array {
        let merged = mergeList(result[member.key]?.array ?? [], elements, childPath)
        let order = patch["$setElementOrder/" + member.key]?.array
        result[member.key] = .array(order.map { sorted(merged, $0, childPath) } ?? merged)
      } else if member.value.object != nil, result[member.key]?.object != nil {
        result[member.key] = merge(result[member.key] ?? [:], member.value, childPath)
      } else {
        result[member.key] = stripped(member.value)
      }
    }
    for member in members where member.key.hasPrefix("$deleteFromPrimitiveList/") {
      let name = String(member.key.dropFirst("$deleteFromPrimitiveList/".count))
      let dropped = member.value.array ?? []
      result[name] = result[name]?.array.map { .array($0.filter { !dropped.contains($0) }) }
    }
    return .object(result)
  }

  private func mergeList(
    _ original: [JSONValue],
    _ patch: [JSONValue],
    _ path: [String]
  ) -> [JSONValue] {
    if patch.contains(where: { $0["$patch"]?.string == "replace" }) {
      return patch.filter { $0["$patch"]?.string != "replace" }.map(stripped)
    }
    if schema.isPatchSet(path) { return original + patch.filter { !original.contains($0) } }
    guard let key = schema.patchMergeKey(path, original + patch) else {
      return patch.map(stripped)
    }
    var result = original
    for element in patch {
      let place = result.firstIndex { $0[key] == element[key] && element[key] != nil }
      if element["$patch"]?.string == "delete" {
        if let place { result.remove(at: place) }
      } else if let place {
        result[place] = merge(result[place], element, path)
      } else {
        result.append(stripped(element))
      }
    }
    return result
  }

  /// The elements in the order that a patch wishes; those it does not name stay behind the others.
  private func sorted(_ elements: [JSONValue], _ order: [JSONValue], _ path: [String])
    -> [JSONValue]
  {
    let key = schema.patchMergeKey(path, elements)
    func place(_ element: JSONValue) -> Int {
      order.firstIndex { wish in
        key.map { wish[$0] == element[$0] } ?? (wish == element)
      } ?? order.count
    }
    return elements.enumerated().sorted {
      (place($0.element), $0.offset) < (place($1.element), $1.offset)
    }.map(\.element)
  }

  /// A value without the directives in it.
  private func stripped(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let object):
      return .object(
        JSONObject(
          object.members.filter { !$0.key.hasPrefix("$") && !$0.value.isNull }
            .map { .init(key: $0.key, value: stripped($0.value)) }
        )
      )
    case .array(let elements):
      return .array(
        elements.filter { $0["$patch"]?.string != "delete" }.map(stripped)
      )
    default: return value
    }
  }
}
