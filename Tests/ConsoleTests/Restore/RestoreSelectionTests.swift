// SPDX-License-Identifier: Apache-2.0

import Primitives
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console
@testable import Engine

/// What a restore takes of its backup, seen while it is composed.
struct RestoreSelectionTests {
  private static func state(_ driver: Driver) throws -> RestorePlanScreen {
    try driver.top(RestorePlanScreen.self)
  }

  /// The screen with the archive read, and a plan or none.
  private static func opened(
    _ example: ArchiveExample,
    isPlanned: Bool = false,
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode
  ) async throws -> Driver {
    let everything = try await example.everything()
    return opened(example, everything, isPlanned: isPlanned, width, height, glyphs)
  }

  private static func opened(
    _ example: ArchiveExample,
    _ everything: ArchivePreview,
    isPlanned: Bool = false,
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode
  ) -> Driver {
    var driver = RestoreExample.opened(width, height, glyphs)
    for (question, token) in driver.questions {
      if case .restore(.contents) = question {
        driver.send(.answer(.restore(.contents(example.contents)), token))
      }
    }
    driver.answerSelection(everything)
    if isPlanned { driver.answerPlan() }
    return driver
  }

  @Test func `opened, it says what the backup holds until there is a plan`() async throws {
    let example = try await ArchiveExample.read()
    var driver = try await Self.opened(example)
    #expect(driver.screen.contains("14 of 16 objects in 2 namespaces"))
    #expect(driver.screen.contains("✓ exact"))
    driver.answerPlan()
    #expect(driver.screen.contains("+ create 3"))
    driver.press("t")
    #expect(driver.screen.contains("14 of 16 objects"))
    driver.press("esc")
    #expect(driver.screen.contains("+ create 3"))
    #expect(driver.application.screens.count == 2)
  }

