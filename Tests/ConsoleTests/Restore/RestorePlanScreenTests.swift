// SPDX-License-Identifier: Apache-2.0

import Primitives
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console
@testable import Engine

/// The plan of a restore on the screen: nothing is launched that is not just what is shown.
struct RestorePlanScreenTests {
  private static func state(_ driver: Driver) throws -> RestorePlanScreen {
    try driver.top(RestorePlanScreen.self)
  }

  @Test func `opened, it asks for the archive and for the plan of all of it`() throws {
    let driver = RestoreExample.opened()
    let asked = try #require(driver.planQuestions.first)
    #expect(asked.request.restore.spec.backupName == "nightly")
    #expect(asked.request.restore.name == "nightly-20260115120000")
    #expect(asked.request.options == RestoreOptions())
    #expect(driver.questions.count == 3)
    #expect(driver.screen.contains("reading the backup's index"))
  }

  @Test func `single objects are asked for as such`() throws {
    let objects = [RestoreExample.address("configmaps", "shop", "settings")]
    let seed = RestoreSeed(place: RestoreExample.place, objects: objects)
    let driver = RestoreExample.opened(seed: seed)
    #expect(driver.planQuestions.first?.request.options.objects == ["configmaps/shop/settings"])
  }

  @Test func `the plan shows what would be done, and each difference under the cursor`() throws {
    var driver = RestoreExample.planned()
    #expect(driver.screen.contains("+ create 3"))
    #expect(driver.screen.contains("checked by the server"))
    driver.press("j", "j", "j", "j")
    #expect(driver.screen.contains("/spec/replicas"))
    #expect(driver.screen.contains("- 1"))
    #expect(driver.screen.contains("+ 3"))
  }

  @Test func `values of secrets are covered until they are asked for`() throws {
    let secret = "c2VjcmV0LXBhc3N3b3Jk"
    let applied = "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration"
    let changes = [
      FieldChange(path: "/data/password", before: .string(secret), after: "b2xk"),
      FieldChange(path: "/stringData", before: nil, after: ["token": "in-the-clear"]),
      FieldChange(path: applied, before: "all-of-it", after: nil),
      FieldChange(
        path: "/metadata/annotations",
        before: nil,
        after: ["kubectl.kubernetes.io/last-applied-configuration": "and-more", "team": "db"]
      ), FieldChange(path: "/type", before: "Opaque", after: "kubernetes.io/tls"),
    ]
    for verdict in [RestoreVerdict.update(changes), .skipDifferent(changes), .recreate(changes)] {
      let entry = RestoreExample.entry("secrets", "database", verdict)
      var driver = RestoreExample.planned(preview: RestoreExample.preview([entry]))
      driver.press("enter")
      #expect(driver.screen.contains("- \"(hidden: 15 bytes)\""))
      #expect(driver.screen.contains("+ \"(hidden: 3 bytes)\""))
      #expect(driver.screen.contains("kubernetes.io/tls"))
      #expect(driver.screen.contains("db"))
      for value in [secret, "b2xk", "in-the-clear", "all-of-it", "and-more"] {
        #expect(!driver.screen.contains(value))
      }
      driver.press("x")
      for value in [secret, "b2xk", "in-the-clear", "all-of-it", "and-more"] {
        #expect(driver.screen.contains(value))
      }
    }
  }

  @Test func `one kind after the other is shown, and a filter narrows what is shown`() throws {
    var driver = RestoreExample.planned()
    driver.press("f")
    #expect(try Self.state(driver).list.ids.count == 3)
    driver.press("f")
    #expect(try Self.state(driver).list.ids.map(\.name) == ["web"])
    for _ in 0..<6 { driver.press("f") }
    #expect(try Self.state(driver).list.ids.count == RestoreExample.entries.count)
    driver.press("/")
    driver.type("phase:fail")
    driver.press("enter")
    #expect(try Self.state(driver).list.ids.map(\.type) == ["ingresses.networking.k8s.io"])
    driver.press("enter")
    #expect(try Self.state(driver).isZoomed)
    // Step by step back to all of it, and only then out of the screen.
    driver.press("esc", "esc")
    #expect(try Self.state(driver).list.ids.count == RestoreExample.entries.count)
    driver.press("esc")
    #expect(driver.application.screens.count == 1)
  }

  @Test func `a plan of what is not asked for any more cannot be launched`() throws {
    var driver = RestoreExample.planned()
    driver.effects = []
    driver.press("e", "tab")
    driver.type("shop")
    driver.press("enter")
    #expect(driver.planQuestions.isEmpty)
    #expect(driver.screen.contains("the form has changed"))
    driver.press("esc")
    let asked = try #require(driver.planQuestions.last)
    #expect(asked.request.restore.spec.includedNamespaces == ["shop"])
    driver.press("r")
    #expect(driver.application.overlay == nil)
    #expect(driver.screen.contains("the plan is being made"))
    driver.answerPlan()
    driver.press("r")
    #expect(driver.application.overlay != nil)
  }

