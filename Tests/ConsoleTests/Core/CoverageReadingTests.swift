// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import Testing
import Velero

@testable import Console

/// When protection is worked out, and by which time it is judged.
struct CoverageReadingTests {
  private static func readings(_ driver: inout Driver) -> Int {
    driver.takeEffects().count { if case .readCoverage = $0 { true } else { false } }
  }

  private static func listing(_ names: String...) -> Message {
    .backups(
      .success(BackupListing(entries: names.map { BackupScene.entry($0, hoursAgo: 30) })),
      location: "default"
    )
  }

  private static func covered() -> Driver {
    var driver = Driver()
    driver.connect()
    driver.send(.locations(.success(BackupScene.locations)))
    driver.send(listing("one", "two"))
    driver.take(ClusterFixture.coverage)
    _ = driver.takeEffects()
    return driver
  }

  @Test func `it is read at the first answer, whatever failed before that`() {
    var driver = Driver()
    driver.effects += driver.application.connect(to: "prod")
    let generation = driver.generation
    let choice = ContextChoice(name: "prod")
    driver.send(.cluster(.connecting(choice), generation: generation))
    driver.send(.cluster(.unanswered(Failure(.unreachable, "refused")), generation: generation))
    #expect(Self.readings(&driver) == 0)
    let answer = ClusterNews.answered(version: "v1.36.0", latency: .milliseconds(9))
    driver.send(.cluster(answer, generation: generation))
    #expect(Self.readings(&driver) == 1)
    driver.send(.cluster(answer, generation: generation))
    #expect(Self.readings(&driver) == 0)
  }

  @Test func `what waits for the cluster begins at the first answer, whatever failed before that`()
  {
    var driver = Driver()
    let planned = PlannedLaunch(.lifecycle(.validate(location: "default")), .validation, "default")
    driver.effects += driver.application.start(context: "prod", launches: [planned])
    let generation = driver.generation
    driver.send(.cluster(.connecting(ContextChoice(name: "prod")), generation: generation))
    driver.send(.cluster(.unanswered(Failure(.unreachable, "refused")), generation: generation))
    #expect(driver.launches().isEmpty)
    driver.send(
      .cluster(.answered(version: "v1.36.0", latency: .milliseconds(9)), generation: generation)
    )
    #expect(driver.launches().count == 1)
  }

  @Test func `what waits for the cluster does not begin where nothing may be changed`() {
    var preferences = Preferences()
    preferences.isReadOnly = true
    var driver = Driver(preferences: preferences)
    let waiting = BackupLaunch(
      Backup(name: "demo", namespace: "velero"),
      of: nil,
      to: "default"
    )
    let planned = PlannedLaunch(.backup(waiting), .backup, "demo")
    driver.effects += driver.application.start(context: "prod", launches: [planned])
    driver.connect()
    #expect(driver.launches().isEmpty)
    driver.send(
      .cluster(
        .answered(version: "v1.36.0", latency: .milliseconds(9)),
        generation: driver.generation
      )
    )
    #expect(driver.launches().isEmpty)
    #expect(
      driver.application.world.notices.history.contains {
        $0.text.contains("cannot begin the backup 'demo': started with --read-only")
      }
    )
  }

  @Test func `it is read again when backups come or go, and only then`() {
    var driver = Self.covered()
    driver.send(Self.listing("one", "two"))
    #expect(Self.readings(&driver) == 0)
    driver.send(Self.listing("one"))
    #expect(Self.readings(&driver) == 1)
    // One reading at a time: what changes meanwhile is read after it.
    driver.send(Self.listing("one", "three"))
    #expect(Self.readings(&driver) == 0)
    driver.take(ClusterFixture.coverage)
    #expect(Self.readings(&driver) == 1)
    driver.take(ClusterFixture.coverage)
    #expect(Self.readings(&driver) == 0)
  }

  @Test func `an attempt that hung says nothing when another one has been begun`() throws {
    var driver = Self.covered()
    driver.press("ctrl-r")
    let hung = driver.application.coverageReading.attempt
    driver.press("ctrl-r")
    #expect(Self.readings(&driver) == 2)
    let failure = Failure(.unreachable, "late")
    driver.send(.coverage(.failure(failure), generation: driver.generation, attempt: hung))
    #expect(driver.application.world.coverage.failure == nil)
    #expect(driver.application.world.coverage.isLoading)
    driver.take(ClusterFixture.coverage)
    #expect(!driver.application.world.coverage.isLoading)
    driver.send(.coverage(.failure(failure), generation: driver.generation, attempt: hung))
    #expect(driver.application.world.coverage.failure == nil)
  }

  @Test func `a copy becomes too old while the console is open`() throws {
    var driver = Self.covered()
    driver.change { $0.preferences.maximumAge = GoDuration(seconds: 24 * 3600) }
    driver.take(ClusterFixture.coverage)
    let current = driver.application.world.standings.summary.namespaces[.current] ?? 0
    #expect(current > 0)
    let screen = try #require(driver.application.screens[0] as? OverviewScreen)
    #expect(screen.panels?.contains { $0.kind == .attention } == true)
    driver.advance(seconds: 48 * 3600)
    let summary = driver.application.world.standings.summary.namespaces
    #expect(summary[.current, default: 0] == 0)
    #expect(driver.screen.contains("no backup newer than"))
  }

  @Test func `the oldest that a copy may be is for the configuration to say, context by context`() {
    var driver = Driver()
    var context = Preferences.Context()
    context.maximumAge = GoDuration(seconds: 3600)
    driver.change { world in
      world.preferences.maximumAge = GoDuration(seconds: 7200)
      world.preferences.contextSettings = { [context] name in
        name == "prod" ? context : Preferences.Context()
      }
    }
    driver.connect("test")
    #expect(driver.application.world.maximumAge == GoDuration(seconds: 7200))
    driver.connect("prod")
    #expect(driver.application.world.maximumAge == GoDuration(seconds: 3600))
  }
}
