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

  fileprivate let parser: OpaquePointer

  /// A member that a reader does not read, wherever it finds it.
  public struct Member: Sendable {
    /// The key of the object that the member is in; empty for the document itself.
    public var parent: StaticString
    /// The member's key.
    public var key: StaticString

    /// Names a member.
    public init(_ key: StaticString, in parent: StaticString) {
      self.parent = parent
      self.key = key
    }
  }

  /// Makes a reader with empty buffers.
  ///
  /// - Parameters:
  ///   - skipped: Members that views are to be without; their values are not checked.
  ///   - unread: Members whose objects and arrays are to stay the text they are; they are not checked either, until they
  ///     are read. With `skipped` at most 32.
  public init(skipping skipped: [Member] = [], leaving unread: [Member] = []) {
    guard let parser = binnacle_json_parser_new() else {
      preconditionFailure("out of memory for a JSON parser")
    }
    self.parser = parser
    for member in skipped { add(BINNACLE_JSON_SKIP, member) }
    for member in unread { add(BINNACLE_JSON_LEAVE, member) }
  }

  deinit { binnacle_json_parser_free(parser) }

  private func add(_ rule: binnacle_json_rule, _ member: Member) {
    let (parent, key) = (member.parent, member.key)
    let isTaken = parent.utf8Start.withMemoryRebound(
      to: CChar.self,
      capacity: parent.utf8CodeUnitCount
    ) { parentText in
      key.utf8Start.withMemoryRebound(to: CChar.self, capacity: key.utf8CodeUnitCount) { keyText in
        binnacle_json_parser_add_rule(
          parser,
          rule,
          parentText,
          parent.utf8CodeUnitCount,
          keyText,
          key.utf8CodeUnitCount
        )
      }
    }
    precondition(isTaken, "a reader has at most 32 members that it does not read")
  }

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
    // No address stands for what was appended.
    guard bytes.baseAddress != nil else {
      throw JSONError(message: "the document is empty", offset: 0)
    }
    return try body(Self.view(bytes, with: parser))
  }

  /// Adds bytes to a document that comes in pieces, and that `finish` reads.
  public func append(_ bytes: [UInt8]) {
    let isTaken = bytes.withUnsafeBytes {
      binnacle_json_append(parser, $0.baseAddress, $0.count)
    }
    precondition(isTaken, "out of memory for a JSON document")
  }

  /// Forgets what was appended, for a document that does not come whole.
  public func discard() { binnacle_json_clear(parser) }

  /// Reads the document that was appended and gives a view of it.
  ///
  /// For views that are looked at between other tasks' turns; where one look is enough, `read` ends it by itself.
  ///
  /// - Returns: The view, good until the reader reads or appends again, and as long as it lives.
  /// - Throws: `JSONError` when what was appended is no JSON document.
  public func finish() throws(JSONError) -> JSONView {
    try Self.view(UnsafeRawBufferPointer(start: nil, count: 0), with: parser)
  }

  fileprivate static func view(
    _ bytes: UnsafeRawBufferPointer,
    with parser: OpaquePointer
  ) throws(JSONError) -> JSONView {
    var tokens: UnsafePointer<binnacle_json_token>?
    var count = 0
    var offset = 0
    let message = binnacle_json_parse(
      parser,
      bytes.baseAddress,
      bytes.count,
      depthLimit,
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
    return JSONView(tokens, 0, parser)
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
  private let parser: OpaquePointer

  fileprivate init(
    _ tokens: UnsafePointer<binnacle_json_token>,
    _ index: Int,
    _ parser: OpaquePointer
  ) {
    self.tokens = tokens
    self.index = index
    self.parser = parser
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

  /// The text of an object or array that the reader was to leave unread, or nil for another kind.
  ///
  /// Valid as long as the view; the view has no members or elements until `readText`.
  public var unreadText: UnsafeRawBufferPointer? {
    guard kind == Int(BINNACLE_JSON_UNREAD.rawValue) else { return nil }
    return UnsafeRawBufferPointer(start: tokens[index].text, count: Int(tokens[index].length))
  }

  /// Reads what was left unread, and passes a view of it to `body`, which must not read another such text meanwhile.
  ///
  /// - Parameter body: Called once; the view must not leave it. Called with this view when nothing was left unread.
  /// - Returns: What `body` returns.
  /// - Throws: `JSONError` when the text is no JSON; what `body` throws.
  public func readText<Result>(_ body: (JSONView) throws -> Result) throws -> Result {
    guard let text = unreadText else { return try body(self) }
    guard let nested = binnacle_json_parser_nested(parser) else {
      preconditionFailure("out of memory for a JSON parser")
    }
    return try body(JSONReader.view(text, with: nested))
  }

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
      try body(key, JSONView(tokens, at + 1, parser))
      at = Int(tokens[at + 1].next)
    }
  }

  /// Calls `body` with each element of an array in order; does nothing for other kinds.
  public func forEachElement(_ body: (JSONView) throws -> Void) rethrows {
    guard isArray else { return }
    var at = index + 1
    let end = Int(tokens[index].next)
    while at < end {
      try body(JSONView(tokens, at, parser))
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
      if matches(key) { return JSONView(tokens, at + 1, parser) }
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
