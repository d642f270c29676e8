// SPDX-License-Identifier: Apache-2.0

/// An array in pieces of `chunkSize` elements, so that a change after a copy copies one piece.
///
/// A plain array copies itself whole when it is changed while a snapshot holds it; at 100,000 rows that is a column. Here the
/// cost is one piece and the list of pieces.
struct ChunkedArray<Element: Sendable>: Sendable {
  /// Elements a piece: 8 KiB of 64-bit numbers, copied in under a microsecond.
  static var chunkSize: Int { 1 << chunkBits }
  private static var chunkBits: Int { 10 }

  /// The pieces; all but the last are full.
  private(set) var chunks: [[Element]] = []
  /// How many elements there are.
  private(set) var count = 0

  subscript(index: Int) -> Element {
    get { chunks[index >> Self.chunkBits][index & (Self.chunkSize - 1)] }
    set { chunks[index >> Self.chunkBits][index & (Self.chunkSize - 1)] = newValue }
  }

  mutating func append(_ element: Element) {
    if count & (Self.chunkSize - 1) == 0 {
      var chunk: [Element] = []
      // The first piece grows as it is filled, since most types have few objects.
      if count > 0 { chunk.reserveCapacity(Self.chunkSize) }
      chunks.append(chunk)
    }
    chunks[chunks.count - 1].append(element)
    count += 1
  }
}

extension ChunkedArray where Element: Equatable {
  /// Changes an element only if it is another one, since even an equal one would copy a shared piece.
  mutating func set(_ index: Int, _ element: Element) {
    if self[index] != element { self[index] = element }
  }
}
