// SPDX-License-Identifier: Apache-2.0

/// A parsed label selector; every requirement must hold.
///
/// Source: "Labels and Selectors" in the Kubernetes documentation; the error texts as recorded.
struct LabelSelector: Sendable {
  enum Operation: Sendable {
    case exists
    case isMissing
    case isIn
    case isNotIn
    case isGreater
    case isLess
  }

  struct Requirement: Sendable {
    var key: String
    var operation: Operation
    var values: [String] = []
  }

  var requirements: [Requirement] = []

  var isEmpty: Bool { requirements.isEmpty }

  init() {}

  /// Reads `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`.
  ///
  /// - Throws: 400 with what stands where something else was expected.
  init(_ text: String) throws(APIFailure) {
    var parser = SelectorParser(text)
    requirements = try parser.requirements()
  }

  func matches(_ object: StoredObject) -> Bool {
    requirements.allSatisfy { requirement in
      let value = object.labels.first { $0.key == requirement.key }?.value
      return requirement.holds(for: value)
    }
  }
}

extension LabelSelector.Requirement {
  func holds(for value: String?) -> Bool {
    switch operation {
    case .exists: return value != nil
    case .isMissing: return value == nil
    case .isIn: return value.map(values.contains) ?? false
    case .isNotIn: return value.map { !values.contains($0) } ?? true
    case .isGreater, .isLess:
      guard let value = value.flatMap({ Int64($0) }), let bound = Int64(values[0]) else {
        return false
      }
      return operation == .isGreater ? value > bound : value < bound
    }
  }
}

/// Splits a selector into words and operators and reads requirements from them.
private struct SelectorParser {
  private var tokens: [String] = []
  private var place = 0
  private static let symbols = ["=", "==", "!=", "!", "(", ")", ",", ">", "<"]

  init(_ text: String) {
    var rest = Substring(text)
    while let first = rest.first {
      if first.isWhitespace {
        rest = rest.dropFirst()
      } else if let symbol = ["==", "!=", "=", "!", "(", ")", ",", ">", "<"].first(where: {
        rest.hasPrefix($0)
      }) {
        tokens.append(symbol)
        rest = rest.dropFirst(symbol.count)
      } else {
        let word = rest.prefix { !$0.isWhitespace && !"=!(),<>".contains($0) }
        tokens.append(String(word))
        rest = rest.dropFirst(word.count)
      }
    }
  }

  private var current: String? { place < tokens.count ? tokens[place] : nil }

  private mutating func take() -> String? {
    defer { place += 1 }
    return current
  }

  mutating func requirements() throws(APIFailure) -> [LabelSelector.Requirement] {
    var found: [LabelSelector.Requirement] = []
    guard current != nil else { return found }
    while true {
      found.append(try requirement())
      guard let separator = take() else { return found }
      guard separator == "," else { throw Self.unexpected(separator, "',' or 'end of string'") }
      guard let next = current, next != "," else {
        throw Self.unexpected(current ?? "", "identifier after ','")
      }
    }
  }

  private mutating func requirement() throws(APIFailure) -> LabelSelector.Requirement {
    if current == "!" {
      place += 1
      return LabelSelector.Requirement(key: try word(), operation: .isMissing)
    }
    let key = try word()
    switch current {
    case nil, ",": return LabelSelector.Requirement(key: key, operation: .exists)
    case "=", "==": return try single(key, .isIn)
    case "!=": return try single(key, .isNotIn)
    case ">": return try bound(key, .isGreater)
    case "<": return try bound(key, .isLess)
    case "in": return try set(key, .isIn)
    case "notin": return try set(key, .isNotIn)
    case let other?:
      throw Self.unexpected(other, "in, notin, =, ==, !=, gt, lt")
    }
  }

  private mutating func word() throws(APIFailure) -> String {
    guard let word = take(), !Self.symbols.contains(word) else {
      throw Self.unexpected(
        place > 0 && place <= tokens.count ? tokens[place - 1] : "",
        "identifier"
      )
    }
    guard LabelSyntax.isKey(word) else {
      throw Self.failure(
        "key: Invalid value: \"\(word)\": name part must consist of alphanumeric characters, '-', '_' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',"
          + "  or '123-abc', regex used for validation is"
          + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
      )
    }
    return word
  }

  private mutating func single(
    _ key: String,
    _ operation: LabelSelector.Operation
  ) throws(APIFailure) -> LabelSelector.Requirement {
    place += 1
    guard let value = current, value != "," else {
      return LabelSelector.Requirement(key: key, operation: operation, values: [""])
    }
    place += 1
    guard !Self.symbols.contains(value) else { throw Self.unexpected(value, "identifier") }
    try Self.check(value)
    return LabelSelector.Requirement(key: key, operation: operation, values: [value])
  }

  private mutating func bound(
    _ key: String,
    _ operation: LabelSelector.Operation
  ) throws(APIFailure) -> LabelSelector.Requirement {
    let requirement = try single(key, operation)
    guard Int64(requirement.values[0]) != nil else {
      throw Self.failure(
        "values[0][\(key)]: Invalid value: \"\(requirement.values[0])\": for 'Gt', 'Lt' operators, the value"
          + " must be an integer"
      )
    }
    return requirement
  }

  private mutating func set(
    _ key: String,
    _ operation: LabelSelector.Operation
  ) throws(APIFailure) -> LabelSelector.Requirement {
    place += 1
    guard take() == "(" else {
      throw Self.unexpected(place <= tokens.count ? tokens[place - 1] : "", "'('")
    }
    var values: [String] = []
    while let token = take() {
      switch token {
      case ")": return LabelSelector.Requirement(key: key, operation: operation, values: values)
      case ",": continue
      case let symbol where Self.symbols.contains(symbol):
        throw Self.unexpected(symbol, "',', ')' or identifier")
      default:
        try Self.check(token)
        values.append(token)
      }
    }
    throw Self.unexpected("", "',', ')' or identifier")
  }

  private static func check(_ value: String) throws(APIFailure) {
    guard LabelSyntax.isValue(value) else {
      throw failure(
        "values[0][]: Invalid value: \"\(value)\": a valid label must be an empty string or consist of"
          + " alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
          + " character"
      )
    }
  }

  private static func unexpected(_ found: String, _ expected: String) -> APIFailure {
    failure("found '\(found)', expected: \(expected)")
  }

  private static func failure(_ why: String) -> APIFailure {
    .badRequest("unable to parse requirement: \(why)")
  }
}

/// The syntax of label keys and values.
///
/// Source: "Labels and Selectors", "Syntax and character set".
enum LabelSyntax {
  static let nameLimit = 63
  static let prefixLimit = 253

  static func isKey(_ key: String) -> Bool {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    switch parts.count {
    case 1: return isName(parts[0])
    case 2: return NameSyntax.isSubdomain(String(parts[0])) && isName(parts[1])
    default: return false
    }
  }

  static func isValue(_ value: String) -> Bool { value.isEmpty || isName(value[...]) }

  private static func isName(_ name: Substring) -> Bool {
    guard let first = name.first, let last = name.last, name.utf8.count <= nameLimit else {
      return false
    }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && name.allSatisfy { isAlphanumeric($0) || "-_.".contains($0) }
  }

  private static func isAlphanumeric(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber)
  }
}
