// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// In which order Go writes the members of an object: those of a struct as they are declared, those of a map sorted.
///
/// Members that are in no list keep their order, behind the others. For an array the order is that of its elements.
indirect enum FieldOrder: Sendable {
  /// A struct: its fields, with the order of what is in them where that matters.
  case fields([Field])
  /// A map of plain values.
  case map

  struct Field: Sendable {
    let name: String
    let order: FieldOrder?
    /// What is written when the field is absent; Go drops no struct and no `metav1.Time`.
    let absent: JSONValue?

    init(_ name: String, _ order: FieldOrder? = nil, absent: JSONValue? = nil) {
      self.name = name
      self.order = order
      self.absent = absent
    }
  }

  /// Fields of plain values.
  static func names(_ names: String...) -> FieldOrder { .fields(names.map { Field($0) }) }

  func applied(to value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map { applied(to: $0) })
    case .object(let object): .object(applied(to: object))
    default: value
    }
  }

  private func applied(to object: JSONObject) -> JSONObject {
    guard case .fields(let fields) = self else { return JSONObject(sorting: object.dictionary) }
    var rest = object
    var members: [JSONObject.Member] = []
    for field in fields {
      guard let value = object[field.name] ?? field.absent else { continue }
      rest[field.name] = nil
      members.append(
        JSONObject.Member(key: field.name, value: field.order?.applied(to: value) ?? value)
      )
    }
    return JSONObject(members + rest.members)
  }
}
