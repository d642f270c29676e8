// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

struct ExpiryPlanTests {
  private static let hour = GoDuration(seconds: 3600)

  @Test func `a record says when it ends, as Velero's collection reads it`() {
    let cases: [(Backup, BackupExpiry.Standing)] = [
      (LifecycleFixture.record("a", endsIn: 1), .kept(until: .test + Self.hour)),
      (LifecycleFixture.record("a", endsIn: 0), .overdue(since: .test)),
      (LifecycleFixture.record("a", endsIn: nil), .unlimited),
      (LifecycleFixture.record("a", endsIn: 1, phase: .deleting), .deleting),
      (LifecycleFixture.record("a", endsIn: 0, phase: .failed), .overdue(since: .test)),
    ]
    for (record, standing) in cases {
      #expect(BackupExpiry(record, at: .test).standing == standing)
    }
  }

  @Test func `every reason to keep an overdue backup is told`() {
    let names = ["busy", "free", "restored", "volumes"]
    let backups = names.map { LocationBackup(record: LifecycleFixture.record($0)) }
    var ground = ExpiryGround(
      inProgress: ["busy"],
      restores: ["restored": ["r"]],
      withVolumeData: ["volumes"]
    )
    let plan = ExpiryPlan(backups, ground: ground, now: .test)
    #expect(plan.entries.map(\.name) == names)
    #expect(plan.entries.map(\.hold) == [.inProgress, nil, .restoring(["r"]), .volumeData])
    #expect(plan.collectable.map(\.name) == ["free"])
    ground.hold = .readOnly
    #expect(
      ExpiryPlan(backups, ground: ground, now: .test).held.allSatisfy { $0.hold == .readOnly }
    )
    ground.hold = .unknown("gone")
    #expect(ExpiryPlan(backups, ground: ground, now: .test).collectable.isEmpty)
  }

  /// Of random backups at random times: each is in just one heap, and the order is by their ends.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func `a plan parts all backups, and nothing goes before its time or under protection`(
    seed: UInt64
  ) throws {
    var random = SplitMix64(state: seed)
    let backups = (0..<Int.random(in: 0...40, using: &random)).map { number in
      var record = LifecycleFixture.record(
        "b\(number)",
        endsIn: Bool.random(using: &random) ? Int64.random(in: -200...400, using: &random) : nil,
        phase: BackupPhase.known.randomElement(using: &random) ?? .completed
      )
      if Int.random(in: 0..<4, using: &random) == 0,
        let forecast = try? ExpiryForecast(record, .protect, at: .test)
      {
        record = forecast.after
      }
      return LocationBackup(record: record)
    }
    let busy = Set(backups.filter { _ in Bool.random(using: &random) }.map(\.name))
    let plan = ExpiryPlan(backups, ground: ExpiryGround(inProgress: busy), now: .test)
    #expect(plan.entries.map(\.name).sorted() == backups.map(\.name).sorted())
    let later = plan.ending(within: GoDuration(seconds: 7 * 86_400)).map(\.name)
    let heaps = [plan.collectable, plan.held, plan.endless].map { $0.map(\.name) } + [later]
    #expect(Set(heaps.joined()).count == heaps.joined().count)
    for entry in plan.collectable {
      let record = entry.backup.record
      #expect(!busy.contains(entry.name))
      if record.status.phase != .deleting {
        let end = try #require(record.status.expiration)
        #expect(end <= .test)
        #expect(record.annotations[BackupExpiry.annotation] == nil)
      }
    }
    let ends = plan.entries.compactMap(\.expiry.moment)
    #expect(ends == ends.sorted())
    #expect(
      ExpiryPlan(backups.reversed(), ground: ExpiryGround(inProgress: busy), now: .test) == plan
    )
  }
}

struct ExpiryChangeTests {
  private static func days(_ count: Int64) -> GoDuration { GoDuration(seconds: count * 86_400) }

