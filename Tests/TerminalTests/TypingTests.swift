// SPDX-License-Identifier: Apache-2.0

import Terminal
import Testing

struct TextFieldTests {
  private func type(_ keys: String..., into field: inout TextField) {
    for key in keys {
      if let key = Key(parsing: key) {
        _ = field.handle(.key(key))
      } else {
        for character in key { _ = field.handle(.key(Key(character))) }
      }
    }
  }

  @Test func `keys edit the line`() {
    var field = TextField()
    type("kube-system pods", "alt-b", "ctrl-w", into: &field)
    #expect(field.text == "kube-pods")
    #expect(field.cursor == 5)
    type("ctrl-y", "home", "del", "K", "end", "backspace", into: &field)
    #expect(field.text == "Kube-system pod")
    type("ctrl-left", "ctrl-k", "ctrl-a", "ctrl-u", "right", "alt-d", into: &field)
    #expect(field.text == "K-system ")
    type("ctrl-e", "ctrl-u", into: &field)
    #expect(field.isEmpty)
  }

  @Test func `Enter, Escape and what means nothing are told`() {
    var field = TextField("x")
    #expect(field.handle(.key(.enter)) == .submitted)
    #expect(field.handle(.key(.escape)) == .cancelled)
    #expect(field.handle(.key(.tab)) == .ignored)
    #expect(field.handle(.key(.ctrl("r"))) == .ignored)
    #expect(field.handle(.focus(true)) == .ignored)
    #expect(field.handle(.key(.left)) == .handled)
    #expect(field.handle(.paste("a\nb\u{1B}[A")) == .changed)
    #expect(field.text == "a b[Ax")
  }

  @Test func `a proposed completion is taken by Tab or at the end by the arrow`() {
    var field = TextField("kube")
    field.ghost = "-system"
    _ = field.handle(.key(.left))
    #expect(field.handle(.key(.right)) == .handled)
    #expect(field.text == "kube")
    #expect(field.handle(.key(.right)) == .changed)
    #expect(field.text == "kube-system")
    #expect(field.ghost.isEmpty)
  }

  @Test func `a long line scrolls so that the cursor shows`() {
    var field = TextField("0123456789abcdef")
    var canvas = Canvas(size: Size(width: 8, height: 1))
    field.draw(in: &canvas)
    #expect(canvas.finish().text == "9abcdef\n")
    #expect(canvas.finish().cursor == Point(x: 7, y: 0))
    field.set("界界界界界")
    field.draw(in: &canvas)
    #expect(canvas.finish().text == "界界界\n")
  }

  @Test func `what is too long is left out`() {
    var field = TextField(String(repeating: "a", count: TextField.limit - 1))
    field.insert("bcd")
    #expect(field.text.count == TextField.limit)
    #expect(field.text.hasSuffix("ab"))
  }
}

struct TextViewTests {
  private let size = Size(width: 10, height: 4)
  private let lines = (0..<100).map { TextLine("line \($0)") }

  private func shown(_ view: TextView, _ lines: [TextLine]) -> String {
    var canvas = Canvas(size: size)
    view.draw(lines, in: &canvas)
    return canvas.finish().text
  }

  @Test func `it scrolls and stops at the ends`() {
    var view = TextView()
    #expect(view.handle(.pageDown, lines: lines, size: size) == true)
    #expect(view.top == 3)
    #expect(view.handle(Key("G"), lines: lines, size: size) == true)
    #expect(view.top == 96)
    #expect(view.handle(.down, lines: lines, size: size) == true)
    #expect(view.top == 96)
    #expect(view.handle(.home, lines: lines, size: size) == true)
    #expect(view.handle(.up, lines: lines, size: size) == true)
    #expect(view.top == 0)
    #expect(view.handle(Key("x"), lines: lines, size: size) == false)
  }

  @Test func `a search goes round`() {
    var view = TextView()
    #expect(view.search("LINE 9", lines: lines, size: size) == true)
    #expect(view.matchLine == 9)
    #expect(view.nextMatch(lines: lines, size: size) == true)
    #expect(view.matchLine == 90)
    #expect(view.nextMatch(isBackward: true, lines: lines, size: size) == true)
    #expect(view.matchLine == 9)
    #expect(view.nextMatch(isBackward: true, lines: lines, size: size) == true)
    #expect(view.matchLine == 99)
    #expect(view.nextMatch(lines: lines, size: size) == true)
    #expect(view.matchLine == 9)
    #expect(view.search("nothing", lines: lines, size: size) == false)
    let found = view.showNext(lines: lines, size: size) { $0.text.hasSuffix("7") }
    #expect(found)
  }

