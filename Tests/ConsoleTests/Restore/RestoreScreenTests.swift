// SPDX-License-Identifier: Apache-2.0

import Primitives
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console
@testable import Engine

/// A restore that runs, and one that has run.
struct RestoreScreenTests {
  @Test func `waves, failures by cause and workloads are followed as they come`() throws {
    var driver = try RestoreExample.running()
    #expect(driver.screen.contains("wave 1/3"))
    driver.send(
      .operation(.restore(.progress(RestoreExample.progress(2, done: 5))), id: driver.restoreID)
    )
    #expect(driver.screen.contains("wave 2/3"))
    driver.press("tab")
    #expect(driver.screen.contains("1 object"))
    #expect(driver.screen.contains("policy.example.org"))
    driver.press("tab")
    #expect(driver.screen.contains("workloads are followed once the objects are restored"))
  }

  @Test func `workloads come to the front when they are followed, the stuck ones first`() throws {
    var driver = try RestoreExample.running()
    driver.send(.operation(.restore(.readiness(RestoreExample.readiness)), id: driver.restoreID))
    let screen = try driver.top(RestoreScreen.self)
    #expect(screen.tab == .readiness)
    #expect(screen.list.ids.map(\.name) == ["database", "web", "api"])
    #expect(driver.screen.contains("an image cannot be pulled"))
  }

  @Test func `stopping says what is done and what is not`() throws {
    var driver = try RestoreExample.running()
    driver.press("c")
    #expect(driver.screen.contains("done     3 of 7 objects: 2 created, 1 failed"))
    #expect(driver.screen.contains("pending  4 objects"))
    driver.press("enter")
    #expect(!driver.hasCancelled)
    driver.press("c", "tab", "enter")
    #expect(driver.hasCancelled)
    #expect(driver.screen.contains("stopping"))
  }

  @Test func `while workloads are waited for only the waiting can be stopped`() throws {
    var driver = try RestoreExample.running()
    driver.send(.operation(.restore(.stage(.readiness)), id: driver.restoreID))
    driver.press("c")
    #expect(driver.screen.contains("All objects are restored"))
  }

  @Test func `what failed or was left is restored again, in the same cluster alone`() throws {
    var driver = try RestoreExample.stored()
    #expect(driver.screen.contains("2 objects failed or left"))
    driver.press("R", "tab", "enter")
    guard case .retry("default", "shop-1", let generation)? = driver.restoreLaunches.first?.launch
    else {
      Issue.record("\(driver.restoreLaunches)")
      return
    }
    #expect(generation == driver.generation)
    var other = try RestoreExample.stored(target: RestoreExample.other)
    other.press("R")
    #expect(other.application.overlay == nil)
    #expect(other.screen.contains("it went into another cluster than this one"))
  }

  @Test func `a record that cannot be read is told, with what is known kept`() throws {
    var driver = try RestoreExample.stored()
    driver.effects = []
    driver.send(
      .operation(.ended(OperationEnd(.done, "done")), id: OperationID(number: 1))
    )
    driver.press("-", "-")
    if let token = driver.questions.last?.token {
      driver.send(.answer(.failed(Failure(.unreachable, "the store is away")), token))
      #expect(driver.screen.contains("as of 0s ago: the store is away"))
    }
    #expect(driver.screen.contains("2 objects failed or left"))
  }

  @Test func `what is deleted was fixed when the question was asked`() throws {
    var driver = try RestoreExample.stored()
    driver.press("D")
    #expect(driver.screen.contains("what was restored stays"))
    driver.press("tab", "enter")
    guard case .delete(let records, "default")? = driver.restoreLaunches.first?.launch else {
      Issue.record("\(driver.restoreLaunches)")
      return
    }
    #expect(records.map(\.name) == ["shop-1"])
  }

  @Test(arguments: Seeds.first(20))
  func `keys at random sizes never trap`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    let keys = [
      "tab", "j", "k", "G", "/", "a", "esc", "c", "enter", "R", "l", "y", "D", "pagedown",
    ]
    var driver = seed.isMultiple(of: 2) ? try RestoreExample.running() : try RestoreExample.stored()
    for _ in 0..<80 {
      let size = Size(
        width: Int.random(in: 1...200, using: &random),
        height: Int.random(in: 1...60, using: &random)
      )
      driver.send(.input(.resize(size)))
      driver.press(keys.randomElement(using: &random) ?? "j")
      #expect(driver.grid.size == size)
    }
  }
}

/// The list of restores.
struct RestoresScreenTests {
  private static func listed(_ records: [Restore]) -> Driver {
    var driver = Driver()
    driver.connect()
    driver.list(records)
    driver.open(RestoresScreen())
    driver.effects = []
    return driver
  }

  @Test func `the newest comes first, and trouble alone where it is wanted`() throws {
    var driver = Self.listed(RestoreExample.records)
    #expect(
      try driver.top(RestoresScreen.self).list.ids.map(\.name) == ["shop-3", "shop-2", "shop-1"]
    )
    driver.press("f")
    #expect(try driver.top(RestoresScreen.self).list.ids.map(\.name) == ["shop-1"])
    driver.press("enter")
    #expect(try driver.top(RestoreScreen.self).name == "shop-1")
  }

  @Test func `without a restore it says what to do`() {
    let driver = Self.listed([])
    #expect(driver.screen.contains("nothing was restored yet"))
    #expect(driver.screen.contains("3 goes to the backups"))
  }

  @Test func `a restore of Velero is left alone`() {
    var driver = Driver()
    driver.connect()
    driver.send(.locations(.success([ConsoleLocation(name: "default", place: "memory")])))
    let foreign = RestoreListing(location: "default", name: "theirs", record: nil)
    driver.send(.restores(.success([foreign]), location: "default"))
    driver.open(RestoresScreen())
    driver.press("D")
    #expect(driver.application.overlay == nil)
    #expect(driver.screen.contains("made by Velero"))
  }

  /// However the list moves between the question and the answer, what was named goes and nothing else.
  @Test(arguments: Seeds.first(40))
  func `a deletion never hits another row`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    var records = (0..<12).map { RestoreExample.record("r\($0)", minutesAgo: Int64($0)) }
    var driver = Self.listed(records)
    for _ in 0..<Int.random(in: 0...11, using: &random) { driver.press("j") }
    let isMarked = Bool.random(using: &random)
    if isMarked { driver.press("space", "space") }
    let wanted = try driver.top(RestoresScreen.self).list.targets.map(\.name)
    driver.press("D")
    for _ in 0..<5 {
      records.shuffle(using: &random)
      records.removeAll { _ in Int.random(in: 0..<8, using: &random) == 0 }
      let fresh = "n\(Int.random(in: 0..<100, using: &random))"
      records.append(RestoreExample.record(fresh, minutesAgo: -1))
      driver.advance(seconds: 7)
      driver.list(records)
    }
    driver.press("tab", "enter")
    guard case .delete(let deleted, _)? = driver.restoreLaunches.first?.launch else {
      Issue.record("nothing was launched")
      return
    }
    #expect(deleted.map(\.name) == wanted)
  }
}
