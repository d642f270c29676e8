// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console

/// The overview: what it says, what it opens, how it looks.
struct OverviewTests {
  private func driver(_ width: Int = 120, _ height: Int = 40, _ glyphs: Glyphs = .unicode) -> Driver
  {
    var driver = Driver(width, height, glyphs: glyphs)
    driver.connect()
    guard var cluster = try? ClusterFixture.shop() else { return driver }
    driver.take(cluster.snapshot())
    driver.take(ClusterFixture.coverage)
    let locations = [
      ConsoleLocation(name: "default", place: "/backups", isDefault: true),
      ConsoleLocation(name: "offsite", place: "s3://bucket", problem: "the bucket does not answer"),
    ]
    driver.send(.locations(.success(locations)))
    let nightly = (0..<9).map { number in
      ClusterFixture.backup(
        "nightly-\(number)",
        hoursAgo: Int64(3 + 24 * number),
        seconds: Int64(10 + number % 4),
        objects: 1200 - 10 * number,
        expiresInHours: Int64(240 - 30 * number),
        sizeBytes: Int64(4_200_000 - 100_000 * number)
      )
    }
    let failed = ClusterFixture.backup(
      "manual-7",
      .partiallyFailed,
      hoursAgo: 6,
      objects: 900,
      errors: 3
    )
    let listing = BackupListing(entries: nightly + [failed], unrecorded: ["half-1"])
    driver.send(.backups(.success(listing), location: "default"))
    return driver
  }

  private func overview(_ driver: Driver) throws -> OverviewScreen {
    try #require(driver.application.screens[0] as? OverviewScreen)
  }

  /// Moves the cursor to an item, as a user would.
  private func go(to item: OverviewItem, _ driver: inout Driver) throws {
    driver.press("home")
    for _ in 0..<100 where try overview(driver).list.cursor != item { driver.press("down") }
    #expect(try overview(driver).list.cursor == item)
  }

  @Test func `every count of the protection opens exactly what it counts`() throws {
    for (item, count) in [
      (OverviewItem.namespaces(.never), 1), (.namespaces(.tooOld), 1), (.namespaces(.current), 1),
      (.namespaces(nil), 3), (.workloads(.current), 2), (.workloads(.tooOld), 1),
      (.workloads(nil), 3),
    ] {
      var driver = driver()
      try go(to: item, &driver)
      driver.press("enter")
      let explorer = try #require(driver.application.top as? ExplorerScreen)
      #expect(explorer.listing?.shown.count == count, "\(item)")
      driver.press("esc")
      #expect(driver.application.top.kind == .overview)
    }
  }

  @Test func `failed backups, a location that is down and unprotected namespaces need attention`()
    throws
  {
    let driver = driver()
    let attention = try #require(try overview(driver).panels?.first { $0.kind == .attention })
    let items = attention.rows.compactMap(\.item)
    let failed = BackupPlace(location: "default", name: "manual-7")
    #expect(items.contains(.attention(.backup(failed))))
    #expect(items.contains(.attention(.location("offsite"))))
    #expect(items.contains(.attention(.unprotected)))
    #expect(items.contains(.attention(.unfinished(location: "default"))))
  }

  @Test func `nothing unknown is said to be fine`() {
    var driver = Driver()
    driver.connect()
    #expect(!driver.screen.contains("nothing needs attention"))
    #expect(driver.screen.contains("not all is known yet"))
    let failure = Failure(.forbidden, "you may not list namespaces")
    driver.send(
      .coverage(
        .failure(failure),
        generation: driver.application.world.cluster.generation,
        attempt: driver.application.coverageReading.attempt
      )
    )
    #expect(driver.screen.contains("protection is not known: you may not list namespaces"))
    #expect(!driver.screen.contains("nothing needs attention"))
  }

  /// Where the same is told in two panels, each row is one of its own.
  @Test(arguments: [true, false])
  func `every row is another one, and Tab goes round all panels`(isKnown: Bool) throws {
    var driver = driver(60, 18)
    let generation = driver.application.world.cluster.generation
    if isKnown {
      var coverage = ClusterFixture.coverage
      coverage.gaps = [CoverageGap(resources: ["secrets"], reason: "you may not list them")]
      driver.take(coverage)
    } else {
      driver.connect("other")
      let failure = Failure(.forbidden, "you may not list namespaces")
      driver.send(
        .coverage(
          .failure(failure),
          generation: generation + 1,
          attempt: driver.application.coverageReading.attempt
        )
      )
    }
    let panels = try #require(try overview(driver).panels)
    let items = panels.flatMap { $0.rows.compactMap(\.item) }
    #expect(Set(items).count == items.count)
    #expect(Set(items.map(\.key)).count == items.count)
    let kinds = panels.filter { $0.rows.contains { $0.item != nil } }.map(\.kind)
    #expect(kinds.contains(.protection))
    var seen: [OverviewPanel.Kind?] = []
    for _ in kinds {
      seen.append(try overview(driver).focused)
      driver.press("tab")
    }
    #expect(seen == kinds)
    #expect(try overview(driver).focused == kinds.first)
    // The row under the cursor is the only one that is lit, and is in sight.
    let item: OverviewItem = isKnown ? .unseenParts : .unknownProtection
    try go(to: item, &driver)
    #expect(driver.screen.contains(isKnown ? "▸? 1 part not looked at" : "▸✗ not known: you may"))
    driver.press("enter")
    let told = driver.application.world.notices.history.last
    #expect(told?.text.contains(isKnown ? "not looked at" : "you may not list") == true)
  }

