// SPDX-License-Identifier: Apache-2.0

import Engine
import Kubernetes
import Primitives
import Terminal
import Testing

@testable import Console

/// The explorer by keys and news.
struct ExplorerTests {
  private func driver(_ width: Int = 120, _ height: Int = 40) throws -> Driver {
    var driver = Driver(width, height)
    driver.connect()
    var cluster = try ClusterFixture.shop()
    driver.take(cluster.snapshot())
    driver.take(ClusterFixture.coverage)
    driver.press("2")
    return driver
  }

  private func explorer(_ driver: Driver) throws -> ExplorerScreen {
    try #require(driver.application.top as? ExplorerScreen)
  }

  private func names(_ driver: Driver) throws -> [String] {
    let list = try #require(try explorer(driver).listing).shown
    return (0..<list.count).map { list.row($0).name }
  }

  @Test func `the row under the cursor on the left decides what the right lists`() throws {
    var driver = try driver()
    let all = try names(driver).count
    #expect(try explorer(driver).facets.cursor == .everything)
    driver.press("down", "down")
    #expect(try explorer(driver).facets.cursor == .namespace("kube-system"))
    #expect(try names(driver).isEmpty)
    driver.press("down")
    #expect(try names(driver).contains("ledger-key"))
    #expect(try names(driver).count < all)
  }

  @Test func `three ways lead to the same objects`() throws {
    var driver = try driver()
    driver.press("down", "down", "down")
    let byNamespace = try names(driver).filter { $0.hasPrefix("ledger") }
    driver.press("w", "down")
    #expect(try explorer(driver).facets.cursor == .label("app"))
    driver.press("right", "down")
    #expect(try explorer(driver).facets.cursor == .value("ledger", of: "app"))
    #expect(Set(try names(driver)) == Set(byNamespace))
    driver.press("w")
    #expect(try explorer(driver).facets.way == .resources)
    driver.type("/secrets")
    driver.press("enter", "down")
    #expect(try names(driver) == ["ledger-key"])
  }

  @Test func `the filter narrows as it is typed and a bad one shows nothing`() throws {
    var driver = try driver()
    driver.press("tab")
    driver.type("/web kind:pods")
    #expect(Set(try names(driver)) == ["web-5c9f-a1", "web-5c9f-b2", "web-old"])
    driver.type(" !old")
    #expect(Set(try names(driver)) == ["web-5c9f-a1", "web-5c9f-b2"])
    driver.type(" re:(")
    #expect(try names(driver).isEmpty)
    #expect(driver.screen.contains("is no regular expression"))
    driver.press("esc")
    #expect(try names(driver).count > 10)
  }

  @Test func `the filter knows labels, namespaces, types and states`() throws {
    var driver = try driver()
    driver.press("tab")
    driver.type("/ns:pay* label:app=ledger kind:cm")
    #expect(try names(driver) == ["ledger-settings"])
    driver.press("esc")
    driver.type("/phase:outdated")
    #expect(Set(try names(driver)) == ["payments", "ledger"])
    driver.press("esc")
    driver.type("/phase:deleting")
    #expect(try names(driver) == ["web-old"])
    driver.press("enter", "F", "f")
    #expect(Set(try names(driver)) == ["payments", "ledger", "kube-system"])
    driver.press("f")
    #expect(try names(driver).count > 10)
  }

  @Test func `the cursor stays on its object while others come and go`() throws {
    var driver = try driver()
    var cluster = try ClusterFixture.shop()
    driver.press("tab", "s", "enter")
    driver.type("/cart-5c9f-a1")
    driver.press("enter", "F")
    driver.press("home")
    for _ in 0..<5 { driver.press("down") }
    let id = try #require(try explorer(driver).objects.cursor)
    let address = try explorer(driver).cursorAddress
    for number in 0..<40 { try cluster.add("configmaps", "shop", "a-\(number)") }
    try cluster.remove("pods", "shop", "web-old")
    driver.take(cluster.snapshot())
    #expect(try explorer(driver).objects.cursor == id)
    #expect(try explorer(driver).cursorAddress == address)
    driver.advance(seconds: 30)
    driver.take(cluster.snapshot())
    #expect(try explorer(driver).objects.cursor == id)
    #expect(try explorer(driver).cursorAddress == address)
  }

