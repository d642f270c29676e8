// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console

struct SearchScreenTests {
  private static let places = ["c", "b", "a"].map { BackupScene.place($0) }

  private static func address(_ name: String) -> ObjectAddress {
    ObjectAddress(type: "configmaps", namespace: "shop", name: name)
  }

  private static func step(
    _ place: BackupPlace,
    _ names: [String],
    isLast: Bool = false,
    failure: Failure? = nil
  ) -> SearchStep {
    SearchStep(
      place: place,
      hits: names.map { SearchStep.Hit(address: address($0), sizeBytes: 512) },
      isCut: false,
      failure: failure,
      isLast: isLast
    )
  }

  private static func searched(
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode
  ) -> Driver {
    var driver = BackupScene.driver(width, height, glyphs)
    driver.open(SearchScreen(places: places))
    driver.type("set")
    driver.press("enter")
    guard let token = driver.token({ if case .search = $0 { true } else { false } }) else {
      Issue.record("nothing is searched")
      return driver
    }
    driver.send(.answer(.backup(.found(step(places[0], ["settings", "set-b"]))), token))
    driver.send(
      .answer(
        .backup(.found(step(places[1], [], failure: Failure(.other, "the archive was cut off")))),
        token
      )
    )
    driver.send(
      .answer(.backup(.found(step(places[2], ["settings", "set-a"], isLast: true))), token)
    )
    return driver
  }

  @Test func `what is found is seen at every size`() {
    expectGoldenScreens("search") { Self.searched($0, $1, $2) }
  }

  @Test func `the newest backup of an object is the one that is opened`() throws {
    var driver = Self.searched()
    #expect(driver.screen.contains("3 objects in 2 of 3 backups"))
    driver.press("enter")
    #expect(driver.application.top.kind == .archived)
    #expect(driver.screen.contains("of c"))
  }

  @Test func `marks belong to the search that they were made in`() throws {
    var driver = Self.searched()
    driver.press("space", "space")
    #expect(driver.screen.contains("2 marked, 3 objects in 2 of 3 backups"))
    // The same is looked for once more: what is not found yet is not forgotten, and not restored.
    driver.press("ctrl-r")
    let token = try #require(
      driver.token { if case .search = $0 { true } else { false } }
    )
    #expect(driver.screen.contains("2 marked (2 hidden), 0 objects"))
    driver.press("r")
    #expect(driver.application.top.kind == .search)
    #expect(driver.screen.contains("what is marked is being looked for"))
    driver.send(
      .answer(.backup(.found(Self.step(Self.places[0], ["settings"], isLast: true))), token)
    )
    #expect(driver.screen.contains("1 marked, 1 object"))
    driver.press("/")
    driver.type("x")
    driver.press("enter")
    #expect(
      driver.application.top.status(driver.application.world) == "0 objects in 0 of 3 backups"
    )
  }

  @Test func `typing waits a moment, and the last word counts`() throws {
    var driver = BackupScene.driver()
    driver.open(SearchScreen(places: Self.places))
    driver.type("web")
    let timers = driver.takeEffects().compactMap { effect -> Token? in
      guard case .ask(.timer, let token) = effect else { return nil }
      return token
    }
    #expect(timers.count == 3)
    driver.send(.answer(.timeUp, timers[0]))
    #expect(driver.takeEffects().isEmpty)
    driver.send(.answer(.timeUp, timers[2]))
    var texts: [String] = []
    _ = driver.token {
      if case .search(let query, let places) = $0 {
        texts.append(query.text)
        #expect(places == Self.places)
      }
      return true
    }
    #expect(texts == ["web"])
  }

  @Test func `answers to an earlier search are not taken`() throws {
    var driver = BackupScene.driver()
    driver.open(SearchScreen(places: Self.places))
    driver.type("a")
    driver.press("enter")
    let old = try #require(driver.token { _ in true })
    driver.press("/")
    driver.type("b")
    driver.press("enter")
    driver.send(.answer(.backup(.found(Self.step(Self.places[0], ["a-thing"]))), old))
    #expect(!driver.screen.contains("a-thing"))
  }

  @Test(arguments: [
    ("settings", ["settings"]), ("SHOP !settings", ["db-password", "texts", "web"]),
    ("kind:deploy", ["web"]), ("ns:pay*", ["old"]), ("~dbpw", ["db-password"]),
    ("re:^secrets/", ["db-password"]), ("kind:secret ns:payments", []), ("", []), ("re:[", []),
  ])
  func `a query finds objects`(text: String, names: [String]) async throws {
    let matcher = SearchMatcher(SearchQuery(text))
    let index = try await BackupScene.index()
    let found = index.items.filter { matcher.matches($0) && $0.resource != "namespaces" }
    #expect(found.map(\.name).sorted() == names)
  }
}

