// SPDX-License-Identifier: Apache-2.0

/// Why a JSON patch was not carried out.
public struct JSONPatchError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, in words, with the path that it is about.
  public var message: String
  /// Whether a `test` operation found another value, and nothing else is wrong.
  public var isFailedTest: Bool

  /// Makes an error.
  public init(_ message: String, isFailedTest: Bool = false) {
    self.message = message
    self.isFailedTest = isFailedTest
  }

  /// The message.
  public var description: String { message }
}

/// JSON Patch, RFC 6902.
///
/// All operations are carried out, or none.
public enum JSONPatch {
  /// The most operations in one patch; Kubernetes' own limit.
  public static let operationLimit = 10_000

  /// The document after a patch.
  ///
  /// - Parameters:
  ///   - patch: An array of operations.
  ///   - document: What they are carried out on.
  /// - Returns: The changed document.
  /// - Throws: `JSONPatchError` with the first operation that cannot be carried out.
  public static func apply(
    _ patch: JSONValue,
    to document: JSONValue
  ) throws(JSONPatchError) -> JSONValue {
    guard let operations = patch.array else {
      throw JSONPatchError("the patch is no list of operations")
    }
    guard operations.count <= operationLimit else {
      throw JSONPatchError("the patch has more than \(operationLimit) operations")
    }
    var result = document
    for operation in operations { result = try apply(operation, result) }
    return result
  }

  /// The value that a JSON pointer (RFC 6901) leads to; nil when it leads nowhere or is none.
  public static func value(at pointer: String, in document: JSONValue) -> JSONValue? {
    (try? steps(.string(pointer), "pointer")).flatMap { find(document, $0) }
  }

  private static func apply(
    _ operation: JSONValue,
    _ document: JSONValue
  ) throws(JSONPatchError) -> JSONValue {
    let path = try steps(operation["path"], "path")
    switch operation["op"]?.string {
    case "add": return try add(value(of: operation), document, path)
    case "remove": return try remove(document, path)
    case "replace":
      let value = try value(of: operation)
      return path.isEmpty ? value : try add(value, remove(document, path), path)
    case "test":
      guard (find(document, path) ?? .null) == (operation["value"] ?? .null) else {
        throw JSONPatchError("\(text(path)) has another value", isFailedTest: true)
      }
      return document
    case "copy": return try add(source(operation, document), document, path)
    case "move":
      let value = try source(operation, document)
      return try add(value, remove(document, steps(operation["from"], "from")), path)
    case let name: throw JSONPatchError("there is no operation '\(name ?? "")'")
    }
  }

  private static func value(of operation: JSONValue) throws(JSONPatchError) -> JSONValue {
    guard let value = operation["value"] else {
      throw JSONPatchError("the operation has no value")
    }
    return value
  }

  private static func source(
    _ operation: JSONValue,
    _ document: JSONValue
  ) throws(JSONPatchError) -> JSONValue {
    let from = try steps(operation["from"], "from")
    guard let value = find(document, from) else {
      throw JSONPatchError("there is no \(text(from))")
    }
    return value
  }

  /// The parts of a JSON pointer, RFC 6901.
  private static func steps(
    _ pointer: JSONValue?,
    _ name: String
  ) throws(JSONPatchError) -> [String] {
    guard let pointer = pointer?.string else {
      throw JSONPatchError("the operation has no \(name)")
    }
    if pointer.isEmpty { return [] }
    guard pointer.hasPrefix("/") else {
      throw JSONPatchError("the \(name) '\(pointer)' does not begin with '/'")
    }
    return pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
      String($0.replacing("~1", with: "/").replacing("~0", with: "~"))
    }
  }

  private static func text(_ path: [String]) -> String {
    "'/" + path.joined(separator: "/") + "'"
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

  private static func add(
    _ new: JSONValue,
    _ value: JSONValue,
    _ path: [String]
  ) throws(JSONPatchError) -> JSONValue {
    guard path.count > 1 else {
      return try path.first.map { (step) throws(JSONPatchError) in try put(new, value, step) }
        ?? new
    }
    return try change(value, path) { (child, rest) throws(JSONPatchError) in
      try add(new, child, rest)
    }
  }

  private static func put(
    _ new: JSONValue,
    _ value: JSONValue,
    _ step: String
  ) throws(JSONPatchError) -> JSONValue {
    switch value {
    case .object(var object):
      object[step] = new
      return .object(object)
    case .array(var elements):
      guard let place = step == "-" ? elements.count : index(step, elements.count) else {
        throw JSONPatchError("'\(step)' is no place in a list of \(elements.count)")
      }
      elements.insert(new, at: place)
      return .array(elements)
    default: throw JSONPatchError("nothing can be put at '\(step)' of a plain value")
    }
  }

  private static func remove(
    _ value: JSONValue,
    _ path: [String]
  ) throws(JSONPatchError) -> JSONValue {
    guard let step = path.first else { return .null }
    guard path.count == 1 else {
      return try change(value, path) { (child, rest) throws(JSONPatchError) in
        try remove(child, rest)
      }
    }
    switch value {
    case .object(var object) where object[step] != nil:
      object[step] = nil
      return .object(object)
    case .array(var elements):
      guard let place = index(step, elements.count - 1) else { break }
      elements.remove(at: place)
      return .array(elements)
    default: break
    }
    throw JSONPatchError("there is no \(text(path))")
  }

  /// A value with the part changed that the first step of a path leads to.
  private static func change(
    _ value: JSONValue,
    _ path: [String],
    _ body: (JSONValue, [String]) throws(JSONPatchError) -> JSONValue
  ) throws(JSONPatchError) -> JSONValue {
    let rest = Array(path.dropFirst())
    switch value {
    case .object(var object):
      guard let child = object[path[0]] else { break }
      object[path[0]] = try body(child, rest)
      return .object(object)
    case .array(var elements):
      guard let place = index(path[0], elements.count - 1) else { break }
      elements[place] = try body(elements[place], rest)
      return .array(elements)
    default: break
    }
    throw JSONPatchError("there is no \(text(path))")
  }

  private static func index(_ step: String, _ last: Int) -> Int? {
    guard let place = Int(step), place >= 0, place <= last else { return nil }
    return place
  }
}

/// JSON Merge Patch, RFC 7386.
public enum MergePatch {
  /// The document after a patch; lists are replaced, `null` removes a member.
  public static func apply(_ patch: JSONValue, to document: JSONValue) -> JSONValue {
    guard let members = patch.object?.members else { return patch }
    var result = document.object ?? JSONObject()
    for member in members {
      result[member.key] =
        member.value.isNull ? JSONValue?.none : apply(member.value, to: result[member.key] ?? .null)
    }
    return .object(result)
  }

  /// The patch that makes one object out of another; nil when there is nothing to change.
  ///
  /// Members that the new object lacks are `null` in it. Members that are `null` in the new object cannot be said in such a
  /// patch: they are removed.
  public static func difference(from old: JSONValue, to new: JSONValue) -> JSONValue? {
    guard let before = old.object, let after = new.object else { return old == new ? nil : new }
    let known = before.dictionary
    let wanted = after.dictionary
    var patch = JSONObject()
    for member in after.members {
      switch (known[member.key], member.value) {
      case (let value?, _) where value == member.value: break
      case (let value?, .object): patch[member.key] = difference(from: value, to: member.value)
      default: patch[member.key] = member.value
      }
    }
    for key in before.keys where wanted[key] == nil { patch[key] = .some(.null) }
    return patch.isEmpty ? nil : .object(patch)
  }
}