  @Test func `rows that come while the user works stand at the end until he rests`() throws {
    var driver = try driver()
    var cluster = try ClusterFixture.shop()
    driver.press("tab", "s", "enter")
    let before = try names(driver)
    try cluster.add("configmaps", "shop", "aaa")
    driver.take(cluster.snapshot())
    #expect(try names(driver) == before + ["aaa"])
    #expect(driver.screen.contains("1 new"))
    driver.advance(seconds: 30)
    #expect(try names(driver).first == "aaa")
  }

  @Test func `paused lists stay as they are, and catch up when they go on`() throws {
    var driver = try driver()
    var cluster = try ClusterFixture.shop()
    driver.press("tab", "p")
    try cluster.add("configmaps", "shop", "aaa")
    driver.take(cluster.snapshot())
    driver.take(ClusterFixture.coverage)
    driver.advance(seconds: 30)
    #expect(try !names(driver).contains("aaa"))
    driver.press("p")
    #expect(try names(driver).contains("aaa"))
  }

  @Test func `marks go with their objects, and hidden ones are counted`() throws {
    var driver = try driver()
    driver.press("tab")
    driver.type("/cart")
    driver.press("enter", "*", "F")
    let marked = try explorer(driver).objects.list.marks.count
    #expect(marked == 5)
    driver.type("/ledger")
    driver.press("enter")
    #expect(driver.screen.contains("5 marked (5 hidden)"))
    var cluster = try ClusterFixture.shop()
    try cluster.remove("pods", "shop", "cart-5c9f-a1")
    driver.take(cluster.snapshot())
    #expect(try explorer(driver).objects.list.marks.count == 4)
  }

  @Test func `a backup begins with what is marked, and with the cursor's row else`() throws {
    var driver = try driver()
    #expect(try explorer(driver).seed == nil)
    driver.press("down", "down")
    #expect(try explorer(driver).seed == .namespaces(["kube-system"]))
    driver.press("space", "space")
    #expect(try explorer(driver).seed == .namespaces(["kube-system", "payments"]))
    driver.press("w", "down")
    #expect(try explorer(driver).seed == .labels("app"))
    driver.press("right", "down")
    #expect(try explorer(driver).seed == .labels("app=ledger"))
    driver.press("w", "w", "home", "tab")
    driver.type("/ledger-key")
    driver.press("enter")
    let key = ObjectAddress(type: "secrets", namespace: "payments", name: "ledger-key")
    #expect(try explorer(driver).seed == .objects([key]))
  }

  @Test func `what may not be listed is never shown as none`() throws {
    var driver = try driver()
    var cluster = try ClusterFixture.shop()
    cluster.setState(.gap(reason: "you may not list secrets"), "secrets")
    cluster.setState(.loading, "widgets.example.com")
    driver.take(cluster.snapshot())
    #expect(driver.screen.contains("reading: 7 of 8 types are here"))
    cluster.setState(.current, "widgets.example.com")
    driver.take(cluster.snapshot())
    #expect(driver.screen.contains("not known here: secrets"))
    driver.press("i")
    let details = driver.application.world.notices.history.last?.details ?? []
    #expect(details == ["secrets: you may not list secrets"])
  }

