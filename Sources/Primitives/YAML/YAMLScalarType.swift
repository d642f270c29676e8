// SPDX-License-Identifier: Apache-2.0

/// What a scalar is, as Kubernetes' tools read it: YAML 1.1's booleans and octal numbers, no base 60.
///
/// Source: the YAML reader under kubectl (sigs.k8s.io/yaml, goyaml.v2, resolve.go).
enum YAMLScalarType: Sendable, Hashable {
  case null
  case bool(Bool)
  /// A number with its text in JSON's grammar.
  case number(JSONNumber)
  /// Infinity and "not a number", which JSON does not have.
  case notANumber
  case string

  /// The prefix of the tags of YAML's own types.
  static let tagPrefix = "tag:yaml.org,2002:"

  /// Reads what stood without quotes.
  init(plain text: String) {
    switch text {
    case "", "~", "null", "Null", "NULL": self = .null
    case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON":
      self = .bool(true)
    case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
      self = .bool(false)
    case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
      "-.Inf", "-.INF":
      self = .notANumber
    default:
      self = Self.number(text).map(Self.number) ?? .string
    }
  }

  /// Reads a scalar with a tag; nil when the text is not what the tag says.
  ///
  /// Tags that YAML does not define make strings.
  init?(text: String, tag: String) {
    guard tag.hasPrefix(Self.tagPrefix) else {
      self = .string
      return
    }
    let plain = Self(plain: text)
    switch (tag.dropFirst(Self.tagPrefix.count), plain) {
    case ("null", .null), ("bool", .bool), ("int", .number), ("float", .number),
      ("float", .notANumber):
      self = plain
    case ("null", _), ("bool", _), ("int", _), ("float", _): return nil
    default: self = .string
    }
  }

  /// Whether text without quotes would be read back as something else than that text.
  static func needsQuotes(_ text: String) -> Bool {
    text == "<<" || text == "=" || Self(plain: text) != .string || looksLikeTimestamp(text)
      || looksLikeBase60(text)
  }
}

extension YAMLScalarType {
  /// A number in one of YAML 1.1's forms, rewritten in JSON's grammar where it differs.
  private static func number(_ text: String) -> JSONNumber? {
    guard let first = text.utf8.first else { return nil }
    switch first {
    case UInt8(ascii: "."): return decimal(text)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"):
      let digits = text.filter { $0 != "_" }
      return integer(digits) ?? decimal(digits)
    default: return nil
    }
  }

  /// An integer with Go's prefixes: `0x`, `0o`, `0b`, and a leading zero for octal.
  private static func integer(_ text: String) -> JSONNumber? {
    var digits = text[...]
    var sign = ""
    if let first = digits.first, first == "-" || first == "+" {
      digits = digits.dropFirst()
      if first == "-" { sign = "-" }
    }
    guard digits.first?.isNumber == true else { return nil }
    var radix = 10
    if digits.hasPrefix("0"), digits.count > 1 {
      let prefix = digits.prefix(2).lowercased()
      radix = prefix == "0x" ? 16 : prefix == "0b" ? 2 : 8
      digits = digits.dropFirst(prefix == "0x" || prefix == "0b" || prefix == "0o" ? 2 : 1)
      guard digits.first != "+", digits.first != "-" else { return nil }
    }
    guard let value = UInt64(digits, radix: radix) else { return nil }
    return JSONNumber(text: value == 0 ? "0" : sign + String(value))
  }

  /// A number with decimal digits, an optional fraction and an optional exponent.
  private static func decimal(_ text: String) -> JSONNumber? {
    var rest = text.utf8[...]
    func digits() -> Substring.UTF8View {
      let run = rest.prefix(while: { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
      rest = rest.dropFirst(run.count)
      return run
    }
    func skip(_ characters: UInt8...) -> UInt8? {
      guard let first = rest.first, characters.contains(first) else { return nil }
      rest = rest.dropFirst()
      return first
    }
    let isNegative = skip(UInt8(ascii: "-"), UInt8(ascii: "+")) == UInt8(ascii: "-")
    let wholeDigits = digits()
    let whole = wholeDigits.drop(while: { $0 == UInt8(ascii: "0") })
    let fraction = skip(UInt8(ascii: ".")) != nil ? digits() : Substring("").utf8
    guard !wholeDigits.isEmpty || !fraction.isEmpty else { return nil }
    var exponent = ""
    if skip(UInt8(ascii: "e"), UInt8(ascii: "E")) != nil {
      let isSmall = skip(UInt8(ascii: "-"), UInt8(ascii: "+")) == UInt8(ascii: "-")
      let power = digits()
      guard !power.isEmpty else { return nil }
      exponent = "e" + (isSmall ? "-" : "") + String(Substring(power))
    }
    guard rest.isEmpty else { return nil }
    if let asWritten = JSONNumber(text: text) { return asWritten }
    return JSONNumber(
      text: (isNegative ? "-" : "") + (whole.isEmpty ? "0" : String(Substring(whole)))
        + (fraction.isEmpty ? "" : "." + String(Substring(fraction))) + exponent
    )
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Whether a YAML 1.1 reader could take the text for a date: `2026-01-02`, with or without a time.
  private static func looksLikeTimestamp(_ text: String) -> Bool {
    let bytes = Array(text.utf8.prefix(6))
    return bytes.count == 6 && bytes[..<4].allSatisfy(isDigit) && bytes[4] == UInt8(ascii: "-")
      && isDigit(bytes[5])
      && text.utf8.allSatisfy { isDigit($0) || "-:.TtZz+ ".utf8.contains($0) }
  }

  /// Whether a YAML 1.1 reader could take the text for a number of base 60: `1:30`, `-12:05:07.5`.
  private static func looksLikeBase60(_ text: String) -> Bool {
    text.contains(":") && text.utf8.allSatisfy { isDigit($0) || "-+:._".utf8.contains($0) }
  }
}
