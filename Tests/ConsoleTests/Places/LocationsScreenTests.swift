// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import Testing

@testable import Console

struct LocationsScreenTests {
  private static func opened(
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode,
    preferences: Preferences = Preferences()
  ) -> Driver {
    var driver = PlacesScene.driver(width, height, glyphs, preferences: preferences)
    driver.press("5")
    driver.answerSurveys()
    return driver
  }

  private static func readOnly() -> Preferences {
    var preferences = Preferences()
    preferences.isReadOnly = true
    return preferences
  }

  @Test func `the locations are seen at every size`() {
    expectGoldenScreens("locations") { Self.opened($0, $1, $2) }
  }

  @Test func `what is known of one location is seen at every size`() {
    expectGoldenScreens("locations-details") { width, height, glyphs in
      var driver = Self.opened(width, height, glyphs)
      driver.press("enter")
      return driver
    }
  }

  @Test func `the cause and the step of a failure are seen at every size`() {
    expectGoldenScreens("locations-unavailable") { width, height, glyphs in
      var driver = Self.opened(width, height, glyphs)
      driver.press("j", "enter")
      return driver
    }
  }

  @Test func `a location of a provider that cannot be opened says so at every size`() {
    expectGoldenScreens("locations-unsupported") { width, height, glyphs in
      var driver = Self.opened(width, height, glyphs)
      driver.press("G", "enter")
      return driver
    }
  }

  @Test func `before the first answer it says what is read`() {
    expectGoldenScreens("locations-loading") { width, height, glyphs in
      var driver = Driver(width, height, glyphs: glyphs)
      driver.connect()
      driver.send(.locations(.success(PlacesScene.shown)))
      driver.press("5", "enter")
      return driver
    }
  }

  @Test func `what may not be read is told with its reason`() {
    expectGoldenScreens("locations-forbidden") { width, height, glyphs in
      var driver = Driver(width, height, glyphs: glyphs)
      driver.connect()
      driver.send(.locations(.success(PlacesScene.shown)))
      for location in PlacesScene.shown {
        driver.send(
          .health(
            .failure(Failure(.forbidden, "you may not read the history", hint: "ask its owner")),
            location: location.name
          )
        )
      }
      _ = driver.takeEffects()
      driver.press("5", "enter")
      for (_, token) in driver.surveys() {
        driver.send(
          .answer(
            .failed(Failure(.forbidden, "you may not list the store", hint: "ask its owner")),
            token
          )
        )
      }
      return driver
    }
  }

  @Test func `what is old is told with its age`() {
    expectGoldenScreens("locations-stale") { width, height, glyphs in
      var driver = Self.opened(width, height, glyphs)
      driver.advance(seconds: 100_000)
      driver.send(
        .locations(.failure(Failure(.other, "cannot read 'config.yaml': it is no YAML")))
      )
      return driver
    }
  }

  @Test func `nothing unknown is shown as fine`() {
    var driver = Self.opened()
    let world = driver.application.world
    let words = Dictionary(
      uniqueKeysWithValues: PlacesScene.shown.map { ($0.name, world.standing(of: $0)) }
    )
    #expect(words["default"]?.word == "available")
    #expect(words["disk"]?.word == "unavailable")
    #expect(words["nas"]?.word == "was available")
    #expect(words["new"]?.word == "never looked")
    #expect(words["cloud"]?.word == "unavailable")
    #expect(words.values.filter { $0.role == .ok }.count == 1)
    driver.change { $0.health = [:] }
    #expect(!driver.screen.contains("✓ available"))
  }

  @Test func `the health of all locations is read at the start, every minute and after a probe`() {
    var driver = PlacesScene.driver()
    func read(_ effects: [Effect]) -> [String] {
      effects.compactMap { if case .readHealth(let location) = $0 { location } else { nil } }
    }
    func answer() {
      for name in names {
        driver.send(.health(.failure(Failure(.other, "unreadable")), location: name))
      }
      _ = driver.takeEffects()
    }
    let names = PlacesScene.shown.map(\.name)
    driver.send(.locations(.success(PlacesScene.shown)))
    #expect(read(driver.takeEffects()) == names)
    answer()
    driver.advance(seconds: 61)
    #expect(read(driver.takeEffects()) == names)
    answer()
    driver.press("5", "V")
    let id = driver.application.world.operations.running.first?.id
    _ = driver.takeEffects()
    if let id {
      driver.send(.operation(.ended(OperationEnd(.done, "available")), id: id))
    }
    #expect(read(driver.takeEffects()) == names)
  }

  @Test func `a probe is begun once, and told while it runs`() {
    var driver = Self.opened()
    driver.press("V")
    guard case .lifecycle(.validate(location: "default"))? = driver.launches().first else {
      Issue.record("no probe was begun")
      return
    }
    #expect(driver.screen.contains("validating"))
    driver.press("V")
    #expect(driver.launches().isEmpty)
    #expect(driver.screen.contains("it is being validated"))
  }

  @Test func `a location that cannot be opened is not probed`() {
    var driver = Self.opened()
    driver.press("G", "V")
    #expect(driver.launches().isEmpty)
    #expect(driver.screen.contains("the provider 'aws' is not supported yet"))
  }

  @Test func `in a read-only console only read-only locations are probed`() {
    var driver = Self.opened(preferences: Self.readOnly())
    driver.press("V")
    #expect(driver.launches().isEmpty)
    #expect(driver.screen.contains("it would write a small object"))
    driver.press("j", "j", "V")
    #expect(driver.launches().count == 1)
  }

  @Test func `the contents are read again after the backups were`() {
    var driver = Self.opened()
    driver.send(.backups(.success(BackupListing()), location: "nas"))
    #expect(driver.surveys().map(\.location) == ["nas"])
    driver.send(.backups(.success(BackupListing()), location: "nas"))
    #expect(driver.surveys().isEmpty)
  }

  @Test func `what ends in a location is one key away`() throws {
    var driver = Self.opened()
    driver.press("j", "j", "x")
    let screen = try #require(driver.application.top as? ExpiryScreen)
    #expect(screen.pane.ids.allSatisfy { $0.location == "nas" })
    #expect(screen.pane.ids.count == 3)
    driver.press("esc")
    #expect(try #require(driver.application.top as? ExpiryScreen).pane.ids.count == 13)
    driver.press("esc")
    #expect(driver.application.top.kind == .locations)
  }

  @Test func `back leaves the details first`() {
    var driver = Self.opened(60, 18)
    driver.press("enter")
    #expect(driver.screen.contains("Place"))
    driver.press("esc")
    #expect(driver.screen.contains("Health"))
    driver.press("esc")
    #expect(driver.application.top.kind == .overview)
  }
}
