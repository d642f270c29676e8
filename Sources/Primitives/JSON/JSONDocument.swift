// SPDX-License-Identifier: Apache-2.0

internal import CSimdJSON

/// Why some bytes are no JSON.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, in simdjson's words.
  public var message: String
  /// About where, in bytes from the start.
  public var offset: Int

  /// Makes an error.
  public init(message: String, offset: Int) {
    self.message = message
    self.offset = offset
  }

  /// The message with its place.
  public var description: String { "not valid JSON at byte \(offset): \(message)" }
}

/// Reads JSON documents one after the other, with buffers that are used again.
///
/// For items by the hundred thousand: `read` gives a view of the document that costs no allocation per value.
/// One task at a time may use a reader. simdjson does the work (On-Demand, UTF-8 checked, depth limited).
public final class JSONReader {
  /// The deepest nesting that is read; Go's decoder stops at 10,000, Kubernetes' objects at about 40.
  public static let depthLimit: UInt32 = 512

  private let parser: OpaquePointer

  /// Makes a reader with empty buffers.
  public init() {
    guard let parser = binnacle_json_parser_new() else {
      preconditionFailure("out of memory for a JSON parser")
    }
    self.parser = parser
  }

  deinit { binnacle_json_parser_free(parser) }

  /// Reads one whole document and passes a view of it to `body`.
  ///
  /// - Parameters:
  ///   - bytes: One JSON document with optional white space around it, at most 4 GiB.
  ///   - body: Called once; the view must not leave it.
  /// - Returns: What `body` returns.
  /// - Throws: `JSONError` when the bytes are no JSON document; what `body` throws.
  public func read<Result>(
    _ bytes: UnsafeRawBufferPointer,
    _ body: (JSONView) throws -> Result
  ) throws -> Result {
    var tokens: UnsafePointer<binnacle_json_token>?
    var count = 0
    var offset = 0
    let message = binnacle_json_parse(
      parser,
      bytes.baseAddress,
      bytes.count,
      Self.depthLimit,
      &tokens,
      &count,
      &offset
    )
    if let message {
      throw JSONError(message: String(cString: message), offset: offset)
    }
    guard let tokens, count > 0 else {
      throw JSONError(message: "the document is empty", offset: 0)
    }
    return try body(JSONView(tokens: tokens, index: 0))
  }

  /// Reads one whole document from an array of bytes and passes a view of it to `body`.
  public func read<Result>(_ bytes: [UInt8], _ body: (JSONView) throws -> Result) throws -> Result {
    try bytes.withUnsafeBytes { try read($0, body) }
  }
}

/// A value inside a document that a `JSONReader` holds; valid only inside the closure it was passed to.
public struct JSONView {
  private let tokens: UnsafePointer<binnacle_json_token>
  private let index: Int

  init(tokens: UnsafeRawPointer, index: Int) {
    self.tokens = tokens.assumingMemoryBound(to: binnacle_json_token.self)
    self.index = index
  }

  private init(_ tokens: UnsafePointer<binnacle_json_token>, _ index: Int) {
    self.tokens = tokens
    self.index = index
  }

  private var kind: Int { Int(tokens[index].kind) }

  /// The unescaped UTF-8 of a string, or nil for another kind; valid as long as the view.
  public var utf8: UnsafeRawBufferPointer? {
    guard kind == Int(BINNACLE_JSON_STRING.rawValue) else { return nil }
    return UnsafeRawBufferPointer(start: tokens[index].text, count: Int(tokens[index].length))
  }

