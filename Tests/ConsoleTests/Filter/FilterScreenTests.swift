// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Sandbox
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console

@Suite(.timeLimit(.minutes(2)))
struct FilterScreenTests {
  private static let shop: BackupSpec = {
    var spec = BackupSpec()
    spec.includedNamespaces = ["shop"]
    return spec
  }()

  private static let shopWithoutPods: BackupSpec = {
    var spec = shop
    spec.excludedResources = ["pods"]
    return spec
  }()

  private static let nobody: BackupSpec = {
    var spec = FilterScene.everything
    spec.labelSelector = try? LabelSelector(parsing: "app=nobody")
    return spec
  }()

  private func launches(_ effects: [Effect]) -> [BackupLaunch] {
    effects.compactMap { effect in
      if case .launch(.backup(let launch), _) = effect { launch } else { nil }
    }
  }

  @Test(.sandbox(.demo)) func `b launches exactly what is shown, in this cluster`() async throws {
    var scene = try await FilterScene.reader([Self.shop]).scene(seed: .namespaces(["shop"]))
    let taken = scene.screen?.live.shown?.found.preview.count.taken
    scene.driver.press("b", "enter")
    let launches = launches(scene.driver.takeEffects())
    #expect(launches.count == 1)
    #expect(launches.first?.backup.spec.includedNamespaces == ["shop"])
    #expect(launches.first?.context == "demo")
    #expect(launches.first?.location == "default")
    #expect(launches.first?.allowsEmpty == false)
    #expect(scene.driver.application.world.operations.running.first?.progress.total == taken)
  }

  @Test(.sandbox(.demo)) func `b twice makes nothing, y does`() async throws {
    var scene = try await FilterScene.reader([Self.shop]).scene(seed: .namespaces(["shop"]))
    scene.driver.press("b", "b")
    #expect(launches(scene.driver.takeEffects()).isEmpty)
    scene.driver.press("y")
    #expect(launches(scene.driver.takeEffects()).count == 1)
  }

  @Test(.sandbox(.demo)) func `what arrives while the review is open changes nothing of it`()
    async throws
  {
    let maker = try await FilterScene.reader([Self.shop])
    var scene = maker.scene(seed: .namespaces(["shop"]))
    let name = scene.screen?.reading.backup.name
    scene.driver.press("b")
    scene.driver.send(.locations(.success([ConsoleLocation(name: "other", place: "/x")])))
    scene.driver.connect("prod")
    scene.driver.press("enter")
    let launch = launches(scene.driver.takeEffects()).first
    #expect(launch?.backup.name == name)
    #expect(launch?.location == "default")
    #expect(launch?.context == "demo")
  }

  @Test(.sandbox(.demo)) func `nothing is launched before the preview has caught up`() async throws
  {
    let maker = try await FilterScene.reader([Self.shop, Self.shopWithoutPods])
    var scene = maker.scene(seed: .namespaces(["shop"]))
    scene.driver.press("/")
    scene.driver.type("pods")
    scene.driver.press("enter", "x")
    scene.answer(withPreviews: false)
    #expect(scene.screen?.live.isCurrent == false)
    scene.driver.press("b", "enter")
    #expect(launches(scene.driver.takeEffects()).isEmpty)
    // The result of before is still there, as such.
    #expect(scene.screen?.live.shown?.wish.spec.excludedResources == [])
    #expect(scene.driver.screen.contains("working it out"))
  }

  @Test(.sandbox(.demo)) func `edits are waited for, and late answers count no more`() async throws
  {
    let maker = try await FilterScene.reader([Self.shop])
    var scene = maker.scene()
    scene.driver.press("tab", "down", "down", "down")
    _ = scene.driver.takeEffects()
    scene.driver.type("shop")
    let effects = scene.driver.takeEffects()
    let timers = effects.compactMap { effect -> Token? in
      if case .ask(.timer(LivePreview.pause), let token) = effect { token } else { nil }
    }
    #expect(timers.count == 4)
    for token in timers.dropLast() { scene.driver.send(.answer(.timeUp, token)) }
    #expect(!scene.driver.takeEffects().contains { if case .ask = $0 { true } else { false } })
    scene.driver.send(.answer(.timeUp, timers[3]))
    let asked = scene.driver.takeEffects().compactMap { effect -> (Backup, Token)? in
      if case .ask(.preview(let backup), let token) = effect { (backup, token) } else { nil }
    }
    #expect(asked.map { $0.0.spec.includedNamespaces } == [["shop"]])
    scene.driver.send(.answer(.preview(maker.everything), timers[0]))
    #expect(scene.screen?.live.isCurrent == false)
  }

