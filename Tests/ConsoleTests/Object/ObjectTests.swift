// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import TestSupport
import Testing

@testable import Console

/// One object: YAML, relations, backups.
struct ObjectTests {
  private static let secret = ObjectAddress(
    type: "secrets",
    namespace: "payments",
    name: "ledger-key"
  )
  private static let pod = ObjectAddress(type: "pods", namespace: "shop", name: "web-5c9f-a1")

  private static let secretObject: JSONValue = [
    "apiVersion": "v1", "kind": "Secret",
    "metadata": [
      "name": "ledger-key", "namespace": "payments", "uid": "u-1", "resourceVersion": "7",
      "annotations": [
        "kubectl.kubernetes.io/last-applied-configuration": "{\"data\":{\"token\":\"c2VjcmV0\"}}"
      ],
      "managedFields": [["manager": "kubectl"]],
    ],
    "data": ["token": "c2VjcmV0"], "type": "Opaque",
  ]

  /// Whether a question is for the object itself.
  private static func isReading(_ question: Question) -> Bool {
    if case .liveObject = question { true } else { false }
  }

  private func driver(
    _ address: ObjectAddress,
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode
  ) -> Driver {
    var driver = Driver(width, height, glyphs: glyphs)
    driver.connect()
    if var cluster = try? ClusterFixture.shop() { driver.take(cluster.snapshot()) }
    driver.effects = []
    driver.open(ObjectScreen(address))
    return driver
  }

  private func answer(_ driver: inout Driver, _ object: JSONValue) {
    guard let token = driver.questionToken(where: Self.isReading)
    else {
      Issue.record("the object is asked for")
      return
    }
    driver.send(.answer(.object(object), token))
  }

  @Test func `the values of a Secret are hidden until they are asked for`() throws {
    var driver = driver(Self.secret)
    answer(&driver, Self.secretObject)
    #expect(driver.screen.contains("token: '(hidden: 6 bytes)'"))
    #expect(!driver.screen.contains("c2VjcmV0"))
    #expect(!driver.screen.contains("managedFields"))
    driver.effects = []
    driver.press("Y")
    guard case .copy(let hidden)? = driver.effects.first else {
      Issue.record("something is copied")
      return
    }
    #expect(!hidden.contains("c2VjcmV0"))
    driver.press("x")
    driver.advance(seconds: 10)
    #expect(driver.screen.contains("token: c2VjcmV0"))
    #expect(driver.screen.contains("secret values are shown"))
    driver.press("x", "m")
    #expect(!driver.screen.contains("c2VjcmV0"))
    #expect(driver.screen.contains("managedFields"))
  }

  @Test func `another object of the same name is told, and its secrets are hidden again`() throws {
    var driver = driver(Self.secret)
    answer(&driver, Self.secretObject)
    driver.press("x")
    var cluster = try ClusterFixture.shop()
    try cluster.remove("secrets", "payments", "ledger-key")
    try cluster.add("secrets", "payments", "ledger-key")
    driver.effects = []
    driver.take(cluster.snapshot())
    var other = Self.secretObject
    other["metadata"] = ["name": "ledger-key", "namespace": "payments", "uid": "u-2"]
    answer(&driver, other)
    let notice = driver.application.world.notices.history.last?.text ?? ""
    #expect(notice.contains("another object of the same name"))
    #expect(!driver.screen.contains("c2VjcmV0"))
  }

  @Test func `an object that is gone stays readable and says so`() throws {
    var driver = driver(Self.secret)
    answer(&driver, Self.secretObject)
    var cluster = try ClusterFixture.shop()
    try cluster.remove("secrets", "payments", "ledger-key")
    driver.take(cluster.snapshot())
    #expect(driver.screen.contains("gone: this is what it was"))
    #expect(driver.screen.contains("kind: Secret"))
  }

