// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import Testing

@testable import Console

/// What the palette finds by its name, and what it opens.
struct PaletteTests {
  private static func driver() throws -> Driver {
    var cluster = try ClusterFixture.shop()
    var driver = BackupScene.driver()
    driver.take(cluster.snapshot())
    let contexts = [
      ContextChoice(name: "prod", isCurrent: true), ContextChoice(name: "staging"),
      ContextChoice(name: "broken", problem: "its certificate cannot be read"),
    ]
    driver.send(.contexts(.success(contexts)))
    _ = driver.takeEffects()
    return driver
  }

  private static func open(_ name: String, in driver: inout Driver) {
    driver.press(":")
    driver.type(name)
    driver.press("enter")
  }

  @Test func `a backup is found and opened`() throws {
    var driver = try Self.driver()
    Self.open("nightly-0114", in: &driver)
    #expect(driver.application.top.kind == .backup)
    #expect(driver.screen.contains("nightly-0114"))
    driver.press("esc")
    #expect(driver.application.top.kind == .overview)
  }

  @Test func `a namespace is found and its objects are shown`() throws {
    var driver = try Self.driver()
    driver.press(":")
    driver.type("shop")
    guard case .commands(let list) = driver.application.overlay else {
      Issue.record("the palette is not open")
      return
    }
    #expect(list.matches.first?.entry.group == "namespace")
    driver.press("enter")
    #expect(try driver.top(ExplorerScreen.self).objects.field.text == "ns:shop")
  }

  @Test func `a location is found and shown among the others`() throws {
    var driver = try Self.driver()
    Self.open("default", in: &driver)
    #expect(driver.application.top.kind == .locations)
  }

  @Test func `a context is found and looked at`() throws {
    var driver = try Self.driver()
    Self.open("staging", in: &driver)
    let wanted = driver.takeEffects().contains {
      if case .connect("staging", _) = $0 { true } else { false }
    }
    #expect(wanted)
  }

  @Test func `what cannot be used says why, and is not used`() throws {
    var driver = try Self.driver()
    driver.press(":")
    driver.type("broken")
    #expect(driver.screen.contains("its certificate cannot"))
    driver.press("enter")
    #expect(!driver.takeEffects().contains { if case .connect = $0 { true } else { false } })
    #expect(driver.application.world.notices.history.last?.text.contains("'broken'") == true)
  }

  @Test func `of many things some are listed, and the rest is counted`() throws {
    let entries = (0..<300).map { BackupScene.entry("run-\($0)", hoursAgo: Int64($0 + 1)) }
    var driver = BackupScene.driver(entries: entries + [BackupScene.entry("a-run", hoursAgo: 1)])
    driver.press(":")
    driver.type("run")
    #expect(driver.screen.contains("251 more have such a name: type more of it"))
    driver.type("-299")
    #expect(!driver.screen.contains("more have such a name"))
    driver.press("enter")
    #expect(driver.screen.contains("run-299"))
    #expect(driver.application.top.kind == .backup)
  }

  @Test func `a click opens what it meets`() throws {
    var driver = try Self.driver()
    driver.press(":")
    driver.type("nightly-0114")
    let hit = try #require(
      driver.grid.hits.last { $0.target == .button("backup default/nightly-0114") }
    )
    driver.send(.input(.mouse(Mouse(.press(.left), at: Point(x: hit.rect.x, y: hit.rect.y)))))
    #expect(driver.application.top.kind == .backup)
  }

  @Test func `the help lists what can be done alone`() throws {
    var driver = try Self.driver()
    driver.press("?")
    driver.type("nightly-0114")
    #expect(driver.screen.contains("nothing has that name"))
  }
}
