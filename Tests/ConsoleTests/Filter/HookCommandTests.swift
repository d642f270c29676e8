// SPDX-License-Identifier: Apache-2.0

import Primitives
import Terminal
import Testing

@testable import Console

struct HookCommandTests {
  @Test(arguments: [
    ("", []), ("sync", ["sync"]), ("sh -c 'a; b'", ["sh", "-c", "a; b"]),
    ("[\"sh\",\"-c\",\"a; b\"]", ["sh", "-c", "a; b"]), (" [ \"a\" ] ", ["a"]), ("[]", []),
    ("[\"a\\nb\",\"\\u00e9\\ud83d\\ude42\"]", ["a\nb", "é🙂"]),
    ("[ -f /x ]", ["[", "-f", "/x", "]"]),
    ("'[\"a\"]'", ["[\"a\"]"]), ("[1]", ["[1]"]),
  ])
  func `a line has words, or is an array of them`(line: String, words: [String]) throws {
    #expect(try HookCommand.words(line) == words)
  }

  @Test(arguments: ["'", "\"a", "a\\", "[\"a\"", "[ \"a\", 1]", "[\"a\",]"])
  func `a broken line is told`(line: String) {
    #expect(throws: HookProblem.self) { try HookCommand.words(line) }
  }

  @Test(arguments: 0..<500 as Range<UInt64>)
  func `words come back from the line in a field`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    let words = RandomHooks.command(&random)
    let field = TextField(HookCommand.line(words))
    let again = try HookCommand.words(field.text)
    #expect(again.map { Array($0.unicodeScalars) } == words.map { Array($0.unicodeScalars) })
  }
}