  @Test(.sandbox(.demo)) func `a filter that matches nothing is launched only when that is said`()
    async throws
  {
    let maker = try await FilterScene.reader([Self.nobody])
    var scene = maker.scene(seed: .labels("app=nobody"))
    scene.driver.press("b", "enter")
    #expect(launches(scene.driver.takeEffects()).isEmpty)
    scene.driver.press("b", "tab", "enter")
    #expect(launches(scene.driver.takeEffects()).map(\.allowsEmpty) == [true])
  }

  @Test(.sandbox(.demo)) func `names that are taken are refused, and launched ones count`()
    async throws
  {
    let maker = try await FilterScene.reader([Self.shop])
    var scene = maker.scene(seed: .namespaces(["shop"]))
    let name = scene.screen?.reading.backup.name ?? ""
    let entry = BackupEntry(
      place: BackupPlace(location: "default", name: name),
      backup: Backup(name: name)
    )
    scene.driver.send(.backups(.success(BackupListing(entries: [entry])), location: "default"))
    scene.answer()
    scene.driver.press("b", "enter")
    #expect(launches(scene.driver.takeEffects()).isEmpty)
    #expect(scene.driver.screen.contains("there is a backup of this name"))
    scene.driver.send(.backups(.success(BackupListing()), location: "default"))
    scene.answer()
    scene.driver.press("b", "enter")
    #expect(launches(scene.driver.takeEffects()).map(\.backup.name) == [name])
    #expect(scene.screen?.reading.backup.name != name)
  }

  @Test(.sandbox(.demo)) func `a read-only location takes no backup, a read-only context neither`()
    async throws
  {
    let maker = try await FilterScene.reader([])
    var scene = maker.scene()
    scene.driver.send(
      .locations(.success([ConsoleLocation(name: "default", place: "/x", isReadOnly: true)]))
    )
    scene.answer()
    scene.driver.press("b", "enter")
    scene.driver.send(.locations(.success([ConsoleLocation(name: "default", place: "/x")])))
    scene.answer()
    scene.driver.change { $0.preferences.isReadOnly = true }
    scene.driver.press("b", "enter")
    #expect(launches(scene.driver.takeEffects()).isEmpty)
  }

  @Test(.sandbox(.demo)) func `rows go into the filter and out of it`() async throws {
    let maker = try await FilterScene.reader([Self.shop, Self.shopWithoutPods])
    var scene = maker.scene(seed: .namespaces(["shop"]))
    scene.driver.press("/")
    scene.driver.type("pods")
    scene.driver.press("enter", "x")
    scene.answer()
    #expect(scene.screen?.reading.filter.spec.excludedResources == ["pods"])
    #expect(scene.screen?.live.isCurrent == true)
    scene.driver.press("i")
    #expect(scene.screen?.reading.filter.spec.includedResources == ["pods"])
    #expect(scene.screen?.reading.filter.spec.excludedResources == [])
  }

  @Test(.sandbox(.demo)) func `the only thing that a filter names is not taken out of it`()
    async throws
  {
    var scene = try await FilterScene.reader([Self.shop]).scene(seed: .namespaces(["shop"]))
    scene.driver.press("/")
    scene.driver.type("pods")
    scene.driver.press("enter", "i", "x")
    #expect(scene.screen?.reading.filter.spec.includedResources == ["pods"])
    #expect(scene.screen?.reading.filter.spec.excludedResources == [])
    #expect(scene.driver.screen.contains("'pods' is all that the filter names"))
    #expect(!scene.driver.screen.contains("left out; the form"))
    scene.screen(change: { $0.form[.includedResources] = "pods,secrets" })
    scene.driver.press("x")
    #expect(scene.screen?.reading.filter.spec.includedResources == ["secrets"])
    #expect(scene.driver.screen.contains("'pods' is named in the filter no more"))
    scene.screen(change: { $0.form[.includedResources] = "pods,*" })
    scene.driver.press("x")
    #expect(scene.screen?.form.items(.includedResources) == ["*"])
    #expect(scene.screen?.form.items(.excludedResources) == ["pods"])
    #expect(scene.driver.screen.contains("'pods' is left out"))
  }

