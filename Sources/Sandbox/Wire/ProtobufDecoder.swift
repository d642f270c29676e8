// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Reads the protocol buffers that some clients send in place of JSON, for the kinds in `ProtobufSchema`.
///
/// A body is the four bytes `k8s\0` and a message: field 1 the type (1 apiVersion, 2 kind), field 2 the object's
/// own message. Source: "Protobuf encoding" in the Kubernetes API concepts.
struct ProtobufDecoder {
  static let mediaType = "application/vnd.kubernetes.protobuf"
  private static let magic: [UInt8] = [0x6B, 0x38, 0x73, 0]

  /// The object as JSON; nil for kinds and fields that the schema does not have, and for what is no such body.
  static func object(_ body: [UInt8]) -> JSONValue? {
    guard body.starts(with: magic) else { return nil }
    var apiVersion = ""
    var kind = ""
    var raw: ArraySlice<UInt8> = []
    guard let fields = fields(body.dropFirst(magic.count)) else { return nil }
    for field in fields {
      switch field.number {
      case 1:
        for part in Self.fields(field.bytes) ?? [] {
          let text = String(decoding: part.bytes, as: UTF8.self)
          if part.number == 1 { apiVersion = text } else if part.number == 2 { kind = text }
        }
      case 2: raw = field.bytes
      default: break
      }
    }
    guard let value = message(raw, kind), case .object(let members) = value else { return nil }
    var object: JSONValue = ["apiVersion": .string(apiVersion), "kind": .string(kind)]
    for member in members.members { object[member.key] = member.value }
    return object
  }

  private struct Field {
    var number: Int
    var integer: Int64 = 0
    var bytes: ArraySlice<UInt8> = []
  }

  private static func message(_ bytes: ArraySlice<UInt8>, _ name: String) -> JSONValue? {
    guard let schema = ProtobufSchema.messages[name], let fields = fields(bytes) else { return nil }
    var object: JSONValue = [:]
    for field in fields {
      guard let entry = schema[field.number] else { return nil }
      guard add(field, entry, to: &object) else { return nil }
    }
    return object
  }

  /// Puts a field into the object; values that say nothing are left out, as in JSON.
  private static func add(
    _ field: Field,
    _ entry: ProtobufSchema.Field,
    to object: inout JSONValue
  ) -> Bool {
    switch entry.shape {
    case .single:
      guard let value = value(field, entry.type) else { return false }
      if entry.keepsZero || !isZero(value) { object[entry.name] = value }
    case .repeated:
      guard let value = value(field, entry.type) else { return false }
      object[entry.name] = .array((object[entry.name]?.array ?? []) + [value])
    case .map:
      guard let pair = fields(field.bytes), let key = pair.first(where: { $0.number == 1 }) else {
        return false
      }
      let content = pair.first { $0.number == 2 } ?? Field(number: 2)
      guard let value = value(content, entry.type) else { return false }
      var map = object[entry.name] ?? [:]
      map[String(decoding: key.bytes, as: UTF8.self)] = value
      object[entry.name] = map
    }
    return true
  }

  private static func value(_ field: Field, _ type: String) -> JSONValue? {
    switch type {
    case "string": return .string(String(decoding: field.bytes, as: UTF8.self))
    case "bytes": return .string(Base64.encode(Array(field.bytes)))
    case "int": return .number(JSONNumber(field.integer))
    case "bool": return .bool(field.integer != 0)
    case "Time":
      guard let parts = fields(field.bytes) else { return nil }
      guard let seconds = parts.first(where: { $0.number == 1 })?.integer, seconds > 0 else {
        return [:]
      }
      return .string(Timestamp(seconds: seconds).description)
    case "Quantity":
      let text = fields(field.bytes)?.first { $0.number == 1 }
      return text.map { .string(String(decoding: $0.bytes, as: UTF8.self)) }
    case "IntOrString":
      guard let parts = fields(field.bytes) else { return nil }
      let isText = parts.first { $0.number == 1 }?.integer == 1
      guard let part = parts.first(where: { $0.number == (isText ? 3 : 2) }) else { return 0 }
      return isText
        ? .string(String(decoding: part.bytes, as: UTF8.self)) : .number(JSONNumber(part.integer))
    default: return message(field.bytes, type)
    }
  }

  private static func isZero(_ value: JSONValue) -> Bool {
    switch value {
    case .string(let text): text.isEmpty
    case .number(let number): number.int64 == 0
    case .bool(let flag): !flag
    case .object(let object): object.isEmpty
    default: false
    }
  }

  /// The fields of a message; nil when the bytes are none.
  private static func fields(_ bytes: ArraySlice<UInt8>) -> [Field]? {
    var fields: [Field] = []
    var rest = bytes
    while !rest.isEmpty {
      guard let tag = variable(&rest) else { return nil }
      var field = Field(number: Int(tag >> 3))
      switch tag & 7 {
      case 0:
        guard let value = variable(&rest) else { return nil }
        field.integer = Int64(bitPattern: value)
      case 2:
        guard let length = variable(&rest), length <= UInt64(rest.count) else { return nil }
        field.bytes = rest.prefix(Int(length))
        rest = rest.dropFirst(Int(length))
      default: return nil
      }
      fields.append(field)
    }
    return fields
  }

  /// A number in groups of seven bits.
  private static func variable(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
    }
    return nil
  }
}