  @Test func `a count that may be too low is not told as one that is known`() throws {
    var driver = try driver()
    var cluster = try ClusterFixture.shop()
    func counts(_ driver: Driver) throws -> [String] {
      let explorer = try explorer(driver)
      return explorer.facets.pane.ids.map { facet in
        let row = explorer.facets.row(facet, 46, Standings(), driver.application.world)
        guard case .text(let text) = row.cells[1].content else { return "" }
        return text
      }
    }
    #expect(try counts(driver) == ["21", "4", "0", "6", "11"])
    cluster.setState(.gap(reason: "you may not list secrets"), "secrets")
    driver.take(cluster.snapshot())
    #expect(try counts(driver) == ["21+", "4", "?", "6+", "11+"])
    cluster.setStates(
      ["shop": .gap(reason: "no"), "payments": .current, "kube-system": .current],
      "secrets"
    )
    driver.take(cluster.snapshot())
    #expect(try counts(driver) == ["21+", "4", "0", "6", "11+"])
    driver.press("w")
    #expect(try counts(driver).allSatisfy { $0.hasSuffix("+") })
    cluster.setState(.current, "secrets")
    cluster.setState(.loading, "nodes")
    driver.take(cluster.snapshot())
    driver.press("w", "w")
    #expect(try counts(driver) == ["21+", "4+", "0", "6", "11"])
  }

