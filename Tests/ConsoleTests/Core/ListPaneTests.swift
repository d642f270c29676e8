// SPDX-License-Identifier: Apache-2.0

import Primitives
import Terminal
import Testing

@testable import Console

struct ListPaneTests {
  /// Rows come, go and change places between keys; what an action would be about is always what the user has chosen.
  @Test(arguments: 0..<100 as Range<UInt64>)
  func `the cursor and the marks stay on their rows however the list moves`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    var pane = ListPane<Int>("rows") { String($0) }
    var rows = Array(0..<Int.random(in: 1...60, using: &random))
    pane.show(rows)
    var marked: Set<Int> = []
    for _ in 0..<200 {
      let chosen = pane.cursor
      switch Int.random(in: 0..<6, using: &random) {
      case 0: rows.shuffle(using: &random)
      case 1: rows.insert(Int.random(in: 100..<10_000, using: &random), at: 0)
      case 2: if let index = rows.indices.randomElement(using: &random) { rows.remove(at: index) }
      case 3:
        if let id = pane.cursor {
          press("space", on: &pane)
          if marked.contains(id) { marked.remove(id) } else { marked.insert(id) }
        }
        continue
      case 4:
        press(["j", "k", "G", "g", "pgdn"].randomElement(using: &random) ?? "j", on: &pane)
        continue
      default: rows.sort(by: >)
      }
      rows = rows.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
      pane.show(rows, keepsOrder: Bool.random(using: &random))
      if let chosen, rows.contains(chosen) { #expect(pane.cursor == chosen) }
      #expect(Set(pane.ids) == Set(rows))
      #expect(Set(pane.targets).isSubset(of: marked.union([pane.cursor].compactMap { $0 })))
    }
  }

  @Test func `while the user works rows stay where they are and new ones are told`() {
    var pane = ListPane<Int>("rows") { String($0) }
    pane.show([5, 3, 1])
    pane.show([9, 1, 3, 5], keepsOrder: true)
    #expect(pane.ids == [5, 3, 1, 9])
    #expect(pane.lateCount == 1)
    pane.show([9, 1, 3, 5])
    #expect(pane.ids == [9, 1, 3, 5])
    #expect(pane.lateCount == 0)
  }

  @Test func `new rows are counted as long as they stand at the end`() {
    var pane = ListPane<Int>("rows") { String($0) }
    pane.show([5, 3, 1])
    pane.show([9, 5, 3, 1], keepsOrder: true)
    pane.show([9, 8, 5, 3, 1], keepsOrder: true)
    #expect(pane.lateCount == 2)
    pane.show([9, 8, 7, 6, 5, 3, 1], keepsOrder: true)
    #expect(pane.lateCount == 4)
    pane.show([6, 5, 3, 1], keepsOrder: true)
    #expect(pane.lateCount == 1)
    pane.show([5, 3, 1], keepsOrder: true)
    #expect(pane.lateCount == 0)
  }

  @Test func `marking and an open filter leave the rows where they are`() {
    var pane = ListPane<Int>("rows") { String($0) }
    pane.show(Array(0..<100))
    for name in ["pgdn", "pgdn", "pgdn", "k", "k"] { press(name, on: &pane) }
    let top = pane.list.top
    press("space", on: &pane)
    #expect(pane.list.top == top)
    var context = UpdateContext(world: World(now: Driver.start), keymap: Keymap(actions: []))
    _ = pane.perform("rows.find", "rows", &context)
    press("up", on: &pane)
    #expect(pane.list.top == top)
  }

  @Test func `hidden marks are counted when rows change and with no key`() {
    var pane = ListPane<Int>("rows") { String($0) }
    pane.show([1, 2, 3])
    press("space", on: &pane)
    press("space", on: &pane)
    pane.show([2, 3])
    #expect(pane.hiddenMarkCount == 1)
    var context = UpdateContext(world: World(now: Driver.start), keymap: Keymap(actions: []))
    for name in ["mark", "invert", "mark-all", "range", "range"] {
      _ = pane.perform(ActionID("rows.\(name)"), "rows", &context)
      #expect(pane.hiddenMarkCount == pane.list.hiddenMarkCount(in: pane.ids))
    }
    _ = pane.perform("rows.unmark", "rows", &context)
    #expect(pane.hiddenMarkCount == 0)
  }

