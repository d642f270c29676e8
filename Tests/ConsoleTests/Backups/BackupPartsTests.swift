// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console

struct BackupScreenTests {
  private static func details(_ entry: BackupEntry) -> BackupDetails {
    BackupDetails(
      record: entry.backup,
      files: [
        BackupDetails.File(name: "\(entry.place.name).tar.gz", sizeBytes: 4_198_000),
        BackupDetails.File(name: "velero-backup.json", sizeBytes: 2000),
      ],
      results: OperationResults(
        errors: OperationResults.Messages(namespaces: ["shop": ["cannot read pods: forbidden"]]),
        warnings: OperationResults.Messages(cluster: ["the policy is of an old version"])
      ),
      description: "Name:       \(entry.place.name)\nNamespace:  velero\n"
    )
  }

  @Test func `a backup with issues is seen at every size`() {
    let entry = BackupScene.entries[2]
    expectGoldenScreens("backup") { width, height, glyphs in
      var driver = BackupScene.driver(width, height, glyphs)
      driver.open(BackupScreen(entry.place))
      driver.answer(.details(Self.details(entry)))
      return driver
    }
  }

  @Test func `its parts are one key apart`() {
    let entry = BackupScene.entries[2]
    var driver = BackupScene.driver()
    driver.open(BackupScreen(entry.place))
    driver.answer(.details(Self.details(entry)))
    driver.press("tab")
    #expect(driver.screen.contains("cannot read pods: forbidden"))
    #expect(driver.screen.contains("the policy is of an old version"))
    driver.press("tab")
    #expect(driver.screen.contains("Namespace:  velero"))
    driver.press("tab")
    #expect(driver.screen.contains("kind: Backup"))
    driver.press("tab")
    #expect(driver.screen.contains("What it takes"))
  }

  @Test func `files that cannot be read leave the record on the screen`() throws {
    let entry = BackupScene.entries[1]
    var driver = BackupScene.driver()
    driver.open(BackupScreen(entry.place))
    let token = try #require(driver.token { _ in true })
    driver.send(.answer(.failed(Failure(.unreachable, "the disk does not answer")), token))
    #expect(driver.screen.contains("its files cannot be read: the disk does not answer"))
    #expect(driver.screen.contains("Completed"))
  }

  @Test func `a backup that goes away says so`() {
    var driver = BackupScene.driver()
    driver.open(BackupScreen(BackupScene.place("nightly-0114")))
    driver.send(.backups(.success(BackupListing()), location: "default"))
    #expect(driver.screen.contains("The backup 'nightly-0114' is gone"))
    driver.press("D")
    #expect(driver.screen.contains("the backup is gone"))
  }
}

struct ContentsScreenTests {
  private static func opened(
    _ index: ArchiveIndex,
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode
  ) -> Driver {
    var driver = BackupScene.driver(width, height, glyphs)
    driver.open(ContentsScreen(BackupScene.place("nightly-0114")))
    driver.answer(.contents(index))
    return driver
  }

  @Test func `the tree is seen at every size`() async throws {
    let index = try await BackupScene.index()
    expectGoldenScreens("contents") { width, height, glyphs in
      var driver = Self.opened(index, width, height, glyphs)
      driver.press("enter", "j", "enter", "j", "j", "space")
      return driver
    }
  }

  @Test func `rows open and close, and the greatest comes first`() async throws {
    var driver = Self.opened(try await BackupScene.index())
    #expect(!driver.screen.contains("configmaps"))
    driver.press("right", "j", "right")
    let lines = driver.screen.split(separator: "\n").map(String.init)
    let texts = try #require(lines.firstIndex { $0.contains("texts") })
    let settings = try #require(lines.firstIndex { $0.contains("settings") })
    #expect(texts < settings)
    driver.press("left", "left")
    #expect(!driver.screen.contains("settings"))
  }

