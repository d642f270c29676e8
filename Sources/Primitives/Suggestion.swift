// SPDX-License-Identifier: Apache-2.0

/// Finds what somebody meant who wrote something else.
public enum Suggestion {
  /// The candidate nearest to `word`, or nil when none is near.
  ///
  /// Near means: at most a third of the word's letters inserted, removed, replaced or swapped, or the word
  /// is the beginning of just one candidate. Of equally near ones the first in the list wins.
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    let beginning = candidates.filter { word.count >= 3 && $0.hasPrefix(word) }
    if beginning.count == 1 { return beginning.first }
    let limit = max(1, word.count / 3)
    return
      candidates
      .map { (candidate: $0, distance: distance(word, $0)) }
      .filter { $0.distance <= limit }
      .min { $0.distance < $1.distance }?
      .candidate
  }

  /// How many edits lead from one word to the other; swapped neighbours count as one.
  public static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.unicodeScalars)
    let right = Array(right.unicodeScalars)
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in 1...left.count {
      var current = [row]
      current.reserveCapacity(right.count + 1)
      for column in 1...right.count {
        let replaced = last[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
        var best = min(replaced, last[column] + 1, current[column - 1] + 1)
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          best = min(best, beforeLast[column - 2] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
