// SPDX-License-Identifier: Apache-2.0

import Primitives
import Terminal
import Testing

@testable import Console

struct ApplicationTests {
  @Test func `the first frame is drawn before anything is known`() {
    let driver = Driver(80, 24)
    #expect(driver.screen.contains("no cluster"))
    #expect(driver.screen.contains("Overview"))
  }

  @Test func `starting asks for the cluster, the contexts and the locations`() {
    var driver = Driver()
    let effects = driver.application.start(context: "prod")
    var names: Set<String> = []
    for effect in effects {
      switch effect {
      case .connect(let context, let generation):
        #expect(context == "prod")
        #expect(generation == driver.application.world.cluster.generation)
        names.insert("connect")
      case .readContexts: names.insert("contexts")
      case .readLocations: names.insert("locations")
      default: break
      }
    }
    #expect(names == ["connect", "contexts", "locations"])
  }

  @Test func `news of an earlier connection is not taken`() {
    var driver = Driver()
    driver.connect("prod")
    let old = driver.application.world.cluster.generation
    driver.connect("test")
    driver.send(.cluster(.unanswered(Failure(.unreachable, "late")), generation: old))
    #expect(driver.application.world.cluster.phase == .connected)
    #expect(driver.application.world.cluster.context?.name == "test")
  }

  @Test func `a lost server is told with its age, and comes back`() {
    var driver = Driver()
    driver.connect()
    let generation = driver.application.world.cluster.generation
    driver.send(
      .cluster(.unanswered(Failure(.unreachable, "connection refused")), generation: generation)
    )
    driver.advance(seconds: 90)
    #expect(driver.screen.contains("lost 90s ago"))
    driver.send(
      .cluster(.answered(version: "v1.36.0", latency: .milliseconds(5)), generation: generation)
    )
    #expect(driver.screen.contains("API 5 ms"))
  }

  @Test
  func `the age of the last answer is shown where it is old, and counts when the server is lost`() {
    var driver = Driver()
    driver.connect()
    driver.advance(seconds: 15, serverAnswers: false)
    #expect(driver.screen.contains("API 23 ms") && !driver.screen.contains("API 23 ms,"))
    driver.advance(seconds: 15, serverAnswers: false)
    #expect(driver.screen.contains("API 23 ms, 30s ago"))
    let generation = driver.application.world.cluster.generation
    driver.send(.cluster(.unanswered(Failure(.unreachable, "no answer")), generation: generation))
    #expect(driver.screen.contains("lost 30s ago"))
    driver.advance(seconds: 10)
    driver.send(.cluster(.unanswered(Failure(.unreachable, "no answer")), generation: generation))
    #expect(driver.screen.contains("lost 40s ago"))
  }

  @Test func `one read of a location is under way, and another one follows where it is wanted`() {
    var driver = Driver()
    func count(_ effects: [Effect]) -> Int {
      effects.count { if case .readBackups = $0 { true } else { false } }
    }
    driver.send(.locations(.success(BackupScene.locations)))
    #expect(count(driver.takeEffects()) == 2)
    driver.press("ctrl-r", "ctrl-r")
    #expect(count(driver.takeEffects()) == 0)
    let listing = BackupListing(entries: BackupScene.entries)
    driver.send(.backups(.success(listing), location: "default"))
    #expect(count(driver.takeEffects()) == 1)
    #expect(driver.application.world.backups["default"]?.isLoading == true)
    driver.send(.backups(.success(listing), location: "default"))
    #expect(count(driver.takeEffects()) == 0)
    driver.send(.backups(.success(listing), location: "elsewhere"))
    #expect(driver.application.world.backups["elsewhere"] == nil)
  }

