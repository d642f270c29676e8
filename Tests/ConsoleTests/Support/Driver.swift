// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import TestSupport
import Testing

@testable import Console

/// The console without a terminal and without a runtime: keys and news in, effects and a grid out.
struct Driver {
  /// A quiet Thursday, 2026-01-15 12:00:00 UTC.
  static let start = Timestamp(seconds: 1_768_478_400)

  var application: Application
  /// The effects since the last time they were taken.
  var effects: [Effect] = []

  /// Makes a console of a size.
  init(
    _ width: Int = 120,
    _ height: Int = 40,
    glyphs: Glyphs = .unicode,
    preferences: Preferences = Preferences()
  ) {
    var world = World(
      now: Self.start,
      localTime: .utc,
      glyphs: glyphs,
      preferences: preferences
    )
    world.size = Size(width: width, height: height)
    application = Application(world: world, themeNames: ["dark", "light"])
  }

  /// Lays a screen over the others.
  mutating func open(_ screen: any ConsoleScreen) {
    effects += application.show(screen)
  }

  /// Presses keys, by the names that `Key` reads.
  mutating func press(_ keys: String...) {
    for name in keys {
      guard let key = Key(parsing: name) else {
        Issue.record("'\(name)' names no key")
        continue
      }
      send(.input(.key(key)))
    }
  }

  /// Types letters.
  mutating func type(_ text: String) {
    for character in text { send(.input(.key(Key(character)))) }
  }

  /// Takes news; the mouse means what lies under it now.
  mutating func send(_ message: Message) {
    guard case .input(.mouse(let mouse)) = message else {
      effects += application.update(message)
      return
    }
    guard let target = grid.hit(at: mouse.point) else { return }
    effects += application.update(.pointed(mouse, at: target))
  }

  /// Lets time pass, in which a server that is there goes on answering.
  mutating func advance(seconds: Int64, serverAnswers: Bool = true) {
    send(.tick(application.world.now + GoDuration(seconds: seconds)))
    if serverAnswers, application.world.cluster.phase == .connected {
      change { $0.cluster.answeredAt = $0.now }
    }
  }

  /// Connects to a cluster that answers.
  mutating func connect(_ context: String = "prod") {
    _ = application.connect(to: context)
    let generation = application.world.cluster.generation
    let choice = ContextChoice(name: context, server: "https://prod.example:6443", isCurrent: true)
    send(.cluster(.connecting(choice), generation: generation))
    send(
      .cluster(.answered(version: "v1.36.0", latency: .milliseconds(23)), generation: generation)
    )
  }

  /// Changes what is known.
  mutating func change(_ body: (inout World) -> Void) { body(&application.world) }

  /// The effects since the last call.
  mutating func takeEffects() -> [Effect] {
    defer { effects = [] }
    return effects
  }

  /// What is to be seen.
  var grid: Grid { application.view() }

  /// What is to be seen, as text; rows without the blanks at their ends.
  var screen: String { grid.text }
}