  @Test func `hidden marks go into a backup's filter, and that is told`() throws {
    var driver = try driver()
    driver.press("tab")
    driver.type("/cart-5c9f-")
    driver.press("enter", "*", "F")
    driver.type("/ledger")
    driver.press("enter")
    #expect(try explorer(driver).objects.hiddenMarkCount == 2)
    let seed = try explorer(driver).seed
    guard case .objects(let addresses)? = seed else {
      Issue.record("no objects are marked")
      return
    }
    #expect(Set(addresses.map(\.name)) == ["cart-5c9f-a1", "cart-5c9f-b2"])
    driver.press("b")
    #expect(driver.application.top.kind == .filter)
    #expect(
      driver.application.world.notices.history.contains {
        $0.text == "2 of 2 marked objects are hidden by the filter, and are taken too"
      }
    )
  }

  @Test func `S turns the order round that nobody has chosen`() throws {
    var driver = try driver()
    driver.press("tab")
    let before = try names(driver)
    driver.press("S")
    #expect(try explorer(driver).objects.sort == TableSort("namespace", isAscending: false))
    #expect(try names(driver) != before)
    driver.press("S")
    #expect(try names(driver) == before)
  }

  @Test func `a lost server leaves the objects, dimmed and with their age`() throws {
    var driver = try driver()
    let before = try names(driver)
    let generation = driver.application.world.cluster.generation
    let failure = Failure(.unreachable, "connection refused")
    driver.send(.cluster(.unanswered(failure), generation: generation))
    driver.advance(seconds: 600)
    #expect(try names(driver) == before)
    #expect(driver.screen.contains("no answer: the objects are those of 10m ago"))
  }

  /// News come every tenth of a second while a large cluster is read, and its first list takes longer.
  @Test func `news do not keep the first list from coming to its end`() throws {
    var driver = Driver()
    driver.connect()
    var cluster = try ClusterFixture.shop()
    for number in 0...ExplorerScreen.inlineLimit {
      try cluster.add("configmaps", "shop", "many-\(number)")
    }
    driver.take(cluster.snapshot())
    driver.press("2")
    let first = driver.effects
    let wanted = try explorer(driver).wanted
    #expect(wanted != nil)
    driver.effects = []
    for number in 0..<5 {
      try cluster.add("configmaps", "shop", "more-\(number)")
      driver.take(cluster.snapshot())
    }
    #expect(try explorer(driver).wanted == wanted)
    for case .ask(.explorer(.objects(let request)), wanted) in first {
      driver.send(.answer(.explorer(.objects(request.listing {})), try #require(wanted)))
    }
    #expect(try names(driver).count > ExplorerScreen.inlineLimit)
  }

  @Test func `many objects are listed and filtered in the background, the last answer counts`()
    throws
  {
    var driver = try driver()
    var cluster = try ClusterFixture.shop()
    for number in 0...ExplorerScreen.inlineLimit {
      try cluster.add("configmaps", "shop", "many-\(number)")
    }
    driver.effects = []
    driver.take(cluster.snapshot())
    let first = try #require(
      driver.questionToken { if case .explorer(.objects) = $0 { true } else { false } }
    )
    let request = try #require(
      driver.effects.lazy.compactMap { effect -> ObjectListRequest? in
        guard case .ask(.explorer(.objects(let request)), first) = effect else { return nil }
        return request
      }.first
    )
    driver.send(.answer(.explorer(.objects(request.listing {})), first))
    #expect(try names(driver).count > ExplorerScreen.inlineLimit)
    driver.press("tab", "/")
    driver.type("m")
    let stale = try #require(
      driver.questionToken { if case .explorer(.narrow) = $0 { true } else { false } }
    )
    driver.type("any-77")
    let wanted = try #require(
      driver.questionToken { if case .explorer(.narrow) = $0 { true } else { false } }
    )
    guard case .ask(.explorer(.narrow(var listing, let query)), wanted) = driver.effects.last else {
      Issue.record("the last effect asks for the filter")
      return
    }
    listing.narrow(query) {}
    var late = listing
    late.narrow(FilterQuery("m")) {}
    driver.send(.answer(.explorer(.objects(listing)), wanted))
    let found = try names(driver)
    #expect(found.count == 111 && found.allSatisfy { $0.hasPrefix("many-77") })
    driver.send(.answer(.explorer(.objects(late)), stale))
    #expect(try names(driver) == found)
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `an action never meets another object than the one under the cursor`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    var driver = try driver()
    var cluster = try ClusterFixture.shop()
    driver.press("tab")
    var names: [String] = []
    for step in 0..<60 {
      let id = try explorer(driver).objects.cursor
      let address = try explorer(driver).cursorAddress
      switch Int.random(in: 0..<6, using: &random) {
      case 0:
        names.append("new-\(step)")
        try cluster.add(
          "configmaps",
          ["shop", "payments"].randomElement(using: &random),
          "new-\(step)"
        )
        driver.take(cluster.snapshot())
      case 1:
        if let name = names.randomElement(using: &random) {
          try cluster.remove("configmaps", "shop", name)
          try cluster.remove("configmaps", "payments", name)
          driver.take(cluster.snapshot())
        }
      case 2: driver.advance(seconds: Int64.random(in: 0..<10, using: &random))
      case 3:
        driver.press("S")
      case 4:
        driver.press(["down", "up", "pgdn", "end"].randomElement(using: &random) ?? "down")
        continue
      default:
        driver.press("s")
        for _ in 0..<Int.random(in: 0..<4, using: &random) { driver.press("down") }
        driver.press("enter")
      }
      let now = try explorer(driver)
      if let id, let list = now.listing?.shown, list.ids.contains(id) {
        #expect(now.objects.cursor == id)
        #expect(now.cursorAddress == address)
      }
      #expect(now.objects.ids == now.listing?.shown.ids)
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `random keys at random sizes do no harm`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    var driver = try driver()
    let keys = [
      "up", "down", "left", "right", "home", "end", "pgup", "pgdn", "enter", "tab", "esc", "space",
      "/", "w", "z", "f", "F", "v", "*", "~", "u", "s", "S", "c", "i", "b", "y", "Y", "1", "2", "a",
    ]
    for _ in 0..<200 {
      if Int.random(in: 0..<10, using: &random) == 0 {
        let size = Size(
          width: Int.random(in: 1...400, using: &random),
          height: Int.random(in: 1...120, using: &random)
        )
        driver.send(.input(.resize(size)))
      }
      driver.press(keys.randomElement(using: &random) ?? "down")
      if Bool.random(using: &random) { #expect(driver.grid.size == driver.application.world.size) }
    }
  }
}