  @Test func `a time to live counts from the beginning of the backup`() throws {
    let record = LifecycleFixture.record("a", endsIn: 5)
    let longer = try ExpiryForecast(record, .timeToLive(Self.days(30)), at: .test)
    #expect(longer.newEnd == .test + Self.days(20))
    #expect(longer.after.spec.ttl == Self.days(30))
    #expect(!longer.isShortening && !longer.isPast && !longer.isIdle)
    let shorter = try ExpiryForecast(record, .timeToLive(Self.days(10)), at: .test)
    #expect(shorter.isShortening && shorter.isPast)
    let endless = LifecycleFixture.record("a", endsIn: nil)
    #expect(try ExpiryForecast(endless, .timeToLive(Self.days(30)), at: .test).isShortening)
  }

  @Test func `what makes no sense is refused`() throws {
    let record = LifecycleFixture.record("a")
    let wrong: [(Backup, ExpiryChange)] = [
      (record, .timeToLive(GoDuration(seconds: 0))),
      (record, .timeToLive(GoDuration(seconds: -1))),
      (try ExpiryForecast(record, .protect, at: .test).after, .timeToLive(Self.days(1))),
      (LifecycleFixture.record("a", phase: .deleting), .protect),
      (Backup(name: "a"), .timeToLive(Self.days(1))),
    ]
    for (record, change) in wrong {
      let error = #expect(throws: EngineError.self) {
        _ = try ExpiryForecast(record, change, at: .test)
      }
      #expect(error?.code == .invalid)
    }
  }

  @Test(arguments: [5, -5, nil] as [Int64?])
  func `a protection keeps a backup without an end, and can be taken back`(hours: Int64?) throws {
    let record = LifecycleFixture.record("a", endsIn: hours)
    let protected = try ExpiryForecast(record, .protect, at: .test)
    #expect(protected.newEnd == nil)
    #expect(protected.after.status.expiration == nil)
    #expect(
      BackupExpiry(protected.after, at: .test).standing
        == .protected(former: record.status.expiration)
    )
    #expect(try ExpiryForecast(protected.after, .protect, at: .test).isIdle)
    let freed = try ExpiryForecast(protected.after, .unprotect, at: .test)
    #expect(freed.after == record)
    #expect(freed.isShortening == (hours != nil))
    #expect(try ExpiryForecast(record, .unprotect, at: .test).isIdle)
  }

  @Test func `a change is written, and only over the record that it was made for`() async throws {
    let fixture = try LifecycleFixture(MemoryStore())
    let record = try await LifecycleFixture.write(
      LifecycleFixture.record("a", endsIn: 5),
      into: fixture.store
    )
    let forecast = try ExpiryForecast(record, .timeToLive(Self.days(40)), at: .test)
    try await fixture.editor.apply(forecast)
    let changed = try #require(try await fixture.catalog.record("a"))
    #expect(changed.status.expiration == forecast.newEnd)
    #expect(changed.spec.ttl == Self.days(40))
    let late = await #expect(throws: EngineError.self) { try await fixture.editor.apply(forecast) }
    #expect(late?.code == .changed)
    let entry = try await fixture.journal.begin(
      JournaledOperation(.backup, "a", store: fixture.store.identity),
      now: .test
    )
    let next = try ExpiryForecast(changed, .protect, at: .test)
    let locked = await #expect(throws: EngineError.self) { try await fixture.editor.apply(next) }
    #expect(locked?.code == .locked)
    entry.end()
    try await fixture.store.delete("backups/a/velero-backup.json")
    let gone = await #expect(throws: EngineError.self) { try await fixture.editor.apply(next) }
    #expect(gone?.code == .notFound)
  }

  @Test func `a read-only store refuses a change and says whose it is`() async throws {
    let base = MemoryStore()
    let record = try await LifecycleFixture.write(LifecycleFixture.record("a"), into: base)
    let fixture = try LifecycleFixture(ReadOnlyStore(base, location: "nas"))
    let forecast = try ExpiryForecast(record, .protect, at: .test)
    let error = await #expect(throws: ObjectStoreError.self) {
      try await fixture.editor.apply(forecast)
    }
    #expect(error?.code == .readOnly)
    #expect(error?.message.contains("the location 'nas' is read-only") == true)
    #expect(try await fixture.catalog.record("a") == record)
  }
}
