// SPDX-License-Identifier: Apache-2.0

import Primitives
import TestSupport
import Testing

/// What the other suites stand on holds itself.
struct TestSupportTests {
  @Test func `a temporary directory goes away with everything in it`() async throws {
    let path = try await withTemporaryDirectory { directory in
      try directory.write("deep", to: "a/b/c.txt")
      #expect(try directory.names() == ["a/"])
      #expect(try readFile(directory.path("a/b/c.txt")) == Array("deep".utf8))
      return directory.path
    }
    #expect(throws: FileError.self) { try readFile("\(path)/a/b/c.txt") }
    let listing = try await Command(["ls", path]).run()
    #expect(listing.exitCode != 0)
  }

  @Test func `a command gives its output, its errors and its exit code`() async throws {
    let result = try await Command(
      ["sh", "-c", "cat; echo $WORD >&2; pwd; exit 3"],
      environment: ["WORD": "seven"],
      directory: "/usr",
      input: Array("in\n".utf8)
    ).run()
    #expect(result.output == "in\n/usr\n")
    #expect(result.error == "seven\n")
    #expect(result.exitCode == 3)
  }

  @Test func `input larger than any buffer goes through and unread input does no harm`()
    async throws
  {
    let bytes = [UInt8](repeating: 97, count: 3_000_000)
    #expect(try await Command(["cat"], input: bytes).run().outputBytes == bytes)
    #expect(try await Command(["true"], input: bytes).run().exitCode == 0)
  }

  @Test func `a command that does not end is killed and says so by its exit code`() async throws {
    let result = try await Command(["sleep", "600"], timeoutSeconds: 0).run()
    #expect(result.exitCode == 128 + 9)
  }

  @Test func `a program that does not exist is an error`() async {
    await #expect(throws: FileError.self) { try await Command(["no-such-program"]).run() }
  }

  @Test func `a stepped clock returns at once, moves on and keeps what was asked`() async throws {
    let clock = SteppedClock()
    let wall = clock.wallClock(startingAt: .test)
    try await clock.sleep(for: .seconds(90))
    try await clock.sleep(for: .milliseconds(5))
    clock.advance(by: .seconds(1))
    #expect(clock.sleeps == [.seconds(90), .milliseconds(5)])
    #expect(clock.now.offset == .milliseconds(91_005))
    #expect(wall.now().description == "2026-03-14T09:28:24.005Z")
  }

  @Test func `a golden file that is missing, different or rewritten fails the run`() {
    let bytes = Array("a\nb\n".utf8)
    func complaint(_ expected: String?, updates: Bool) -> String? {
      GoldenVerdict(
        actual: bytes,
        expected: expected.map { Array($0.utf8) },
        updates: updates
      ).complaint(name: "x.txt")
    }
    #expect(complaint("a\nb\n", updates: false) == nil)
    #expect(complaint("a\nb\n", updates: true) == nil)
    #expect(complaint(nil, updates: false)?.contains("is missing") == true)
    #expect(complaint("a\nc\n", updates: true)?.contains("is written") == true)
    #expect(complaint("a\nc\n", updates: false)?.hasSuffix("@@ line 2\n a\n-c\n+b") == true)
  }

  @Test func `a claim about every value names those for which it is false`() {
    withEvery(0...1000) { $0 >= 0 }
    #expect(counterexamples(0...3) { $0 != 2 } == ["does not hold for 2"])
    #expect(counterexamples(0...1000, limit: 3) { $0 < 500 }.count == 3)
  }
}