  @Test func `another configuration changes the mouse, the characters, the themes and the keys`() {
    var driver = Driver()
    var preferences = Preferences()
    preferences.usesMouse = false
    preferences.isASCII = true
    driver.send(.preferences(preferences, problems: []))
    let listens = driver.takeEffects().compactMap { effect -> Bool? in
      if case .listenToMouse(let isOn) = effect { isOn } else { nil }
    }
    #expect(listens == [false])
    #expect(driver.screen.utf8.allSatisfy { $0 < 0x80 })
    #expect(driver.application.world.notices.shown.map(\.severity) == [.info])

    let name = "own"
    preferences.themes = ThemeCatalog(reading: [ThemeFile(name: name, bytes: [])])
    preferences.theme = name
    preferences.isASCII = nil
    driver.send(.preferences(preferences, problems: []))
    #expect(driver.application.themeNames.contains(name))
    #expect(driver.application.theme == name)
    #expect(driver.screen.contains("▸"))
    #expect(driver.takeEffects().count == 1, "the mouse is as it was")

    preferences.theme = "nosuch"
    preferences.keys = ["app.help": ["!"]]
    driver.send(.preferences(preferences, problems: []))
    let warnings = driver.application.world.notices.history.suffix(2).map(\.text)
    #expect(warnings.contains { $0.contains("there is no theme 'nosuch'") })
    #expect(warnings.contains { $0.contains("key '!' calls") })
  }

  @Test func `an error that waits for the user costs no frames`() {
    var driver = Driver()
    driver.change { $0.notices.say(.error, "it is broken", at: $0.now) }
    #expect(driver.application.tickSeconds == 10)
    driver.change { $0.notices.say(.info, "hello", at: $0.now) }
    #expect(driver.application.tickSeconds == 1)
  }

  @Test func `keys go to screens and back leads one level out`() {
    var driver = Driver()
    driver.press("9")
    #expect(driver.application.top.kind == .contexts)
    driver.press("!")
    #expect(driver.application.top.kind == .messages)
    driver.press("esc")
    #expect(driver.application.top.kind == .overview)
    driver.press("-")
    #expect(driver.application.top.kind == .messages)
  }

  @Test func `at the first screen back ends the program, unless something runs`() {
    var driver = Driver()
    driver.press("q")
    #expect(driver.takeEffects().contains { if case .quit = $0 { true } else { false } })

    driver = Driver()
    driver.change { _ = $0.operations.begin(.backup, "nightly", at: $0.now) }
    driver.press("q")
    #expect(driver.takeEffects().isEmpty)
    #expect(driver.screen.contains("backup 'nightly' is running and would be stopped"))
    driver.press("enter")
    #expect(driver.takeEffects().isEmpty, "Cancel has the focus")
    driver.press("q", "tab", "enter")
    #expect(driver.takeEffects().contains { if case .quit = $0 { true } else { false } })
  }

  @Test func `ctrl-c needs to be pressed twice within a second`() {
    var driver = Driver()
    driver.press("ctrl-c")
    #expect(!quits(&driver))
    driver.advance(seconds: 5)
    driver.press("ctrl-c")
    #expect(!quits(&driver))
    driver.press("ctrl-c")
    #expect(quits(&driver))
  }

  @Test func `errors stay until they are dismissed, information goes`() {
    var driver = Driver()
    driver.send(.notice(.info, "all is well", details: []))
    driver.send(.notice(.error, "the disk is full", details: ["make room"]))
    driver.advance(seconds: 60)
    #expect(driver.screen.contains("the disk is full"))
    #expect(!driver.screen.contains("all is well"))
    driver.press("esc")
    #expect(!driver.screen.contains("the disk is full"))
    driver.press("!")
    #expect(driver.screen.contains("the disk is full"))
    #expect(driver.screen.contains("make room"))
    #expect(driver.screen.contains("all is well"))
  }

  @Test func `the help lists every action with its key and runs the one chosen`() {
    var driver = Driver(120, 40)
    driver.press("?")
    #expect(driver.screen.contains("What can be done here"))
    driver.type("switch to another")
    driver.press("enter")
    #expect(driver.application.top.kind == .contexts)
  }

