// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import Testing

@testable import Console

/// What happens between the key that deletes and the question, for which a store has to be read.
struct DeletionWaitTests {
  private static func order(_ place: Int = 1) -> DeletionOrder {
    DeletionOrder(location: "default", target: .scene(BackupScene.entries[place].backup))
  }

  private static func asked(_ driver: inout Driver) throws -> Token {
    driver.press("3", "j", "D")
    return try #require(driver.token { if case .deletion = $0 { true } else { false } })
  }

  @Test func `what is being read is said at once, and Escape waits no more`() throws {
    var driver = BackupScene.driver()
    let token = try Self.asked(&driver)
    #expect(driver.screen.contains("Delete nightly-0114"))
    #expect(driver.screen.contains("reading what would go"))
    driver.press("esc")
    #expect(driver.application.overlay == nil)
    let isForgotten = driver.takeEffects().contains {
      if case .forget(token) = $0 { true } else { false }
    }
    #expect(isForgotten)
    driver.send(.answer(.backup(.deletion([Self.order()])), token))
    #expect(driver.application.overlay == nil)
    #expect(
      driver.application.top.availability(of: "backups.delete", driver.application.world).isEnabled
    )
  }

  @Test func `a failure ends the waiting and is told`() throws {
    var driver = BackupScene.driver()
    let token = try Self.asked(&driver)
    driver.send(.answer(.failed(Failure(.unreachable, "the disk does not answer")), token))
    #expect(driver.application.overlay == nil)
    #expect(driver.screen.contains("the disk does not answer"))
  }

  @Test func `what was asked about is not begun where nothing may be changed any more`() throws {
    var driver = BackupScene.driver()
    let token = try Self.asked(&driver)
    driver.send(.answer(.backup(.deletion([Self.order()])), token))
    var preferences = driver.application.world.preferences
    preferences.contextSettings = { _ in
      var settings = Preferences.Context()
      settings.isReadOnly = true
      return settings
    }
    driver.send(.preferences(preferences, problems: []))
    _ = driver.takeEffects()
    driver.press("y")
    #expect(driver.launches().isEmpty)
    #expect(driver.application.overlay == nil)
    #expect(driver.application.world.operations.all.isEmpty)
    #expect(driver.screen.contains("is read-only by configuration"))
  }

  @Test func `a length that is typed changes nothing where nothing may be changed any more`() {
    var driver = BackupScene.driver()
    driver.press("3", "j", "e")
    driver.press("ctrl-u")
    driver.type("90d")
    driver.change { $0.preferences.isReadOnly = true }
    driver.press("enter")
    #expect(driver.launches().isEmpty)
    #expect(
      driver.application.world.notices.shown.last?.text
        == "cannot begin the expiry 'nightly-0114': started with --read-only"
    )
  }

  @Test func `news never take the keys from a text or another question`() throws {
    var driver = BackupScene.driver()
    driver.open(ConfirmsOnNews())
    driver.send(.notice(.info, "news", details: []))
    #expect(driver.application.overlay == nil)
    driver.press("?")
    driver.send(.notice(.info, "news", details: []))
    guard case .commands? = driver.application.overlay else {
      Issue.record("the help is gone")
      return
    }
  }

  /// Whatever is typed while the store is read: nothing is deleted by it, neither at once nor when the question comes.
  @Test(arguments: 0..<100 as Range<UInt64>)
  func `keys that come before the question delete nothing`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    var driver = BackupScene.driver()
    let token = try Self.asked(&driver)
    let names = ["y", "Y", "D", "d", "enter", "tab", "esc", "j", "3", "/", "?", ":", "q", "space"]
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      driver.press(names.randomElement(using: &random) ?? "y")
      #expect(driver.launches().isEmpty)
    }
    let before = driver.application.overlay
    driver.send(.answer(.backup(.deletion([Self.order()])), token))
    #expect(driver.launches().isEmpty)
    // The question comes only where the screen has waited for it to the end.
    if case .confirmation? = driver.application.overlay {
      guard case .waiting(let waiting, _)? = before else {
        Issue.record("the question has taken the keys")
        return
      }
      #expect(waiting.tag == "backups.deletion")
    }
  }
}

/// Wants to ask whenever something is told.
private struct ConfirmsOnNews: ConsoleScreen {
  let kind = ScreenKind.messages
  static let actions: [Action] = []

  func crumb(_ world: World) -> String { "Test" }
  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {}
  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    context.confirm(Confirmation(title: "Now?", lines: [], accept: "Yes"))
  }
  func draw(_ canvas: inout Canvas, _ world: World) {}
}
