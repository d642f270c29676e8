// SPDX-License-Identifier: Apache-2.0

extension YAMLDocument {
  /// The document as JSON, typed as kubectl types it.
  ///
  /// - Throws: `YAMLError` where YAML has what JSON has not: `.nan`, a list as a key, a tag its text does not fit.
  public func jsonValue() throws(YAMLError) -> JSONValue { try root.jsonValue() }
}

extension YAMLNode {
  /// The node as JSON: quoted text stays text, plain text is typed by its looks, merge keys are resolved.
  ///
  /// Of repeated keys the last value counts. Numbers and truth values as keys become their text.
  ///
  /// - Throws: `YAMLError` where YAML has what JSON has not: `.nan`, a list as a key, a tag its text does not fit.
  public func jsonValue() throws(YAMLError) -> JSONValue {
    switch content {
    case .scalar(let text, _):
      return try scalarValue(text)
    case .sequence(let elements):
      var values: [JSONValue] = []
      values.reserveCapacity(elements.count)
      for element in elements { values.append(try element.jsonValue()) }
      return .array(values)
    case .mapping(let pairs):
      return .object(try object(pairs))
    }
  }

  private func scalarValue(_ text: String) throws(YAMLError) -> JSONValue {
    switch scalarType {
    case .null: return .null
    case .bool(let flag): return .bool(flag)
    case .number(let number): return .number(number)
    case .string:
      return .string(tag == YAMLScalarType.tagPrefix + "binary" ? try binary(text) : text)
    case .notANumber:
      throw YAMLError(message: "'\(text)' has no JSON form", mark: mark)
    case nil:
      let name = tag?.dropFirst(YAMLScalarType.tagPrefix.count) ?? "?"
      throw YAMLError(message: "'\(text)' does not fit its tag '!!\(name)'", mark: mark)
    }
  }

  private func binary(_ text: String) throws(YAMLError) -> String {
    guard let bytes = Base64.decode(text), let decoded = String(validating: bytes, as: UTF8.self)
    else {
      throw YAMLError(message: "the '!!binary' value is no base64 of UTF-8 text", mark: mark)
    }
    return decoded
  }

  private func object(_ pairs: [Pair]) throws(YAMLError) -> JSONObject {
    var members: [JSONObject.Member] = []
    members.reserveCapacity(pairs.count)
    // Merged members come first, so that the mapping's own override them.
    for pair in pairs where pair.key.isMergeKey {
      members.append(contentsOf: try pair.value.mergedMembers())
    }
    for pair in pairs where !pair.key.isMergeKey {
      members.append(
        JSONObject.Member(key: try pair.key.keyText(), value: try pair.value.jsonValue())
      )
    }
    return JSONObject(members)
  }

  private var isMergeKey: Bool {
    if case .scalar("<<", isPlain: true) = content { tag == nil } else { false }
  }

  /// The members that a `<<` brings in: of one mapping, or of a list of which earlier ones win.
  private func mergedMembers() throws(YAMLError) -> [JSONObject.Member] {
    switch content {
    case .mapping(let pairs):
      return try object(pairs).members
    case .sequence(let elements):
      var members: [JSONObject.Member] = []
      for element in elements.reversed() {
        guard let pairs = element.pairs else { break }
        members.append(contentsOf: try object(pairs).members)
      }
      if elements.allSatisfy({ $0.pairs != nil }) { return members }
    case .scalar: break
    }
    throw YAMLError(message: "'<<' needs a mapping or a list of mappings", mark: mark)
  }

  private func keyText() throws(YAMLError) -> String {
    switch try jsonValue() {
    case .string(let text): return text
    case .bool(let flag): return flag ? "true" : "false"
    case .number(let number): return number.text
    case .null: return "null"
    case .array, .object:
      throw YAMLError(message: "a key has to be a text, not a list or mapping", mark: mark)
    }
  }
}
