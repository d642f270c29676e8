// SPDX-License-Identifier: Apache-2.0

import Primitives
import Terminal
import Testing

struct ScreenTests {
  @Test func `the headless screen plays its events and keeps the last grid`() {
    let screen = HeadlessScreen(size: Size(width: 5, height: 1))
    screen.send(keys: "ctrl-r", "ab")
    screen.send(.resize(Size(width: 7, height: 2)))
    var events: [InputEvent] = []
    while let event = screen.nextEvent() { events.append(event) }
    #expect(
      events.map(\.description) == ["key(ctrl-r)", "key(a)", "key(b)", "resize(7x2)"]
    )
    #expect(screen.size == Size(width: 7, height: 2))
    var canvas = Canvas(size: screen.size)
    canvas.text("hello", x: 0, y: 0)
    screen.present(canvas.finish(), theme: ThemeCatalog.builtIn.standard)
    #expect(screen.grid?.text == "hello\n\n")
    #expect(screen.depth == .indexed256)
    #expect(screen.copy("x") && screen.copied == ["x"])
    screen.stop()
    #expect(screen.nextEvent() == .resumed)
  }

  @Test func `the clipboard's sequence is wrapped for what stands between`() throws {
    func sequence(_ text: String, _ multiplexer: Multiplexer) -> String? {
      Clipboard.sequence(for: text, through: multiplexer).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    #expect(sequence("foo", .none) == "\u{1B}]52;c;Zm9v\u{07}")
    #expect(
      sequence("foo", .tmux)
        == "\u{1B}]52;c;Zm9v\u{07}\u{1B}Ptmux;\u{1B}\u{1B}]52;c;Zm9v\u{07}\u{1B}\\"
    )
    #expect(sequence("foo", .screen) == "\u{1B}P\u{1B}]52;c;Zm9v\u{07}\u{1B}\\")
    let long = try #require(sequence(String(repeating: "a", count: 300), .screen))
    #expect(long.split(separator: "\u{1B}\\").allSatisfy { $0.utf8.count <= 78 })
    #expect(sequence(String(repeating: "a", count: Clipboard.limitBytes), .none) != nil)
    #expect(sequence(String(repeating: "a", count: Clipboard.limitBytes + 1), .none) == nil)
  }
}
