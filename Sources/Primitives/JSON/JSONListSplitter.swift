// SPDX-License-Identifier: Apache-2.0

/// Some whole items of a list, as the bytes that were received.
public struct JSONListChunk: Sendable {
  /// Memory that holds the items, and white space and commas between them.
  public let bytes: [UInt8]
  /// Where each item stands in `bytes`, in the list's order.
  public let ranges: [Range<Int>]

  /// Makes a chunk.
  ///
  /// - Parameters:
  ///   - bytes: Holds every range.
  ///   - ranges: One an item, ascending.
  public init(bytes: [UInt8], ranges: [Range<Int>]) {
    self.bytes = bytes
    self.ranges = ranges
  }

  /// How many items there are.
  public var count: Int { ranges.count }

  /// Calls `body` with the bytes of each item in order; they are not to leave it.
  public func forEachItem(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    try bytes.withUnsafeBytes { raw in
      for range in ranges { try body(UnsafeRawBufferPointer(rebasing: raw[range])) }
    }
  }
}

/// Cuts the items out of a Kubernetes list while it arrives, so that no page is ever held whole.
///
/// A byte state machine over `{"kind": …, "metadata": …, "items": [ITEM, ITEM, …], …}`. It follows strings, escapes
/// and nesting only: an item is an object whose brackets balance, and whether it is valid JSON is for
/// whoever reads it. What stands outside the items is kept and parsed at the end; custom resources' lists
/// carry their metadata after the items. Memory: the unfinished item and the last chunk.
public struct JSONListSplitter: Sendable {
  /// What a splitter accepts.
  public struct Limits: Sendable {
    /// The largest item; etcd takes requests of 1.5 MiB, aggregated API servers may have more.
    public var itemBytes = 32 << 20
    /// The largest rest of a list (kind, metadata and what else there is).
    public var envelopeBytes = 4 << 20

    /// The limits for lists of Kubernetes objects.
    public init() {}
  }

  private enum Mode {
    case envelope
    case beforeItem(afterComma: Bool)
    case item
    case afterItem
  }

  private let limits: Limits
  private var mode = Mode.envelope
  /// Bytes from the start of the unfinished item on; empty between items.
  private var buffer: [UInt8] = []
  private var itemStart = 0
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  private var envelope: [UInt8] = []
  private var key: [UInt8] = []
  /// Whether the string being read, or just read, is a key of the list itself and which one.
  private var awaitsItems = false
  private var hasItems = false
  /// Where in the list the buffer starts, and the next chunk if the buffer is empty.
  private var position = 0

  /// Makes a splitter for one list.
  public init(limits: Limits = Limits()) { self.limits = limits }

  /// Takes the next bytes of the list and gives the items that are whole now.
  ///
  /// - Parameter chunk: Any number of bytes, cut anywhere.
  /// - Returns: The finished items, perhaps none.
  /// - Throws: `JSONError` when this is no list of objects or a limit is passed; the splitter is of no use then.
  public mutating func consume(_ chunk: [UInt8]) throws(JSONError) -> JSONListChunk {
    let carried = buffer.count
    let bytes: [UInt8]
    if carried == 0 {
      bytes = chunk
    } else {
      buffer.append(contentsOf: chunk)
      bytes = buffer
      buffer = []
    }
    var ranges: [Range<Int>] = []
    do {
      try bytes.withUnsafeBufferPointer { try scan($0, from: carried, into: &ranges) }
    } catch let error as JSONError {
      throw error
    } catch {
      preconditionFailure("scanning throws nothing but JSONError: \(error)")
    }
    try carry(bytes)
    return JSONListChunk(bytes: bytes, ranges: ranges)
  }

  /// Keeps the bytes of an unfinished item for the next chunk.
  private mutating func carry(_ bytes: [UInt8]) throws(JSONError) {
    guard case .item = mode else {
      position += bytes.count
      return
    }
    guard bytes.count - itemStart <= limits.itemBytes else {
      throw failure("an item is larger than \(limits.itemBytes) bytes", bytes.count)
    }
    buffer = Array(bytes[itemStart...])
    position += itemStart
    itemStart = 0
  }

  /// Ends the list and gives what stands outside its items.
  ///
  /// - Returns: The list with an empty `items`.
  /// - Throws: `JSONError` when the list is cut short or its outside is no JSON object.
  public mutating func finish() throws(JSONError) -> JSONValue {
    guard case .envelope = mode, depth == 0, !isInString, !envelope.isEmpty else {
      throw failure("the list is cut short", buffer.count)
    }
    let value = try JSONValue(parsing: envelope)
    guard value.object != nil else {
      throw JSONError(message: "the answer is no list: not a JSON object", offset: 0)
    }
    return value
  }

  /// Whether an `items` array has been seen.
  public var sawItems: Bool { hasItems }

