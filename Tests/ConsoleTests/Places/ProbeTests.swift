// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Testing

@testable import Console

/// Which locations are probed without being asked for.
struct ProbeTests {
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
    driver.send(.probed(location: "default"))
    driver.advance(seconds: 1)
    #expect(Self.probes(&driver).count == 1)
    driver.send(.probed(location: "default"))
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
    driver.send(.probed(location: "default"))
    driver.change { $0.preferences.isReadOnly = true }
    driver.advance(seconds: 61)
    #expect(Self.probes(&driver) == [true])
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
}