  @Test func `the filter opens what it finds`() async throws {
    var driver = Self.opened(try await BackupScene.index())
    driver.press("/")
    driver.type("kind:secret")
    #expect(driver.screen.contains("db-password"))
    #expect(!driver.screen.contains("settings"))
    #expect(driver.screen.contains("1 of 6 objects"))
    driver.type(" zzz")
    #expect(driver.screen.contains("no object matches the filter"))
    driver.press("esc")
    #expect(driver.screen.contains("6 objects"))
  }

  @Test func `marks of a namespace stand for its objects`() async throws {
    var driver = Self.opened(try await BackupScene.index())
    driver.press("space", "=")
    let screen = try #require(driver.application.top as? DifferenceScreen)
    #expect(screen.subject.objects?.count == 4)
    #expect(screen.subject.objects?.allSatisfy { $0.namespace == "shop" } == true)
  }

  @Test func `marks that the filter hides are counted, and restored all the same`() async throws {
    var driver = Self.opened(try await BackupScene.index())
    driver.press("space", "/")
    driver.type("kind:secret")
    driver.press("enter")
    #expect(driver.screen.contains("4 marked (3 hidden)"))
    driver.press("r")
    #expect(driver.application.top.kind == .restorePlan)
    #expect(
      driver.application.world.notices.history.contains {
        $0.text == "3 of 4 marked objects are hidden by the filter, and are taken too"
      }
    )
  }

  @Test func `reading and failing are told`() throws {
    var driver = BackupScene.driver(80, 24)
    driver.open(ContentsScreen(BackupScene.place("nightly-0114")))
    let token = try #require(driver.token { _ in true })
    driver.send(
      .answer(.backup(.indexing(readBytes: 2_000_000, totalBytes: 8_000_000)), token)
    )
    #expect(driver.screen.contains("2.0 MB of 8.0 MB"))
    driver.send(.answer(.failed(Failure(.other, "the archive was cut off")), token))
    #expect(driver.screen.contains("the archive was cut off"))
    driver.press("R")
    #expect(driver.token { _ in true } != nil)
  }
}

struct ArchivedObjectScreenTests {
  private static let secret = ObjectAddress(type: "secrets", namespace: "shop", name: "db-password")

  private static func opened() -> Driver {
    var driver = BackupScene.driver()
    let place = BackupScene.place("nightly-0113")
    driver.open(ArchivedObjectScreen(secret, in: place, driver.application.world))
    driver.answer(.object(BackupScene.objects()[3], place))
    return driver
  }

  @Test func `a secret's values are covered until they are asked for`() {
    var driver = Self.opened()
    #expect(driver.screen.contains("(hidden: 3 bytes)"))
    #expect(!driver.screen.contains("b2xk"))
    driver.press("x")
    #expect(driver.screen.contains("b2xk"))
    driver.press("x", "Y")
    let copied = driver.takeEffects().compactMap {
      if case .copy(let text) = $0 { text } else { nil }
    }
    #expect(copied.count == 1)
    #expect(copied.allSatisfy { !$0.contains("b2xk") })
  }

  @Test func `older and newer states are looked for in order`() throws {
    var driver = Self.opened()
    driver.press("[")
    var asked: [String] = []
    let token = try #require(
      driver.token {
        guard case .object(_, let places) = $0 else { return false }
        asked = places.map(\.name)
        return true
      }
    )
    #expect(asked == ["nightly-0111", "weekly-0104", "archive-2025", "before-upgrade"])
    driver.send(.answer(.backup(.object(nil, nil)), token))
    #expect(driver.screen.contains("no older backup has it"))
    driver.press("]")
    driver.answer(
      .object(BackupScene.objects(isLater: true)[3], BackupScene.place("nightly-0114"))
    )
    #expect(driver.screen.contains("as of nightly-0114"))
  }
}

