// SPDX-License-Identifier: Apache-2.0

/// Lines that a text view shows, asked for one by one.
public protocol TextLines {
  /// How many there are.
  var count: Int { get }
  /// One line, from 0.
  subscript(index: Int) -> TextLine { get }
}

extension Array: TextLines where Element == TextLine {}
