// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Testing

@testable import Console

/// Which locations are probed without being asked for.
struct ProbeTests {
  private static func health(_ history: ProbeHistory = ProbeHistory())
    -> Result<LocationHealth, Failure>
  {
    .success(LocationHealth(.directory("default", path: "/backups"), history: history))
  }

  private static func driver(_ frequency: Int64?, _ history: ProbeHistory = ProbeHistory())
    -> Driver
  {
    var location = StorageLocation.directory("default", path: "/backups")
    location.validationFrequency = frequency.map { GoDuration(seconds: $0) }
    var driver = Driver()
    driver.connect()
    driver.send(.locations(.success([ConsoleLocation(location, isDefault: true)])))
    driver.send(.backups(.success(BackupListing()), location: "default"))
    _ = driver.takeEffects()
    driver.send(.health(.success(LocationHealth(location, history: history)), location: "default"))
    return driver
  }

  private static func probes(_ driver: inout Driver) -> [Bool] {
    driver.takeEffects().compactMap {
      if case .probe("default", let readsOnly) = $0 { readsOnly } else { nil }
    }
  }

  @Test func `a location is probed at the start, one probe at a time, and again in its time`() {
    var driver = Self.driver(300)
    #expect(Self.probes(&driver) == [false])
    driver.advance(seconds: 400)
    #expect(Self.probes(&driver).isEmpty)
    var location = StorageLocation.directory("default", path: "/backups")
    location.validationFrequency = GoDuration(seconds: 300)
    let health = LocationHealth(location, history: ProbeHistory())
    driver.send(.probed(.success(health), location: "default"))
    driver.advance(seconds: 1)
    #expect(Self.probes(&driver).count == 1)
    driver.send(.probed(.success(health), location: "default"))
    driver.advance(seconds: 100)
    #expect(Self.probes(&driver).isEmpty)
    driver.advance(seconds: 201)
    #expect(Self.probes(&driver).count == 1)
  }

  @Test func `a frequency of nothing is never`() {
    var driver = Self.driver(0)
    driver.advance(seconds: 4000)
    #expect(Self.probes(&driver).isEmpty)
  }

  @Test func `where nothing may be changed a location is only read`() {
    var driver = Self.driver(nil)
    _ = driver.takeEffects()
    driver.send(.probed(Self.health(), location: "default"))
    driver.change { $0.preferences.isReadOnly = true }
    driver.advance(seconds: 61)
    #expect(Self.probes(&driver) == [true])
  }

  @Test func `what was only read is not called available`() throws {
    let read = PlacesScene.probe(minutesAgo: 1, [500, 400], isReadOnly: true)
    var driver = Self.driver(0, ProbeHistory(probes: [read]))
    let location = try #require(driver.application.world.locations.value?.first)
    #expect(driver.application.world.standing(of: location).word == "only read")
    driver.press("5", "enter")
    #expect(driver.screen.contains("was not tried"))
    #expect(!driver.screen.contains(" available"))
  }

  @Test func `a clock that was set back does not keep a location from being probed`() {
    let ahead = PlacesScene.probe(minutesAgo: -5000, [500, 400, 300, 200])
    var driver = Self.driver(60, ProbeHistory(probes: [ahead]))
    #expect(Self.probes(&driver) == [false])
  }

  @Test func `a location that has let a probe hang is left alone until it can be read`() {
    let hung = PlacesScene.probe(
      minutesAgo: -5,
      [30_000_000],
      failure: ProbeFailure(step: .write, code: ProbeFailure.timeout, message: "no answer")
    )
    var driver = Self.driver(60, ProbeHistory(probes: [hung]))
    driver.advance(seconds: 900)
    #expect(Self.probes(&driver).isEmpty)
    driver.send(.backups(.success(BackupListing()), location: "default"))
    driver.advance(seconds: 1)
    #expect(Self.probes(&driver).count == 1)
  }

  /// The number of probes that are known.
  private static func known(_ driver: Driver) -> Int? {
    driver.application.world.health["default"]?.value?.history.probes.count
  }

  @Test func `what a probe has found is not overwritten by a read that knows nothing of it`() {
    func reads(_ driver: inout Driver) -> Int {
      driver.takeEffects().count { if case .readHealth = $0 { true } else { false } }
    }
    var driver = Self.driver(300)
    _ = driver.takeEffects()
    driver.press("ctrl-r")
    #expect(reads(&driver) == 1)
    let history = ProbeHistory(probes: [PlacesScene.probe(minutesAgo: 0, [1000])])
    driver.send(.probed(Self.health(history), location: "default"))
    #expect(Self.known(driver) == 1)
    #expect(reads(&driver) == 0, "the first read is still under way")
    driver.send(.health(Self.health(), location: "default"))
    #expect(Self.known(driver) == 1)
    #expect(reads(&driver) == 1)
    driver.send(.health(Self.health(history), location: "default"))
    #expect(reads(&driver) == 0)
    #expect(Self.known(driver) == 1)
  }
}
