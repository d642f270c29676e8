// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Synchronization
internal import Velero

/// The console's connection to one cluster: the inventory and the previews that follow it, and the heartbeat.
final class ClusterSession: Sendable {
  /// How often the server is asked whether it is there.
  static let heartbeat = Duration.seconds(10)
  /// A server that says nothing for so long does not answer.
  static let patience = Duration.seconds(4)
  /// Snapshots are at least so far apart, so that a storm of changes costs few of them.
  static let snapshotPause = Duration.milliseconds(100)

  /// Counts the connections.
  let generation: Int
  /// The client.
  let client: KubernetesClient
  /// The context it is of; nil where the kubeconfig has none.
  let contextName: String?
  private let feed: InventoryFeed
  private let previews: PreviewSession
  private let discovered = Mutex<Discovery?>(nil)
  private let shown = Mutex<(token: Token, filter: BackupFilter)?>(nil)
  private let backend: ConsoleBackend
  private let post: @Sendable (Message) -> Void

  init(
    _ connection: ConsoleBackend.Connection,
    generation: Int,
    backend: ConsoleBackend,
    post: @escaping @Sendable (Message) -> Void
  ) {
    self.generation = generation
    self.backend = backend
    self.post = post
    client = connection.client
    contextName = connection.context?.name
    feed = InventoryFeed(client: client)
    previews = PreviewSession(
      source: feed,
      relations: RelationStore(client: client, clock: backend.clock)
    )
  }

  /// Works until the task is cancelled.
  func run() async {
    guard let discovery = await discover() else { return }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.tellIdentity() }
      group.addTask { await self.feed.start(discovery) }
      group.addTask { await self.tellSnapshots() }
      group.addTask { await self.previews.run() }
      group.addTask { await self.tellPreviews() }
      group.addTask { await self.beat() }
      await group.waitForAll()
    }
  }

  /// Lets go of the cluster.
  func stop() async {
    await feed.stop()
    await client.shutdown()
  }

  /// Lists all objects anew.
  func relist() async { await feed.relist() }

  /// Shows what a backup would take, instead of what was shown before.
  ///
  /// - Throws: What keeps the filter from being understood.
  func preview(_ backup: Backup, _ token: Token) async throws {
    let scope = try await BackupScope.read(backup, with: client)
    let filter = scope.filter
    if let problem = filter.problems.first { throw Failure(.other, problem) }
    try Task.checkCancellation()
    shown.withLock { $0 = (token, filter) }
    previews.show(filter)
  }

  /// Asks again for relations that could not be read.
  func retryPreviews() { previews.retry() }

  /// Shows the preview with a token no more; another one goes on.
  func endPreview(_ token: Token) {
    let isShown = shown.withLock { shown in
      guard shown?.token == token else { return false }
      shown = nil
      return true
    }
    if isShown { previews.hide() }
  }

  /// What the server serves.
  ///
  /// - Throws: `Failure` of the kind `.unreachable` before it has said so.
  func discovery() throws(Failure) -> Discovery {
    guard let discovery = discovered.withLock({ $0 }) else {
      throw Failure(.unreachable, "the API server has not said yet what it serves")
    }
    return discovery
  }

  /// The versions that the server serves of a type.
  func resource(of type: String) -> APIResource? {
    let snapshot = feed.snapshot()
    return snapshot.place(of: type).map { snapshot.type(at: $0).resource }
  }

  private func tell(_ news: ClusterNews) { post(.cluster(news, generation: generation)) }

  /// Asks until the server says what it serves.
  private func discover() async -> Discovery? {
    var pause = Duration.seconds(1)
    while !Task.isCancelled {
      do {
        // Only who says what there is has answered; else the server would come and go with every attempt.
        let news = try await beatOnce()
        let discovery = try await client.discover()
        discovered.withLock { $0 = discovery }
        tell(news)
        return discovery
      } catch {
        let failure = Failure(error)
        if failure.kind == .cancelled { return nil }
        tell(.unanswered(failure))
      }
      try? await backend.timer.sleep(for: pause)
      pause = min(pause * 2, .seconds(30))
    }
    return nil
  }

  private func beat() async {
    while !Task.isCancelled {
      try? await backend.timer.sleep(for: Self.heartbeat)
      if Task.isCancelled { return }
      do {
        tell(try await beatOnce())
      } catch {
        let failure = Failure(error)
        if failure.kind != .cancelled { tell(.unanswered(failure)) }
      }
    }
  }

  /// Asks the server once.
  ///
  /// - Throws: Why it does not answer, also when it takes longer than `patience`.
  private func beatOnce() async throws -> ClusterNews {
    let (client, timer) = (client, backend.timer)
    return try await withThrowingTaskGroup(of: ClusterNews.self) { group in
      group.addTask {
        let clock = ContinuousClock()
        let start = clock.now
        let version = try await client.serverVersion(isRepeated: false)
        return .answered(version: version.gitVersion, latency: clock.now - start)
      }
      group.addTask {
        try await timer.sleep(for: Self.patience)
        throw Failure(
          .unreachable,
          "the API server has not answered for \(Self.patience.components.seconds) s"
        )
      }
      defer { group.cancelAll() }
      guard let news = try await group.next() else { throw CancellationError() }
      return news
    }
  }

  /// Asks who the cluster is until it has said so, or that the user may not know: what is deleted hangs on it.
  private func tellIdentity() async {
    while !Task.isCancelled {
      do {
        if let identity = try await ClusterIdentity.ask(client) { tell(.identity(identity)) }
        return
      } catch {
        try? await backend.timer.sleep(for: Self.heartbeat)
      }
    }
  }

  private func tellSnapshots() async {
    for await _ in feed.changes {
      tell(.inventory(feed.snapshot()))
      try? await backend.timer.sleep(for: Self.snapshotPause)
      if Task.isCancelled { return }
    }
  }

  private func tellPreviews() async {
    for await preview in previews.previews {
      guard let shown = shown.withLock({ $0 }), shown.filter == preview.selection.filter else {
        continue
      }
      post(.answer(.preview(preview), shown.token))
    }
  }
}