struct LogScreenTests {
  private static func lines(_ count: Int) -> [LogEntry] {
    (0..<count).map { number in
      let level: LogLevel = number % 50 == 20 ? .error : number % 20 == 5 ? .warning : .info
      return .line(
        LogLine(
          time: Driver.start + GoDuration(seconds: Int64(number)),
          level: level,
          message: "item \(number) of type pods",
          fields: level == .error ? ["error": "forbidden", "name": "web-\(number)"] : [:]
        )
      )
    }
  }

  private static func opened(
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode
  ) -> Driver {
    var driver = BackupScene.driver(width, height, glyphs)
    driver.open(LogScreen(source: .backup(BackupScene.place("nightly-0113"))))
    driver.answer(.log(lines(200), .complete))
    return driver
  }

  @Test func `the log is seen at every size`() {
    expectGoldenScreens("log") { width, height, glyphs in
      var driver = Self.opened(width, height, glyphs)
      driver.press("e")
      return driver
    }
  }

  @Test func `errors are one key apart, round the end`() {
    var driver = Self.opened()
    for number in [20, 70, 120, 170, 20] {
      driver.press("e")
      #expect(driver.screen.contains("name=web-\(number)"), "\(number)")
    }
    driver.press("E")
    #expect(driver.screen.contains("name=web-170"))
  }

  @Test func `a search finds, goes on and back`() {
    var driver = Self.opened()
    driver.press("/")
    driver.type("item 15")
    driver.press("enter")
    #expect(driver.screen.contains("line 16 of 200"))
    driver.press("n")
    #expect(driver.screen.contains("line 151 of 200"))
    driver.press("N")
    #expect(driver.screen.contains("line 16 of 200"))
  }

  @Test func `only trouble can be shown`() {
    var driver = Self.opened()
    driver.press("f")
    #expect(!driver.screen.contains("item 1 of"))
    #expect(driver.screen.contains("item 5 of"))
    driver.press("f")
    #expect(driver.screen.contains("item 1 of"))
  }

  @Test func `a log that was not read to its end is not said to be without trouble`() throws {
    let quiet = [LogEntry.line(LogLine(time: Driver.start, level: .info, message: "item 0"))]
    for (answer, words) in [
      (Answer.backup(.log([], nil)), "no warning and no error so far"),
      (.backup(.log([], .cut(limit: 1))), "no warning and no error in the lines that were read"),
      (.failed(Failure(.other, "cut off")), "no warning and no error in the lines that were read"),
      (.backup(.log([], .complete)), "no warning and no error"),
    ] {
      var driver = BackupScene.driver(80, 24)
      driver.open(LogScreen(source: .backup(BackupScene.place("nightly-0113"))))
      let token = try #require(driver.token { _ in true })
      driver.send(.answer(.backup(.log(quiet, nil)), token))
      driver.press("f")
      driver.send(.answer(answer, token))
      let line = driver.screen.split(separator: "\n").first { $0.contains("no warning") }
      #expect(line?.split(separator: " ").joined(separator: " ") == words)
      if case .failed = answer { #expect(driver.screen.contains("the log ends here: cut off")) }
      driver.press("e")
      let isWhole = words == "no warning and no error"
      #expect(driver.screen.contains("there is no error in the log") == isWhole)
    }
  }

  @Test func `lines come in pieces, and a missing log is told`() throws {
    var driver = BackupScene.driver(80, 24)
    driver.open(LogScreen(source: .backup(BackupScene.place("nightly-0113"))))
    let token = try #require(driver.token { _ in true })
    driver.send(.answer(.backup(.log(Self.lines(3), nil)), token))
    #expect(driver.screen.contains("3 lines, reading"))
    driver.send(.answer(.backup(.log(Self.lines(2), .cut(limit: 5))), token))
    #expect(driver.screen.contains("only the first 5 lines are shown"))

    driver = BackupScene.driver(80, 24)
    driver.open(LogScreen(source: .backup(BackupScene.place("nightly-0113"))))
    let other = try #require(driver.token { _ in true })
    driver.send(.answer(.failed(Failure(.notFound, "there is no log")), other))
    #expect(driver.screen.contains("there is no log"))
  }
}
