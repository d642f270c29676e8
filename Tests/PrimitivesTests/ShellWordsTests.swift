// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

struct ShellWordsTests {
  @Test(arguments: [
    ("", []), ("  ", []), ("a", ["a"]), (" a\tb  c ", ["a", "b", "c"]), ("''", [""]),
    ("a''b", ["ab"]), ("'a b' c", ["a b", "c"]), ("\"a b\"c", ["a bc"]), ("a\\ b", ["a b"]),
    ("'a\\b'", ["a\\b"]), ("\"a\\b\"", ["a\\b"]), ("\"\\\"\\\\\\$\\`\"", ["\"\\$`"]),
    ("sh -c 'echo \"$HOME\"; sync'", ["sh", "-c", "echo \"$HOME\"; sync"]),
    ("it\\'s", ["it's"]), ("'it'\\''s'", ["it's"]), ("a|b > c", ["a|b", ">", "c"]),
  ])
  func `quotes hold words together`(line: String, words: [String]) {
    #expect(ShellWords.words(line) == words)
  }

  @Test(arguments: ["'", "a 'b", "\"", "\"a\\\"", "a\\", "\"a\\"])
  func `what is not closed has no words`(line: String) {
    #expect(ShellWords.words(line) == nil)
  }

  @Test(arguments: 0..<500 as Range<UInt64>)
  func `words come back from their line`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let letters = Array(" \t\n\r'\"\\$`|;&<>()[]{}*?~#=%!ab-1é日\u{301}\u{200D}🙂".unicodeScalars)
    let words = (0..<Int.random(in: 0...5, using: &random)).map { _ in
      var word = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...8, using: &random) {
        word.append(letters[Int.random(in: 0..<letters.count, using: &random)])
      }
      return String(word)
    }
    #expect(ShellWords.words(ShellWords.line(words)) == words)
  }
}
