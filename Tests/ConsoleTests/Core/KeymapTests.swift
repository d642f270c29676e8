// SPDX-License-Identifier: Apache-2.0

import Terminal
import Testing

@testable import Console

struct KeymapTests {
  @Test(arguments: ScreenTable.actions.map(\.kind))
  func `no key of a screen calls two of its actions`(kind: ScreenKind) throws {
    let entry = try #require(ScreenTable.actions.first { $0.kind == kind })
    let keymap = Keymap(actions: ScreenTable.allActions)
    #expect(keymap.collisions(among: entry.actions).isEmpty)
    #expect(keymap.collisions(among: GlobalActions.all).isEmpty)
  }

  @Test func `the keys that help names for moving do move`() throws {
    for line in MovingKeys.lines.dropLast() {
      let moves = try line.keys.map { ListMove(try #require(Key(parsing: $0))) }
      #expect(moves.count == 2 && moves[0] != nil && moves[0] == moves[1])
    }
    #expect(MovingKeys.lines.last?.keys == ["left", "right"])
    var driver = Driver()
    driver.press("?")
    driver.type("by a screen")
    #expect(driver.screen.contains("pgup ctrl-b"))
    driver.press("enter")
    #expect(driver.screen.contains("Go up by a screen"))
  }

  @Test func `actions have names of their own and a screen's actions bear its name`() {
    let all = ScreenTable.allActions.map(\.id)
    #expect(Set(all).count == all.count)
  }

  @Test func `no default key is one that tmux, screen or terminals keep for themselves`() throws {
    let kept = try ["ctrl-a", "ctrl-b", "ctrl-s", "ctrl-q"].map { try #require(Key(parsing: $0)) }
    for action in ScreenTable.allActions {
      for key in action.keys { #expect(!kept.contains(key), "\(action.id)") }
    }
  }

  @Test func `configured keys take the place of the usual ones`() throws {
    var preferences = Preferences()
    preferences.keys = ["app.messages": ["f5", "ctrl-o"], "app.palette": []]
    var driver = Driver(preferences: preferences)
    driver.press("!")
    #expect(driver.application.top.kind == .overview)
    driver.press("f5")
    #expect(driver.application.top.kind == .messages)
    driver.press(":")
    #expect(!driver.screen.contains("Command"))
  }

  @Test func `mistakes in configured keys are told and change nothing`() {
    var preferences = Preferences()
    preferences.keys = ["app.gone": ["x"], "app.help": ["no-such-key"]]
    var driver = Driver(preferences: preferences)
    _ = driver.application.start(context: nil)
    let texts = driver.application.world.notices.history.map(\.text)
    #expect(texts.contains { $0.contains("no action 'app.gone'") })
    #expect(texts.contains { $0.contains("'no-such-key' of 'app.help'") })
    driver.press("?")
    #expect(driver.screen.contains("What can be done here"))
  }

  @Test func `two actions on one key are told`() {
    var preferences = Preferences()
    preferences.keys = ["app.help": ["!"]]
    var driver = Driver(preferences: preferences)
    _ = driver.application.start(context: nil)
    #expect(
      driver.application.world.notices.history.contains { $0.text.contains("key '!' calls") }
    )
  }
}
