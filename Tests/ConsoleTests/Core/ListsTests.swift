// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import Testing
import Velero

@testable import Console

/// Columns, marks and looks of lists.
struct ListsTests {
  @Test func `columns without room are brought into sight by the arrows`() {
    var driver = BackupScene.driver(80, 24)
    driver.press("3")
    #expect(!driver.screen.contains("Verified"))
    #expect(!driver.screen.contains("Location"))
    var seen = ""
    for _ in 0..<8 {
      driver.press("right")
      seen += driver.screen
    }
    #expect(seen.contains("Verified"))
    #expect(driver.screen.contains("Location"))
    #expect(driver.screen.contains("nightly-0114"), "the name stays")
    let end = driver.screen
    driver.press("right")
    #expect(driver.screen == end)
    for _ in 0..<8 { driver.press("left") }
    #expect(driver.screen.contains("Phase"))
    #expect(driver.application.top.kind == .backups)
  }

  @Test func `a table that has room for all its columns does not move`() {
    var driver = BackupScene.driver(200, 40)
    driver.press("3")
    let before = driver.screen
    driver.press("right")
    #expect(driver.screen == before)
  }

  @Test func `the mark of a backup that is gone goes with it`() throws {
    var driver = BackupScene.driver()
    driver.press("3", "space", "space")
    #expect(driver.screen.contains("2 marked"))
    let rest = BackupScene.entries.filter { $0.place.location == "default" }.dropFirst()
    driver.send(.backups(.success(BackupListing(entries: Array(rest))), location: "default"))
    #expect(driver.screen.contains("1 marked"))
    #expect(!driver.screen.contains("hidden"))
  }

  @Test func `the mark of a restore that is gone goes with it`() {
    var driver = Driver()
    driver.connect()
    driver.list(RestoreExample.records)
    driver.press("4", "space", "space")
    #expect(driver.screen.contains("2 marked"))
    driver.list([])
    driver.list(RestoreExample.records)
    #expect(!driver.screen.contains("marked"))
  }

  @Test func `what is marked in a backup stays the same objects under a filter`() async throws {
    var driver = BackupScene.driver()
    driver.open(ContentsScreen(BackupScene.place("nightly-0113")))
    driver.answer(.contents(try await BackupScene.index()))
    driver.press("/")
    driver.type("settings")
    driver.press("enter", "home", "space")
    #expect(driver.screen.contains("1 marked"))
    driver.press("esc")
    #expect(driver.screen.contains("1 marked"), "not all of the namespace")
    _ = driver.takeEffects()
    driver.press("=")
    let subject = try driver.top(DifferenceScreen.self).subject
    #expect(subject.objects?.map(\.name) == ["settings"])
    driver.press("esc", "home", "space")
    #expect(driver.application.top.status(driver.application.world).hasPrefix("4 marked"))
    driver.press("u")
    #expect(!driver.screen.contains("marked"))
  }

  @Test func `an order outlives the screen that it was chosen on`() {
    var driver = BackupScene.driver()
    driver.press("3", "s", "enter", "4", "5", "3")
    let screen = driver.application.top as? BackupsScreen
    #expect(screen?.pane.sort == TableSort("name"))
  }

  @Test func `order and columns of the Explorer outlive it`() throws {
    var cluster = try ClusterFixture.shop()
    var driver = Driver()
    driver.connect()
    driver.take(cluster.snapshot())
    driver.press("2", "tab", "S", "s", "up", "enter", "c", "end", "enter", "esc")
    let before = try driver.top(ExplorerScreen.self)
    #expect(before.objects.sort == TableSort("name"))
    driver.press("3", "4", "2")
    let after = try driver.top(ExplorerScreen.self)
    #expect(after.objects.sort == before.objects.sort)
    #expect(after.columns.hidden == before.columns.hidden)
    #expect(after.columns.hidden != ExplorerColumns().hidden)
  }

  @Test func `a backup of a type begins in the Explorer`() throws {
    var cluster = try ClusterFixture.shop()
    var driver = Driver(160, 40)
    driver.connect()
    driver.take(cluster.snapshot())
    driver.press("2", "w", "w")
    while try driver.top(ExplorerScreen.self).facets.cursor != .type("secrets") {
      let cursor = try driver.top(ExplorerScreen.self).facets.cursor
      driver.press("down")
      guard try driver.top(ExplorerScreen.self).facets.cursor != cursor else { break }
    }
    driver.press("b")
    let screen = try driver.top(FilterScreen.self)
    #expect(screen.form.items(.includedResources) == ["secrets"])
    #expect(screen.form.items(.includedNamespaces).isEmpty)
  }

  @Test func `keys that a text takes are no hints while it is typed`() throws {
    var cluster = try ClusterFixture.shop()
    var driver = Driver(160, 40)
    driver.connect()
    driver.take(cluster.snapshot())
    driver.press("2", "tab", "/")
    let hints = driver.grid.line(39)
    #expect(!hints.contains("left"))
    #expect(!hints.contains("right"))
    #expect(hints.contains("esc"))
  }

  @Test func `what a filter from elsewhere asks for beyond the form is seen and can be left out`() {
    var backup = Backup(name: "velero")
    backup.spec.includedNamespaces = ["shop"]
    backup.spec.defaultVolumesToRestic = true
    var form = BackupForm(name: "x", locations: ["default"])
    #expect(form.form[BackupField.carried.rawValue] == nil)
    form.fill(with: backup)
    #expect(form.carried == "defaultVolumesToRestic true")
    var reading = BackupReading(form, namespace: "velero")
    #expect(reading.backup.spec.defaultVolumesToRestic == true)
    #expect(Array(reading.problems.keys) == [.carried])
    form[.carried] = BackupField.leftOut
    #expect(form.carried.isEmpty)
    reading = BackupReading(form, namespace: "velero")
    #expect(reading.backup.spec.defaultVolumesToRestic == nil)
    #expect(reading.problems.isEmpty)
    #expect(reading.backup.spec.includedNamespaces == ["shop"])
    form.fill(with: Backup(name: "plain"))
    #expect(form.form[BackupField.carried.rawValue] == nil)
  }
}
