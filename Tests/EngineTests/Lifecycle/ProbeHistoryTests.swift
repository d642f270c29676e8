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

  @Test func `health is what the latest probe says, and unknown before the first`() {
    var health = LocationHealth(Self.location)
    #expect(health.state == .unknown && health.reason == nil)
    #expect(health.isDue(at: .test))
    health.history.add(Self.result(0))
    #expect(health.state == .available)
    #expect(health.age(at: .test + GoDuration(seconds: 30)) == GoDuration(seconds: 30))
    #expect(!health.isDue(at: .test + GoDuration(seconds: 59)))
    #expect(health.isDue(at: .test + GoDuration(seconds: 60)))
    health.history.add(Self.result(1, fails: true))
    #expect(health.state == .unavailable)
    #expect(health.reason == "no" && health.hint == "ask")
    #expect(health.latencies.map(\.duration) == [.microseconds(1500), nil])
    health.location.validationFrequency = GoDuration(seconds: 0)
    #expect(!health.isDue(at: .test + GoDuration(seconds: 1_000_000)))
    health.location = StorageLocation(name: "x", provider: "aws")
    #expect(health.state == .unavailable)
    #expect(health.reason?.contains("not supported yet") == true)
    #expect(!health.isDue(at: .test))
  }
}
