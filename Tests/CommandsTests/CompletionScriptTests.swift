// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Commands

struct CompletionScriptTests {
  private static func isInstalled(_ shell: String) async -> Bool {
    let found = try? await TestSupport.Command(["sh", "-c", "command -v \(shell)"]).run()
    return found?.exitCode == 0
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `a shell can read its script`(shell: String) async throws {
    guard await Self.isInstalled(shell) else { return }
    let directory = try TemporaryDirectory()
    let script = await CommandRun.of(["completion", shell])
    #expect(script.code == 0)
    let path = try directory.write(script.output, to: "script")
    let result = try await TestSupport.Command([shell, "-n", path]).run()
    #expect(result.exitCode == 0, "\(result.error)")
  }

  /// What bash offers when the words, split as bash does, are typed and binnacle answers with some lines.
  private func bashOffers(_ words: [String], answer: String) async throws -> (String, [String]) {
    let directory = try TemporaryDirectory()
    let script = try directory.write(CompletionScript.bash, to: "script")
    let asked = directory.path("asked")
    let result = try await TestSupport.Command(
      [
        "bash", "-c",
        """
        source \(script)
        binnacle() { printf '<%s>' "$@" > \(asked); printf -- '\(answer)'; }
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _binnacle
        printf '%s\\n' "${COMPREPLY[@]}"
        """,
        "bash",
      ] + words
    ).run()
    let question = String(decoding: try readFile(asked), as: UTF8.self)
    return (question, result.output.split(separator: "\n").map(String.init))
  }

  @Test func `bash asks with the words and takes the answers without their meaning`() async throws {
    let (question, offers) = try await bashOffers(
      ["binnacle", "backup", "de"],
      answer: #"describe\tShow it\ndelete\n"#
    )
    #expect(question == "<__complete><--><backup><de>")
    #expect(offers == ["describe", "delete"])
  }

  @Test func `bash's breaks at colons and equals signs are mended`() async throws {
    let (question, offers) = try await bashOffers(
      ["binnacle", "--context", "=", "arn", ":", "a"],
      answer: #"--context=arn:aws\n"#
    )
    #expect(question == "<__complete><--><--context=arn:a>")
    #expect(offers == ["aws"])
    let (_, empty) = try await bashOffers(
      ["binnacle", "-o", "json", "--output", "="],
      answer: #"--output=json\n--output=yaml\n"#
    )
    #expect(empty == ["json", "yaml"])
  }

  @Test func `a shell without completion is a usage error`() async {
    let run = await CommandRun.of(["completion", "tcsh"])
    #expect(run.code == 2)
    #expect(run.errorOutput.hasPrefix("error: there is no completion for the shell 'tcsh'\n"))
  }
}