  /// The text of a string, or nil for another kind.
  public var string: String? {
    utf8.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The truth value, or nil for another kind.
  public var bool: Bool? {
    switch kind {
    case Int(BINNACLE_JSON_TRUE.rawValue): true
    case Int(BINNACLE_JSON_FALSE.rawValue): false
    default: nil
    }
  }

  /// Whether the value is `null`.
  public var isNull: Bool { kind == Int(BINNACLE_JSON_NULL.rawValue) }

  /// Whether the value is an object.
  public var isObject: Bool { kind == Int(BINNACLE_JSON_OBJECT.rawValue) }

  /// Whether the value is an array.
  public var isArray: Bool { kind == Int(BINNACLE_JSON_ARRAY.rawValue) }

  /// The number of elements or members; 0 for other kinds.
  public var count: Int { isArray || isObject ? Int(tokens[index].length) : 0 }

  /// The member called `key`, or nil when this is no object or has none; of repeated keys the first.
  public subscript(key: StaticString) -> JSONView? {
    let name = UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
    return firstMember { $0.elementsEqual(name) }
  }

  /// The member called `key`, or nil when this is no object or has none; of repeated keys the first.
  public subscript(dynamic key: String) -> JSONView? {
    firstMember { $0.elementsEqual(key.utf8) }
  }

  /// Calls `body` with each member of an object in order; does nothing for other kinds.
  public func forEachMember(_ body: (_ key: UnsafeRawBufferPointer, JSONView) throws -> Void)
    rethrows
  {
    guard isObject else { return }
    var at = index + 1
    let end = Int(tokens[index].next)
    while at < end {
      let key = UnsafeRawBufferPointer(start: tokens[at].text, count: Int(tokens[at].length))
      try body(key, JSONView(tokens, at + 1))
      at = Int(tokens[at + 1].next)
    }
  }

  /// Calls `body` with each element of an array in order; does nothing for other kinds.
  public func forEachElement(_ body: (JSONView) throws -> Void) rethrows {
    guard isArray else { return }
    var at = index + 1
    let end = Int(tokens[index].next)
    while at < end {
      try body(JSONView(tokens, at))
      at = Int(tokens[at].next)
    }
  }

  /// A copy that lives on its own.
  public var value: JSONValue {
    switch kind {
    case Int(BINNACLE_JSON_TRUE.rawValue): return .bool(true)
    case Int(BINNACLE_JSON_FALSE.rawValue): return .bool(false)
    case Int(BINNACLE_JSON_NUMBER.rawValue): return .number(JSONNumber(checked: text))
    case Int(BINNACLE_JSON_STRING.rawValue): return .string(text)
    case Int(BINNACLE_JSON_ARRAY.rawValue):
      var elements: [JSONValue] = []
      elements.reserveCapacity(count)
      forEachElement { elements.append($0.value) }
      return .array(elements)
    case Int(BINNACLE_JSON_OBJECT.rawValue):
      var members: [JSONObject.Member] = []
      members.reserveCapacity(count)
      forEachMember { key, view in
        members.append(
          JSONObject.Member(key: String(decoding: key, as: UTF8.self), value: view.value)
        )
      }
      return .object(JSONObject(members))
    default: return .null
    }
  }

  private var text: String {
    String(
      decoding: UnsafeRawBufferPointer(start: tokens[index].text, count: Int(tokens[index].length)),
      as: UTF8.self
    )
  }

  private func firstMember(where matches: (UnsafeRawBufferPointer) -> Bool) -> JSONView? {
    guard isObject else { return nil }
    var at = index + 1
    let end = Int(tokens[index].next)
    while at < end {
      let key = UnsafeRawBufferPointer(start: tokens[at].text, count: Int(tokens[at].length))
      if matches(key) { return JSONView(tokens, at + 1) }
      at = Int(tokens[at + 1].next)
    }
    return nil
  }
}

extension JSONValue {
  /// Reads one whole JSON document.
  ///
  /// - Parameter bytes: UTF-8, with optional white space around the value, at most 4 GiB.
  /// - Throws: `JSONError` with about where it stops being JSON.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    self = try bytes.withUnsafeBufferPointer { (bytes) throws(JSONError) in
      try JSONValue(parsing: UnsafeRawBufferPointer(bytes))
    }
  }

  /// Reads one whole JSON document from memory that is not kept.
  ///
  /// - Parameter bytes: UTF-8, with optional white space around the value, at most 4 GiB.
  /// - Throws: `JSONError` with about where it stops being JSON.
  public init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
    do {
      self = try JSONReader().read(bytes) { $0.value }
    } catch let error as JSONError {
      throw error
    } catch {
      preconditionFailure("reading JSON throws nothing but JSONError: \(error)")
    }
  }

  /// Reads one whole JSON document from text.
  public init(parsing text: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8))
  }
}