struct DifferenceScreenTests {
  private static let place = BackupScene.place("nightly-0114")

  private static func address(_ type: String, _ name: String) -> ObjectAddress {
    ObjectAddress(type: type, namespace: "shop", name: name)
  }

  private static let difference = BackupDifference(
    objects: [
      ObjectDifference(address("deployments.apps", "web"), .changed),
      ObjectDifference(address("secrets", "db-password"), .changed),
      ObjectDifference(address("configmaps", "new"), .added),
      ObjectDifference(address("configmaps", "old"), .removed),
    ],
    equalCount: 1196,
    noisyCount: 45,
    gaps: ["widgets.example.com: not compared: the cluster does not serve it"]
  )

  private static func opened(
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode
  ) -> Driver {
    var driver = BackupScene.driver(width, height, glyphs)
    driver.open(DifferenceScreen(DifferenceSubject(before: place)))
    driver.answer(.difference(difference))
    return driver
  }

  @Test func `differences are seen at every size`() {
    expectGoldenScreens("difference") { width, height, glyphs in
      var driver = Self.opened(width, height, glyphs)
      driver.press("j", "j")
      driver.answer(
        .states(BackupScene.objects()[4], BackupScene.objects(isLater: true)[4])
      )
      return driver
    }
  }

  @Test func `the fields follow the cursor, and late ones are not taken`() throws {
    var driver = Self.opened()
    let first = try #require(driver.token { if case .states = $0 { true } else { false } })
    driver.press("j", "j")
    let states = BackupAnswer.states(
      BackupScene.objects()[4],
      BackupScene.objects(isLater: true)[4]
    )
    driver.send(.answer(.backup(states), first))
    #expect(!driver.screen.contains("/spec/replicas"))
    driver.answer(states)
    #expect(driver.screen.contains("/spec/replicas"))
    #expect(driver.screen.contains("- 3"))
    #expect(driver.screen.contains("+ 5"))
    #expect(!driver.screen.contains("resourceVersion"))
    driver.press("t")
    #expect(driver.screen.contains("/metadata/resourceVersion"))
  }

  @Test func `a secret differs without telling its values`() throws {
    var driver = Self.opened()
    driver.press("G")
    driver.answer(.states(BackupScene.objects()[3], BackupScene.objects(isLater: true)[3]))
    #expect(driver.screen.contains("/data/password"))
    #expect(!driver.screen.contains("b2xk"))
    #expect(!driver.screen.contains("bmV3"))
    driver.press("x")
    #expect(driver.screen.contains("b2xk"))
    #expect(driver.screen.contains("bmV3"))
  }

  @Test func `kinds can be looked at one by one`() throws {
    var driver = Self.opened()
    func names() -> [String] {
      (driver.application.top as? DifferenceScreen)?.pane.ids.map(\.name) ?? []
    }
    #expect(names() == ["new", "old", "web", "db-password"])
    driver.press("f")
    #expect(names() == ["web", "db-password"])
    driver.press("f")
    #expect(names() == ["new"])
    driver.press("f")
    #expect(names() == ["old"])
    driver.press("f")
    #expect(names().count == 4)
  }

  @Test func `nothing differs, nothing is read yet, and failures are told`() throws {
    var driver = BackupScene.driver(80, 24)
    driver.open(DifferenceScreen(DifferenceSubject(before: Self.place)))
    let token = try #require(driver.token { _ in true })
    driver.send(
      .answer(
        .backup(.comparing(DifferenceProgress("reading pods of the cluster", done: 3, total: 9))),
        token
      )
    )
    #expect(driver.screen.contains("reading pods of the cluster (3 of 9 objects)"))
    driver.send(.answer(.backup(.difference(BackupDifference(equalCount: 9))), token))
    #expect(driver.screen.contains("Nothing differs"))

    driver = BackupScene.driver(80, 24)
    driver.open(DifferenceScreen(DifferenceSubject(before: Self.place)))
    let other = try #require(driver.token { _ in true })
    driver.send(.answer(.failed(Failure(.unreachable, "no cluster is connected")), other))
    #expect(driver.screen.contains("no cluster is connected"))
  }

  @Test func `what only the cluster has cannot be restored`() throws {
    var driver = Self.opened()
    driver.press("r")
    #expect(driver.screen.contains("the backup does not have it"))
  }
}
