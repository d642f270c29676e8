// SPDX-License-Identifier: Apache-2.0

import Primitives
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console
@testable import Engine

struct OperationsTests {
  private static func launch(_ name: String) -> PlannedLaunch {
    PlannedLaunch(
      .backup(BackupLaunch(Backup(name: name), of: "prod", to: "default")),
      .backup,
      name,
      total: 9800
    )
  }

  /// A console with an operation that was begun a while ago.
  private func driver(
    _ size: (width: Int, height: Int) = (120, 40),
    glyphs: Glyphs = .unicode,
    steps: Int = 12
  ) -> (Driver, OperationID) {
    var driver = Driver(size.width, size.height, glyphs: glyphs)
    driver.connect()
    var context = UpdateContext(world: driver.application.world, keymap: Keymap(actions: []))
    let id = context.begin(Self.launch("nightly-20260115"))
    driver.change { $0 = context.world }
    driver.send(.operation(.stage("reading objects"), id: id))
    for step in 0..<steps {
      var progress = OperationProgress()
      progress.done = 280 * (step + 1)
      progress.bytes = Int64(1_250_000 * (step + 1))
      progress.current = "deployments.apps, list \(step + 3) of 61"
      driver.send(.operation(.progress(progress), id: id))
      driver.send(
        .operation(.lines(["12:00:\(10 + step) list \(step + 3): 280 objects read"]), id: id)
      )
      driver.advance(seconds: 1)
    }
    return (driver, id)
  }

  private func issues(_ count: Int) -> [Engine.Issue] {
    (0..<count).map { number in
      Engine.Issue(
        .error,
        "cannot list secrets in team-\(number)",
        subject: Engine.Issue.Subject(resource: "secrets", namespace: "team-\(number)"),
        cause: "forbidden: user 'anna' may not list secrets",
        hint: "give the role the verb list"
      )
    } + [
      Engine.Issue(
        .warning,
        "Argo CD manages the namespace shop",
        hint: "pause it before a restore"
      )
    ]
  }

  @Test func `rate and estimate are those of the last seconds, and none once nothing moves`() {
    var (driver, id) = driver()
    var operation = driver.application.world.operations.operation(id)
    var now = driver.application.world.now
    #expect(operation?.rate(at: now) == 280)
    #expect(operation?.remainingSeconds(at: now) == Int64(23))
    #expect(operation?.fraction.map { Int($0 * 100) } == 34)
    driver.advance(seconds: Operations.stallSeconds)
    operation = driver.application.world.operations.operation(id)
    now = driver.application.world.now
    #expect(operation?.stalledSeconds(at: now) != nil)
    #expect(operation?.rate(at: now) == nil)
    #expect(operation?.remainingSeconds(at: now) == nil)
  }

  @Test func `an estimate that was too small grows with what is done`() {
    var (driver, id) = driver()
    var progress = OperationProgress()
    progress.done = 12_000
    driver.send(.operation(.progress(progress), id: id))
    let operation = driver.application.world.operations.operation(id)
    #expect(operation?.progress.total == 12_000)
    #expect(operation?.remainingSeconds(at: driver.application.world.now) == nil)
  }

  @Test func `issues are grouped by cause, errors first`() {
    var (driver, id) = driver()
    for issue in issues(7) { driver.send(.operation(.issue(issue), id: id)) }
    let groups = driver.application.world.operations.operation(id)?.issueGroups ?? []
    #expect(groups.map(\.count) == [7, 1])
    #expect(groups.first?.severity == .error)
    #expect(groups.first?.examples.first == "secrets team-0")
    #expect(groups.first?.examples.count == 5)
  }

  @Test func `stopping asks first, and stops just that operation`() {
    var (driver, id) = driver()
    driver.press("6", "x")
    #expect(driver.screen.contains("Stop the backup 'nightly-20260115'?"))
    // Another one begins meanwhile, and stands where the first stood.
    var context = UpdateContext(world: driver.application.world, keymap: Keymap(actions: []))
    context.launch(Self.launch("other"))
    driver.change { $0 = context.world }
    driver.advance(seconds: 1)
    _ = driver.takeEffects()
    driver.press("enter")
    #expect(driver.takeEffects().isEmpty)
    driver.press("x", "tab", "enter")
    let cancelled = driver.takeEffects().compactMap { effect in
      if case .cancel(let id) = effect { id } else { nil }
    }
    #expect(cancelled == [id])
    #expect(driver.application.world.operations.operation(id)?.state == .cancelling)
  }

