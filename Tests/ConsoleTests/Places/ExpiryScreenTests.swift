// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console

struct ExpiryScreenTests {
  private static func opened(
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode,
    entries: [BackupEntry] = PlacesScene.entries,
    preferences: Preferences = Preferences()
  ) -> Driver {
    var driver = PlacesScene.driver(
      width,
      height,
      glyphs,
      entries: entries,
      preferences: preferences
    )
    driver.press("7")
    driver.answerSurveys(entries)
    return driver
  }

  private static func screen(_ driver: Driver) throws -> ExpiryScreen {
    try #require(driver.application.top as? ExpiryScreen)
  }

  private static func confirmation(_ driver: Driver) throws -> (Console.Confirmation, Dialog) {
    guard case .confirmation(let confirmation, let dialog)? = driver.application.overlay else {
      throw Failure(.other, "nothing is asked")
    }
    return (confirmation, dialog)
  }

  private static func production() -> Preferences {
    var preferences = Preferences()
    preferences.contextSettings = { _ in
      var settings = Preferences.Context()
      settings.isProduction = true
      return settings
    }
    return preferences
  }

  @Test func `what disappears when is seen at every size`() {
    expectGoldenScreens("expiry") { Self.opened($0, $1, $2) }
  }

  @Test func `without backups it says what to do next`() {
    expectGoldenScreens("expiry-empty") { Self.opened($0, $1, $2, entries: []) }
  }

  @Test func `the first reading is told`() {
    expectGoldenScreens("expiry-loading") { width, height, glyphs in
      var driver = Driver(width, height, glyphs: glyphs)
      driver.connect()
      driver.send(.locations(.success(PlacesScene.shown)))
      driver.press("7")
      return driver
    }
  }

  @Test func `while the locations are read nothing overdue is called collectable`() {
    expectGoldenScreens("expiry-reading") { width, height, glyphs in
      var driver = PlacesScene.driver(width, height, glyphs)
      driver.press("7")
      return driver
    }
  }

  @Test func `a location that may not be read is told with the reason`() {
    expectGoldenScreens("expiry-forbidden") { width, height, glyphs in
      var driver = Driver(width, height, glyphs: glyphs)
      driver.connect()
      driver.send(.locations(.success(PlacesScene.shown)))
      for location in PlacesScene.shown where location.problem == nil {
        driver.send(
          .backups(
            .failure(
              Failure(.forbidden, "you may not read '\(location.place)'", hint: "ask its owner")
            ),
            location: location.name
          )
        )
      }
      driver.press("7")
      return driver
    }
  }

  @Test func `what is old is dimmed and tells its age`() {
    expectGoldenScreens("expiry-stale") { width, height, glyphs in
      var driver = Self.opened(width, height, glyphs)
      driver.advance(seconds: 600)
      driver.send(
        .backups(.failure(Failure(.unreachable, "the disk does not answer")), location: "default")
      )
      return driver
    }
  }

  @Test func `the question before a collection is seen at every size`() {
    expectGoldenScreens("expiry-collect") { width, height, glyphs in
      var driver = Self.opened(width, height, glyphs)
      driver.press("C")
      return driver
    }
  }

  @Test func `the question for another end is seen at every size`() {
    expectGoldenScreens("expiry-edit") { width, height, glyphs in
      var driver = Self.opened(width, height, glyphs)
      driver.press("j", "j", "j", "j", "e", "ctrl-u")
      driver.type("60d")
      return driver
    }
  }

