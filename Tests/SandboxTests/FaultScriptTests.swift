// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing

struct FaultScriptTests {
  @Test func `a script gives its rules in order, with what they match and do`() throws {
    let script = """
      faults:
      - {method: GET, path: "/api/v1/**", query: "continue=", nth: 2, cut: middle}
      - latency: 1m1.5s
        first: 3
      - {status: 429, retryAfter: 2, everyNth: 5}
      """
    #expect(
      try FaultScript.parse(script) == [
        Fault(
          .cutInTheMiddle,
          on: FaultMatch(method: "GET", path: "/api/v1/**", query: "continue="),
          occurrence: .nth(2)
        ),
        Fault(.latency(.milliseconds(61_500)), occurrence: .first(3)),
        Fault(.tooManyRequests(retryAfterSeconds: 2), occurrence: .everyNth(5)),
      ]
    )
  }

  struct Action: CustomTestStringConvertible {
    let text: String
    let action: FaultAction
    var testDescription: String { text }
  }

  @Test(arguments: [
    Action(text: "latency: 250ms", action: .latency(.milliseconds(250))),
    Action(text: "status: 429", action: .tooManyRequests(retryAfterSeconds: nil)),
    Action(text: "status: 500", action: .status(500)),
    Action(text: "cut: 0", action: .cut(afterBytes: 0)),
    Action(text: "truncate: middle", action: .truncatedInTheMiddle),
    Action(text: "truncate: 512", action: .truncated(afterBytes: 512)),
    Action(text: "expire: revision", action: .gone),
    Action(text: "expire: continue", action: .expiredContinue),
  ])
  func `every action has its words`(action: Action) throws {
    #expect(try FaultScript.parse("faults: [{\(action.text)}]") == [Fault(action.action)])
  }

  @Test func `an empty list of faults is a server that works`() throws {
    #expect(try FaultScript.parse("faults: []").isEmpty)
  }

  @Test func `what is wrong in a script is named with its place and what to write`() {
    let scripts = [
      "", "- status: 500", "fault: []", "faults: 3", "faults: [a]", "faults: [{}]",
      "faults:\n- pth: /api\n  status: 500", "faults:\n- method: get\n  status: 500",
      "faults:\n- path: pods\n  status: 500", "faults:\n- query: [a]\n  status: 500",
      "faults:\n- status: 200", "faults:\n- status: 5xx",
      "faults:\n- status: 500\n  retryAfter: 1", "faults:\n- status: 429\n  retryAfter: 1s",
      "faults:\n- status: 500\n  latency: 1s", "faults:\n- latency: 3",
      "faults:\n- latency: 11m", "faults:\n- latency: -1s", "faults:\n- cut: -1",
      "faults:\n- cut: end", "faults:\n- expire: list", "faults:\n- cut: 1\n  nth: 0",
      "faults:\n- cut: 1\n  nth: 1\n  first: 1", "faults:\n- cut: 1\n  cut: 2",
      "faults:\n- cut: [", "faults: []\n---\nfaults: []",
    ]
    let errors = scripts.map { script in
      do {
        return "\(script)\n=> \(try FaultScript.parse(script, file: "x.yaml").count) faults"
      } catch {
        return "\(script)\n=> \(error)"
      }
    }
    expectGolden(errors.joined(separator: "\n\n") + "\n", "fault-script-errors.txt")
  }

  @Test func `every example in the documentation is a valid script`() throws {
    let source = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let text = String(decoding: try readFile("/\(source)/docs/sandbox.md"), as: UTF8.self)
    let blocks = text.split(separator: "```").map(String.init).filter { $0.hasPrefix("yaml\n") }
    #expect(blocks.count == 5)
    for block in blocks {
      #expect(try !FaultScript.parse(String(block.dropFirst(5))).isEmpty)
    }
  }
}