  @Test func `a failed backup can be begun once more, exactly as it was`() {
    var (driver, id) = driver()
    driver.press("6")
    driver.send(.operation(.ended(OperationEnd(.failed, "the store is full")), id: id))
    _ = driver.takeEffects()
    driver.press("a", "enter")
    let launched = driver.takeEffects().compactMap { effect -> BackupLaunch? in
      if case .launch(.backup(let launch), _) = effect { launch } else { nil }
    }
    #expect(launched == [BackupLaunch(Backup(name: "nightly-20260115"), of: "prod", to: "default")])
    #expect(driver.application.world.operations.all.count == 2)
  }

  @Test func `one that is done is not begun once more`() {
    var (driver, id) = driver()
    driver.press("6")
    driver.send(.operation(.ended(OperationEnd(.done, "Completed")), id: id))
    _ = driver.takeEffects()
    driver.press("a", "enter")
    #expect(driver.takeEffects().isEmpty)
  }

  @Test(.tags(.golden)) func `the operations in every state`() {
    func golden(
      _ name: String,
      steps: Int = 12,
      _ reach: @escaping (inout Driver, OperationID) -> Void
    ) {
      expectGoldenScreens(name) { width, height, glyphs in
        var (driver, id) = driver((width, height), glyphs: glyphs, steps: steps)
        reach(&driver, id)
        return driver
      }
    }
    expectGoldenScreens("empty") { width, height, glyphs in
      var driver = Driver(width, height, glyphs: glyphs)
      driver.connect()
      driver.press("6")
      return driver
    }
    golden("running") { driver, _ in driver.press("6") }
    golden("stalled") { driver, _ in
      driver.press("6")
      driver.advance(seconds: 47)
    }
    golden("failed") { driver, id in
      driver.press("6")
      for issue in issues(7) { driver.send(.operation(.issue(issue), id: id)) }
      let end = OperationEnd(
        .doneWithIssues,
        "PartiallyFailed: 3,360 objects, 4.1 MB",
        details: ["it shows revision 4711"]
      )
      driver.send(.operation(.ended(end), id: id))
      driver.advance(seconds: 300)
    }
    golden("drawer") { driver, id in
      for issue in issues(2) { driver.send(.operation(.issue(issue), id: id)) }
    }
    golden("drawer-open") { driver, _ in driver.press("o") }
    golden("cut-off") { driver, id in
      driver.press("6")
      for case .ask(.filter(.interrupted), let token) in driver.takeEffects() {
        let note = InterruptedNote(
          kind: .backup,
          name: "nightly-20260114",
          location: "default",
          started: Driver.start + GoDuration(seconds: -86_400)
        )
        driver.send(.answer(.filter(.interrupted(InterruptedNotes([note]))), token))
      }
      driver.press("end")
    }
  }
}

/// What is done from the list of operations.
struct OperationsActsTests {
  /// A console with an operation that has failed.
  private func failed(_ planned: PlannedLaunch, isProduction: Bool = false) -> Driver {
    var preferences = Preferences()
    preferences.contextSettings = { _ in
      var settings = Preferences.Context()
      settings.isProduction = isProduction
      return settings
    }
    var driver = Driver(preferences: preferences)
    driver.connect()
    var context = UpdateContext(world: driver.application.world, keymap: Keymap(actions: []))
    let id = context.begin(planned)
    driver.change { $0 = context.world }
    driver.send(.operation(.ended(OperationEnd(.failed, "the disk is full")), id: id))
    driver.press("6")
    _ = driver.takeEffects()
    return driver
  }

  private func launches(_ driver: inout Driver) -> Int {
    driver.takeEffects().count { if case .launch = $0 { true } else { false } }
  }