  @Test func `what is typed is counted at once, and again when what pods bring along is read`()
    async throws
  {
    let example = try await ArchiveExample.read()
    let (draft, whole) = try await example.only(["shop"])
    var driver = try await Self.opened(example, isPlanned: true)
    driver.effects = []
    driver.press("e", "tab")
    driver.type("shop")
    #expect(driver.screen.contains("working it out"))
    #expect(driver.selectionQuestions.isEmpty)
    driver.endPause()
    let asked = try #require(driver.selectionQuestions.last)
    #expect(asked.selection.filter.includedNamespaces == ["shop"])
    driver.send(.answer(.restore(.selection(try #require(draft))), asked.token))
    #expect(driver.screen.contains("at least"))
    #expect(driver.screen.contains("what pods and claims bring along is being read"))
    #expect(driver.screen.contains("5 of 16 objects"))
    driver.send(.answer(.restore(.selection(whole)), asked.token))
    #expect(driver.screen.contains("6 of 16 objects in 1 namespace"))
    #expect(driver.screen.contains("✓ exact"))
    // The cluster was not asked again while it is typed.
    #expect(driver.planQuestions.isEmpty)
    driver.press("esc")
    #expect(driver.planQuestions.count == 1)
    #expect(driver.screen.contains("6 of 16 objects"))
    driver.answerPlan()
    #expect(driver.screen.contains("+ create 3"))
  }

  @Test func `answers to what was typed before count no more`() async throws {
    let example = try await ArchiveExample.read()
    let billing = try await example.only(["billing"]).whole
    var driver = try await Self.opened(example)
    driver.press("e", "tab")
    driver.type("billing")
    driver.endPause()
    let late = try #require(driver.selectionQuestions.last?.token)
    driver.type("x")
    driver.send(.answer(.restore(.selection(billing)), late))
    #expect(try Self.state(driver).result?.takenCount == 14)
    #expect(driver.screen.contains("working it out"))
  }

  @Test func `while a part of the form makes no sense nothing is said to be taken`() async throws {
    let example = try await ArchiveExample.read()
    var driver = try await Self.opened(example)
    driver.press("e")
    try Self.focus(&driver, .selector)
    driver.type("app in")
    driver.endPause()
    #expect(driver.screen.contains("not this form"))
    #expect(try Self.state(driver).live.isCurrent == false)
  }

  @Test func `each object has its reason, and what others bring along the chain to them`()
    async throws
  {
    let example = try await ArchiveExample.read()
    let whole = try await example.only(["shop"]).whole
    var driver = Self.opened(example, whole)
    driver.press("f", "f")
    try driver.answerObjects()
    #expect(try Self.state(driver).pages.page == .taken)
    driver.press("/")
    driver.type("pv-7")
    try driver.answerObjects()
    driver.press("enter")
    #expect(driver.screen.contains("in: needed by persistentvolumeclaims 'shop/data-0'"))
    #expect(driver.screen.contains("persistentvolumeclaims 'shop/data-0'  the filter takes it"))
    driver.press("esc", "right")
    try driver.answerObjects()
    #expect(try Self.state(driver).pages.page == .left)
    driver.press("/")
    driver.type("migrate")
    try driver.answerObjects()
    driver.press("enter")
    #expect(driver.screen.contains("out: it had ended when it was backed up"))
  }

  @Test func `rows go into the form and out of it, but never the last one that it names`()
    async throws
  {
    let example = try await ArchiveExample.read()
    var driver = try await Self.opened(example)
    driver.press("t", "right")
    #expect(try Self.state(driver).pages.namespaces.cursor == "billing")
    driver.press("I")
    #expect(try Self.state(driver).form.items(.includedNamespaces) == ["billing"])
    driver.press("X")
    #expect(driver.screen.contains("'billing' is all that the filter names"))
    #expect(try Self.state(driver).form.items(.includedNamespaces) == ["billing"])
    try Self.clear(&driver, .includedNamespaces)
    driver.press("X")
    #expect(try Self.state(driver).form.items(.excludedNamespaces) == ["billing"])
    #expect(try Self.state(driver).unsaved != nil)
  }

  @Test func `what could not be asked is told, and asked again when the server answers`()
    async throws
  {
    var driver = RestoreExample.opened()
    let token = try #require(driver.selectionQuestions.last?.token)
    driver.send(
      .answer(
        .failed(Failure(.unreachable, "the API server has not said yet what it serves")),
        token
      )
    )
    #expect(driver.screen.contains("what is taken is not known"))
    #expect(driver.screen.contains("has not said yet what it serves"))
    driver.effects = []
    driver.send(
      .cluster(
        .answered(version: "v1.36.0", latency: .milliseconds(9)),
        generation: driver.generation
      )
    )
    #expect(driver.selectionQuestions.count == 1)
  }

  @Test func `once the plan was looked at again, the next plan shows itself`() async throws {
    let example = try await ArchiveExample.read()
    let whole = try await example.only(["shop"]).whole
    var driver = try await Self.opened(example, isPlanned: true)
    driver.press("t")
    #expect(try Self.state(driver).side == .selection)
    driver.press("t", "e", "tab")
    driver.type("shop")
    driver.endPause()
    driver.answerSelection(whole)
    driver.press("esc")
    #expect(try Self.state(driver).side == .selection)
    driver.answerPlan()
    #expect(try Self.state(driver).side == .objects)
  }

  @Test func `ctrl-n lists what the archive has for a field`() async throws {
    let example = try await ArchiveExample.read()
    var driver = try await Self.opened(example)
    driver.press("e", "tab", "ctrl-n")
    #expect(try Self.state(driver).form.form.completions == ["billing", "shop"])
    #expect(driver.screen.contains("list words"))
  }

  @Test func `another cluster may know other names, so it is asked anew`() async throws {
    let example = try await ArchiveExample.read()
    var driver = try await Self.opened(example)
    driver.effects = []
    driver.connect("other")
    #expect(try Self.state(driver).result == nil)
    #expect(driver.selectionQuestions.count == 1)
    #expect(!driver.screen.contains("✓ exact"))
  }

  @Test(.tags(.golden)) func `what is taken, while it is typed`() async throws {
    let example = try await ArchiveExample.read()
    let (draft, whole) = try await example.only(["shop"])
    let everything = try await example.everything()
    expectGoldenScreens("selection-typed") { width, height, glyphs in
      var driver = Self.opened(example, everything, isPlanned: true, width, height, glyphs)
      driver.press("e", "tab")
      driver.type("shop")
      driver.endPause()
      if let draft { driver.answerSelection(draft) }
      return driver
    }
    expectGoldenScreens("selection") { width, height, glyphs in
      var driver = Self.opened(example, whole, isPlanned: false, width, height, glyphs)
      driver.press("f", "f", "f")
      try? driver.answerObjects()
      return driver
    }
  }

  /// Puts the focus of the form on a field.
  private static func focus(_ driver: inout Driver, _ field: RestoreForm.Field) throws {
    for _ in 0..<40 where try state(driver).form.form.focused?.id != field.rawValue {
      driver.press("down")
    }
  }

  /// Empties a list of the form.
  private static func clear(_ driver: inout Driver, _ field: RestoreForm.Field) throws {
    driver.press("e")
    try focus(&driver, field)
    driver.press("backspace", "esc")
    driver.press("t")
    if try state(driver).side != .selection { driver.press("t") }
  }
}
