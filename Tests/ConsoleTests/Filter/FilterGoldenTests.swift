// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console

@Suite(.timeLimit(.minutes(2)), .tags(.golden))
struct FilterGoldenTests {
  private static let shop: BackupSpec = {
    var spec = BackupSpec()
    spec.includedNamespaces = ["shop"]
    return spec
  }()

  private static let labelled: BackupSpec = {
    var spec = FilterScene.everything
    spec.labelSelector = try? LabelSelector(parsing: "app=nobody")
    return spec
  }()

  /// A state of the screen, and how one comes to it.
  struct State: CustomTestStringConvertible, Sendable {
    var name: String
    var seed: FilterSeed? = .namespaces(["shop"])
    var reach: @Sendable (inout FilterScene) -> Void = { _ in }

    var testDescription: String { name }
  }

  private static let states = [
    State(name: "resources"),
    State(name: "namespaces", seed: nil) { $0.driver.press("right") },
    State(name: "objects") { scene in
      scene.driver.press("right", "right")
      scene.answer()
      scene.driver.press("/")
      scene.driver.type("persistent")
      scene.driver.press("enter")
      scene.answer()
    },
    State(name: "left") { scene in
      scene.driver.press("right", "right", "right")
      scene.answer()
    },
    State(name: "remarks", seed: nil) { $0.driver.press("left", "left") },
    State(name: "text") { $0.driver.press("left") },
    State(name: "form") { scene in
      scene.driver.press("tab", "down", "down", "down", "down")
      scene.driver.type("mon")
      scene.answer()
    },
    State(name: "hooks") { scene in
      scene.driver.press("tab", "up")
      scene.driver.type("freeze,thaw,")
      scene.driver.press("down", "down", "down", "down", "down", "down", "down", "down")
      scene.driver.type("/sbin/fsfreeze --freeze '/var/lib/my data'")
      scene.driver.press("down", "down", "down", "space", "down", "down", "down")
      scene.driver.type("pods,")
      scene.driver.press("down", "down", "down", "down")
      scene.driver.type("sh -c 'sync")
      scene.answer()
    },
    State(name: "review") { $0.driver.press("b") },
    State(name: "nothing", seed: .labels("app=nobody")),
    State(name: "senseless", seed: nil) { scene in
      scene.driver.press("tab", "up", "up", "up", "up", "up", "up", "up", "up", "up", "up")
      scene.driver.press("up", "up", "up", "up", "up", "up", "up", "up")
      scene.driver.type("app=(")
      scene.answer()
    },
    State(name: "stale") { scene in
      scene.driver.press("x")
      scene.answer(withPreviews: false)
    },
    State(name: "lost") { scene in
      let generation = scene.driver.application.world.cluster.generation
      scene.driver.send(
        .cluster(
          .unanswered(Failure(.unreachable, "cannot connect to demo", hint: "is it up?")),
          generation: generation
        )
      )
      scene.driver.advance(seconds: 90)
    },
  ]

  @Test(.sandbox(.demo), arguments: states)
  func `the filter screen in every state`(state: State) async throws {
    let maker = try await FilterScene.reader([Self.shop, Self.labelled])
    expectGoldenScreens(state.name) { width, height, glyphs in
      var scene = maker.scene(seed: state.seed, size: (width, height), glyphs: glyphs)
      state.reach(&scene)
      return scene.driver
    }
  }

  @Test func `the filter screen before and without an answer`() {
    expectGoldenScreens("reading") { width, height, glyphs in
      var driver = Driver(width, height, glyphs: glyphs)
      driver.connect("demo")
      driver.open(FilterScreen())
      return driver
    }
    expectGoldenScreens("forbidden") { width, height, glyphs in
      var driver = Driver(width, height, glyphs: glyphs)
      driver.connect("demo")
      driver.open(FilterScreen())
      let effects = driver.takeEffects()
      for case .ask(.preview, let token) in effects {
        let failure = Failure(
          .forbidden,
          "user 'anna' may not get configmaps in the namespace 'velero'",
          hint: "ask for the right, or leave the policy out"
        )
        driver.send(.answer(.failed(failure), token))
      }
      return driver
    }
    expectGoldenScreens("no-cluster") { width, height, glyphs in
      var driver = Driver(width, height, glyphs: glyphs)
      driver.open(FilterScreen())
      return driver
    }
  }
}
