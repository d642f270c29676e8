// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// JSON Patch, RFC 6902.
enum JSONPatch {
  /// The most operations in one patch; Kubernetes' own limit.
  private static let operationLimit = 10_000

  /// The document after the patch; nil when an operation cannot be carried out.
  static func apply(_ patch: JSONValue, to document: JSONValue) -> JSONValue? {
    guard let operations = patch.array, operations.count <= operationLimit else { return nil }
    var result = document
    for operation in operations {
      guard let next = apply(operation, result) else { return nil }
      result = next
    }
    return result
  }

  private static func apply(_ operation: JSONValue, _ document: JSONValue) -> JSONValue? {
    guard let path = steps(operation["path"]) else { return nil }
    switch operation["op"]?.string {
    case "add": return operation["value"].flatMap { add($0, document, path) }
    case "remove": return remove(document, path)
    case "replace":
      guard let value = operation["value"], let rest = remove(document, path) else { return nil }
      return path.isEmpty ? value : add(value, rest, path)
    case "test":
      guard (find(document, path) ?? .null) == (operation["value"] ?? .null) else { return .none }
      return document
    case "copy":
      guard let from = steps(operation["from"]), let value = find(document, from) else {
        return nil
      }
      return add(value, document, path)
    case "move":
      guard let from = steps(operation["from"]), let value = find(document, from),
        let rest = remove(document, from)
      else { return nil }
      return add(value, rest, path)
    default: return nil
    }
  }

  /// The parts of a JSON pointer, RFC 6901.
  private static func steps(_ pointer: JSONValue?) -> [String]? {
    guard let pointer = pointer?.string else { return nil }
    if pointer.isEmpty { return [] }
    guard pointer.hasPrefix("/") else { return nil }
    return pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
      String($0.replacing("~1", with: "/").replacing("~0", with: "~"))
    }
  }

  private static func find(_ value: JSONValue, _ path: [String]) -> JSONValue? {
    guard let step = path.first else { return value }
    let rest = Array(path.dropFirst())
    switch value {
    case .object(let object): return object[step].flatMap { find($0, rest) }
    case .array(let elements):
      return index(step, elements.count - 1).flatMap { find(elements[$0], rest) }
    default: return nil
    }
  }

  private static func add(_ new: JSONValue, _ value: JSONValue, _ path: [String]) -> JSONValue? {
    guard let step = path.first else { return new }
    let rest = Array(path.dropFirst())
    switch value {
    case .object(var object):
      if rest.isEmpty {
        object[step] = new
      } else {
        guard let child = object[step], let changed = add(new, child, rest) else { return nil }
        object[step] = changed
      }
      return .object(object)
    case .array(var elements):
      if rest.isEmpty {
        guard let place = step == "-" ? elements.count : index(step, elements.count) else {
          return nil
        }
        elements.insert(new, at: place)
      } else {
        guard let place = index(step, elements.count - 1),
          let changed = add(new, elements[place], rest)
        else { return nil }
        elements[place] = changed
      }
      return .array(elements)
    default: return nil
    }
  }

  private static func remove(_ value: JSONValue, _ path: [String]) -> JSONValue? {
    guard let step = path.first else { return .null }
    let rest = Array(path.dropFirst())
    switch value {
    case .object(var object):
      guard let child = object[step] else { return nil }
      if rest.isEmpty {
        object[step] = nil
      } else {
        guard let changed = remove(child, rest) else { return nil }
        object[step] = changed
      }
      return .object(object)
    case .array(var elements):
      guard let place = index(step, elements.count - 1) else { return nil }
      if rest.isEmpty {
        elements.remove(at: place)
      } else {
        guard let changed = remove(elements[place], rest) else { return nil }
        elements[place] = changed
      }
      return .array(elements)
    default: return nil
    }
  }

  private static func index(_ step: String, _ last: Int) -> Int? {
    guard let place = Int(step), place >= 0, place <= last else { return nil }
    return place
  }
}

/// JSON Merge Patch, RFC 7386.
enum MergePatch {
  static func apply(_ patch: JSONValue, to document: JSONValue) -> JSONValue {
    guard let members = patch.object?.members else { return patch }
    var result = document.object ?? JSONObject()
    for member in members {
      result[member.key] =
        member.value.isNull ? JSONValue?.none : apply(member.value, to: result[member.key] ?? .null)
    }
    return .object(result)
  }
}
