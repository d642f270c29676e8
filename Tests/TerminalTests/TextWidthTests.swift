// SPDX-License-Identifier: Apache-2.0

import CTerminal
import Glibc
import Primitives
import Testing

@testable import Terminal

struct TextWidthTests {
  @Test(arguments: [
    ("pods", 4), ("", 0), ("é", 1), ("e\u{301}", 1), ("界", 2), ("✅", 2), ("● ▲ …", 5),
    ("👨‍👩‍👧", 6), ("☁\u{FE0F}", 1), ("a\u{200B}b", 2), ("\u{1B}[31mred", 7), ("\u{202E}abc", 3),
    ("🇩🇪", 2), ("\t", 1), ("한글", 4), ("\u{E000}", 1),
  ])
  func `the columns of text`(text: String, columns: Int) {
    #expect(TextWidth.columns(text) == columns)
  }

  @Test func `what could disturb a terminal is taken out`() {
    #expect(TextWidth.clean("a\u{1B}[2Jb\r\n\u{9B}c\u{7F}") == "a[2Jb  c")
    #expect(TextWidth.clean("\u{202E}evil\u{2066}\u{FE0F}\u{200D}") == "evil")
    #expect(TextWidth.clean("\u{E000}\u{301}") == "?\u{301}")
    #expect(TextWidth.clean("\u{301}a") == "a")
  }

  @Test func `text is cut with an ellipsis, never within a character`() {
    #expect(TextWidth.cut("kube-system", to: 6) == "kube-…")
    #expect(TextWidth.cut("kube", to: 4) == "kube")
    #expect(TextWidth.cut("界界界", to: 4) == "界…")
    #expect(TextWidth.cut("界", to: 1) == "…")
    #expect(TextWidth.cut("pods", to: 0) == "")
    #expect(TextWidth.cut("pods", to: 3, ellipsis: "~") == "po~")
    #expect(TextWidth.fit("a界", to: 5) == "a界  ")
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `cut text fits and is clean`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let text = Sample.text(&random)
    let clean = TextWidth.clean(text)
    #expect(TextWidth.clean(clean) == clean)
    #expect(TextWidth.columns(clean) == TextWidth.columns(text))
    for columns in 0..<20 {
      #expect(TextWidth.columns(TextWidth.cut(text, to: columns)) <= columns)
      #expect(TextWidth.columns(TextWidth.fit(text, to: columns)) == columns)
    }
  }

  @Test func `the C library places characters as the table does`() {
    #expect(setlocale(LC_CTYPE, "C.UTF-8") != nil)
    var differences: [String] = []
    for value in 0x20..<0x20000 as Range<UInt32> {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let known = ct_wcwidth(value)
      switch TextWidth.kind(of: scalar) {
      // What the library does not know is drawn as a question mark.
      case .narrow where known == 2, .wide where known == 1:
        differences.append(String(value, radix: 16))
      default: continue
      }
    }
    #expect(differences.count < 100, "\(differences.prefix(40))")
  }
}
