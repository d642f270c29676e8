// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Sandbox
import Terminal
import TestSupport
import Testing

@testable import Console

/// A headless screen that is gone as soon as it shows a text.
private final class LeavingScreen: Screen {
  let screen = HeadlessScreen()
  private let text: String

  init(_ text: String) { self.text = text }

  var size: Size { screen.size }
  var capabilities: ScreenCapabilities { screen.capabilities }
  var inputDescriptor: Int32 { -1 }
  var signalDescriptor: Int32 { -1 }

  func nextEvent() -> InputEvent? {
    screen.grid?.text.contains(text) ?? false ? .hangup : screen.nextEvent()
  }
  func present(_ grid: Grid, theme: Theme, depth: ColorDepth) {
    screen.present(grid, theme: theme, depth: depth)
  }
  func redraw() { screen.redraw() }
  func suspend() { screen.suspend() }
  func resume() { screen.resume() }
  func stop() { screen.stop() }
  func close() { screen.close() }
  func setMouse(_ isOn: Bool) { screen.setMouse(isOn) }
  func copy(_ text: String) -> Bool { screen.copy(text) }
  func setTitle(_ title: String) { screen.setTitle(title) }
}

/// What is told on the terminal after the console has given it back.
@Suite(.timeLimit(.minutes(1)))
struct ConsoleProgramTests {
  private static let slow = "slow"

  /// A console with a verification that goes on until it is stopped, and does not end then before it may.
  private func program(_ mayEnd: AsyncStream<Void>) throws -> ConsoleProgram {
    let servers = [(context: "demo", server: try SandboxServer.current)]
    var backend = LiveConsole.backend(servers, MemoryStore(), try TemporaryDirectory(), nil)
    let store = backend.store
    backend.store = { location in
      guard location == Self.slow else { return try await store(location) }
      for await _ in AsyncStream(Never.self, { _ in }) {}
      await Task.detached { for await _ in mayEnd { break } }.value
      throw CancellationError()
    }
    return ConsoleProgram(
      backend: backend,
      preferences: Preferences(),
      look: ConsoleLook(themes: .builtIn),
      localTime: .utc
    )
  }

  private static let launch = PlannedLaunch(
    .lifecycle(.verify([BackupPlace(location: slow, name: "nightly")])),
    .verification,
    "nightly"
  )

  @Test(.sandbox) func `what is waited for is told, and what came of it`() async throws {
    let (mayEnd, end) = AsyncStream.makeStream(of: Void.self)
    let told = SharedValue<[String]>([])
    try await program(mayEnd).run(
      context: nil,
      launches: [Self.launch],
      tell: { line in
        told.change { $0.append(line) }
        end.finish()
      },
      makeScreen: { LeavingScreen("verification nightly") }
    )
    let lines = told.value
    #expect(lines.first == "stopping 1 operation; Ctrl-C leaves now")
    #expect(lines.dropFirst().first?.hasPrefix("verification 'nightly': stopped") == true)
  }

  @Test(.sandbox) func `the wait can be left`() async throws {
    let (mayEnd, end) = AsyncStream.makeStream(of: Void.self)
    let told = SharedValue<[String]>([])
    let program = try program(mayEnd)
    await #expect(throws: CancellationError.self) {
      try await program.run(
        context: nil,
        launches: [Self.launch],
        tell: { line in
          told.change { $0.append(line) }
          withUnsafeCurrentTask { $0?.cancel() }
        },
        makeScreen: { LeavingScreen("verification nightly") }
      )
    }
    end.finish()
    #expect(told.value.last == "verification 'nightly': left before it had stopped")
  }

  @Test func `nothing is told where nothing runs`() {
    let farewell = Farewell(operations: [])
    #expect(farewell.announcement == nil)
    #expect(farewell.ends([]).isEmpty)
  }
}