  private func orders(_ count: Int) -> [DeletionOrder] {
    BackupScene.entries.prefix(count).map { entry in
      DeletionOrder(
        location: "default",
        target: DeletionTarget(
          record: entry.backup,
          files: [],
          restores: [],
          running: [],
          hasVolumeData: false
        )
      )
    }
  }

  @Test func `a deletion is begun again only with its names seen and its number typed`() {
    let orders = orders(4)
    var driver = failed(PlannedLaunch(.lifecycle(.delete(orders)), .deletion, "4 backups"))
    driver.press("a")
    for order in orders { #expect(driver.screen.contains(order.target.name)) }
    #expect(driver.screen.contains("it ended so: the disk is full"))
    driver.press("y", "tab", "enter")
    #expect(launches(&driver) == 0)
    driver.press("esc", "a")
    driver.type("4")
    driver.press("tab", "enter")
    #expect(launches(&driver) == 1)
  }

  @Test func `a restore into production is begun again only with its context typed`() {
    var request = RestoreRequest(restore: Restore(name: "shop-1"))
    request.options.recreates = true
    let launch = RestoreLaunch.run(request, location: "default", generation: 1)
    var driver = failed(PlannedLaunch(.restore(launch), .restore, "shop-1"), isProduction: true)
    driver.press("a")
    #expect(driver.screen.contains("into context 'prod'"))
    #expect(driver.screen.contains("deleted and created anew"))
    driver.press("y", "tab", "enter")
    #expect(launches(&driver) == 0)
    driver.press("esc", "a")
    driver.type("prod")
    driver.press("tab", "enter")
    #expect(launches(&driver) == 1)
    driver.connect("test")
    driver.press("6", "end", "a")
    #expect(driver.application.overlay == nil, "it went by another connection")
  }

  @Test func `Enter opens a restore, and i an object that went wrong`() throws {
    let request = RestoreRequest(restore: Restore(name: "shop-1"))
    let launch = RestoreLaunch.run(request, location: "default", generation: 1)
    var driver = failed(PlannedLaunch(.restore(launch), .restore, "shop-1"))
    let id = try #require(driver.application.world.operations.all.first?.id)
    driver.press("i")
    #expect(driver.application.top.kind == .operations)
    for name in ["web", "api"] {
      let subject = Engine.Issue.Subject(
        resource: "deployments.apps",
        namespace: "shop",
        name: name
      )
      driver.send(.operation(.issue(Engine.Issue(.error, "no", subject: subject)), id: id))
    }
    driver.press("i", "down", "enter")
    #expect(driver.application.top.crumb(driver.application.world) == "deployments.apps shop/api")
    // The first ones take what was said from the screen.
    driver.press("esc", "esc", "esc", "enter")
    #expect(driver.application.top.kind == .restore)
    #expect(try driver.top(RestoreScreen.self).operation == id)
  }

  @Test func `what runs stands before what has ended, stalled first, and the rest is counted`() {
    var driver = Driver(100, 30)
    driver.connect()
    driver.change { world in
      for name in ["first", "second"] {
        _ = world.operations.begin(.backup, name, at: world.now)
      }
      for number in 0..<9 {
        let id = world.operations.begin(.backup, "done-\(number)", at: world.now)
        world.operations.take(.ended(OperationEnd(.done, "Completed")), of: id, at: world.now)
      }
    }
    driver.advance(seconds: 60)
    let second = driver.application.world.operations.all[1].id
    driver.send(.operation(.stage("reading"), id: second))
    driver.press("o")
    let lines = driver.screen.split(separator: "\n")
    let first = lines.firstIndex { $0.contains("backup first") } ?? 0
    #expect(first > 0)
    #expect(first < lines.firstIndex { $0.contains("backup second") } ?? 0)
    #expect(lines.contains { $0.contains("+5 more ended") })
    driver.press("o")
    driver.change { world in
      for name in ["a", "b", "c"] { _ = world.operations.begin(.backup, name, at: world.now) }
    }
    #expect(driver.screen.contains("backup first"))
    #expect(driver.screen.contains("+2 more running"))
  }
}
