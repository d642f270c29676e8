// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing

/// The console as its users have it: the built program in a terminal of tmux.
@Suite(.tags(.e2e, .slow), .serialized, .timeLimit(.minutes(5)))
struct ConsoleTerminalTests {
  /// Keys, and where they lead.
  private static let screens = [
    ("2", "Explorer"), ("3", "Backups"), ("4", "Restores"), ("5", "Locations"), ("6", "Operations"),
    ("7", "Expiry"), ("8", "New backup"), ("9", "Contexts"), ("!", "Messages"),
  ]

  /// A terminal whose shell has a home of its own.
  private func terminal(
    _ scene: Scene,
    columns: Int = 120,
    rows: Int = 40,
    hasBacktraces: Bool = true
  ) async throws -> Tmux {
    var environment = scene.environment
    environment.updateValue(hasBacktraces ? nil : "enable=no", forKey: "SWIFT_BACKTRACE")
    return try await Tmux(
      columns: columns,
      rows: rows,
      program: "binnacle",
      environment: environment
    )
  }

  /// Leaves the console, also where an operation is running.
  private func quit(_ tmux: Tmux) async throws {
    try await tmux.type("1")
    try await tmux.press("q")
    if try await tmux.wait(forOneOf: ["Quit?", "ready>"]) == "Quit?" { try await tmux.type("y") }
    try await tmux.wait(for: "ready>")
    try await tmux.expectSane("quit")
  }

  @Test(.sandbox)
  func `the demo opens, shows its screens, follows the size, stops and goes on`() async throws {
    let scene = try Scene()
    defer { withExtendedLifetime(scene) {} }
    let tmux = try await terminal(scene)
    try await tmux.line("binnacle --demo")
    try await tmux.wait(for: "sandbox ▸ Overview")
    #expect(try await tmux.fact("#{alternate_on}") == "1")
    for (key, title) in Self.screens {
      try await tmux.type(key)
      try await tmux.wait(for: "Overview ▸ \(title)")
    }
    try await tmux.type("?")
    try await tmux.wait(for: "What can be done here")
    try await tmux.press("Escape")
    // A letter that follows at once would be one with Alt.
    try await tmux.wait(untilGone: "What can be done here")
    try await tmux.type(":go.operations")
    try await tmux.wait(for: "Command")
    try await tmux.press("Enter")
    try await tmux.wait(for: "Overview ▸ Operations")
    try await tmux.type("1")
    for (columns, rows) in [(200, 50), (60, 18), (30, 8), (120, 40)] {
      try await tmux.resize(columns: columns, rows: rows)
      try await tmux.wait(for: rows < 15 ? "too small: 30x8" : "sandbox ▸ Overview")
    }
    try await tmux.press("C-z")
    try await tmux.wait(for: "ready>")
    try await tmux.expectSane("stopped")
    try await tmux.line("fg")
    try await tmux.wait(for: "sandbox ▸ Overview")
    #expect(try await tmux.fact("#{alternate_on}") == "1")
    try await quit(tmux)
  }

  @Test(.sandbox(.demo), arguments: ["TERM", "HUP"])
  func `a signal that ends it leaves a sane terminal`(signal: String) async throws {
    let scene = try Scene()
    defer { withExtendedLifetime(scene) {} }
    let tmux = try await terminal(scene)
    try await tmux.line("binnacle")
    try await tmux.wait(for: "API")
    try await tmux.signal(signal)
    try await tmux.wait(for: "ready>")
    try await tmux.expectSane(signal)
  }

  @Test(.sandbox(.demo), arguments: ["SEGV", "ABRT"])
  func `a crash leaves a sane terminal`(signal: String) async throws {
    let scene = try Scene()
    defer { withExtendedLifetime(scene) {} }
    // A backtrace would be written behind the prompt for many seconds.
    let tmux = try await terminal(scene, hasBacktraces: false)
    try await tmux.line("binnacle; echo it ended with $?")
    try await tmux.wait(for: "API")
    try await tmux.signal(signal)
    try await tmux.wait(for: "it ended with 1")
    try await tmux.expectSane(signal)
  }

  @Test(.sandbox(.demo), arguments: ["vt100", "dumb", "linux", "screen-256color", "C"])
  func `it runs whatever TERM says, and without UTF-8`(name: String) async throws {
    let scene = try Scene()
    defer { withExtendedLifetime(scene) {} }
    let tmux = try await terminal(scene, columns: 80, rows: 24)
    let isLocale = name == "C"
    try await tmux.line(isLocale ? "LC_ALL=C binnacle" : "TERM=\(name) binnacle")
    try await tmux.wait(for: isLocale ? "sandbox > Overview" : "sandbox ▸ Overview")
    try await tmux.wait(for: " API ")
    try await tmux.type("9")
    try await tmux.wait(for: "127.0.0.1")
    if isLocale { #expect(try await tmux.screen().utf8.allSatisfy { $0 < 0x80 }) }
    try await quit(tmux)
  }

  @Test(.sandbox(.demo))
  func `from a filter to a backup, and from it to a namespace that is ready again`() async throws {
    let scene = try Scene()
    let tmux = try await terminal(scene)
    try await tmux.line("binnacle")
    try await tmux.wait(for: " API ")
    try await tmux.type("8")
    try await tmux.wait(for: "New backup")
    try await tmux.press("Tab", "Down", "Down", "Down")
    try await tmux.type("shop")
    try await tmux.wait(for: "in 1 namespace")
    try await tmux.press("Enter", "Escape")
    try await tmux.wait(for: "tab edit filter")
    try await tmux.wait(for: "✓ exact")
    try await tmux.type("b")
    try await tmux.wait(for: "Make this backup?")
    try await tmux.press("Enter")
    try await tmux.type("3")
    try await tmux.wait(for: "✓ Completed")
    let made = try await scene.listed()
    #expect(made.count == 1)

    let lost = "/apis/apps/v1/namespaces/shop/deployments/catalog"
    let before = try ask("GET", lost).body
    #expect(try ask("DELETE", lost).status == 200)
    try await tmux.press("Enter")
    try await tmux.wait(for: "Backups ▸ ")
    try await tmux.type("r")
    try await tmux.wait(for: "checked by the server")
    try await tmux.wait(for: "+ create")
    try await tmux.type("r")
    try await tmux.wait(for: "Restore '")
    // The key that asked does not accept: only the letter that the button names does.
    try await tmux.type("r")
    #expect(try ask("GET", lost).status == 404)
    try await tmux.type("y")
    try await tmux.wait(for: "31 of 32 workloads ready")
    try await tmux.wait(for: "its controller has not seen it yet")
    // The sandbox has no controllers: what the Deployment's would write is written here.
    let status: JSONValue = ["status": before[path: "status"] ?? .null]
    #expect(try ask("PATCH", lost + "/status", status).status == 200)
    try await tmux.wait(for: "✓ Completed")
    try await tmux.wait(for: "Workloads 32/32")
    try await quit(tmux)
  }

  /// Asks the cluster past the console.
  private func ask(
    _ method: String,
    _ target: String,
    _ body: JSONValue? = nil
  ) throws -> (status: Int, body: JSONValue) {
    let server = try SandboxServer.current
    let headers = [
      SandboxHeader("Authorization", "Bearer \(server.token)"),
      SandboxHeader("Content-Type", "application/merge-patch+json"),
    ]
    let response = server.cluster.handle(
      SandboxRequest(
        method: method,
        target: target,
        headers: headers,
        body: body?.encoded() ?? []
      )
    )
    let text = String(decoding: response.bytes, as: UTF8.self)
    return (response.status, try JSONValue(parsing: text))
  }
}