  @Test func `the rows stand in the order of their ends`() throws {
    let names = try Self.screen(Self.opened()).pane.ids.map(\.name)
    #expect(
      names == [
        "nightly-1215", "with-volumes", "archive-2025", "nightly-1216", "nightly-1217",
        "nightly-1218", "nightly-1219", "nightly-1220", "weekly-1221", "staging-0110",
        "monthly-12", "archive-2024", "before-upgrade",
      ]
    )
  }

  @Test func `why an overdue backup stays is told`() throws {
    let driver = Self.opened()
    let screen = try Self.screen(driver)
    func fate(_ name: String) -> ExpiryFate? {
      screen.entries.values.first { $0.place.name == name }
        .flatMap { screen.fate($0, driver.application.world) }
    }
    #expect(fate("nightly-1215") == .goes)
    #expect(fate("with-volumes") == .stays(.volumeData))
    #expect(fate("archive-2025") == .stays(.readOnly))
    #expect(fate("nightly-1217") == nil)
  }

  @Test func `a collection takes what is overdue and may go, and nothing else`() throws {
    var driver = Self.opened()
    driver.press("C")
    let (confirmation, dialog) = try Self.confirmation(driver)
    #expect(dialog.focus == Console.Confirmation.cancelID)
    #expect(confirmation.arm == nil)
    driver.press("left", "enter")
    driver.press("C", "tab", "enter")
    guard case .lifecycle(.collect(let orders))? = driver.launches().first else {
      Issue.record("nothing was begun")
      return
    }
    #expect(orders.map(\.location) == ["default"])
    #expect(orders.flatMap { $0.plan.entries.map(\.name) } == ["nightly-1215", "nightly-1216"])
  }

  @Test func `of marked backups only those go that are overdue`() throws {
    var driver = Self.opened()
    // nightly-1216, which is overdue, and nightly-1217, which is not.
    driver.press("j", "j", "j", "space", "space", "C")
    let (confirmation, _) = try Self.confirmation(driver)
    #expect(confirmation.launches.first?.subject == "nightly-1216")
    #expect(driver.screen.contains("1 overdue backup is not marked"))
  }

  @Test func `many, and those of production, have to be counted`() throws {
    var driver = Self.opened(preferences: Self.production())
    driver.press("C")
    #expect(try Self.confirmation(driver).0.arm == "2")
    let many = (0..<4).map { PlacesScene.entry("old-\($0)", endsInHours: -$0 - 1) }
    driver = Self.opened(entries: many)
    driver.press("C")
    #expect(try Self.confirmation(driver).0.arm == "4")
  }

  @Test func `what is collected is not what is seen while something else is marked`() throws {
    var driver = Self.opened()
    driver.press("space", "/")
    driver.type("!nightly-1215")
    driver.press("enter", "C")
    #expect(driver.application.overlay == nil)
    #expect(driver.screen.contains("all marked rows are hidden by the filter"))
  }

  @Test func `backups of other clusters are collected only by a typed word`() throws {
    let foreign = PlacesScene.entry("staging-1", endsInHours: -3, cluster: PlacesScene.other)
    var driver = Self.opened(entries: [foreign])
    driver.press("C")
    #expect(try Self.confirmation(driver).0.arm == "staging-1")
  }

  @Test func `nothing is collected before it is known what may go`() {
    var driver = PlacesScene.driver()
    driver.press("7", "C")
    #expect(driver.application.overlay == nil)
    #expect(driver.screen.contains("what may go is being read"))
  }

  @Test func `a backup that was changed since is not collected`() throws {
    var driver = Self.opened()
    var changed = PlacesScene.entries
    changed[0].backup.labels["new"] = "yes"
    driver.send(
      .backups(
        .success(BackupListing(entries: changed.filter { $0.place.location == "default" })),
        location: "default"
      )
    )
    driver.press("C")
    let names = try Self.confirmation(driver).0.launches.first?.subject
    #expect(names == "nightly-1216")
  }

  @Test func `read-only consoles refuse to collect, to protect and to change`() {
    var preferences = Preferences()
    preferences.isReadOnly = true
    var driver = Self.opened(preferences: preferences)
    driver.press("C", "P", "e")
    #expect(driver.application.overlay == nil)
    #expect(driver.launches().isEmpty)
  }

  @Test func `a backup is protected at once, and asked about before it ends sooner`() throws {
    var driver = Self.opened()
    driver.press("j", "j", "j", "j", "P")
    guard case .lifecycle(.setExpiry(let orders))? = driver.launches().first else {
      Issue.record("nothing was begun")
      return
    }
    #expect(orders.map(\.forecast.name) == ["nightly-1217"])
    driver.press("j", "e", "ctrl-u")
    driver.type("29d")
    driver.press("enter")
    #expect(try Self.confirmation(driver).0.title == "Change when nightly-1218 ends?")
    #expect(driver.launches().isEmpty)
  }

  @Test func `a backup whose time has passed is asked about`() throws {
    var driver = Self.opened()
    _ = driver.takeEffects()
    driver.advance(seconds: 6 * 3600)
    #expect(driver.surveys().map(\.location).contains("default"))
    let screen = try Self.screen(driver)
    let entry = try #require(screen.entries.values.first { $0.place.name == "nightly-1217" })
    #expect(screen.fate(entry, driver.application.world) == .reading)
  }

  /// Whatever moves between the question and the answer: what goes is what was shown.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func `what is collected is what was asked about`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    var driver = Self.opened()
    for _ in 0..<Int.random(in: 0..<6, using: &random) {
      driver.press(["j", "k", "space", "G"].randomElement(using: &random) ?? "j")
    }
    driver.press("C")
    guard case .confirmation(let asked, _)? = driver.application.overlay,
      case .lifecycle(.collect(let expected))? = asked.launches.first?.launch
    else { return }
    _ = driver.launches()
    for _ in 0..<5 {
      let some = PlacesScene.entries.filter { _ in Bool.random(using: &random) }
        .shuffled(using: &random)
      driver.send(
        .backups(
          .success(BackupListing(entries: some.filter { $0.place.location == "default" })),
          location: "default"
        )
      )
      driver.advance(seconds: Int64.random(in: 0...90_000, using: &random))
    }
    _ = driver.launches()
    driver.press("tab", "enter")
    guard case .lifecycle(.collect(let orders))? = driver.launches().first else {
      Issue.record("nothing was begun")
      return
    }
    #expect(orders == expected)
  }
}
