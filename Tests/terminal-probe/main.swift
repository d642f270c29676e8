// SPDX-License-Identifier: Apache-2.0

import Glibc
import Terminal

/// Shows what the terminal reports, for the tests that run it in a real one.
///
/// Keys: `q` ends, `c` crashes, `z` stops, `s` gives the terminal back for a line, `m` turns the mouse on, `w` writes to
/// standard error, `y` copies, `t` names the window, `g` writes past the screen, `r` draws everything anew.
struct Probe {
  let screen: NcursesScreen
  var lines: [String] = []

  static func text(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }

  init() throws {
    screen = try NcursesScreen(
      NcursesScreen.Options(
        terminal: Self.text("TERM"),
        isUTF8: Self.text("PROBE_UTF8") == "1" ? true : nil,
        standardError: open("/dev/null", O_WRONLY)
      )
    )
  }

  mutating func run() {
    while true {
      draw()
      var files = [
        pollfd(fd: screen.inputDescriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: screen.signalDescriptor, events: Int16(POLLIN), revents: 0),
      ]
      poll(&files, 2, -1)
      while let event = screen.nextEvent() {
        lines.append("\(lines.count + 1) \(event)")
        if event == .hangup || event == .key(Key("q")) { return }
        if case .key(let key) = event { act(on: key) }
      }
    }
  }

  private func act(on key: Key) {
    switch key {
    case Key("c"): preconditionFailure("a crash was asked for")
    case Key("z"): screen.stop()
    case Key("m"): screen.setMouse(true)
    case Key("w"): write(STDERR_FILENO, "spoilt\n", 7)
    case Key("y"): _ = screen.copy("copied text")
    case Key("t"): screen.setTitle("probe title")
    case Key("g"): write(STDOUT_FILENO, "\u{1B}[3;40Hgarbage", 14)
    case Key("r"): screen.redraw()
    case Key("s"):
      screen.suspend()
      write(STDOUT_FILENO, "outside\n", 8)
      screen.resume()
    default: return
    }
  }

  private func draw() {
    let capabilities = screen.capabilities
    var canvas = Canvas(
      size: screen.size,
      glyphs: capabilities.isUTF8 ? .unicode : .ascii
    )
    let inner = canvas.box(canvas.bounds, title: "probe", isFocused: true)
    canvas.within(inner) { canvas in
      canvas.text("size \(canvas.size.width + 2)x\(canvas.size.height + 2)", x: 0, y: 0, style: .ok)
      let facts = "\(capabilities.terminalName) \(capabilities.depth) utf8=\(capabilities.isUTF8)"
      canvas.text(facts, x: 0, y: 1, style: .warn)
      canvas.text("é界 e\u{301} ✓", x: 0, y: 2, style: Style(.bad, on: .rowCursor))
      for (offset, line) in lines.suffix(max(0, canvas.size.height - 3)).enumerated() {
        canvas.text(line, x: 0, y: 3 + offset)
      }
      canvas.placeCursor(x: 5, y: 0)
    }
    screen.present(canvas.finish(), theme: ThemeCatalog.builtIn.standard)
  }
}

do {
  var probe = try Probe()
  probe.run()
  probe.screen.close()
  print("ended well")
} catch {
  print("no screen: \(error)")
  exit(1)
}
