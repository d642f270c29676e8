// SPDX-License-Identifier: Apache-2.0

import Glibc
import ObjectStorage
import Primitives
import Terminal
import TestSupport
import Testing

@testable import Console

/// A headless screen whose events come in bursts, with a frame after each.
private final class BurstScreen: Screen {
  let screen: HeadlessScreen
  let inputDescriptor: Int32
  private var bursts: [[InputEvent]]
  private var isBetween = false
  /// What was seen after each burst.
  private(set) var frames: [Grid?] = []

  /// What is always readable takes the place of a terminal: the loop never sleeps.
  init(_ screen: HeadlessScreen, _ bursts: [[InputEvent]]) {
    self.screen = screen
    self.bursts = bursts + [[.hangup]]
    inputDescriptor = open("/dev/zero", O_RDONLY | O_CLOEXEC)
  }

  deinit { Glibc.close(inputDescriptor) }

  var size: Size { screen.size }
  var capabilities: ScreenCapabilities { screen.capabilities }
  var signalDescriptor: Int32 { -1 }

  func nextEvent() -> InputEvent? {
    if let event = screen.nextEvent() {
      isBetween = true
      return event
    }
    if isBetween {
      isBetween = false
      return nil
    }
    guard !bursts.isEmpty else { return nil }
    frames.append(screen.grid)
    for event in bursts.removeFirst() { screen.send(event) }
    isBetween = true
    return screen.nextEvent()
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

@Suite(.timeLimit(.minutes(1)))
struct ConsoleLoopTests {
  /// Runs the loop over events in bursts.
  private func run(_ screen: HeadlessScreen, _ bursts: [[InputEvent]]) async throws -> BurstScreen {
    let directory = try TemporaryDirectory()
    var backend = LiveConsole.backend([], MemoryStore(), directory, nil)
    backend.clock = .fixed()
    let mailbox = try Mailbox()
    let runner = EffectRunner(backend: backend) { _ in }
    let world = World(now: backend.clock.now(), localTime: .utc)
    let bursting = BurstScreen(screen, bursts)
    let loop = ConsoleLoop(
      Application(world: world),
      screen: bursting,
      runner: runner,
      mailbox: mailbox,
      look: ConsoleLook(themes: .builtIn)
    )
    loop.run(context: "none")
    await runner.stop()
    return bursting
  }

  private func key(_ name: String) throws -> InputEvent { .key(try #require(Key(parsing: name))) }

  @Test func `Ctrl-L has everything drawn anew`() async throws {
    let headless = HeadlessScreen()
    let screen = try await run(headless, [[try key("?")], [try key("ctrl-l")], [.focus(false)]])
    #expect(headless.redrawCount == 1)
    #expect(headless.presentedCount >= 3, "what has not changed is shown again")
    #expect(screen.frames.count == 4)
  }

  @Test func `a size that came back is drawn again`() async throws {
    let headless = HeadlessScreen()
    let before = try await run(headless, [[.focus(false)], [.focus(false)]])
    #expect(before.frames.count == 3)
    let count = headless.presentedCount
    let other = HeadlessScreen()
    _ = try await run(other, [[.focus(false)], [.resize(other.size)], [.focus(false)]])
    #expect(other.presentedCount == count + 1)
  }

  @Test func `a window that was made smaller during a stop is drawn in its size`() async throws {
    let headless = HeadlessScreen(size: Size(width: 120, height: 40))
    headless.sizeWhileStopped = Size(width: 60, height: 18)
    let screen = try await run(headless, [[try key("ctrl-z")], [.focus(false)]])
    #expect(headless.stopCount == 1)
    #expect(screen.frames.last??.size == Size(width: 60, height: 18))
  }

  @Test func `a window that was resized while others stopped the process is drawn in its size`()
    async throws
  {
    let headless = HeadlessScreen(size: Size(width: 120, height: 40))
    headless.sizeWhileStopped = Size(width: 60, height: 18)
    headless.stop()
    let screen = try await run(headless, [[.focus(false)], [.focus(false)]])
    #expect(screen.frames.last??.size == Size(width: 60, height: 18))
  }

  /// A place in the first picture where a click means something.
  private func place(_ name: String) async throws -> Point {
    let screen = try await run(HeadlessScreen(), [[.focus(false)]])
    let hit = screen.frames.last??.hits.last { $0.target == .action(name) }
    let rect = try #require(hit).rect
    return Point(x: rect.x, y: rect.y)
  }

  @Test func `a click means what was seen under it, not what has come meanwhile`() async throws {
    let click = InputEvent.mouse(Mouse(.press(.left), at: try await place("app.palette")))
    let screen = try await run(HeadlessScreen(), [[try key("!"), click], [.focus(false)]])
    #expect(screen.frames.last??.text.contains("Command") == true)
  }

  @Test func `a click that was meant for the screen presses nothing of what was laid over it`()
    async throws
  {
    let middle = InputEvent.mouse(Mouse(.press(.left), at: Point(x: 40, y: 12)))
    let screen = try await run(HeadlessScreen(), [[try key(":"), middle], [.focus(false)]])
    #expect(screen.frames.last??.text.contains("─ Command ") == true)
    let chosen = try await run(HeadlessScreen(), [[try key(":")], [middle], [.focus(false)]])
    #expect(chosen.frames.last??.text.contains("─ Command ") == false)
  }

  @Test func `what the mouse does without a meaning draws nothing`() async throws {
    let headless = HeadlessScreen()
    let point = Point(x: 3, y: 3)
    let idle = [Mouse.Kind.release, .drag].map { InputEvent.mouse(Mouse($0, at: point)) }
    _ = try await run(headless, [[try key("!")], idle + idle, idle])
    let other = HeadlessScreen()
    _ = try await run(other, [[try key("!")]])
    #expect(headless.presentedCount == other.presentedCount)
  }
}
