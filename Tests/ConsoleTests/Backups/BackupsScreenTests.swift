// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console
@testable import Engine

struct BackupsScreenTests {
  /// The screen that is seen.
  private static func screen(_ driver: Driver) throws -> BackupsScreen {
    try #require(driver.application.top as? BackupsScreen)
  }

  private static func opened(
    entries: [BackupEntry] = BackupScene.entries,
    preferences: Preferences = Preferences()
  ) -> Driver {
    var driver = BackupScene.driver(entries: entries, preferences: preferences)
    driver.press("3")
    return driver
  }

  @Test func `the backups are seen at every size`() {
    expectGoldenScreens("backups") { width, height, glyphs in
      var driver = BackupScene.driver(width, height, glyphs)
      driver.press("3")
      return driver
    }
  }

  @Test func `without backups it says what to do next`() {
    expectGoldenScreens("backups-empty") { width, height, glyphs in
      var driver = BackupScene.driver(width, height, glyphs, entries: [])
      driver.press("3")
      return driver
    }
  }

  @Test func `a location that may not be read is told with the reason`() {
    expectGoldenScreens("backups-forbidden") { width, height, glyphs in
      var driver = BackupScene.driver(width, height, glyphs, entries: [])
      driver.change { $0.backups = [:] }
      for name in ["default", "nas"] {
        driver.send(
          .backups(
            .failure(Failure(.forbidden, "you may not read '\(name)'", hint: "ask its owner")),
            location: name
          )
        )
      }
      driver.press("3")
      return driver
    }
  }

  @Test func `what is old is dimmed and tells its age`() {
    expectGoldenScreens("backups-stale") { width, height, glyphs in
      var driver = BackupScene.driver(width, height, glyphs)
      driver.press("3")
      driver.advance(seconds: 600)
      driver.send(
        .backups(.failure(Failure(.unreachable, "the disk does not answer")), location: "default")
      )
      return driver
    }
  }

  @Test func `the first reading is told`() {
    var driver = Driver(80, 24)
    driver.connect()
    driver.send(.locations(.success(BackupScene.locations)))
    driver.press("3")
    #expect(driver.screen.contains("reading the backups"))
  }

  @Test func `the newest stands first, and every column sorts`() throws {
    let driver = Self.opened()
    #expect(try Self.screen(driver).pane.ids.first?.name == "hourly-1100")
    for column in BackupsScreen.columns {
      var screen = try Self.screen(driver)
      var context = UpdateContext(world: driver.application.world, keymap: Keymap(actions: []))
      screen.answered(.chosen(column.id, tag: "backups.sort"), &context)
      #expect(Set(screen.pane.ids) == Set(BackupScene.entries.map(\.place)))
      let ascending = screen.pane.ids
      screen.perform("backups.reverse", &context)
      #expect(screen.pane.ids.count == ascending.count)
    }
  }

  @Test func `sizes sort by number, unknown ones last`() throws {
    let driver = Self.opened()
    var screen = try Self.screen(driver)
    var context = UpdateContext(world: driver.application.world, keymap: Keymap(actions: []))
    screen.answered(.chosen("size", tag: "backups.sort"), &context)
    #expect(screen.pane.ids.first?.name == "nightly-0112")
    #expect(screen.pane.ids.last?.name == "hourly-1100")
  }