  @Test(.sandbox(.demo)) func `whoever comes back finds the preview as it has become`() async throws
  {
    var scene = try await FilterScene.reader([Self.shop]).scene(seed: .namespaces(["shop"]))
    func previews(_ effects: [Effect]) -> Int {
      effects.count { if case .ask(.preview, _) = $0 { true } else { false } }
    }
    scene.driver.press("6", "-")
    #expect(scene.screen?.live.isCurrent == true)
    #expect(previews(scene.driver.takeEffects()) == 0)
    // What could not be read is asked for again.
    scene.screen(change: { $0.form[.includedNamespaces] = "payments" })
    scene.driver.press("6", "-")
    let asked = scene.driver.takeEffects().compactMap { effect -> Token? in
      if case .ask(.preview, let token) = effect { token } else { nil }
    }
    #expect(asked.count == 1)
    for token in asked { scene.driver.send(.answer(.failed(Failure(.other, "cut off")), token)) }
    scene.driver.press("6", "-")
    #expect(previews(scene.driver.takeEffects()) == 1)
  }

  @Test(.sandbox(.demo)) func `an object is not taken for its whole type`() async throws {
    var scene = try await FilterScene.reader([Self.shop]).scene(seed: .namespaces(["shop"]))
    scene.driver.press("enter")
    scene.answer()
    #expect(scene.screen?.pages.objects.cursor != nil)
    let former = scene.screen?.reading.filter.spec.json
    for key in ["x", "i"] {
      scene.driver.press(key)
      #expect(scene.driver.screen.contains("a filter names types and namespaces"))
      #expect(scene.screen?.reading.filter.spec.json == former)
    }
  }

  @Test(.sandbox(.demo)) func `a type opens its objects, and Esc goes back step by step`()
    async throws
  {
    var scene = try await FilterScene.reader([]).scene()
    scene.driver.press("/")
    scene.driver.type("deployments.apps")
    scene.driver.press("enter", "enter")
    scene.answer()
    #expect(scene.screen?.pages.scope == .type("deployments.apps"))
    #expect(scene.screen?.pages.objects.ids.isEmpty == false)
    #expect(scene.screen?.pages.objects.ids.allSatisfy { $0.type == "deployments.apps" } == true)
    scene.driver.press("esc")
    scene.answer()
    #expect(scene.screen?.pages.scope == .all)
    #expect(scene.driver.application.top.kind == .filter)
    scene.driver.press("esc")
    #expect(scene.driver.application.top.kind == .overview)
  }

  @Test(.sandbox(.demo)) func `filters are kept and loaded, and what is not understood is told`()
    async throws
  {
    let maker = try await FilterScene.reader([Self.shop])
    var scene = maker.scene(seed: .namespaces(["shop"]))
    scene.driver.press("w")
    scene.driver.type("mine")
    scene.driver.press("enter")
    let saved = scene.driver.effects.compactMap { effect -> (String, Backup)? in
      guard case .ask(.filter(.saveFilter(let name, let backup)), _) = effect else { return nil }
      return (name, backup)
    }
    #expect(saved.map(\.0) == ["mine"])
    #expect(saved.first?.1.spec.includedNamespaces == ["shop"])
    scene.answer()
    #expect(scene.screen?.savedNames == ["mine", "nightly", "shop"])
    scene.driver.press("L", "enter")
    var backup = Backup(name: "mine")
    backup.spec.excludedNamespaces = ["kube-system"]
    for case .ask(.filter(.savedFilter(let name)), let token) in scene.driver.takeEffects() {
      let filter = SavedFilter(name: name, backup: backup, findings: ["mine.yaml:3:1: unknown"])
      scene.driver.send(.answer(.filter(.savedFilter(filter)), token))
    }
    #expect(scene.screen?.reading.filter.spec.excludedNamespaces == ["kube-system"])
    #expect(scene.driver.application.world.notices.history.last?.details.isEmpty == false)
  }
}