  @Test func `shift and an arrow mark, and Esc and a click end it`() {
    var pane = ListPane<Int>("rows", hasMarks: true) { String($0) }
    pane.show([1, 2, 3, 4, 5, 6])
    for name in ["shift-down", "shift-down", "shift-up"] { press(name, on: &pane) }
    #expect(pane.targets == [1, 2])
    #expect(pane.list.isRanging)
    let steps = [pane.stepBack(), pane.stepBack()]
    #expect(steps == [true, false])
    press("j", on: &pane)
    #expect(pane.targets == [1, 2], "what was marked stays marked, and no more")

    press("shift-down", on: &pane)
    #expect(pane.targets == [1, 2, 3, 4])
    let mouse = Mouse(.press(.left), at: Point(x: 0, y: 0))
    _ = pane.click(mouse, on: .row(pane: "rows", key: "6"), height: 10)
    #expect(pane.cursor == 6)
    #expect(pane.targets == [1, 2, 3, 4])
    #expect(!pane.list.isRanging)

    var plain = ListPane<Int>("rows") { String($0) }
    plain.show([1, 2, 3])
    press("shift-down", on: &plain)
    #expect(plain.list.marks.isEmpty)
  }

  @Test(arguments: ["3", "7"]) func `it is seen that the cursor marks`(key: String) {
    var driver = BackupScene.driver()
    driver.press(key, "v", "j")
    #expect(driver.screen.contains("marking"))
    #expect(driver.screen.contains("2 marked"))
    driver.press("esc")
    #expect(!driver.screen.contains("marking"))
    #expect(driver.screen.contains("2 marked"))
    #expect(driver.application.screens.count == 2)
  }

  @Test func `while anything is marked no action is about the row under the cursor`() {
    var pane = ListPane<Int>("rows") { String($0) }
    pane.show([1, 2, 3, 4])
    #expect(pane.targets == [1] && pane.allTargets == [1])
    #expect(pane.missing("row") == "there is no row under the cursor")
    press("space", on: &pane)
    press("space", on: &pane)
    pane.show([2, 3, 4])
    #expect(pane.targets == [2])
    #expect(pane.allTargets == [2, 1])
    #expect(
      pane.hiddenRemark("row") == "1 of 2 marked rows is hidden by the filter, and is taken too"
    )
    pane.show([3, 4])
    #expect(pane.cursor != nil)
    #expect(pane.targets == [])
    #expect(pane.allTargets == [1, 2])
    #expect(pane.missing("row").contains("hidden by the filter"))
  }

  @Test func `an order that was not chosen is turned round too`() {
    var pane = ListPane<Int>("rows", defaultSort: TableSort("age")) { String($0) }
    var context = UpdateContext(world: World(now: Driver.start), keymap: Keymap(actions: []))
    _ = pane.perform("rows.reverse", "rows", &context)
    #expect(pane.sort == TableSort("age", isAscending: false))
    _ = pane.perform("rows.reverse", "rows", &context)
    #expect(pane.sort == TableSort("age"))
    var other = ListPane<Int>("rows") { String($0) }
    _ = other.perform("rows.reverse", "rows", &context)
    #expect(other.sort == nil)
  }

  private func press(_ name: String, on pane: inout ListPane<Int>) {
    if name == "space" {
      var context = UpdateContext(world: World(now: Driver.start), keymap: Keymap(actions: []))
      _ = pane.perform("rows.mark", "rows", &context)
    } else if let key = Key(parsing: name) {
      _ = pane.type(.key(key), height: 10)
    }
  }
}
