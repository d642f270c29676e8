// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The screen in a real terminal, run by `terminal-probe` under tmux.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct NcursesScreenTests {
  private func terminal() async throws -> Tmux { try await Tmux(program: "terminal-probe") }

  @Test func `it draws, reads keys, follows the size and leaves nothing behind`() async throws {
    let tmux = try await terminal()
    try await tmux.line("terminal-probe")
    try await tmux.wait(for: "size 80x24")
    try await tmux.wait(for: "é界 e\u{301} ✓")
    #expect(try await tmux.fact("#{alternate_on}") == "1")
    try await tmux.press("Up", "C-Right", "M-j", "Escape")
    try await tmux.wait(for: "1 key(up)")
    try await tmux.wait(for: "2 key(ctrl-right)")
    try await tmux.wait(for: "3 key(alt-j)")
    try await tmux.wait(for: "4 key(esc)")
    try await tmux.press("F5", "BTab", "DC", "é")
    try await tmux.wait(for: "5 key(f5)")
    try await tmux.wait(for: "6 key(shift-tab)")
    try await tmux.wait(for: "7 key(del)")
    try await tmux.wait(for: "8 key(é)")
    try await tmux.resize(columns: 60, rows: 20)
    try await tmux.wait(for: "size 60x20")
    try await tmux.press("w", "C-c")
    try await tmux.wait(for: "key(ctrl-c)")
    #expect(try await !tmux.screen().contains("spoilt"))
    try await tmux.press("q")
    try await tmux.wait(for: "ended well")
    try await tmux.expectSane("quit")
  }

  @Test func `what is pasted is no keys`() async throws {
    let tmux = try await terminal()
    try await tmux.line("terminal-probe")
    try await tmux.wait(for: "size 80x24")
    try await tmux.tmux("set-buffer", "quit\nq")
    try await tmux.tmux("paste-buffer", "-p")
    try await tmux.wait(for: #"1 paste("quit\nq")"#)
    try await tmux.press("q")
    try await tmux.wait(for: "ended well")
  }

  @Test func `a redraw removes what others have written`() async throws {
    let tmux = try await terminal()
    try await tmux.line("terminal-probe")
    try await tmux.wait(for: "size 80x24")
    try await tmux.press("g")
    try await tmux.wait(for: "garbage")
    try await tmux.wait(for: "1 key(g)")
    try await tmux.press("r")
    try await tmux.wait(untilGone: "garbage")
    try await tmux.press("q")
    try await tmux.wait(for: "ended well")
  }

  @Test func `a stop from outside is one stop, and the size and the title follow`() async throws {
    let tmux = try await terminal()
    try await tmux.tmux("select-pane", "-T", "shell title")
    try await tmux.line("terminal-probe")
    try await tmux.wait(for: "size 80x24")
    try await tmux.press("t")
    try await tmux.wait(for: "1 key(t)")
    #expect(try await tmux.fact("#{pane_title}") == "probe title")
    try await tmux.signal("TSTP")
    try await tmux.wait(for: "ready>")
    try await tmux.expectSane("stopped")
    try await tmux.resize(columns: 60, rows: 20)
    try await tmux.line("fg")
    try await tmux.wait(for: "size 60x20")
    try await tmux.wait(for: "2 resumed")
    // Where others have stopped it, the terminal was not given back before.
    try await tmux.signal("CONT")
    try await tmux.wait(for: "3 resumed")
    try await tmux.press("x")
    try await tmux.wait(for: "4 key(x)")
    try await tmux.press("q")
    try await tmux.wait(for: "ended well")
    try await tmux.expectSane("quit")
    #expect(try await tmux.fact("#{pane_title}") == "shell title")
  }

  @Test func `Ctrl-Z's stop gives the shell its terminal and takes it again`() async throws {
    let tmux = try await terminal()
    try await tmux.line("terminal-probe")
    try await tmux.wait(for: "size 80x24")
    try await tmux.press("z")
    try await tmux.wait(for: "ready>")
    try await tmux.expectSane("stopped")
    try await tmux.line("fg")
    try await tmux.wait(for: "resumed")
    try await tmux.press("s", "x")
    try await tmux.wait(for: "key(x)")
    try await tmux.press("q")
    try await tmux.wait(for: "ended well")
    #expect(try await tmux.screen().contains("outside"))
    try await tmux.expectSane("quit")
  }

  @Test(arguments: ["TERM", "HUP", "INT", "SEGV", "ABRT", "ILL"])
  func `a signal that ends it leaves a sane terminal`(signal: String) async throws {
    let tmux = try await terminal()
    // Or the report of the crash waits for a key.
    try await tmux.line("SWIFT_BACKTRACE=enable=no terminal-probe")
    try await tmux.wait(for: "size 80x24")
    try await tmux.press("m")
    try await tmux.wait(for: "1 key(m)")
    try await tmux.signal(signal)
    try await tmux.wait(for: "ready>")
    try await tmux.expectSane(signal)
  }

  @Test func `a crash is reported on a sane terminal`() async throws {
    let tmux = try await terminal()
    try await tmux.line("SWIFT_BACKTRACE=enable=no terminal-probe")
    try await tmux.wait(for: "size 80x24")
    try await tmux.press("c")
    try await tmux.wait(for: "ready>")
    try await tmux.expectSane("crash")
  }

  @Test(arguments: [
    ("xterm-256color", "xterm-256color indexed256"),
    ("screen-256color", "screen-256color indexed256"),
    ("linux", "linux ansi8"), ("vt100", "vt100 mono"), ("dumb", "vt100 mono"),
    ("nosuch", "xterm-256color indexed256"),
  ])
  func `it runs whatever TERM says`(name: String, expected: String) async throws {
    let tmux = try await terminal()
    try await tmux.line("TERM=\(name) terminal-probe")
    try await tmux.wait(for: "size 80x24")
    try await tmux.wait(for: expected)
    try await tmux.press("Down")
    try await tmux.wait(for: "1 key(down)")
    try await tmux.resize(columns: 50, rows: 15)
    try await tmux.wait(for: "size 50x15")
    try await tmux.press("q")
    try await tmux.wait(for: "ended well")
    try await tmux.expectSane("quit")
  }

  @Test func `without a UTF-8 locale it draws in ASCII, unless told otherwise`() async throws {
    let tmux = try await terminal()
    try await tmux.line("LC_ALL=C terminal-probe")
    try await tmux.wait(for: "utf8=false")
    #expect(try await tmux.screen().contains("+- probe"))
    #expect(try await tmux.screen().contains("??  ? ?"))
    try await tmux.press("q")
    try await tmux.wait(for: "ended well")
    try await tmux.line("clear; LC_ALL=C PROBE_UTF8=1 terminal-probe")
    try await tmux.wait(for: "utf8=true")
    #expect(try await tmux.screen().contains("┌─ probe"))
    try await tmux.press("q")
  }

  @Test func `without a terminal it says so`() async throws {
    let result = try await Command(
      [BuiltProgram.path("terminal-probe")],
      environment: ["TERM": "xterm"]
    ).run()
    #expect(result.exitCode == 1)
    #expect(result.output.contains("no terminal; start it in a terminal"))
  }
}
