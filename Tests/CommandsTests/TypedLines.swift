// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The lines that somebody types, one after the other.
final class TypedLines: Sendable {
  private let rest: Mutex<[String]>

  init(_ lines: [String]) { rest = Mutex(lines) }

  /// The next line; nil when there are no more.
  func next() -> String? {
    rest.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }
}
