// SPDX-License-Identifier: Apache-2.0

import Engine
import Kubernetes
import Primitives
import Sandbox
import Terminal
import TestSupport
import Velero

@testable import Console

/// A console with a filter screen, over the objects of the running test's sandbox, without a runtime: questions are answered when
/// the test says so.
struct FilterScene {
  var driver: Driver
  private let everything: Preview
  private let previews: @Sendable (Backup) -> Preview?

  /// Reads the sandbox.
  ///
  /// - Parameter filters: What previews are wanted of; each is read once.
  /// - Returns: Makes consoles of any size with the screen open, and everything answered that it asks.
  /// - Throws: What keeps the sandbox from being read.
  static func reader(_ filters: [BackupSpec]) async throws -> FilterSceneMaker {
    let server = try SandboxServer.current
    let client = KubernetesClient(
      configuration: ClientConfiguration(
        server: server.url,
        credentials: .token(Secret(server.token))
      )
    )
    var previews: [JSONValue: Preview] = [:]
    let reader = PreviewReader(client: client, clock: .fixed())
    for spec in filters { previews[spec.json] = try await reader.read(try BackupFilter(spec)) }
    let everything = try await reader.read(try BackupFilter(Self.everything))
    await client.shutdown()
    previews[Self.everything.json] = everything
    return FilterSceneMaker(everything: everything, previews: previews)
  }

  /// What an empty form asks for.
  static let everything: BackupSpec = {
    var spec = BackupSpec()
    spec.includedNamespaces = ["*"]
    return spec
  }()

  init(
    _ maker: FilterSceneMaker,
    seed: FilterSeed?,
    size: (width: Int, height: Int),
    glyphs: Glyphs
  ) {
    driver = Driver(size.width, size.height, glyphs: glyphs)
    let known = maker.previews
    everything = maker.everything
    previews = { known[$0.spec.json] }
    driver.connect("demo")
    driver.send(
      .locations(
        .success([
          ConsoleLocation(name: "default", place: "/srv/backups", isDefault: true),
          ConsoleLocation(name: "archive", place: "/srv/archive"),
        ])
      )
    )
    driver.send(
      .cluster(
        .inventory(maker.everything.inventory),
        generation: driver.application.world.cluster.generation
      )
    )
    driver.open(FilterScreen(seed: seed))
  }

  /// Answers what has been asked since the last time, and what is asked because of the answers.
  ///
  /// - Parameter withPreviews: Whether previews are answered too.
  mutating func answer(withPreviews: Bool = true) {
    var effects = driver.takeEffects()
    while !effects.isEmpty {
      let forgotten = effects.compactMap { effect in
        if case .forget(let token) = effect { token } else { nil }
      }
      for case .ask(let question, let token) in effects where !forgotten.contains(token) {
        switch question {
        case .timer: driver.send(.answer(.timeUp, token))
        case .preview(let backup):
          if withPreviews, let preview = previews(backup) {
            driver.send(.answer(.preview(preview), token))
          }
        case .filter(let question): answer(question, token)
        default: break
        }
      }
      effects = driver.takeEffects()
    }
  }

  private mutating func answer(_ question: FilterQuestion, _ token: Token) {
    let answer: FilterAnswer?
    switch question {
    case .commandLine(let backup):
      answer = .commandLine(
        "binnacle backup create \(backup.name) --include-namespaces "
          + backup.spec.includedNamespaces.joined(separator: ",")
      )
    case .labels(let inventory): answer = (try? LabelWords(inventory)).map { .labels($0) }
    case .objects(let request): answer = (try? PreviewObjects(request)).map { .objects($0) }
    case .savedFilters: answer = .savedFilters(["nightly", "shop"])
    case .saveFilter(let name, _): answer = .saved(name, place: "/home/filters/\(name).yaml")
    case .savedFilter, .retryRelations, .interrupted: answer = nil
    }
    if let answer { driver.send(.answer(.filter(answer), token)) }
  }

  /// Changes the screen, as no key does at once.
  mutating func screen(change: (inout FilterScreen) -> Void) {
    guard var screen else { return }
    change(&screen)
    driver.application.screens.top = screen
  }

  /// The screen, as it is now.
  var screen: FilterScreen? { driver.application.top as? FilterScreen }
}

/// Makes consoles from what was read once.
struct FilterSceneMaker: Sendable {
  let everything: Preview
  let previews: [JSONValue: Preview]

  func scene(
    seed: FilterSeed? = nil,
    size: (width: Int, height: Int) = (120, 40),
    glyphs: Glyphs = .unicode
  ) -> FilterScene {
    var scene = FilterScene(self, seed: seed, size: size, glyphs: glyphs)
    scene.answer()
    return scene
  }
}