  @Test func `attention shows what somebody should look at`() throws {
    var driver = Self.opened()
    driver.press("f")
    #expect(
      try Set(Self.screen(driver).pane.ids.map(\.name)) == [
        "nightly-0113", "nightly-0112", "nightly-0111", "weekly-0104", "archive-2025",
      ]
    )
    driver.press("f")
    #expect(try Self.screen(driver).pane.ids.count == BackupScene.entries.count)
  }

  @Test func `the filter knows phases and hides marks, which are counted`() throws {
    var driver = Self.opened()
    driver.press("*", "/")
    driver.type("phase:partially")
    driver.press("enter")
    #expect(try Self.screen(driver).pane.ids.map(\.name) == ["nightly-0113"])
    #expect(driver.screen.contains("8 marked (7 hidden)"))
  }

  @Test func `a filter that makes no sense shows nothing and says why`() throws {
    var driver = Self.opened()
    driver.press("/")
    driver.type("re:[")
    #expect(try Self.screen(driver).pane.ids.isEmpty)
    #expect(driver.screen.contains("no regular expression"))
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `an action hits the backup that was chosen, however the list moves`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    var entries = (0..<12).map {
      BackupScene.entry("backup-\($0)", hoursAgo: Int64.random(in: 1...900, using: &random))
    }
    var driver = Self.opened(entries: entries)
    for _ in 0..<Int.random(in: 0...8, using: &random) { driver.press("j") }
    let chosen = try #require(try Self.screen(driver).pane.cursor)
    driver.press("D")
    let token = try #require(
      driver.token { if case .deletion(let places) = $0 { places == [chosen] } else { false } }
    )
    // Meanwhile the list becomes another one.
    entries.shuffle(using: &random)
    for place in entries.indices {
      entries[place].backup.status.startTimestamp =
        Driver.start + GoDuration(seconds: -Int64.random(in: 1...900, using: &random) * 3600)
    }
    entries.removeAll { $0.place != chosen && Bool.random(using: &random) }
    driver.advance(seconds: 30)
    driver.send(.backups(.success(BackupListing(entries: entries)), location: "default"))
    let record = try #require(entries.first { $0.place == chosen }).backup
    let order = DeletionOrder(location: "default", target: .scene(record))
    driver.send(.answer(.backup(.deletion([order])), token))
    #expect(driver.screen.contains("Delete \(chosen.name)?"))
    driver.send(
      .backups(.success(BackupListing(entries: entries.reversed())), location: "default")
    )
    driver.press("tab", "enter")
    let launches = driver.launches()
    #expect(launches.count == 1)
    guard case .lifecycle(.delete(let orders)) = launches.first else {
      Issue.record("nothing was deleted")
      return
    }
    #expect(orders == [order])
  }

  @Test func `a deletion names what goes, and Enter alone cancels it`() throws {
    expectGoldenScreens("backups-delete") { width, height, glyphs in
      var driver = BackupScene.driver(width, height, glyphs)
      driver.press("3", "j", "D")
      let record = BackupScene.entries[1].backup
      var target = DeletionTarget.scene(record)
      target.restores = ["nightly-0114-20260114"]
      driver.answer(.deletion([DeletionOrder(location: "default", target: target)]))
      return driver
    }
    var driver = Self.opened()
    driver.press("j", "D")
    driver.answer(
      .deletion([
        DeletionOrder(location: "default", target: .scene(BackupScene.entries[1].backup))
      ])
    )
    driver.press("enter")
    #expect(driver.launches().isEmpty)
  }

  @Test func `many at once, or one in production, have to be typed`() throws {
    let orders = BackupScene.entries.prefix(4).map {
      DeletionOrder(location: "default", target: .scene($0.backup))
    }
    var world = BackupScene.driver().application.world
    #expect(DeletionReview(Array(orders), hiddenCount: 0).confirmation(world).arm == "4")
    #expect(DeletionReview([orders[0]], hiddenCount: 0).confirmation(world).arm == nil)
    var context = Preferences.Context()
    context.isProduction = true
    world.preferences.contextSettings = { [context] _ in context }
    #expect(DeletionReview([orders[0]], hiddenCount: 0).confirmation(world).arm == "hourly-1100")
    let lines = DeletionReview([orders[0]], hiddenCount: 2).confirmation(world).lines.map(\.text)
    #expect(lines.contains { $0.contains("2 marked backups hidden by the filter stay") })
  }

  @Test func `what others may restore from is typed, and protection is told`() throws {
    var record = BackupScene.entries[1].backup
    record.status.expiration = nil
    record.annotations[BackupExpiry.annotation] = ""
    var target = DeletionTarget.scene(record)
    let world = BackupScene.driver().application.world
    func question() -> Console.Confirmation {
      let order = DeletionOrder(location: "default", target: target)
      return DeletionReview([order], hiddenCount: 0).confirmation(world)
    }
    #expect(question().arm == nil)
    #expect(question().lines.contains { $0.text.contains("protected") && $0.role == .warn })
    target.foreign = ["there"]
    #expect(question().arm == record.name)
    #expect(question().lines.contains { $0.text.contains("there") && $0.role == .bad })
  }

  @Test func `a read-only location refuses changes with the reason`() throws {
    var driver = Self.opened()
    driver.press("/")
    driver.type("archive-2025")
    driver.press("enter", "D")
    #expect(driver.screen.contains("location 'nas' is read-only"))
    #expect(driver.launches().isEmpty)
  }

  @Test func `with --read-only nothing can be changed`() throws {
    var preferences = Preferences()
    preferences.isReadOnly = true
    for key in ["D", "e", "P"] {
      var driver = Self.opened(preferences: preferences)
      _ = driver.takeEffects()
      driver.press("j", key)
      #expect(driver.screen.contains("--read-only"))
      #expect(driver.takeEffects().isEmpty)
    }
  }

  @Test func `the expiry editor shows the date that comes of it`() throws {
    var driver = Self.opened()
    driver.press("j", "e")
    #expect(driver.screen.contains("Keep nightly-0114 how long?"))
    for _ in 0..<8 { driver.press("backspace") }
    driver.type("2w")
    #expect(driver.screen.contains("2026-01-29 01:00:00"))
    #expect(driver.screen.contains("sooner than now"))
    driver.press("enter")
    // Sooner than now: asked once more, with Cancel in the focus.
    #expect(driver.screen.contains("Shorten"))
    driver.press("enter")
    #expect(driver.launches().isEmpty)
  }

  @Test func `a longer life needs no question`() throws {
    var driver = Self.opened()
    driver.press("j", "e")
    for _ in 0..<8 { driver.press("backspace") }
    driver.type("90d")
    driver.press("enter")
    guard case .lifecycle(.setExpiry(let orders)) = try #require(driver.launches().first) else {
      Issue.record("another operation")
      return
    }
    #expect(orders.map(\.forecast.name) == ["nightly-0114"])
    #expect(orders.first?.forecast.isShortening == false)
  }

  @Test func `what a change leaves out is told, and what it is about is named`() throws {
    var entries = (0..<8).map { BackupScene.entry("nightly-\($0)", hoursAgo: Int64($0 + 1)) }
    entries[6].backup.json["metadata"]?["uid"] = "0b5e55ed-0000-4000-8000-000000000006"
    var driver = Self.opened(entries: entries)
    driver.press("*", "/")
    driver.type("!nightly-7")
    driver.press("enter", "e")
    #expect(driver.screen.contains("Keep 7 backups how long?"))
    #expect(driver.screen.contains("and 2 more"))
    #expect(driver.screen.contains("1 marked backup hidden by the filter stays as it is"))
    driver.type("2d")
    driver.press("enter")
    guard case .confirmation(let confirmation, _)? = driver.application.overlay else {
      Issue.record("nothing is asked")
      return
    }
    let texts = confirmation.lines.map(\.text)
    #expect(texts.contains("7 backups"))
    #expect(texts.contains("1 marked backup hidden by the filter stays as it is"))
    #expect(texts.contains("  its own uid is 0b5e55ed-0000-4000-8000-000000000006"))
    driver.press("esc", "P")
    #expect(driver.launches().count == 1)
    #expect(driver.screen.contains("1 marked backup hidden by the filter stays as it is"))
  }

  @Test func `marked backups that are all hidden are not taken for the one under the cursor`()
    throws
  {
    var driver = Self.opened()
    driver.press("j", "space", "/")
    driver.type("!nightly-0114")
    driver.press("enter")
    #expect(try Self.screen(driver).pane.cursor != nil)
    _ = driver.takeEffects()
    for key in ["D", "e", "P", "V"] {
      driver.press(key)
      #expect(driver.screen.contains("all marked rows are hidden by the filter"))
      #expect(driver.application.overlay == nil)
      #expect(driver.takeEffects().isEmpty)
    }
    driver.press("=")
    let screen = try #require(driver.application.top as? DifferenceScreen)
    #expect(screen.subject.before.name == "nightly-0114")
  }

  @Test func `S puts the oldest first where nobody has chosen an order`() throws {
    var driver = Self.opened()
    driver.press("S")
    #expect(try Self.screen(driver).pane.ids.first?.name == "before-upgrade")
    #expect(try Self.screen(driver).pane.ids.last?.name == "hourly-1100")
  }

  @Test func `what is no length of time is not taken`() throws {
    var driver = Self.opened()
    driver.press("j", "e")
    for _ in 0..<8 { driver.press("backspace") }
    driver.type("soon")
    driver.press("enter")
    #expect(driver.screen.contains("write a length of time"))
    #expect(driver.launches().isEmpty)
  }

  @Test func `protection is given and taken back`() throws {
    var driver = Self.opened()
    driver.press("j", "P")
    guard case .lifecycle(.setExpiry(let orders)) = try #require(driver.launches().first) else {
      Issue.record("another operation")
      return
    }
    #expect(orders.first?.forecast.change == .protect)
    driver.press("/")
    driver.type("before-upgrade")
    driver.press("enter", "P")
    // It will end again, which is sooner than never.
    #expect(driver.screen.contains("Let before-upgrade end again?"))
  }

  @Test func `a restore is planned from the backup under the cursor`() throws {
    var driver = Self.opened()
    driver.press("j", "r")
    #expect(driver.application.top.kind == .restorePlan)
    #expect(driver.screen.contains("nightly-0114"))
  }

  @Test func `two marked backups are compared, the older one first`() throws {
    var driver = Self.opened()
    driver.press("j", "space", "j", "j", "space", "=")
    let screen = try #require(driver.application.top as? DifferenceScreen)
    #expect(screen.subject.before.name == "nightly-0111")
    #expect(screen.subject.after?.name == "nightly-0114")
  }
}

extension DeletionTarget {
  /// What would go with a record: two files.
  static func scene(_ record: Backup) -> DeletionTarget {
    DeletionTarget(
      record: record,
      files: [
        ObjectInfo(key: "backups/\(record.name)/velero-backup.json", sizeBytes: 2000),
        ObjectInfo(key: "backups/\(record.name)/\(record.name).tar.gz", sizeBytes: 4_198_000),
      ],
      restores: [],
      running: [],
      hasVolumeData: false
    )
  }
}
