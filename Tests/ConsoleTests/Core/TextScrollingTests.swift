// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import Testing
import Velero

@testable import Console

/// Every text can be read to its end, whatever takes room on the screen.
struct TextScrollingTests {
  /// A text, open and with the keys; its last line has the last words.
  struct Scene: Sendable, CustomTestStringConvertible {
    var name: String
    var make: @Sendable (_ width: Int, _ height: Int) throws -> Driver

    var testDescription: String { name }
  }

  /// The last words of each text.
  private static let last = "the-last-line"
  private static let long = String(repeating: "words that go on and on, ", count: 12)

  /// So many lines that no screen shows them all, some of them longer than any.
  private static func lines(_ count: Int = 40) -> [String] {
    (0..<count).map { "line-\($0) " + ($0 % 7 == 3 ? long : "") } + [last]
  }

  private static let scenes: [Scene] = [
    Scene(name: "the findings of a plan") { width, height in
      var preview = RestoreExample.preview()
      preview.remarks = lines().map { SelectionRemark(.note, $0) }
      var driver = RestoreExample.planned(width, height, preview: preview)
      driver.press("i")
      return driver
    },
    Scene(name: "the differences of an object of a plan") { width, height in
      let changes = lines().map {
        FieldChange(path: "/spec/\($0.split(separator: " ")[0])", before: 1, after: .string($0))
      }
      let entries = [RestoreExample.entry("services", "web", .update(changes))]
      var driver = RestoreExample.planned(width, height, preview: RestoreExample.preview(entries))
      driver.press("z")
      return driver
    },
    Scene(name: "the progress of a restore") { width, height in
      var driver = try RestoreExample.running(width, height)
      for line in lines() {
        let issue = Engine.Issue(.warning, line)
        driver.send(.operation(.issue(issue), id: driver.restoreID))
      }
      return driver
    },
    Scene(name: "the fields of a difference") { width, height in
      let address = ObjectAddress(type: "configmaps", namespace: "shop", name: "settings")
      var driver = BackupScene.driver(width, height)
      driver.open(DifferenceScreen(DifferenceSubject(before: BackupScene.place("nightly-0114"))))
      let difference = BackupDifference(
        objects: [ObjectDifference(address, .changed)],
        equalCount: 1,
        gaps: ["widgets: not compared"]
      )
      driver.answer(.difference(difference))
      let after: JSONValue = ["data": ["text": .string(lines().joined(separator: "\n"))]]
      driver.answer(.states(["data": ["text": "x"]], after))
      driver.press("enter")
      return driver
    },
    Scene(name: "the YAML of an object") { width, height in yaml(width, height) },
    Scene(name: "the YAML of an object below a search") { width, height in
      var driver = yaml(width, height)
      driver.press("/")
      driver.type("kind")
      driver.press("enter")
      return driver
    },
    Scene(name: "the log of a backup") { width, height in
      var driver = BackupScene.driver(width, height)
      driver.open(LogScreen(source: .backup(BackupScene.place("nightly-0113"))))
      driver.answer(.log(lines().map { .text($0) }, .cut(limit: 41)))
      return driver
    },
    Scene(name: "the description of a backup") { width, height in
      let entry = BackupScene.entries[2]
      var driver = BackupScene.driver(width, height)
      driver.open(BackupScreen(entry.place, tab: .description))
      driver.answer(
        .details(
          BackupDetails(
            record: entry.backup,
            files: [],
            results: nil,
            description: lines().joined(separator: "\n")
          )
        )
      )
      return driver
    },
    Scene(name: "an object of a backup") { width, height in
      let address = ObjectAddress(type: "configmaps", namespace: "shop", name: "settings")
      let place = BackupScene.place("nightly-0114")
      var driver = BackupScene.driver(width, height)
      driver.open(ArchivedObjectScreen(address, in: place, driver.application.world))
      let object: JSONValue = ["data": .array(lines().map { .string($0) })]
      driver.answer(.object(object, place))
      return driver
    },
    Scene(name: "the log of an operation") { width, height in
      var driver = operation(width, height)
      let id = driver.restoreID
      driver.send(.operation(.lines(lines()), id: id))
      driver.press("6", "tab", "tab", "home")
      return driver
    },
    Scene(name: "the issues of an operation") { width, height in
      var driver = operation(width, height)
      let id = driver.restoreID
      for line in lines() {
        driver.send(.operation(.issue(Engine.Issue(.warning, line)), id: id))
      }
      driver.press("6", "tab")
      return driver
    },
    Scene(name: "a message") { width, height in
      var driver = Driver(width, height)
      driver.send(.notice(.info, "so it is", details: lines()))
      driver.press("!", "tab")
      return driver
    },
  ]

  private static func yaml(_ width: Int, _ height: Int) -> Driver {
    let address = ObjectAddress(type: "configmaps", namespace: "shop", name: "settings")
    var driver = Driver(width, height)
    driver.connect()
    driver.effects = []
    driver.open(ObjectScreen(address))
    let object: JSONValue = ["kind": "ConfigMap", "z": .array(lines().map { .string($0) })]
    let token = driver.questionToken { if case .liveObject = $0 { true } else { false } }
    if let token { driver.send(.answer(.object(object), token)) }
    return driver
  }

  /// A console in which a backup is made.
  private static func operation(_ width: Int, _ height: Int) -> Driver {
    var driver = Driver(width, height)
    driver.connect()
    driver.change { _ = $0.operations.begin(.backup, "nightly", at: $0.now) }
    return driver
  }

  @Test(arguments: scenes, [(80, 24), (60, 18)])
  func `a text is read to its end, and scrolls back from there at once`(
    scene: Scene,
    size: (Int, Int)
  ) throws {
    for isDrawerOpen in [false, true] {
      var driver = try scene.make(size.0, size.1)
      if isDrawerOpen {
        driver.change { world in
          for name in ["a", "b", "c"] { _ = world.operations.begin(.backup, name, at: world.now) }
        }
        driver.press("o")
      }
      #expect(!driver.screen.contains(Self.last), "at the beginning")
      driver.press("end")
      #expect(driver.screen.contains(Self.last), "at the end, drawer \(isDrawerOpen)")
      let end = driver.screen
      driver.press("down")
      #expect(driver.screen == end, "beyond the end")
      driver.press("up")
      #expect(driver.screen != end, "one row back")
      if isDrawerOpen { continue }
      driver.press("home")
      for _ in 0..<100 where !driver.screen.contains(Self.last) { driver.press("pagedown") }
      #expect(driver.screen.contains(Self.last), "page by page")
    }
  }
}
