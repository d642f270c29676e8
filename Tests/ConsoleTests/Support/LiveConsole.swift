// SPDX-License-Identifier: Apache-2.0

import Engine
import Kubernetes
import ObjectStorage
import Primitives
import Sandbox
import Synchronization
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console

/// The console with the real runtime over sandbox servers and a store in memory, without a terminal.
final class LiveConsole {
  var driver: Driver
  let runner: EffectRunner
  let store: MemoryStore
  private let messages: AsyncStream<Message>
  private var iterator: AsyncStream<Message>.AsyncIterator
  private let directory: TemporaryDirectory

  /// Makes a console.
  ///
  /// - Parameters:
  ///   - servers: The clusters by context; the first one is the current one.
  ///   - store: What the location `default` holds.
  ///   - filters: Filters that are kept.
  ///   - timer: Measures waits.
  /// - Throws: What keeps it from being made.
  init(
    _ servers: [(context: String, server: SandboxServer)],
    store: MemoryStore = MemoryStore(),
    filters: FilterLibrary? = nil,
    timer: any Clock<Duration> = ContinuousClock()
  ) throws {
    let directory = try TemporaryDirectory()
    let (messages, continuation) = AsyncStream.makeStream(of: Message.self)
    self.messages = messages
    self.store = store
    self.directory = directory
    iterator = messages.makeAsyncIterator()
    var backend = Self.backend(servers, store, directory, filters)
    backend.timer = timer
    runner = EffectRunner(backend: backend) {
      continuation.yield($0)
    }
    driver = Driver()
  }

  static func backend(
    _ servers: [(context: String, server: SandboxServer)],
    _ store: any ObjectStore,
    _ directory: TemporaryDirectory,
    _ filters: FilterLibrary?
  ) -> ConsoleBackend {
    let choices = servers.enumerated().map { index, entry in
      ContextChoice(name: entry.context, server: entry.server.url, isCurrent: index == 0)
    }
    let configurations = servers.map { entry in
      ClientConfiguration(
        server: entry.server.url,
        credentials: .token(Secret(entry.server.token))
      )
    }
    let location = StorageLocation.directory("default", path: "memory")
    return ConsoleBackend(
      contexts: { choices },
      connect: { name in
        let place = name.flatMap { name in choices.firstIndex { $0.name == name } } ?? 0
        guard choices.indices.contains(place) else { throw Failure(.other, "there is no cluster") }
        return ConsoleBackend.Connection(
          client: KubernetesClient(configuration: configurations[place]),
          context: choices[place]
        )
      },
      locations: { [ConsoleLocation(name: "default", place: "memory", isDefault: true)] },
      store: { _ in
        let backups = BackupCatalog(store: store)
        return ConsoleBackend.Store(
          backups: backups,
          restores: RestoreCatalog(store: store),
          indexes: ArchiveIndexes(catalog: backups, cache: nil)
        )
      },
      registry: { LocationRegistry([location]) { _, _ in store } },
      probeHistories: ProbeHistoryFiles(store: MemoryStore()),
      commandLine: { "binnacle backup create \($0.name)" },
      filters: filters,
      describe: { backup, _ in "Name:  \(backup.name)\n" },
      verifications: VerificationFiles(store: MemoryStore()),
      journal: OperationJournal(directory: directory.path("operations")),
      clock: Self.clock()
    )
  }

  /// A clock that begins where the driver's does, and goes on by a millisecond each time it is read.
  private static func clock() -> WallClock {
    let readings = Mutex<Int64>(0)
    return WallClock {
      let count = readings.withLock { count in
        count += 1
        return count
      }
      return Driver.start + GoDuration(nanoseconds: count * 1_000_000)
    }
  }

  /// Connects and waits until the cluster's objects are all known.
  func start(context: String? = nil) async throws {
    run(driver.application.start(context: context))
    try await until { console in
      guard let inventory = console.world.inventory else { return false }
      return inventory.typeCount > 0 && !inventory.types.contains { $0.state == .loading }
    }
  }

  /// What is known.
  var world: World { driver.application.world }

  /// Presses keys and begins what they ask for.
  func press(_ keys: String...) {
    for key in keys {
      driver.press(key)
      run(driver.takeEffects())
    }
  }

  /// Types letters.
  func type(_ text: String) {
    driver.type(text)
    run(driver.takeEffects())
  }

  /// Opens a screen.
  func open(_ screen: any ConsoleScreen) {
    driver.open(screen)
    run(driver.takeEffects())
  }

  /// Takes what an update wants, as the application does after a screen.
  func take(_ context: UpdateContext) { run(driver.application.follow(context)) }

  /// Takes news until a condition holds; the test's time limit ends a wait that is in vain.
  func until(
    isolation: isolated (any Actor)? = #isolation,
    _ condition: (LiveConsole) -> Bool
  ) async throws {
    while !condition(self) {
      guard let message = await iterator.next(isolation: #isolation) else {
        throw CancellationError()
      }
      driver.send(message)
      run(driver.takeEffects())
    }
  }

  /// Waits until an operation is over.
  func untilEnded(_ id: OperationID) async throws -> OperationEnd {
    try await until { !($0.world.operations.operation(id)?.isRunning ?? true) }
    guard case .ended(let end) = world.operations.operation(id)?.state else {
      throw CancellationError()
    }
    return end
  }

  /// Ends everything.
  func stop() async { await runner.stop() }

  private func run(_ effects: [Effect]) {
    for effect in effects { runner.run(effect) }
  }
}
