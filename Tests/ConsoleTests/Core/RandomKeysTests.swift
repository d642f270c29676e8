// SPDX-License-Identifier: Apache-2.0

import Primitives
import Terminal
import Testing

@testable import Console

struct RandomKeysTests {
  private static let keys: [Key] = {
    let letters = (32..<127).compactMap { Unicode.Scalar($0).map { Key(Character($0)) } }
    let named = [
      "up", "down", "left", "right", "home", "end", "pgup", "pgdn", "enter", "tab", "esc",
      "backspace", "delete", "f1", "f5", "ctrl-l", "ctrl-r", "ctrl-w", "ctrl-u", "ctrl-k",
    ]
    return letters + named.compactMap(Key.init(parsing:))
  }()

  /// Whatever is pressed, pasted and clicked, at whatever size: nothing traps, and nothing is drawn outside.
  @Test(arguments: 0..<60 as Range<UInt64>)
  func `random keys at random sizes do no harm`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    var driver = Driver(glyphs: Bool.random(using: &random) ? .unicode : .ascii)
    if Bool.random(using: &random) { driver.connect() }
    for _ in 0..<300 {
      step(&driver, &random)
      guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
      let grid = driver.grid
      #expect(grid.size == driver.application.world.size)
      let bounds = Rect(grid.size)
      for hit in grid.hits { #expect(bounds.intersection(hit.rect) == hit.rect) }
      for point in [grid.cursor, grid.focus].compactMap(\.self) { #expect(bounds.contains(point)) }
    }
  }

  private func step(_ driver: inout Driver, _ random: inout SplitMix64) {
    switch Int.random(in: 0..<20, using: &random) {
    case 0:
      let size = Size(
        width: Int.random(in: 1...400, using: &random),
        height: Int.random(in: 1...120, using: &random)
      )
      driver.send(.input(.resize(size)))
    case 1: driver.send(.input(.paste("a\u{1B}[31mb\nc\u{202E}")))
    case 2: driver.advance(seconds: Int64.random(in: 0...20, using: &random))
    case 3:
      let size = driver.application.world.size
      let point = Point(
        x: Int.random(in: 0..<max(1, size.width), using: &random),
        y: Int.random(in: 0..<max(1, size.height), using: &random)
      )
      let kinds: [Mouse.Kind] = [.press(.left), .wheelUp, .wheelDown, .release, .drag]
      driver.send(.input(.mouse(Mouse(kinds.randomElement(using: &random) ?? .release, at: point))))
    case 4: driver.send(.notice(.error, "something failed", details: []))
    default:
      if let key = Self.keys.randomElement(using: &random) { driver.send(.input(.key(key))) }
    }
  }
}
