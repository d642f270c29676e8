// SPDX-License-Identifier: Apache-2.0

internal import Primitives
public import Velero

extension RestoreOptions {
  /// The annotation of a restore's record that holds the options, as JSON; absent for the default.
  public static let annotation = "binnacle.io/restore-options"
  /// The annotation that holds resource modifiers that came from a file and not from a ConfigMap, as YAML.
  public static let modifiersAnnotation = "binnacle.io/resource-modifiers"
  /// The most bytes of resource modifiers out of a file: half of what all annotations of an object may have.
  public static let modifiersLimitBytes = 128 << 10

  /// The options as annotations of a record; none for the default.
  public var annotations: [String: String] {
    let json = json
    return json == [:] ? [:] : [Self.annotation: json.text()]
  }

  /// Reads the options out of a record's annotations.
  ///
  /// - Parameter annotations: Those of the Restore.
  /// - Throws: `EngineError` `.invalid`, naming what is not as it has to be: to restore with other options than those that were
  ///   asked for could do harm, so unknown members count as well.
  public init(annotations: [String: String]) throws {
    self.init()
    guard let text = annotations[Self.annotation] else { return }
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: text)
    } catch {
      throw OptionReader.wrong("it is no JSON: \(error)")
    }
    try read(OptionReader(json, at: ""))
  }

  /// The resource modifiers that a record holds itself.
  ///
  /// - Parameter annotations: Those of the Restore.
  /// - Returns: The modifiers; nil when there are none.
  /// - Throws: `VeleroError` `.invalid` for modifiers that Velero would refuse.
  public static func modifiers(in annotations: [String: String]) throws -> ResourceModifiers? {
    try annotations[modifiersAnnotation].map {
      try ResourceModifiers(yaml: $0, source: "the annotation '\(modifiersAnnotation)'")
    }
  }

  private var json: JSONValue {
    var json: JSONValue = [:]
    if !objects.isEmpty { json["objects"] = .array(objects.map { .string($0) }) }
    if takesDependencies { json["withDependencies"] = true }
    if recreates { json["recreate"] = true }
    if keepsOwners { json["keepOwners"] = true }
    if !maps.images.isEmpty {
      json["images"] = .array(
        maps.images.map { ["old": .string($0.old), "new": .string($0.new)] }
      )
    }
    if !maps.storageClasses.isEmpty { json["storageClasses"] = Self.sorted(maps.storageClasses) }
    if !maps.nodeLabels.isEmpty { json["nodeLabels"] = Self.sorted(maps.nodeLabels) }
    if let order {
      json["order"] = [
        "high": .array(order.high.map { .string($0) }),
        "low": .array(order.low.map { .string($0) }),
      ]
    }
    return json
  }

  private static func sorted(_ map: [String: String]) -> JSONValue {
    .object(
      JSONObject(
        map.sorted { $0.key < $1.key }
          .map { JSONObject.Member(key: $0.key, value: .string($0.value)) }
      )
    )
  }

  private mutating func read(_ reader: OptionReader) throws(EngineError) {
    try reader.refuseUnknown([
      "objects", "withDependencies", "recreate", "keepOwners", "images", "storageClasses",
      "nodeLabels", "order",
    ])
    objects = try reader.texts("objects")
    for object in objects where ObjectAddress(parsing: object) == nil {
      throw OptionReader.wrong("'objects' has '\(object)', which names no object")
    }
    takesDependencies = try reader.truth("withDependencies")
    recreates = try reader.truth("recreate")
    keepsOwners = try reader.truth("keepOwners")
    for image in try reader.parts("images") {
      try image.refuseUnknown(["old", "new"])
      let rule = RestoreMaps.ImageRule(old: try image.text("old"), new: try image.text("new"))
      guard !rule.old.isEmpty else { throw OptionReader.wrong("'\(image.place)old' is empty") }
      maps.images.append(rule)
    }
    maps.storageClasses = try reader.map("storageClasses")
    maps.nodeLabels = try reader.map("nodeLabels")
    if let part = try reader.part("order") {
      try part.refuseUnknown(["high", "low"])
      order = RestoreOrder(high: try part.texts("high"), low: try part.texts("low"))
    }
  }
}

/// Reads the members of an object, each of which is of one type or absent.
private struct OptionReader {
  private let members: JSONObject
  /// What stands before the names of members in messages.
  let place: String

  init(_ json: JSONValue, at place: String) throws(EngineError) {
    guard let members = json.object else {
      throw Self.wrong(place.isEmpty ? "it is no object" : "'\(place.dropLast())' is no object")
    }
    self.members = members
    self.place = place
  }

  static func wrong(_ reason: String) -> EngineError {
    EngineError(
      .invalid,
      "cannot read the annotation '\(RestoreOptions.annotation)': \(reason)",
      hint: "it was changed, or written by a newer binnacle; make the restore anew with its flags"
    )
  }

  func refuseUnknown(_ known: Set<String>) throws(EngineError) {
    guard let other = members.members.first(where: { !known.contains($0.key) }) else { return }
    throw Self.wrong("'\(place)\(other.key)' is not known")
  }

  func text(_ key: String) throws(EngineError) -> String {
    guard let text = try value(key, "text", \.string) else {
      throw Self.wrong("'\(place)\(key)' is missing")
    }
    return text
  }

  func truth(_ key: String) throws(EngineError) -> Bool {
    try value(key, "truth value", \.bool) ?? false
  }

  func texts(_ key: String) throws(EngineError) -> [String] {
    let list = try value(key, "list of texts", \.array) ?? []
    let texts = list.compactMap(\.string)
    guard texts.count == list.count else { throw wrongType(key, "list of texts") }
    return texts
  }

  func map(_ key: String) throws(EngineError) -> [String: String] {
    let map = try value(key, "map of texts", \.object)?.dictionary ?? [:]
    let texts = map.compactMapValues(\.string)
    guard texts.count == map.count else { throw wrongType(key, "map of texts") }
    return texts
  }

  func part(_ key: String) throws(EngineError) -> OptionReader? {
    guard let json = members[key], !json.isNull else { return nil }
    return try OptionReader(json, at: "\(place)\(key).")
  }

  func parts(_ key: String) throws(EngineError) -> [OptionReader] {
    var parts: [OptionReader] = []
    for (index, json) in (try value(key, "list", \.array) ?? []).enumerated() {
      parts.append(try OptionReader(json, at: "\(place)\(key)[\(index)]."))
    }
    return parts
  }

  private func value<Value>(
    _ key: String,
    _ type: String,
    _ read: (JSONValue) -> Value?
  ) throws(EngineError) -> Value? {
    guard let json = members[key], !json.isNull else { return nil }
    guard let value = read(json) else { throw wrongType(key, type) }
    return value
  }

  private func wrongType(_ key: String, _ type: String) -> EngineError {
    Self.wrong("'\(place)\(key)' is no \(type)")
  }
}
