// SPDX-License-Identifier: Apache-2.0

import Primitives
import Terminal
import Testing

struct ListStateTests {
  @Test func `the cursor stays on its row and in its place on the screen`() {
    var state = ListState<Int>()
    state.reconcile(with: Array(0..<100))
    state.move(.by(50), in: Array(0..<100), height: 10)
    #expect(state.cursor == 50)
    #expect(state.top == 41)
    state.reconcile(with: Array(-20..<100))
    #expect(state.cursor == 50)
    #expect(state.cursorIndex == 70)
    #expect(state.visibleTop(height: 10, count: 120) == 61)
  }

  @Test func `a mark and a step without a height leave the screen where it is`() {
    let ids = Array(0..<100)
    var state = ListState<Int>()
    state.reconcile(with: ids)
    state.move(.down, in: ids)
    #expect(state.top == 0)
    state.move(.by(39), in: ids, height: 10)
    state.move(.by(-5), in: ids, height: 10)
    #expect(state.top == 31 && state.cursor == 35)
    state.markAndAdvance(in: ids)
    #expect(state.top == 31 && state.cursor == 36)
    state.move(.up, in: ids)
    #expect(state.top == 31 && state.cursor == 35)
    for _ in 0..<6 { state.markAndAdvance(in: ids) }
    #expect(state.top == 32 && state.cursor == 41)
  }

  @Test func `a range does not bring back marks of what no longer exists`() {
    var state = ListState<Int>()
    state.reconcile(with: [1, 2, 3])
    state.setMark(3, true)
    state.toggleRange(in: [1, 2, 3])
    state.keepMarks { $0 != 3 }
    state.reconcile(with: [2, 1])
    state.move(.up, in: [2, 1])
    #expect(state.marks == [1, 2])
  }

  @Test func `a row that goes gives the cursor to its neighbour`() {
    var state = ListState<Int>()
    state.reconcile(with: [1, 2, 3, 4, 5])
    state.move(.by(2), in: [1, 2, 3, 4, 5])
    state.reconcile(with: [1, 2, 4, 5])
    #expect(state.cursor == 4)
    state.move(.end, in: [1, 2, 4, 5])
    state.reconcile(with: [5, 4, 2, 1].filter { $0 != 5 })
    #expect(state.cursor == 4)
  }

  @Test func `a list that was empty for a while gets its cursor back`() {
    var state = ListState<Int>()
    state.reconcile(with: [1, 2, 3])
    state.move(.down, in: [1, 2, 3])
    state.reconcile(with: [])
    #expect(state.cursor == nil)
    state.move(.down, in: [])
    state.toggleMark()
    #expect(state.marks.isEmpty)
    state.reconcile(with: [3, 2, 1])
    #expect(state.cursor == 2)
  }

  @Test func `marks are kept by identity, hidden or not`() {
    var state = ListState<Int>()
    let all = Array(0..<10)
    state.reconcile(with: all)
    state.markAndAdvance(in: all)
    state.markAndAdvance(in: all)
    #expect(state.marks == [0, 1])
    #expect(state.cursor == 2)
    let shown = [1, 2, 3]
    state.reconcile(with: shown)
    #expect(state.hiddenMarkCount(in: shown) == 1)
    state.invertMarks(in: shown)
    #expect(state.marks == [0, 2, 3])
    state.markAll(in: shown)
    #expect(state.marks == [0, 1, 2, 3])
    state.keepMarks { $0 != 0 }
    #expect(state.marks == [1, 2, 3])
    state.clearMarks()
    #expect(state.marks.isEmpty)
  }

  @Test func `a range follows the cursor and gives back what it leaves`() {
    var state = ListState<Int>()
    let ids = Array(0..<20)
    state.reconcile(with: ids)
    state.move(.by(5), in: ids)
    state.setMark(8, true)
    state.toggleRange(in: ids)
    state.move(.by(4), in: ids)
    #expect(state.marks == [5, 6, 7, 8, 9])
    state.move(.by(-6), in: ids)
    #expect(state.marks == [3, 4, 5, 8])
    let moved = Array(ids.reversed())
    state.reconcile(with: moved)
    state.move(.up, in: moved)
    #expect(state.marks == [4, 5, 8])
    state.toggleRange(in: moved)
    state.move(.home, in: moved)
    #expect(state.marks == [4, 5, 8])
  }

  @Test func `a key costs the same in a list of any length`() {
    let ids = CountingRows(count: 100_000)
    var state = ListState<Int>()
    state.reconcile(with: ids)
    state.move(.end, in: ids, height: 40)
    state.toggleRange(in: ids)
    for move in [ListMove.up, .pageUp, .down, .pageUp] {
      ids.reads.count = 0
      state.reconcile(with: ids)
      state.move(move, in: ids, height: 40)
      #expect(ids.reads.count < 120)
    }
  }

  /// Random operations against the plainest thing that could be right.
  @Test(arguments: 0..<300 as Range<UInt64>)
  func `it does what a naive model does`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    var ids = Array(0..<Int.random(in: 0...30, using: &random))
    var state = ListState<Int>()
    state.reconcile(with: ids)
    var cursor = ids.first
    var marks: Set<Int> = []
    for _ in 0..<60 {
      let height = Int.random(in: 1...12, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0: ids.shuffle(using: &random)
      case 1: ids.append(1000 + Int.random(in: 0..<1000, using: &random))
      case 2 where !ids.isEmpty:
        ids.remove(at: Int.random(in: 0..<ids.count, using: &random))
      case 3:
        state.toggleMark()
        if let cursor, marks.remove(cursor) == nil { marks.insert(cursor) }
      case 4:
        state.invertMarks(in: ids)
        marks.formSymmetricDifference(ids)
      default:
        let rows = Int.random(in: -5...5, using: &random)
        state.move(.by(rows), in: ids, height: height)
        if let index = cursor.flatMap({ ids.firstIndex(of: $0) }) {
          cursor = ids[min(max(0, index + rows), ids.count - 1)]
        }
      }
      ids = Array(Set(ids)).sorted { ids.firstIndex(of: $0) ?? 0 < ids.firstIndex(of: $1) ?? 0 }
      state.reconcile(with: ids)
      if let held = cursor, ids.contains(held) {
        #expect(state.cursor == held)
      } else {
        // Gone: on whichever row that is there.
        #expect(state.cursor.map { ids.contains($0) } ?? ids.isEmpty)
        cursor = state.cursor
      }
      #expect(state.marks == marks)
      let top = state.visibleTop(height: height, count: ids.count)
      if !ids.isEmpty {
        #expect(ids[state.cursorIndex] == state.cursor)
        #expect(top >= 0 && state.cursorIndex >= top && state.cursorIndex < top + height)
      }
    }
  }
}

/// Rows that count how often one is looked at.
struct CountingRows: RandomAccessCollection {
  final class Reads { var count = 0 }

  let reads = Reads()
  let count: Int

  var startIndex: Int { 0 }
  var endIndex: Int { count }

  subscript(position: Int) -> Int {
    reads.count += 1
    return position
  }
}