  @Test func `the palette finds screens by parts of their names`() {
    var driver = Driver()
    driver.press(":")
    driver.type("messag")
    driver.press("enter")
    #expect(driver.application.top.kind == .messages)
  }

  @Test func `Tab completes the entry under the cursor, which keeps it`() throws {
    var driver = Driver()
    driver.press(":")
    driver.type("e")
    driver.press("down", "down")
    guard case .commands(let list) = driver.application.overlay else { return }
    let chosen = list.matches[list.cursor].entry
    driver.press("tab")
    guard case .commands(let completed) = driver.application.overlay else { return }
    #expect(completed.field.text == chosen.title)
    #expect(completed.matches[completed.cursor].entry.id == chosen.id)
    #expect(completed.matches[completed.cursor].characters == [0..<chosen.title.count])
  }

  @Test func `a paste never calls actions`() {
    var driver = Driver()
    driver.send(.input(.paste("q9!\u{3}")))
    #expect(driver.application.top.kind == .overview)
    #expect(driver.takeEffects().isEmpty)
  }

  @Test func `a click on a hint calls its action`() throws {
    var driver = Driver()
    let hit = try #require(driver.grid.hits.last { $0.target == .action("app.palette") })
    driver.send(.input(.mouse(Mouse(.press(.left), at: Point(x: hit.rect.x, y: hit.rect.y)))))
    #expect(driver.screen.contains("Command"))
  }

  @Test func `themes are seen while they are chosen, and escape takes the old one back`() {
    var driver = Driver()
    driver.press("T", "down")
    #expect(driver.application.theme == "light")
    driver.press("esc")
    #expect(driver.application.theme == "dark")
    driver.press("T", "down", "enter")
    #expect(driver.application.theme == "light")
  }

  @Test func `a screen that is too small says what it needs and keys work`() {
    var driver = Driver(20, 5)
    #expect(driver.screen.contains("needs 50x15"))
    driver.press("9")
    #expect(driver.application.top.kind == .contexts)
  }

  @Test func `a question that cannot be seen can only be left`() {
    for key in ["y", "enter", "q", "n", "space"] {
      var driver = Driver()
      driver.change { _ = $0.operations.begin(.backup, "nightly", at: $0.now) }
      driver.press("q", "tab")
      driver.send(.input(.resize(Size(width: 40, height: 10))))
      #expect(driver.screen.contains("a question is open"))
      driver.press(key)
      #expect(!quits(&driver))
      #expect(driver.application.overlay != nil)
      driver.press("esc")
      #expect(driver.application.overlay == nil)
    }
    var driver = Driver(40, 10)
    driver.press(":")
    driver.type("contexts")
    driver.press("enter")
    #expect(driver.application.top.kind == .overview)
    driver.press("ctrl-c")
    #expect(driver.application.overlay == nil)
  }

  @Test func `what is said of the way out of a window that is too small is true`() {
    var driver = Driver(40, 10)
    #expect(driver.screen.contains("Esc quits"))
    driver.press("9")
    #expect(driver.screen.contains("Esc goes back"))
    driver.press("esc", "o")
    #expect(driver.screen.contains("Esc goes back"))
    driver.press("esc")
    #expect(!quits(&driver))
    driver.change { _ = $0.operations.begin(.backup, "nightly", at: $0.now) }
    #expect(driver.screen.contains("Esc asks whether to quit"))
    var preferences = Preferences()
    preferences.keys = ["app.back": ["f10"]]
    #expect(Driver(40, 10, preferences: preferences).screen.contains("F10 quits"))
    preferences.keys = ["app.back": []]
    #expect(!Driver(40, 10, preferences: preferences).screen.contains("quits"))
  }

  private func quits(_ driver: inout Driver) -> Bool {
    driver.takeEffects().contains { if case .quit = $0 { true } else { false } }
  }
}
