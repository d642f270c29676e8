// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import Testing
import Velero

@testable import Console

/// Esc goes one level out: first what is narrowed on a screen, then the screen.
struct StepBackTests {
  struct Scene: Sendable, CustomTestStringConvertible {
    var kind: ScreenKind
    var make: @Sendable () async throws -> Driver

    var testDescription: String { kind.rawValue }
  }

  private static let place = BackupScene.place("nightly-0113")
  private static let address = ObjectAddress(
    type: "configmaps",
    namespace: "shop",
    name: "settings"
  )

  private static let scenes: [Scene] = [
    Scene(kind: .backups) {
      var driver = BackupScene.driver()
      driver.press("3")
      return driver
    },
    Scene(kind: .contexts) {
      var driver = Driver()
      driver.press("9")
      let choices = ["prod", "test"].map {
        ContextChoice(name: $0, server: "https://\($0).example", isCurrent: false)
      }
      driver.send(.contexts(.success(choices)))
      return driver
    },
    Scene(kind: .messages) {
      var driver = Driver()
      driver.send(.notice(.info, "so it is", details: []))
      driver.press("!")
      return driver
    },
    Scene(kind: .log) {
      var driver = BackupScene.driver()
      driver.open(LogScreen(source: .backup(place)))
      driver.answer(.log([.text("a line")], .complete))
      return driver
    },
    Scene(kind: .backup) {
      var driver = BackupScene.driver()
      driver.open(BackupScreen(place))
      return driver
    },
    Scene(kind: .archived) {
      var driver = BackupScene.driver()
      driver.open(ArchivedObjectScreen(address, in: place, driver.application.world))
      driver.answer(.object(["kind": "ConfigMap"], place))
      return driver
    },
    Scene(kind: .contents) {
      var driver = BackupScene.driver()
      driver.open(ContentsScreen(place))
      driver.answer(.contents(try await BackupScene.index()))
      return driver
    },
    Scene(kind: .difference) {
      var driver = BackupScene.driver()
      driver.open(DifferenceScreen(DifferenceSubject(before: place)))
      driver.answer(
        .difference(BackupDifference(objects: [ObjectDifference(address, .changed)], equalCount: 1))
      )
      return driver
    },
  ]

  @Test(arguments: scenes)
  func `a filter or a search goes first`(scene: Scene) async throws {
    var driver = try await scene.make()
    #expect(driver.application.top.kind == scene.kind)
    let before = driver.screen
    driver.press("/")
    driver.type("zzz")
    driver.press("enter")
    #expect(driver.screen != before)
    driver.press("esc")
    #expect(driver.application.top.kind == scene.kind)
    #expect(!driver.screen.contains("zzz"))
    driver.press("esc")
    #expect(driver.application.top.kind == .overview)
  }

  @Test func `from the fields it goes to the list of differences`() {
    var driver = BackupScene.driver(60, 18)
    driver.open(DifferenceScreen(DifferenceSubject(before: Self.place)))
    driver.answer(
      .difference(
        BackupDifference(objects: [ObjectDifference(Self.address, .changed)], equalCount: 1)
      )
    )
    driver.press("enter", "esc")
    #expect(driver.application.top.kind == .difference)
    driver.press("esc")
    #expect(driver.application.top.kind == .overview)
  }

  @Test func `a search for nothing that is there is emptied first`() {
    var driver = BackupScene.driver()
    driver.open(SearchScreen(places: [Self.place]))
    driver.type("zzz")
    driver.press("esc")
    #expect(driver.application.top.kind == .search)
    #expect(!driver.screen.contains("zzz"))
    driver.press("esc")
    #expect(driver.application.top.kind == .overview)
  }

  @Test func `the crumbs keep the cluster and the place where one is`() {
    let crumbs = Crumbs(["prod", "Overview", "Backups", "nightly", "log of nightly"], .unicode)
    #expect(crumbs.text(columns: 80) == "prod ▸ Overview ▸ Backups ▸ nightly ▸ log of nightly")
    #expect(crumbs.text(columns: 46) == "prod ▸ … ▸ Backups ▸ nightly ▸ log of nightly")
    #expect(crumbs.text(columns: 28) == "prod ▸ … ▸ log of nightly")
    #expect(crumbs.text(columns: 20) == "prod ▸ …g of nightly")
    for columns in 0...60 {
      let text = crumbs.text(columns: columns)
      #expect(TextWidth.columns(text) <= max(columns, 5), "\(columns)")
      if columns >= 18 { #expect(text.hasSuffix("nightly"), "\(columns)") }
    }
  }

  @Test func `a backup that was refused or is not over is not called free of errors`() {
    func lines(_ entry: BackupEntry) -> [String] {
      BackupIssues.lines(entry, nil).map(\.text)
    }
    var refused = BackupScene.entry("refused", hoursAgo: 1, phase: .failedValidation)
    refused.backup.status.validationErrors = ["the location 'x' is not there"]
    #expect(lines(refused).contains("  the location 'x' is not there"))
    #expect(!lines(refused).contains("no errors and no warnings"))
    let running = BackupScene.entry("running", hoursAgo: 1, phase: .inProgress)
    #expect(lines(running) == ["not over yet: what goes wrong is known at its end"])
    let failed = BackupScene.entry("failed", hoursAgo: 1, phase: .failed)
    #expect(!lines(failed).contains("no errors and no warnings"))
    let fine = BackupScene.entry("fine", hoursAgo: 1)
    #expect(lines(fine) == ["no errors and no warnings"])
  }
}
