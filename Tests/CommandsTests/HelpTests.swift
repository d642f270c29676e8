// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Commands

struct HelpTests {
  private static let topics: [[String]] =
    [[]] + CommandTable.standard.nouns.map { [$0.name] }
    + CommandTable.standard.commands.filter { !$0.isHidden }
    .map { $0.path.split(separator: " ").map(String.init) }

  @Test(arguments: topics)
  func `help is what the golden file says`(topic: [String]) async {
    let run = await CommandRun.of(topic + ["--help"])
    #expect(run.code == 0)
    #expect(run.errorOutput.isEmpty)
    #expect(
      run.output.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.contains("binnacle ") }
    )
    expectGolden(run.output, "help/\((["binnacle"] + topic).joined(separator: "-")).txt")
    #expect(await CommandRun.of(["help"] + topic) == run)
    #expect(await CommandRun.of(topic.reversed() + ["-h"]) == run)
  }

  @Test func `a thing or nothing alone prints its help`() async {
    #expect(await CommandRun.of([]) == CommandRun.of(["--help"]))
    #expect(await CommandRun.of(["backups"]) == CommandRun.of(["backup", "--help"]))
  }

  @Test func `the reference page is what the table says`() {
    // The page is beside the sources, three folders up from the golden files.
    expectGolden(ReferenceText.page(.standard), "../../../docs/commands.md")
  }
}
