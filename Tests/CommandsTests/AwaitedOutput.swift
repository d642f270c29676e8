// SPDX-License-Identifier: Apache-2.0

import Commands

/// An output whose text can be waited for.
struct AwaitedOutput: Sendable {
  private let pieces: AsyncStream<String>
  private let continuation: AsyncStream<String>.Continuation

  init() { (pieces, continuation) = AsyncStream.makeStream() }

  /// An output that writes here.
  var output: Output {
    Output { continuation.yield(String(decoding: $0, as: UTF8.self)) }
  }

  /// Waits until a text has been written; everything up to then, for one caller.
  func text(upTo end: String) async -> String {
    var text = ""
    for await piece in pieces {
      text += piece
      if text.contains(end) { break }
    }
    return text
  }
}