  private mutating func scan(
    _ bytes: UnsafeBufferPointer<UInt8>,
    from start: Int,
    into ranges: inout [Range<Int>]
  ) throws {
    var at = start
    while at < bytes.count {
      switch mode {
      case .envelope:
        at = try scanEnvelope(bytes, at)
      case .beforeItem(let afterComma):
        at = try scanBeforeItem(bytes, at, afterComma)
      case .item:
        at = scanItem(bytes, at)
        if depth == 0 {
          ranges.append(itemStart..<at)
          mode = .afterItem
        }
      case .afterItem:
        at = try scanAfterItem(bytes, at)
      }
    }
  }

  /// An error at a place of the bytes that are being scanned.
  private func failure(_ message: String, _ offset: Int) -> JSONError {
    JSONError(message: message, offset: position + offset)
  }

  private mutating func scanBeforeItem(
    _ bytes: UnsafeBufferPointer<UInt8>,
    _ start: Int,
    _ afterComma: Bool
  ) throws -> Int {
    switch bytes[start] {
    case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
      return start + 1
    case UInt8(ascii: "{"):
      itemStart = start
      depth = 0
      isInString = false
      mode = .item
      return start
    case UInt8(ascii: "]") where !afterComma:
      closeItems()
      return start + 1
    default:
      throw failure("a list item is no object", start)
    }
  }

  private mutating func scanAfterItem(
    _ bytes: UnsafeBufferPointer<UInt8>,
    _ start: Int
  ) throws -> Int {
    switch bytes[start] {
    case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): break
    case UInt8(ascii: ","): mode = .beforeItem(afterComma: true)
    case UInt8(ascii: "]"): closeItems()
    default:
      throw failure("a list item is followed by neither a comma nor a bracket", start)
    }
    return start + 1
  }

  private mutating func closeItems() {
    envelope.append(UInt8(ascii: "]"))
    mode = .envelope
    depth = 1
  }

  /// Goes on inside an item and stops behind it or at the end of the bytes.
  private mutating func scanItem(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var at = start
    var depth = self.depth
    let end = bytes.count
    defer { self.depth = depth }
    while at < end {
      if isInString {
        at = scanString(bytes, at)
        continue
      }
      switch bytes[at] {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return at + 1 }
      default: break
      }
      at += 1
    }
    return at
  }

  /// Goes on inside a string and stops behind its closing quote or at the end of the bytes.
  private mutating func scanString(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var at = start
    let end = bytes.count
    if isEscaped, at < end {
      isEscaped = false
      at += 1
    }
    while at < end {
      at = Self.skipPlainText(bytes, at)
      guard at < end else { break }
      let byte = bytes[at]
      at += 1
      if byte == UInt8(ascii: "\"") {
        isInString = false
        return at
      }
      if byte == UInt8(ascii: "\\") {
        if at == end { isEscaped = true }
        at += 1
      }
    }
    return min(at, end)
  }

  /// Goes, eight bytes a step, to the next quote or backslash or nearly to the end.
  private static func skipPlainText(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    guard let base = UnsafeRawPointer(bytes.baseAddress) else { return start }
    let ones: UInt64 = 0x0101_0101_0101_0101
    var at = start
    while at + 8 <= bytes.count {
      let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
      let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
      // The high bit of each byte that is zero; above the lowest one there may be wrong ones.
      let found =
        ((quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes) & (ones << 7)
      if found != 0 { return at + found.trailingZeroBitCount / 8 }
      at += 8
    }
    return at
  }

  /// Takes one byte outside the items.
  private mutating func scanEnvelope(
    _ bytes: UnsafeBufferPointer<UInt8>,
    _ at: Int
  ) throws -> Int {
    let byte = bytes[at]
    guard envelope.count < limits.envelopeBytes else {
      throw failure(
        "what stands outside the items is larger than \(limits.envelopeBytes) bytes",
        at
      )
    }
    envelope.append(byte)
    if isInString {
      scanEnvelopeString(byte)
      return at + 1
    }
    switch byte {
    case UInt8(ascii: "\""):
      isInString = true
      awaitsItems = false
      if depth == 1 { key.removeAll(keepingCapacity: true) }
    case UInt8(ascii: ":"):
      awaitsItems = depth == 1 && !hasItems && key.elementsEqual("items".utf8)
    case UInt8(ascii: "["):
      depth += 1
      if awaitsItems {
        awaitsItems = false
        hasItems = true
        mode = .beforeItem(afterComma: false)
      }
    case UInt8(ascii: "{"):
      depth += 1
      awaitsItems = false
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      depth -= 1
      if depth < 0 { throw failure("a bracket closes nothing", at) }
    case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): break
    default: awaitsItems = false
    }
    return at + 1
  }

  private mutating func scanEnvelopeString(_ byte: UInt8) {
    if isEscaped {
      isEscaped = false
    } else if byte == UInt8(ascii: "\\") {
      isEscaped = true
    } else if byte == UInt8(ascii: "\"") {
      isInString = false
      return
    }
    // Longer keys are none of those that are looked for.
    if depth == 1, key.count < 16 { key.append(byte) }
  }
}