  @Test func `the wheel moves the cursor for good`() throws {
    var driver = driver()
    let first = try #require(try overview(driver).list.cursor)
    let point = Point(x: 5, y: 3)
    driver.send(.input(.mouse(Mouse(.wheelDown, at: point))))
    let second = try #require(try overview(driver).list.cursor)
    #expect(second != first)
    driver.advance(seconds: 1)
    driver.take(ClusterFixture.coverage)
    #expect(try overview(driver).list.cursor == second)
  }

  @Test func `what a location holds that was not read is not known, and so it is said`() throws {
    func rows(_ driver: Driver, _ kind: OverviewPanel.Kind) throws -> [String] {
      try #require(try overview(driver).panels?.first { $0.kind == kind }).rows.map(\.label.text)
    }
    var driver = Driver()
    driver.connect()
    driver.take(Coverage(rows: [], moment: Driver.start))
    let names = ["default", "offsite"]
    driver.send(
      .locations(.success(names.map { ConsoleLocation(name: $0, place: "/\($0)") }))
    )
    driver.send(.backups(.success(BackupListing()), location: "default"))
    driver.send(.backups(.failure(Failure(.other, "cut off")), location: "offsite"))
    #expect(try rows(driver, .backups) == ["? not known of 'offsite'"])
    #expect(try rows(driver, .expiring) == ["? not known of 'offsite'"])
    let entry = ClusterFixture.backup("nightly-1", hoursAgo: 2, expiresInHours: 24)
    driver.send(.backups(.success(BackupListing(entries: [entry])), location: "default"))
    let panels = try #require(try overview(driver).panels)
    for kind in [OverviewPanel.Kind.backups, .expiring] {
      let note = panels.first { $0.kind == kind }?.note
      #expect(note?.hasSuffix(", ? not known of 'offsite'") == true, "\(kind)")
    }
    driver.send(.backups(.success(BackupListing()), location: "default"))
    driver.send(.backups(.success(BackupListing()), location: "offsite"))
    #expect(try rows(driver, .backups) == ["no backup yet: b begins one"])
    #expect(try rows(driver, .expiring) == ["nothing expires this week"])
    // Nobody has looked yet whether anything can be written there.
    #expect(!driver.screen.contains("nothing needs attention"))
    for name in names {
      #expect(try rows(driver, .attention) != ["✓ nothing needs attention"])
      let location = StorageLocation.directory(name, path: "/\(name)")
      let history = ProbeHistory(probes: [PlacesScene.probe(minutesAgo: 3, [400, 100, 300, 100])])
      driver.send(.health(.success(LocationHealth(location, history: history)), location: name))
    }
    #expect(try rows(driver, .attention) == ["✓ nothing needs attention"])
    driver.send(
      .health(
        .success(LocationHealth(.directory("offsite", path: "/offsite"), history: ProbeHistory())),
        location: "offsite"
      )
    )
    #expect(try rows(driver, .attention) == ["? nothing found; not known how 'offsite' stands"])
  }

  @Test func `what expires this week stands in the order of its dates`() throws {
    let driver = driver()
    let panel = try #require(try overview(driver).panels?.first { $0.kind == .expiring })
    let names = panel.rows.map(\.label.text)
    #expect(
      names == ["nightly-8", "nightly-7", "nightly-6", "nightly-5", "nightly-4", "nightly-3"]
    )
  }

  @Test(.tags(.golden)) func `how it looks`() {
    expectGoldenScreens("overview") { driver($0, $1, $2) }
  }

  @Test(.tags(.golden)) func `how it looks before anything is known`() {
    expectGoldenScreens("overview-loading") { width, height, glyphs in
      var driver = Driver(width, height, glyphs: glyphs)
      driver.connect()
      return driver
    }
  }

  @Test(.tags(.golden)) func `how it looks with nothing backed up yet`() {
    expectGoldenScreens("overview-empty") { width, height, glyphs in
      var driver = Driver(width, height, glyphs: glyphs)
      driver.connect()
      guard var cluster = try? ClusterFixture.shop() else { return driver }
      driver.take(cluster.snapshot())
      driver.take(
        Coverage(
          rows: ["shop", "payments"].map { .init(object: .namespace($0), finding: .never) },
          moment: Driver.start
        )
      )
      driver.send(.locations(.success([ConsoleLocation(name: "default", place: "/backups")])))
      driver.send(.backups(.success(BackupListing()), location: "default"))
      return driver
    }
  }

  @Test(.tags(.golden)) func `how it looks when the cluster is lost`() {
    expectGoldenScreens("overview-lost") { width, height, glyphs in
      var driver = driver(width, height, glyphs)
      let failure = Failure(.unreachable, "connection refused")
      driver.send(
        .cluster(.unanswered(failure), generation: driver.application.world.cluster.generation)
      )
      driver.advance(seconds: 90)
      return driver
    }
  }
}
