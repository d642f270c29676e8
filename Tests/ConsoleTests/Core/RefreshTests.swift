// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import Testing

@testable import Console

/// What is read again when the user asks for it, and what keeps its marks while a cluster cannot be connected.
struct RefreshTests {
  private static func preferences() -> Preferences {
    var preferences = Preferences()
    preferences.contextSettings = { name in
      var context = Preferences.Context()
      (context.isProduction, context.isReadOnly) = (name == "prod", name == "prod")
      return context
    }
    return preferences
  }

  @Test func `a context that cannot be connected stays read-only and marked as production`() {
    var driver = Driver(preferences: Self.preferences())
    _ = driver.application.start(context: "prod")
    #expect(driver.application.world.readOnlyReason != nil)
    let failure = ClusterNews.failed(Failure(.forbidden, "the certificate cannot be read"))
    driver.send(.cluster(failure, generation: driver.generation))
    #expect(driver.application.world.isProduction)
    #expect(driver.application.world.readOnlyReason?.contains("'prod'") == true)
    #expect(driver.screen.contains("[PROD]"))
    #expect(driver.screen.hasPrefix(" prod "))
  }

  @Test func `the current context is known by the kubeconfig when none was named`() {
    var driver = Driver(preferences: Self.preferences())
    _ = driver.application.start(context: nil)
    driver.send(
      .contexts(
        .success([ContextChoice(name: "test"), ContextChoice(name: "prod", isCurrent: true)])
      )
    )
    let failure = ClusterNews.failed(Failure(.forbidden, "no credentials"))
    driver.send(.cluster(failure, generation: driver.generation))
    #expect(driver.application.world.readOnlyReason != nil)
  }

  @Test func `a failed context is connected again, and a connected one is listed again`() {
    var driver = Driver()
    _ = driver.application.start(context: "prod")
    let failure = ClusterNews.failed(Failure(.other, "there is no kubeconfig"))
    driver.send(.cluster(failure, generation: driver.generation))
    _ = driver.takeEffects()
    driver.press("ctrl-r")
    let connects = driver.takeEffects().contains {
      if case .connect("prod", driver.generation) = $0 { true } else { false }
    }
    #expect(connects)
    driver.connect()
    _ = driver.takeEffects()
    driver.press("ctrl-r")
    let effects = driver.takeEffects()
    #expect(effects.contains { if case .relist = $0 { true } else { false } })
    #expect(effects.contains { if case .readCoverage = $0 { true } else { false } })
    #expect(effects.contains { if case .readLocations = $0 { true } else { false } })
  }

  @Test func `the screen that is seen reads what it shows again`() {
    let place = BackupScene.place("nightly-0114")
    let address = ObjectAddress(type: "deployments.apps", namespace: "shop", name: "web")
    let world = BackupScene.driver().application.world
    let screens: [any ConsoleScreen] = [
      ContentsScreen(place), LogScreen(source: .backup(place)), ObjectScreen(address),
      ArchivedObjectScreen(address, in: place, world),
      DifferenceScreen(DifferenceSubject(before: place)),
      RestoreScreen(location: "default", name: "shop-1"), OperationsScreen(),
    ]
    for screen in screens {
      var driver = BackupScene.driver()
      driver.open(screen)
      _ = driver.takeEffects()
      driver.press("ctrl-r")
      let asks = driver.takeEffects().contains { if case .ask = $0 { true } else { false } }
      #expect(asks, "\(screen.kind)")
    }
  }

  @Test func `what hangs is not asked again by itself`() {
    var driver = BackupScene.driver()
    driver.advance(seconds: 61)
    func readings(_ driver: inout Driver) -> Int {
      driver.takeEffects().count { if case .readBackups = $0 { true } else { false } }
    }
    #expect(readings(&driver) == 2)
    driver.advance(seconds: 61)
    #expect(readings(&driver) == 0)
    // What the user asks for is read as soon as the store has answered: a second reading beside the first would hang, too.
    driver.press("ctrl-r")
    #expect(readings(&driver) == 0)
    driver.send(.backups(.failure(Failure(.other, "it did not answer")), location: "default"))
    #expect(readings(&driver) == 1)
  }
}
