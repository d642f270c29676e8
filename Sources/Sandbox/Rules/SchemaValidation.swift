// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Checks and prunes custom resources by the structural schema of their definition.
///
/// Of the schema, types, required and enumerated values, bounds, lengths and nested structures are checked.
/// Source: "Extend the Kubernetes API with CustomResourceDefinitions", "Validation".
struct SchemaValidation {
  var schema: JSONValue

  func problems(_ object: JSONValue) -> [FieldProblem] {
    guard !schema.isNull else { return [] }
    return problems(object, schema, [])
  }

  /// The object without the fields that the schema does not know.
  func pruned(_ object: JSONValue) -> JSONValue {
    guard schema.object != nil else { return object }
    var result = prune(object, schema)
    // Every object has these, whatever the schema says.
    for key in ["apiVersion", "kind", "metadata"] { result[key] = object[key] }
    return result
  }

  private func prune(_ value: JSONValue, _ schema: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements):
      guard let items = schema["items"] else { return value }
      return .array(elements.map { prune($0, items) })
    case .object(let object):
      guard schema["x-kubernetes-embedded-resource"]?.bool != true else { return value }
      let keepsAll = schema["x-kubernetes-preserve-unknown-fields"]?.bool == true
      let additional = schema["additionalProperties"]
      var kept = JSONObject()
      for member in object.members {
        if let property = schema["properties"]?[member.key] {
          kept[member.key] = prune(member.value, property)
        } else if let additional, additional.bool != false {
          kept[member.key] =
            additional.object == nil ? member.value : prune(member.value, additional)
        } else if keepsAll {
          kept[member.key] = member.value
        }
      }
      return .object(kept)
    default: return value
    }
  }

  private func problems(_ value: JSONValue, _ schema: JSONValue, _ path: [String]) -> [FieldProblem]
  {
    let field = path.joined(separator: ".").replacing(".[", with: "[")
    if value.isNull { return [] }
    if let problem = typeProblem(value, schema, field) { return [problem] }
    var found = valueProblems(value, schema, field)
    switch value {
    case .object(let object):
      for name in (schema["required"]?.array ?? []).compactMap(\.string)
      where object[name]?.isNull ?? true {
        found.append(.required((path + [name]).joined(separator: ".").replacing(".[", with: "[")))
      }
      for member in object.members where !(path.isEmpty && member.key == "metadata") {
        let additional = schema["additionalProperties"].flatMap { $0.object == nil ? .none : $0 }
        if let property = schema["properties"]?[member.key] ?? additional {
          found += problems(member.value, property, path + [member.key])
        }
      }
    case .array(let elements):
      guard let items = schema["items"] else { break }
      for (index, element) in elements.enumerated() {
        found += problems(element, items, path + ["[\(index)]"])
      }
    default: break
    }
    return found
  }

  private func typeProblem(_ value: JSONValue, _ schema: JSONValue, _ field: String)
    -> FieldProblem?
  {
    if schema["x-kubernetes-int-or-string"]?.bool == true { return nil }
    guard let wanted = schema["type"]?.string else { return nil }
    let actual: String
    switch value {
    case .object: actual = "object"
    case .array: actual = "array"
    case .string: actual = "string"
    case .bool: actual = "boolean"
    case .null: actual = "null"
    case .number(let number):
      actual = number.int64 == nil && wanted != "integer" ? "number" : Self.numberType(number)
    }
    if actual == wanted || (actual == "integer" && wanted == "number") { return nil }
    return FieldProblem(
      reason: .typeInvalid,
      field: field,
      detail:
        "Invalid value: \"\(actual)\": \(field) in body must be of type \(wanted): \"\(actual)\""
    )
  }

  private static func numberType(_ number: JSONNumber) -> String {
    if number.int64 != nil { return "integer" }
    guard let double = number.double, double == double.rounded() else { return "number" }
    return "integer"
  }

  private func valueProblems(
    _ value: JSONValue,
    _ schema: JSONValue,
    _ field: String
  ) -> [FieldProblem] {
    var found: [FieldProblem] = []
    if let allowed = schema["enum"]?.array, !allowed.contains(value) {
      let names = allowed.map { $0.text() }.joined(separator: ", ")
      found.append(
        FieldProblem(
          reason: .unsupported,
          field: field,
          detail: "Unsupported value: \(value.text()): supported values: \(names)"
        )
      )
    }
    if case .number(let number) = value, let double = number.double {
      if case .number(let minimum)? = schema["minimum"], let bound = minimum.double, double < bound
      {
        found.append(
          .invalid(
            field,
            number.text,
            "\(field) in body should be greater than or equal to \(minimum.text)"
          )
        )
      }
      if case .number(let maximum)? = schema["maximum"], let bound = maximum.double, double > bound
      {
        found.append(
          .invalid(
            field,
            number.text,
            "\(field) in body should be less than or equal to \(maximum.text)"
          )
        )
      }
    }
    if let text = value.string, let limit = schema["maxLength"]?.int64, text.count > limit {
      found.append(
        FieldProblem(
          reason: .invalid,
          field: field,
          detail: "Too long: may not be more than \(limit) bytes"
        )
      )
    }
    return found
  }
}
