// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Reads the JSON of a `…-resource-list.json.gz` piece by piece, for lists of millions of names.
///
/// Held is what a piece cuts in two, and no more than `textLimitBytes` of it. Strict: what is no object of lists of texts is
/// `.corrupt`, since a list that is read wrong would say that objects are in a backup, or are not.
/// `null` stands for an empty object or list, as Go writes them.
public struct ResourceListScanner: Sendable {
  /// The most bytes of one kind or entry as it is written; names have at most 253, escapes make them longer.
  public static let textLimitBytes = 64 << 10

  private enum State: Sendable {
    case start, keyOrEnd, key, colon, list, itemOrEnd, item, afterItem, afterList, end
    /// Inside of a text; `isKey` says of which sort.
    case text(isKey: Bool)
    /// Inside of `null`, of which so many letters are still to come; then `isWhole` tells what it stood for.
    case null(rest: Int, isWhole: Bool)
  }

  private var state = State.start
  /// The kind whose entries come now.
  private var kind = ""
  /// The beginning of a text that the last piece cut in two, without its first quote.
  private var cut: [UInt8] = []
  /// Whether the next byte of the text belongs to an escape.
  private var isEscaped = false
  private var hasEscapes = false
  private var offset = 0

  /// Makes a scanner at the start of a list.
  public init() {}

  /// Reads on with the next piece.
  ///
  /// - Parameters:
  ///   - piece: The bytes after those of the call before, any number of them.
  ///   - onEntry: Called with the kind, `apps/v1/Deployment`, and the UTF-8 of an entry, `web/app`, which must not
  ///     leave the call.
  /// - Throws: `.corrupt`; the scanner is of no more use then.
  public mutating func consume(
    _ piece: [UInt8],
    _ onEntry: (_ kind: String, _ entry: UnsafeRawBufferPointer) -> Void
  ) throws(VeleroError) {
    try piece.withUnsafeBufferPointer { (piece) throws(VeleroError) in
      let bytes = UnsafeRawBufferPointer(piece)
      var at = 0
      while at < bytes.count {
        if case .text(let isKey) = state {
          at = try text(bytes, from: at, isKey: isKey, onEntry)
        } else {
          try step(bytes[at], offset + at)
          at += 1
        }
      }
    }
    offset += piece.count
  }

  /// Says that the list has come to its end.
  ///
  /// - Throws: `.truncated` when it has not.
  public func finish() throws(VeleroError) {
    if case .end = state { return }
    throw VeleroError(
      code: .truncated,
      message: "cannot read the resource list: it ends after \(offset) bytes, in the middle"
    )
  }

  /// Takes one byte outside of texts.
  private mutating func step(_ byte: UInt8, _ place: Int) throws(VeleroError) {
    if case .null(let rest, let isWhole) = state {
      guard byte == Array("null".utf8)[4 - rest] else { throw corrupt(place) }
      state = rest > 1 ? .null(rest: rest - 1, isWhole: isWhole) : isWhole ? .end : .afterList
      return
    }
    if [0x20, 0x09, 0x0A, 0x0D].contains(byte) { return }
    switch (state, byte) {
    case (.start, UInt8(ascii: "{")): state = .keyOrEnd
    case (.start, UInt8(ascii: "n")): state = .null(rest: 3, isWhole: true)
    case (.keyOrEnd, UInt8(ascii: "\"")), (.key, UInt8(ascii: "\"")): beginText(isKey: true)
    case (.keyOrEnd, UInt8(ascii: "}")), (.afterList, UInt8(ascii: "}")): state = .end
    case (.colon, UInt8(ascii: ":")): state = .list
    case (.list, UInt8(ascii: "[")): state = .itemOrEnd
    case (.list, UInt8(ascii: "n")): state = .null(rest: 3, isWhole: false)
    case (.itemOrEnd, UInt8(ascii: "\"")), (.item, UInt8(ascii: "\"")): beginText(isKey: false)
    case (.itemOrEnd, UInt8(ascii: "]")), (.afterItem, UInt8(ascii: "]")): state = .afterList
    case (.afterItem, UInt8(ascii: ",")): state = .item
    case (.afterList, UInt8(ascii: ",")): state = .key
    default: throw corrupt(place)
    }
  }

  private mutating func beginText(isKey: Bool) {
    state = .text(isKey: isKey)
    cut.removeAll(keepingCapacity: true)
    isEscaped = false
    hasEscapes = false
  }

  /// Takes bytes of a text up to its end or the piece's; returns the place behind them.
  private mutating func text(
    _ bytes: UnsafeRawBufferPointer,
    from start: Int,
    isKey: Bool,
    _ onEntry: (String, UnsafeRawBufferPointer) -> Void
  ) throws(VeleroError) -> Int {
    var at = start
    while at < bytes.count {
      let byte = bytes[at]
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        (isEscaped, hasEscapes) = (true, true)
      } else if byte == UInt8(ascii: "\"") {
        try end(UnsafeRawBufferPointer(rebasing: bytes[start..<at]), isKey, offset + at, onEntry)
        return at + 1
      } else if byte < 0x20 {
        throw corrupt(offset + at)
      }
      at += 1
    }
    guard cut.count + at - start <= Self.textLimitBytes else { throw corrupt(offset + at) }
    cut += bytes[start..<at]
    return at
  }

  /// Takes the rest of a text.
  private mutating func end(
    _ rest: UnsafeRawBufferPointer,
    _ isKey: Bool,
    _ place: Int,
    _ onEntry: (String, UnsafeRawBufferPointer) -> Void
  ) throws(VeleroError) {
    guard cut.count + rest.count <= Self.textLimitBytes else { throw corrupt(place) }
    if !cut.isEmpty || hasEscapes {
      cut += rest
      let whole = hasEscapes ? try unescaped(cut, place) : cut
      whole.withUnsafeBytes { pass($0, isKey, onEntry) }
    } else {
      pass(rest, isKey, onEntry)
    }
    state = isKey ? .colon : .afterItem
  }

  private mutating func pass(
    _ text: UnsafeRawBufferPointer,
    _ isKey: Bool,
    _ onEntry: (String, UnsafeRawBufferPointer) -> Void
  ) {
    if isKey { kind = String(decoding: text, as: UTF8.self) } else { onEntry(kind, text) }
  }

  private func unescaped(_ text: [UInt8], _ place: Int) throws(VeleroError) -> [UInt8] {
    let quote = [UInt8(ascii: "\"")]
    do throws(JSONError) {
      return Array((try JSONValue(parsing: quote + text + quote).string ?? "").utf8)
    } catch {
      throw corrupt(place)
    }
  }

  private func corrupt(_ place: Int) -> VeleroError {
    VeleroError(
      code: .corrupt,
      message: "cannot read the resource list: byte \(place) is not what has to stand there"
    )
  }
}