  @Test func `a search goes on from where it stands, over pieces and beyond ASCII`() {
    let lines: [TextLine] =
      ["a pod", "Warning", "none", TextLine([TextSpan("war"), TextSpan("ning: CAFÉ")]), "wart"]
    var view = TextView()
    #expect(view.search("war", lines: lines, size: size) == true)
    #expect(view.matchLine == 1)
    #expect(view.search("warning:", lines: lines, size: size) == true)
    #expect(view.matchLine == 3)
    #expect(view.search("warning: café", lines: lines, size: size) == true)
    #expect(view.matchLine == 3)
    #expect(view.search("warning: café!", lines: lines, size: size) == false)
    #expect(view.matchLine == nil)
    // A text that goes on may also be before where the last one was found.
    #expect(view.search("wart", lines: lines, size: size) == true)
    #expect(view.search("a", lines: lines, size: size) == true)
    #expect(view.search("a pod", lines: lines, size: size) == true)
    #expect(view.matchLine == 0)
    #expect(view.nextMatch(lines: lines, size: size) == true)
    #expect(view.matchLine == 0)
  }

  @Test func `following shows what is added, and going up ends it`() {
    var view = TextView(follows: true)
    #expect(shown(view, lines).hasPrefix("line 96"))
    #expect(shown(view, lines + ["more"]).contains("more"))
    #expect(view.handle(.up, lines: lines, size: size) == true)
    #expect(!view.follows)
    #expect(shown(view, lines + ["more"]).hasPrefix("line 95"))
  }

  @Test func `long lines are wrapped at blanks`() {
    let text: [TextLine] = ["one two three four five", "界界界界界界", "end"]
    var view = TextView(isWrapped: true)
    #expect(shown(view, text) == "one two\nthree\nfour five\n界界界界界\n")
    #expect(view.handle(.down, lines: text, size: size) == true)
    #expect(shown(view, text).hasPrefix("three"))
    #expect(view.handle(.end, lines: text, size: size) == true)
    #expect(shown(view, text).hasSuffix("end\n"))
    #expect(view.handle(.up, lines: text, size: size) == true)
    #expect(view.handle(.home, lines: text, size: size) == true)
    #expect(shown(view, text).hasPrefix("one two"))
  }

  @Test(arguments: [
    ("kind: Pod", "kkkk: qqq"), ("  - name: \"a: b\"", "    kkkk: qqqqqq"), ("# note", "######"),
    ("replicas: 3", "kkkkkkkk: n"), ("- true", "  nnnn"), ("data:", "kkkk:"), ("", ""),
    ("url: http://x", "kkk: qqqqqqqq"),
  ])
  func `YAML is coloured`(line: String, plane: String) {
    let colours = TextLine(yaml: line).spans.flatMap { span in
      span.text.map { character -> Character in
        switch span.style.role {
        case .yamlKey: "k"
        case .yamlString: character == " " ? " " : "q"
        case .yamlNumber: character == " " ? " " : "n"
        case .yamlComment: "#"
        case .dim: character
        default: " "
        }
      }
    }
    var expected = plane
    // A blank within a string belongs to it.
    if line.contains("\"a: b\"") { expected = "    kkkk: qqq qq" }
    #expect(String(colours) == expected)
    #expect(TextLine(yaml: line).text == line)
  }
}

struct SearchTests {
  @Test func `parts of a text are found whatever their capitals`() {
    let pattern = SubstringPattern("Pod")
    #expect(pattern.matches(in: "pod PODS x") == [0..<3, 4..<7])
    #expect(SubstringPattern("É").matches(in: "café") == [3..<4])
    #expect(SubstringPattern("").matches(in: "a") == [])
    #expect(!SubstringPattern("abc").isFound(in: "ab"))
    #expect(FoldedText.contains(FoldedText.bytes("aab"), Array("ab".utf8)))
  }

  @Test func `letters in order are found, the beginnings of words best`() throws {
    let pattern = FuzzyPattern("bc")
    let words = try #require(pattern.match("backup create"))
    let inside = try #require(pattern.match("abxxcy"))
    #expect(words.score > inside.score)
    #expect(words.positions == [0, 7])
    #expect(words.characters(of: "backup create") == [0..<1, 7..<8])
    #expect(words.characters(of: "backup") == [0..<1])
    #expect(pattern.match("cb") == nil)
    #expect(FuzzyPattern("create back").match("backup create") != nil)
    #expect(FuzzyPattern("").match("x")?.score == 0)
    let exact = try #require(FuzzyPattern("pods").match("pods"))
    let long = try #require(FuzzyPattern("pods").match("poddisruptionbudgets"))
    #expect(exact.score > long.score)
  }
}
