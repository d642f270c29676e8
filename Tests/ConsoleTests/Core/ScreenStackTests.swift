// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import Testing
import Velero

@testable import Console

/// Screens that are left by a jump live on until nothing leads back to them.
struct ScreenStackTests {
  /// The names of the screens that lie on each other.
  private func names(_ driver: Driver) -> [ScreenKind] {
    driver.application.screens.shown.map(\.kind)
  }

  @Test func `a screen that is left while it reads has what it has read when it is gone back to`()
    throws
  {
    var driver = BackupScene.driver()
    driver.open(LogScreen(source: .backup(BackupScene.place("nightly-0113"))))
    let token = try #require(driver.token { _ in true })
    driver.press("4")
    #expect(!driver.takeEffects().contains { if case .forget = $0 { true } else { false } })
    driver.send(.answer(.backup(.log([.text("it was read meanwhile")], .complete)), token))
    driver.press("-")
    #expect(driver.application.top.kind == .log)
    #expect(driver.screen.contains("it was read meanwhile"))
  }

  @Test func `the list of the Explorer is that of now when it is gone back to`() throws {
    var cluster = try ClusterFixture.shop()
    var driver = Driver()
    driver.connect()
    driver.take(cluster.snapshot())
    driver.press("2", "tab")
    #expect(driver.screen.contains("ledger-key"))
    driver.press("3")
    try cluster.remove("secrets", "payments", "ledger-key")
    driver.take(cluster.snapshot())
    driver.press("-")
    #expect(driver.application.top.kind == .explorer)
    #expect(!driver.screen.contains("ledger-key"))
  }

  @Test func `what a screen waits for is forgotten when nothing leads back to it`() throws {
    var driver = BackupScene.driver()
    driver.open(LogScreen(source: .backup(BackupScene.place("nightly-0113"))))
    let token = try #require(driver.token { _ in true })
    driver.press("4")
    _ = driver.takeEffects()
    driver.press("5")
    let forgotten = driver.takeEffects().compactMap { effect in
      if case .forget(let token) = effect { token } else { nil }
    }
    #expect(forgotten.contains(token))
    driver.press("-")
    #expect(driver.application.top.kind == .restores)
  }

  @Test func `a screen below both is the same in both`() throws {
    var driver = BackupScene.driver()
    driver.press("3", "enter", "esc")
    #expect(names(driver) == [.overview, .backups])
    driver.press("j", "-")
    #expect(names(driver) == [.overview, .backups, .backup])
    let cursor =
      (driver.application.screens[driver.application.screens.shownNumbers[1]]
      as? BackupsScreen)?.pane.cursor
    #expect(cursor == BackupScene.entries[1].place)
    driver.press("-")
    #expect(names(driver) == [.overview, .backups])
  }

  /// A console in which a filter is typed.
  private func typed() -> Driver {
    var driver = BackupScene.driver()
    driver.press("8", "tab")
    driver.type("x")
    driver.press("esc")
    #expect(driver.application.top.unsaved != nil)
    return driver
  }

  @Test func `what was typed outlives any number of jumps`() {
    var driver = typed()
    driver.press("3", "4", "ctrl-k", "1", "2")
    #expect(driver.application.overlay == nil)
    #expect(driver.application.top.kind == .explorer)
    driver.press("-")
    #expect(driver.application.top.kind == .filter)
    #expect(driver.application.top.unsaved != nil)
    driver.press("3", "8")
    #expect(driver.application.top.unsaved != nil, "it is gone on with")
  }

  @Test func `two of them are one too many, and quitting asks for what is not seen`() {
    var driver = typed()
    driver.press("3")
    driver.open(FilterScreen(seed: .namespaces(["shop"])))
    driver.press("tab")
    driver.type("y")
    driver.press("esc", "3")
    #expect(driver.screen.contains("the filter of before would be lost"))
    driver.press("enter")
    #expect(driver.application.top.kind == .filter, "Cancel has the focus")
    driver.press("3", "tab", "enter")
    #expect(driver.application.top.kind == .backups)
    driver.press("esc", "esc")
    #expect(driver.screen.contains("Quit?"))
    #expect(driver.screen.contains("the filter would be lost"))
  }

  @Test func `a form is not emptied without a question`() {
    var driver = typed()
    driver.press("C")
    #expect(driver.screen.contains("Start anew?"))
    driver.press("enter")
    #expect(driver.application.top.unsaved != nil)
    driver.press("C", "tab", "enter")
    #expect(driver.application.top.unsaved == nil)
    driver.press("C")
    #expect(driver.application.overlay == nil)
  }
}