  @Test func `owners and what is owned stand as a tree that can be walked`() throws {
    var driver = driver(Self.pod)
    driver.press("tab")
    try follow(&driver)
    #expect(driver.screen.contains("Deployment shop/web"))
    #expect(driver.screen.contains("ReplicaSet shop/web-5c9f"))
    driver.press("home", "down", "enter")
    let screen = try #require(driver.application.top as? ObjectScreen)
    #expect(
      screen.address == ObjectAddress(type: "deployments.apps", namespace: "shop", name: "web")
    )
    driver.press("tab")
    try follow(&driver)
    let owned = try #require(driver.application.top as? ObjectScreen).ownership?.owned ?? []
    #expect(owned.map(\.address.name) == ["web-5c9f", "web-5c9f-a1", "web-5c9f-b2"])
    #expect(owned.map(\.depth) == [1, 2, 2])
  }

  private func follow(_ driver: inout Driver) throws {
    for case .ask(.explorer(.ownership(let address, let snapshot)), let token)
      in driver.takeEffects()
    {
      let place = try #require(snapshot.place(of: address))
      let ownership = Ownership(of: place, in: snapshot) {}
      driver.send(.answer(.explorer(.ownership(ownership)), token))
    }
  }

  @Test func `the backups that hold it are told as they are read`() throws {
    var driver = driver(Self.pod)
    driver.press("tab", "tab")
    let token = try #require(
      driver.questionToken(where: { if case .explorer(.holders) = $0 { true } else { false } })
    )
    var reading = HolderReading()
    driver.send(.answer(.explorer(.holders(reading)), token))
    #expect(driver.screen.contains("reading on"))
    for (name, finding) in [
      ("new", ObjectHolding.Finding.holds), ("old", .lacks), ("odd", .unknown("it has no list")),
    ] {
      reading.entries.append(
        HolderReading.Entry(
          place: BackupPlace(location: "default", name: name),
          holding: ObjectHolding(backup: name, started: Driver.start, finding: finding)
        )
      )
    }
    reading.failures["offsite"] = Failure(.unreachable, "it does not answer")
    reading.isComplete = true
    driver.send(.answer(.explorer(.holders(reading)), token))
    #expect(driver.screen.contains("1 of 3 backups hold it"))
    #expect(driver.screen.contains("it has no list"))
    #expect(driver.screen.contains("location 'offsite' was not read: it does not answer"))
  }

  @Test(.tags(.golden)) func `how a Secret looks`() {
    expectGoldenScreens("object-secret") { width, height, glyphs in
      var driver = driver(Self.secret, width, height, glyphs)
      answer(&driver, Self.secretObject)
      return driver
    }
  }

  @Test(.tags(.golden)) func `how a refused object looks`() {
    expectGoldenScreens("object-forbidden") { width, height, glyphs in
      var driver = driver(Self.secret, width, height, glyphs)
      if let token = driver.questionToken(where: Self.isReading) {
        let failure = Failure(
          .forbidden,
          "user 'dev' may not get secrets in 'payments'",
          hint: "ask for the verb get on secrets"
        )
        driver.send(.answer(.failed(failure), token))
      }
      return driver
    }
  }

  @Test(.tags(.golden)) func `how relations look`() {
    expectGoldenScreens("object-relations") { width, height, glyphs in
      var driver = driver(Self.pod, width, height, glyphs)
      driver.press("tab")
      let effects = driver.takeEffects()
      for case .ask(.explorer(.ownership(let address, let snapshot)), let token) in effects {
        guard let place = snapshot.place(of: address) else { continue }
        let ownership = Ownership(of: place, in: snapshot) {}
        driver.send(.answer(.explorer(.ownership(ownership)), token))
      }
      for case .ask(.explorer(.relations), let token) in effects {
        let claim = ObjectAddress(type: "persistentvolumeclaims", namespace: "shop", name: "data")
        let volume = ObjectAddress(type: "persistentvolumes", name: "pv-1")
        let tree = RelationTree(nodes: [
          .init(address: claim, relation: "claim mounted by", depth: 1),
          .init(address: volume, relation: "volume of", depth: 2),
        ])
        driver.send(.answer(.explorer(.relations(tree)), token))
      }
      driver.press("down")
      return driver
    }
  }
}
