// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Keeps what the board has of a type, or of a type in one namespace, as the server has it: a list, then a watch from there on.
///
/// A watch that breaks is taken up again where it was; where the server no longer keeps that version, the list is read again and what
/// it lacks goes. What may be listed and not watched is listed again and again.
struct ReadinessScope: Sendable {
  let feed: ReadinessFeed
  let type: ReadinessType
  let resource: APIResource
  /// nil for all namespaces and for types of the cluster.
  let namespace: String?

  /// What is remembered from one try to the next.
  private struct Progress {
    var isLoaded = false
    var isWatchRefused = false
    /// Failures since a watch has last told something.
    var failures = 0
  }

  /// Follows until the server forbids it or the task is cancelled.
  ///
  /// - Returns: Why it may not be looked at; nil when the task is cancelled.
  /// - Throws: `KubernetesError` when the server does not accept the user any more.
  func run() async throws(KubernetesError) -> String? {
    var progress = Progress()
    while !Task.isCancelled {
      do throws(KubernetesError) {
        let version = try await list(isFirst: !progress.isLoaded)
        progress.isLoaded = true
        guard resource.verbs.contains("watch"), !progress.isWatchRefused, feed.takeWatch() else {
          await feed.pauses.sleep(feed.options.pollInterval)
          continue
        }
        defer { feed.releaseWatch() }
        try await follow(from: version, &progress)
      } catch {
        switch error.code {
        case .cancelled where Task.isCancelled: return nil
        case .forbidden, .notFound, .unsupported: return error.message
        case .unauthorized, .credentials, .configuration, .untrusted: throw error
        default: await recover(from: error, &progress)
        }
      }
    }
    return nil
  }

  private func recover(from error: KubernetesError, _ progress: inout Progress) async {
    if !progress.isLoaded {
      feed.store.write { board in
        board.scopes.set(.loading(error.message), type, namespace)
        board.markAll()
      }
    }
    // A version that is gone is nobody's failure the first time.
    progress.failures += 1
    if error.code == .expired, progress.failures == 1 { return }
    await feed.pauses.wait(after: progress.failures, error)
  }

  /// Warnings are the only events that tell why something does not get on; there are many others.
  private var fieldSelector: String? { type == .events ? "type=Warning" : nil }

  // MARK: The list

  private func list(isFirst: Bool) async throws(KubernetesError) -> String {
    guard await feed.gate.enter() else {
      throw KubernetesError(code: .cancelled, message: "the following was stopped")
    }
    defer { feed.gate.leave() }
    let options = ListOptions(
      resource: resource.groupVersionResource,
      namespace: namespace,
      fieldSelector: fieldSelector,
      limit: feed.options.pageSize
    )
    // Only what was there before can have gone.
    var gone = isFirst ? [] : Set(feed.store.read { $0.places(type, in: namespace) })
    let before = gone
    let version: String
    do {
      version = try await feed.client.list(
        options,
        reading: JSONReader(skipping: ReadinessType.unread)
      ) { items in
        var batch: [ReadinessItem] = []
        try items.forEach { view in
          if !gone.isEmpty { gone.remove(place(of: view)) }
          if let item = ReadinessItem(view, type, feed.interest) { batch.append(item) }
        }
        put(batch)
      } onRestart: { _ in
        gone = before
      }.resourceVersion
    } catch {
      throw (error as? KubernetesError)
        ?? KubernetesError(
          code: .malformedResponse,
          message: "cannot list \(resource.groupResource): an item is broken: \(error)",
          cause: error
        )
    }
    feed.store.write { [gone] board in
      for place in gone { board.remove(type, place) }
      guard isFirst else { return }
      board.scopes.set(.loaded, type, namespace)
      board.markAll()
    }
    return version
  }

  private func put(_ batch: [ReadinessItem]) {
    guard !batch.isEmpty else { return }
    feed.store.write { board in for item in batch { board.put(item) } }
  }

  private func place(of view: JSONView) -> PlacedName { PlacedName(view) }

  // MARK: The watch

  /// Follows changes until the server no longer keeps the version, or forbids it.
  private func follow(
    from start: String,
    _ progress: inout Progress
  ) async throws(KubernetesError) {
    var version = start
    while true {
      do throws(KubernetesError) {
        try await watch(&version, &progress)
      } catch {
        switch error.code {
        case .forbidden, .unsupported:
          // The list decides whether the type is closed altogether.
          progress.isWatchRefused = true
          return
        case .tooManyRequests, .timeout, .serverError, .unavailable:
          progress.failures += 1
          await feed.pauses.wait(after: progress.failures, error)
        default: throw error
        }
      }
    }
  }

  /// Opens a watch, and puts what it tells on the board until the server ends it.
  private func watch(
    _ version: inout String,
    _ progress: inout Progress
  ) async throws(KubernetesError) {
    var connection = try await feed.client.openWatch(
      WatchOptions(
        resource: resource.groupVersionResource,
        namespace: namespace,
        fieldSelector: fieldSelector,
        resourceVersion: version
      ),
      skipping: ReadinessType.unread
    )
    defer { version = connection.resourceVersion }
    var hasEvents = false
    var batch: [Change] = []
    while try await connection.next({ kind, view in
      hasEvents = true
      if let change = Change(kind, view, type, feed.interest) { batch.append(change) }
    }) {
      apply(batch)
      batch = []
      if hasEvents { progress.failures = 0 }
    }
    // A server that hangs up at once is not to be asked in a tight loop.
    progress.failures += 1
    if progress.failures > 1 { await feed.pauses.wait(after: progress.failures - 1) }
  }

  private enum Change {
    case put(ReadinessItem)
    case remove(PlacedName)

    init?(
      _ kind: WatchEventKind,
      _ view: JSONView,
      _ type: ReadinessType,
      _ interest: ReadinessInterest
    ) {
      switch kind {
      case .added, .modified:
        guard let item = ReadinessItem(view, type, interest) else { return nil }
        self = .put(item)
      case .deleted: self = .remove(PlacedName(view))
      case .bookmark: return nil
      }
    }
  }

  private func apply(_ batch: [Change]) {
    guard !batch.isEmpty else { return }
    feed.store.write { board in
      for change in batch {
        switch change {
        case .put(let item): board.put(item)
        case .remove(let place): board.remove(type, place)
        }
      }
    }
  }
}
