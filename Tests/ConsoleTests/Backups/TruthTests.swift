// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console

/// What the screens claim where not all is known, and where backups of several clusters share a store.
struct TruthTests {
  private static let own = "6d1c2a50-0000-4000-8000-00000000aaaa"
  private static let other = "f00dfeed-0000-4000-8000-00000000bbbb"

  private static func entry(_ name: String, _ cluster: String?, hoursAgo: Int64) -> BackupEntry {
    var entry = BackupScene.entry(name, hoursAgo: hoursAgo)
    entry.backup.annotations[ClusterIdentity.annotation] = cluster
    return entry
  }

  private static func shared(
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode
  ) -> Driver {
    var driver = BackupScene.driver(
      width,
      height,
      glyphs,
      entries: [
        entry("foreign-1", other, hoursAgo: 1), entry("mine-1", own, hoursAgo: 2),
        entry("old-1", nil, hoursAgo: 3),
      ]
    )
    if let identity = ClusterIdentity(uid: own) {
      driver.send(.cluster(.identity(identity), generation: driver.generation))
    }
    return driver
  }

  @Test func `backups of other clusters are marked, and come last on the overview`() throws {
    expectGoldenScreens("backups-clusters") { width, height, glyphs in
      var driver = Self.shared(width, height, glyphs)
      driver.press("3")
      return driver
    }
    let driver = Self.shared()
    let panel = try #require(
      (driver.application.screens[0] as? OverviewScreen)?.panels?.first { $0.kind == .backups }
    )
    let names = panel.rows.compactMap { row -> String? in
      if case .backup(let place) = row.item { place.name } else { nil }
    }
    #expect(names == ["mine-1", "old-1", "foreign-1"])
    #expect(panel.rows.last?.label.text.contains("other cluster") == true)
  }

  @Test func `a backup of another cluster is deleted only by its typed name`() {
    let world = Self.shared().application.world
    func confirmation(_ cluster: String?) -> Console.Confirmation {
      let record = Self.entry("nightly", cluster, hoursAgo: 5).backup
      let order = DeletionOrder(location: "default", target: .scene(record))
      return DeletionReview([order], hiddenCount: 0).confirmation(world)
    }
    #expect(confirmation(Self.own).arm == nil)
    #expect(confirmation(nil).arm == nil)
    let foreign = confirmation(Self.other)
    #expect(foreign.arm == "nightly")
    #expect(foreign.lines.contains { $0.text.contains("of another cluster (\(Self.other))") })
    #expect(foreign.lines.contains { $0.text.contains("'default', /var/lib/binnacle/store") })
  }

  @Test func `a backup is deleted and shortened only by its name while the cluster is not known`() {
    let driver = BackupScene.driver(entries: [Self.entry("nightly", Self.own, hoursAgo: 5)])
    let world = driver.application.world
    #expect(world.cluster.identity == nil)
    let record = Self.entry("nightly", Self.own, hoursAgo: 5).backup
    let order = DeletionOrder(location: "default", target: .scene(record))
    let deletion = DeletionReview([order], hiddenCount: 0).confirmation(world)
    #expect(deletion.arm == "nightly")
    let doubts = deletion.lines.filter { $0.role == .warn }.map(\.text)
    #expect(doubts.contains { $0.contains("whether it is this one is not known") })
    #expect(doubts.contains { $0.contains("the backup may be of another one") })
    #expect(!deletion.lines.contains { $0.text.contains("of another cluster") })

    let change = ExpiryChange.timeToLive(GoDuration(seconds: 6 * 3600))
    guard let forecast = try? ExpiryForecast(record, change, at: world.now) else {
      Issue.record("there is no forecast")
      return
    }
    let expiry = ExpiryReview(
      [ExpiryOrder(location: "default", forecast: forecast)],
      hiddenCount: 0
    )
    .confirmation("Change", world)
    #expect(expiry.arm == "nightly")
    #expect(expiry.lines.contains { $0.text.contains("it may be of another one") })
  }

  @Test func `where no location can be opened, that is what is said`() {
    for key in ["1", "3", "4", "7"] {
      var driver = Driver()
      driver.connect()
      let problem = "the credentials cannot be read"
      driver.send(
        .locations(.success([ConsoleLocation(name: "cloud", place: "s3://x", problem: problem)]))
      )
      driver.press(key)
      #expect(driver.screen.contains(problem), "\(key)")
      #expect(!driver.screen.contains("no backups yet"), "\(key)")
      #expect(!driver.screen.contains("no backup yet"), "\(key)")
      #expect(!driver.screen.contains("reading the restores"), "\(key)")
    }
  }

  @Test func `a location that cannot be read is named, beside the rows and without any`() {
    let names = ["default", "offsite", "old"]
    for (key, hasRows) in [("3", true), ("3", false), ("4", true), ("4", false), ("7", true)] {
      var driver = Driver()
      driver.connect()
      var locations = names.map { ConsoleLocation(name: $0, place: "/\($0)") }
      locations[1].problem = "the credentials cannot be read"
      driver.send(.locations(.success(locations)))
      for name in ["default", "old"] {
        let entries = hasRows ? [BackupScene.entry("nightly", hoursAgo: 4, location: name)] : []
        driver.send(.backups(.success(BackupListing(entries: entries)), location: name))
        let restore = RestoreListing(location: name, name: "again", record: nil)
        driver.send(.restores(.success(hasRows ? [restore] : []), location: name))
      }
      driver.press(key)
      driver.advance(seconds: 60)
      let failure = Failure(.unreachable, "the disk does not answer")
      driver.send(.backups(.failure(failure), location: "old"))
      driver.send(.restores(.failure(failure), location: "old"))
      #expect(driver.screen.contains("'offsite': the credentials cannot be read"), "\(key)")
      #expect(driver.screen.contains("'old' as of 60s ago: the disk does not answer"), "\(key)")
      #expect(!driver.screen.contains("no backups yet"), "\(key)")
      #expect(!driver.screen.contains("nothing was restored yet"), "\(key)")
    }
  }

  @Test func `what was not compared is not the same`() throws {
    var driver = BackupScene.driver()
    driver.open(DifferenceScreen(DifferenceSubject(before: BackupScene.place("nightly-0114"))))
    let address = ObjectAddress(type: "secrets", namespace: "shop", name: "db")
    var token = try #require(driver.token { _ in true })
    let difference = BackupDifference(
      equalCount: 7,
      gaps: ["secrets: not compared: forbidden"],
      uncompared: [address]
    )
    driver.send(.answer(.backup(.difference(difference)), token))
    #expect(!driver.screen.contains("Nothing differs"))
    #expect(driver.screen.contains("Nothing is known to differ, 1 object not compared"))
    // A comparison that fails leaves the one before, and says so.
    driver.press("R")
    token = try #require(driver.token { _ in true })
    driver.send(.answer(.failed(Failure(.unreachable, "the API server is away")), token))
    #expect(driver.screen.contains("7 objects are the same"))
    #expect(driver.screen.contains("the API server is away"))
  }

  @Test func `a search says in how many backups it did not look`() throws {
    var driver = BackupScene.driver()
    let places = [BackupScene.place("nightly-0114"), BackupScene.place("nightly-0113")]
    driver.open(SearchScreen(places: places, text: "nothing-like-it"))
    let token = try #require(driver.token { if case .search = $0 { true } else { false } })
    for (number, place) in places.enumerated() {
      let failure = number == 0 ? Failure(.other, "the archive is damaged") : nil
      let step = SearchStep(
        place: place,
        hits: [],
        isCut: false,
        failure: failure,
        isLast: number == 1
      )
      driver.send(.answer(.backup(.found(step)), token))
    }
    #expect(driver.screen.contains("not found in 1 of 2 backups"))
    #expect(driver.screen.contains("1 backup could not be searched"))
  }

  @Test func `a restore of the same name in another location is another one`() {
    var driver = BackupScene.driver()
    var request = RestoreRequest(restore: Restore(name: "shop-1"))
    request.restore.spec.backupName = "nightly"
    let planned = PlannedLaunch(
      .restore(.run(request, location: "nas", generation: 1)),
      .restore,
      "shop-1"
    )
    driver.change { world in
      _ = world.operations.begin(.restore, "shop-1", planned: planned, at: world.now)
    }
    let operation = driver.application.world.operations.all[0]
    #expect(operation.isRestore("shop-1", in: "nas"))
    #expect(!operation.isRestore("shop-1", in: "default"))
  }

  @Test func `the filter's own location is kept when it is not there`() throws {
    var form = BackupForm(name: "x", locations: ["default", "nas"])
    var backup = Backup(name: "kept")
    backup.spec.storageLocation = "gone"
    form.fill(with: backup)
    #expect(form[.location] == "gone")
    form.offer(locations: ["default", "nas", "more"])
    #expect(form[.location] == "gone")
    form.offer(locations: ["gone", "default"])
    #expect(form[.location] == "gone")
  }

  @Test func `one location that cannot be read does not hide what others have left`() throws {
    var driver = BackupScene.driver()
    driver.change { _ = $0.operations.begin(.backup, "running", at: $0.now) }
    driver.press("6")
    let token = try #require(driver.questions.last?.token)
    let note = InterruptedNote(
      kind: .backup,
      name: "half",
      location: "default",
      started: Driver.start
    )
    let notes = InterruptedNotes([note], failures: ["'nas': the disk is away"])
    driver.send(.answer(.filter(.interrupted(notes)), token))
    #expect(driver.screen.contains("half"))
    #expect(driver.screen.contains("'nas': the disk is away"))
  }

  @Test func `figures of the overview open exactly what they count`() throws {
    var entries = (0..<7).map {
      BackupScene.entry("failed-\($0)", hoursAgo: Int64(5 + $0), phase: .failed)
    }
    entries += (0..<3).map {
      BackupScene.entry("over-\($0)", hoursAgo: 900, endsInHours: -5 - Int64($0))
    }
    func opened(_ item: OverviewItem) throws -> Driver {
      var driver = BackupScene.driver(entries: entries)
      driver.press("home")
      for _ in 0..<60 {
        let screen = try #require(driver.application.top as? OverviewScreen)
        if screen.list.cursor == item { break }
        driver.press("down")
      }
      driver.press("enter")
      return driver
    }
    let more = try opened(.attention(.moreBackups))
    let backups = try more.top(BackupsScreen.self)
    #expect(Set(backups.pane.ids.map(\.name)) == ["failed-3", "failed-4", "failed-5", "failed-6"])
    let overdue = try opened(.attention(.overdue)).top(ExpiryScreen.self)
    #expect(Set(overdue.pane.ids.map(\.name)) == ["over-0", "over-1", "over-2"])
    let place = BackupScene.place("over-1")
    #expect(try opened(.expiring(place)).top(ExpiryScreen.self).pane.cursor == place)
    let location = try opened(.location("nas")).top(LocationsScreen.self)
    #expect(location.pane.cursor == "nas")
    var all = more
    all.press("esc")
    #expect(try all.top(BackupsScreen.self).pane.ids.count == entries.count)
  }

  @Test func `the row under the cursor is told in full where it is cut`() {
    var driver = Driver(80, 24)
    driver.connect()
    let problem = "the bucket 'company-backups' refuses the key of this user and says end-of-reason"
    driver.send(
      .locations(.success([ConsoleLocation(name: "cloud", place: "s3://x", problem: problem)]))
    )
    #expect(driver.screen.contains("end-of-reason"))
  }
}
