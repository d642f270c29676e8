// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// A JSON object with typed access to some of its members.
///
/// The object itself is what is kept, so that members of a newer Velero survive being read and written. Absent,
/// `null` and wrongly typed members read as nil or as empty; writing nil, or an empty list or map, removes
/// the member, as Go's `omitempty` does.
public protocol JSONRecord: Sendable, Hashable {
  /// The object.
  var json: JSONValue { get set }

  /// The object as Go writes it: the members in the order of the struct, with those that are always there.
  var ordered: JSONValue { get }

  /// Takes an object as it is.
  init(json: JSONValue)
}

extension JSONRecord {
  /// The object with its members in the order they have.
  public var ordered: JSONValue { json }
}

extension JSONRecord {
  func text(_ key: String) -> String? { json[key]?.string }

  mutating func set(_ key: String, _ text: String?) {
    json[key] = text.flatMap { $0.isEmpty ? nil : .string($0) }
  }

  func flag(_ key: String) -> Bool? { json[key]?.bool }

  mutating func set(_ key: String, _ flag: Bool?) { json[key] = flag.map { .bool($0) } }

  func number(_ key: String) -> Int { json[key]?.int64.map { Int($0) } ?? 0 }

  mutating func set(_ key: String, _ number: Int) {
    json[key] = number == 0 ? nil : .number(JSONNumber(number))
  }

  func texts(_ key: String) -> [String] { json[key]?.array?.compactMap(\.string) ?? [] }

  mutating func set(_ key: String, _ texts: [String]) {
    json[key] = texts.isEmpty ? nil : .array(texts.map { .string($0) })
  }

  func map(_ key: String) -> [String: String] {
    (json[key]?.object?.dictionary ?? [:]).compactMapValues(\.string)
  }

  mutating func set(_ key: String, _ map: [String: String]) {
    json[key] = map.isEmpty ? nil : .object(JSONObject(sorting: map.mapValues { .string($0) }))
  }

  func time(_ key: String) -> Timestamp? { text(key).flatMap { Timestamp(rfc3339: $0) } }

  /// Kubernetes' times have whole seconds.
  mutating func set(_ key: String, _ time: Timestamp?) {
    json[key] = time.map { .string($0.truncatedToSeconds.description) }
  }

  func duration(_ key: String) -> GoDuration { text(key).flatMap { GoDuration($0) } ?? .zero }

  mutating func set(_ key: String, duration: GoDuration) {
    json[key] = .string(duration.description)
  }

  func records<Record: JSONRecord>(_ key: String) -> [Record] {
    json[key]?.array?.map { Record(json: $0) } ?? []
  }
}

extension GoDuration {
  static let zero = GoDuration(nanoseconds: 0)
}

extension JSONObject {
  /// An object with its members in the order of their keys' bytes, as Go writes maps.
  init(sorting map: [String: JSONValue]) {
    let keys = map.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.init(keys.map { Member(key: $0, value: map[$0] ?? .null) })
  }
}
