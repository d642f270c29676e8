// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import TestSupport
import Testing

@testable import Engine

struct ProbeHistoryTests {
  private static let location = StorageLocation.directory("nas/ü", path: "/nas")

  private static func result(_ second: Int64, fails: Bool = false) -> ProbeResult {
    ProbeResult(
      started: Timestamp.test + GoDuration(seconds: second),
      steps: [ProbeStep(.write, duration: .microseconds(1500 + second))],
      failure: fails
        ? ProbeFailure(step: .write, code: "denied", message: "no", hint: "ask") : nil,
      remarks: fails ? [] : ["odd"]
    )
  }

  @Test func `what was found is kept and read again`() async throws {
    let store = MemoryStore()
    let files = ProbeHistoryFiles(store: store)
    #expect(await files.read(Self.location) == ProbeHistoryReading())
    var kept = ProbeHistory()
    for second in 0..<5 as Range<Int64> {
      let result = Self.result(second, fails: second == 3)
      kept.add(result)
      #expect(try await files.add(result, to: Self.location) == kept)
    }
    #expect(await files.read(Self.location) == ProbeHistoryReading(kept))
    #expect(kept.lastGood == Self.result(4))
    #expect(kept.lastFailure == Self.result(3, fails: true))
    #expect(try await store.list().objects.map(\.key) == ["nas%2f%c3%bc.json"])
  }

  @Test func `the history is bounded, and the last good probe outlives it`() {
    var history = ProbeHistory()
    history.add(Self.result(0))
    for second in 1...Int64(ProbeHistory.limit) { history.add(Self.result(second, fails: true)) }
    #expect(history.probes.count == ProbeHistory.limit)
    #expect(history.probes.allSatisfy { !$0.isGood })
    #expect(history.lastGood == Self.result(0))
  }

  @Test(arguments: [
    "", "{", "[]", #"{"version":2,"probes":[]}"#,
    #"{"version":1,"store":"directory:/nas","probes":[{}]}"#,
  ])
  func `a damaged file is told, and the history starts again`(text: String) async throws {
    let store = MemoryStore()
    let files = ProbeHistoryFiles(store: store)
    try await store.put(ProbeHistoryFiles.key(Self.location.name), Array(text.utf8))
    let reading = await files.read(Self.location)
    #expect(reading.history == ProbeHistory())
    #expect(reading.problem?.contains("is damaged and starts again") == true)
    let history = try await files.add(Self.result(1), to: Self.location)
    #expect(await files.read(Self.location) == ProbeHistoryReading(history))
  }

  @Test func `a name that is given to another store has no history yet`() async throws {
    let files = ProbeHistoryFiles(store: MemoryStore())
    _ = try await files.add(Self.result(1), to: Self.location)
    var moved = Self.location
    moved.config["path"] = "/other"
    #expect(await files.read(moved) == ProbeHistoryReading())
  }

  @Test func `names of any kind have files of their own`() {
    let names = ["a", ".", "..", "a/b", "a%2fb", "", String(repeating: "x", count: 500)]
    let keys = names.map(ProbeHistoryFiles.key)
    #expect(Set(keys).count == names.count)
    for key in keys { #expect(throws: Never.self) { try ObjectStorage.ObjectKey.check(key) } }
    #expect(keys.allSatisfy { $0.utf8.count < 255 })
  }

  private static func read(_ second: Int64, fails: Bool = false) -> ProbeResult {
    var result = result(second, fails: fails)
    result.isReadOnly = true
    result.steps = [ProbeStep(.list, duration: .microseconds(900))]
    if fails { result.failure?.step = .list }
    return result
  }

  @Test func `reading says nothing of writing`() {
    var health = LocationHealth(Self.location)
    health.history.add(Self.read(0))
    #expect(health.state(at: .test) == .readable)
    #expect(health.lastGood == nil)
    health.history.add(Self.result(1))
    #expect(health.state(at: .test) == .available)
    health.history.add(Self.read(2))
    #expect(health.state(at: .test) == .readable && health.lastGood == Self.result(1))
    health.history.add(Self.result(3, fails: true))
    health.history.add(Self.read(4))
    #expect(health.state(at: .test) == .unavailable)
    #expect(health.reason == "no" && health.hint == "ask")
    health.history.add(Self.read(5, fails: true))
    #expect(health.state(at: .test) == .unavailable)
    // In a location that may only be read there is nothing else to try.
    health.history.add(Self.read(6))
    health.location.accessMode = .readOnly
    #expect(health.state(at: .test) == .available && health.reason == nil)
    #expect(health.lastGood == Self.read(6))
    var only = LocationHealth(Self.location, history: ProbeHistory(probes: [Self.read(0)]))
    only.location.accessMode = .readOnly
    #expect(only.state(at: .test) == .available && only.lastGood == Self.read(0))
  }

  @Test func `a write that failed is not forgotten for many probes that only read`() {
    var history = ProbeHistory(probes: [Self.result(0, fails: true)])
    for second in 1...Int64(ProbeHistory.limit) { history.add(Self.read(second)) }
    let health = LocationHealth(Self.location, history: history)
    let later = Timestamp.test + GoDuration(seconds: 3600)
    #expect(health.state(at: later) == .unavailable && health.lastGood == nil)
  }

  @Test func `what is said to have been found in the future is not believed`() {
    var health = LocationHealth(Self.location)
    health.history.add(Self.result(3600))
    #expect(health.state(at: .test) == .unknown && health.age(at: .test) == nil)
    #expect(health.isDue(at: .test) && health.reason == nil)
    health.location.validationFrequency = GoDuration(seconds: 0)
    #expect(!health.isDue(at: .test))
    // Two clocks that are read one after the other may differ by a little.
    var near = LocationHealth(Self.location)
    near.history.add(Self.result(2))
    #expect(near.state(at: .test) == .available && !near.isDue(at: .test))
    #expect(near.age(at: .test) == GoDuration(seconds: 0))
  }

  @Test func `health is what the latest probe says, and unknown before the first`() {
    var health = LocationHealth(Self.location)
    #expect(health.state(at: .test) == .unknown && health.reason == nil)
    #expect(health.isDue(at: .test))
    health.history.add(Self.result(0))
    #expect(health.state(at: .test) == .available)
    #expect(health.age(at: .test + GoDuration(seconds: 30)) == GoDuration(seconds: 30))
    #expect(!health.isDue(at: .test + GoDuration(seconds: 59)))
    #expect(health.isDue(at: .test + GoDuration(seconds: 60)))
    health.history.add(Self.result(1, fails: true))
    #expect(health.state(at: .test) == .unavailable)
    #expect(health.reason == "no" && health.hint == "ask")
    #expect(health.latencies.map(\.duration) == [.microseconds(1500), nil])
    health.location.validationFrequency = GoDuration(seconds: 0)
    #expect(!health.isDue(at: .test + GoDuration(seconds: 1_000_000)))
    health.location = StorageLocation(name: "x", provider: "aws")
    #expect(health.state(at: .test) == .unavailable)
    #expect(health.reason?.contains("not supported yet") == true)
    #expect(!health.isDue(at: .test))
  }
}