  @Test func `what is launched was fixed when the question was asked`() throws {
    var driver = RestoreExample.planned()
    driver.press("r")
    #expect(driver.screen.contains("Restore 'nightly-20260115120000'?"))
    #expect(driver.screen.contains("3 objects would be created"))
    // Enter alone is Cancel.
    driver.press("enter")
    #expect(driver.restoreLaunches.isEmpty)
    driver.press("r", "tab", "enter")
    let launched = try #require(driver.restoreLaunches.first)
    guard case .run(let request, let location, let generation) = launched.launch else {
      Issue.record("\(launched.launch)")
      return
    }
    #expect(request.restore.name == "nightly-20260115120000")
    #expect(location == "default")
    #expect(generation == driver.generation)
    let screen = try driver.top(RestoreScreen.self)
    #expect(screen.operation == launched.id)
    #expect(driver.application.screens.count == 2)
  }

  @Test func `in production its context is typed first`() throws {
    var preferences = Preferences()
    preferences.contextSettings = { _ in
      var settings = Preferences.Context()
      settings.isProduction = true
      return settings
    }
    var driver = RestoreExample.planned(preferences: preferences)
    driver.press("r", "tab", "enter")
    #expect(driver.restoreLaunches.isEmpty)
    driver.press("esc", "r")
    driver.type("prod")
    driver.press("tab", "enter")
    #expect(driver.restoreLaunches.count == 1)
  }

  @Test func `a read-only context launches nothing`() {
    var preferences = Preferences()
    preferences.isReadOnly = true
    var driver = RestoreExample.planned(preferences: preferences)
    driver.press("r")
    #expect(driver.application.overlay == nil)
    #expect(driver.screen.contains("--read-only"))
  }

  @Test func `a plan that fails leaves the one before, dimmed, and nothing to launch`() throws {
    var driver = RestoreExample.planned()
    driver.press("P")
    driver.failPlan(Failure(.unreachable, "the server does not answer", hint: "wait"))
    #expect(driver.screen.contains("the server does not answer; below is the plan of before"))
    #expect(try Self.state(driver).list.ids.count == RestoreExample.entries.count)
    driver.press("r")
    #expect(driver.application.overlay == nil)
  }

  @Test func `the first plan is tried again when the server answers`() {
    var driver = RestoreExample.opened()
    driver.failPlan(Failure(.unreachable, "no route to host"))
    driver.effects = []
    driver.send(
      .cluster(
        .answered(version: "v1.36.0", latency: .milliseconds(9)),
        generation: driver.generation
      )
    )
    #expect(driver.planQuestions.count == 1)
  }

  @Test func `an answer that is late is no plan`() throws {
    var driver = RestoreExample.opened()
    let old = try #require(driver.planQuestions.last?.token)
    driver.press("P")
    driver.send(.answer(.restore(.plan(RestoreExample.preview())), old))
    #expect(try Self.state(driver).planning.plan == nil)
  }

  @Test func `another cluster than the backup's is told`() {
    let driver = RestoreExample.planned(
      preview: RestoreExample.preview(target: RestoreExample.other)
    )
    #expect(driver.screen.contains("this is another cluster"))
  }

  @Test func `a name that is taken is refused in the form`() throws {
    var driver = RestoreExample.planned()
    let taken = RestoreListing(location: "default", name: "nightly-20260115120000", record: nil)
    driver.send(.restores(.success([taken]), location: "default"))
    #expect(driver.screen.contains("there is a restore of this name"))
    driver.press("r")
    #expect(driver.application.overlay == nil)
  }

  @Test func `after a switch of clusters the plan is of another one`() {
    var driver = RestoreExample.planned()
    let screens = driver.application.screens
    driver.connect("lab")
    driver.application.screens = screens
    driver.press("r")
    #expect(driver.application.overlay == nil)
    #expect(driver.screen.contains("of another cluster"))
  }

  /// Whatever is pressed at whatever size, nothing traps and every cell is inside.
  @Test(arguments: Seeds.first(40))
  func `keys at random sizes never trap`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let keys = [
      "e", "tab", "esc", "f", "i", "z", "/", "j", "k", "G", "space", "enter", "r", "left", "right",
      "a", ",", ":", "backspace", "P", "pagedown", "up", "y", "4",
    ]
    var driver = RestoreExample.planned()
    for _ in 0..<120 {
      let size = Size(
        width: Int.random(in: 1...200, using: &random),
        height: Int.random(in: 1...60, using: &random)
      )
      driver.send(.input(.resize(size)))
      driver.press(keys.randomElement(using: &random) ?? "j")
      #expect(driver.grid.size == size)
    }
  }
}
