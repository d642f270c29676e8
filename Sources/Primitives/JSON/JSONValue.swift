// SPDX-License-Identifier: Apache-2.0

/// A JSON value that keeps the order of members and the text of numbers.
///
/// Kubernetes objects stay in this form: a typed model would drop the fields that it does not know.
/// Equality is JSON's: the order of an object's members does not count, the order of an array's elements
/// does, and numbers are equal when they are the same number.
public enum JSONValue: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number as it was written.
  case number(JSONNumber)
  /// A string, unescaped.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object.
  case object(JSONObject)
}

extension JSONValue {
  /// The text of a string, or nil for another kind of value.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The truth value, or nil for another kind of value.
  public var bool: Bool? {
    if case .bool(let flag) = self { flag } else { nil }
  }

  /// The number as an integer; nil for other kinds and for numbers that are no `Int64`.
  public var int64: Int64? {
    if case .number(let number) = self { number.int64 } else { nil }
  }

  /// The elements, or nil for another kind of value.
  public var array: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The object, or nil for another kind of value.
  public var object: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  /// Whether the value is `null`.
  public var isNull: Bool { self == .null }

  /// The member called `key` of an object.
  ///
  /// Reading gives nil for other kinds of values. Writing nil removes the member; writing into a value that
  /// is no object makes it one, so that `value["metadata"]["labels"]` paths can be built.
  public subscript(key: String) -> JSONValue? {
    get {
      if case .object(let object) = self { object[key] } else { nil }
    }
    set {
      var object = self.object ?? JSONObject()
      // The copy in `self` is let go of first, so that the write is in place.
      self = .null
      object[key] = newValue
      self = .object(object)
    }
  }

  /// The value at the end of a path of member names, or nil where it ends early.
  public subscript(path path: String...) -> JSONValue? {
    var value = self
    for key in path {
      guard let next = value[key] else { return nil }
      value = next
    }
    return value
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  /// Makes a string.
  public init(stringLiteral value: String) { self = .string(value) }

  /// Makes a truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// Makes a number.
  public init(integerLiteral value: Int64) { self = .number(JSONNumber(value)) }

  /// Makes an array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// Makes an object with its members in the order written; a repeated key keeps its last value.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    var object = JSONObject()
    for (key, value) in elements { object[key] = value }
    self = .object(object)
  }

  /// Makes `null`.
  public init(nilLiteral: ()) { self = .null }
}

/// A JSON number, kept as its text so that nothing is lost on the way through.
public struct JSONNumber: Sendable, Hashable {
  /// The number in JSON's grammar, such as `-1`, `0.50` or `1e400`.
  public let text: String

  /// Takes a number's text; nil when it does not follow RFC 8259, section 6.
  public init?(text: String) {
    guard Self.isValid(text.utf8) else { return nil }
    self.text = text
  }

  /// Makes an integer.
  public init(_ value: some BinaryInteger) { text = String(value) }

  /// Takes text that a parser has checked.
  init(checked text: String) { self.text = text }

  /// The value when it is written as an integer that fits, otherwise nil.
  public var int64: Int64? { Int64(text) }

  /// The nearest double; nil where even that does not exist.
  public var double: Double? { Double(text) }

  /// Whether two numbers have the same value; `1`, `1.0` and `1e0` do.
  public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
    if left.text == right.text { return true }
    // Two integers that fit are compared exactly; a double would confuse neighbours above 2^53.
    if let left = left.int64, let right = right.int64 { return left == right }
    guard let left = left.double, let right = right.double, left.isFinite else { return false }
    return left == right
  }

  /// Equal numbers hash equally, however they are written.
  public func hash(into hasher: inout Hasher) {
    if let double, double.isFinite { hasher.combine(double) } else { hasher.combine(text) }
  }

  private static func isValid(_ text: String.UTF8View) -> Bool {
    var rest = text[...]
    func digits() -> Int {
      let run = rest.prefix(while: { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
      rest = rest.dropFirst(run.count)
      return run.count
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let leadingZero = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, !(leadingZero && whole > 1) else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard digits() > 0 else { return false }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
        rest = rest.dropFirst()
      }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }
}
