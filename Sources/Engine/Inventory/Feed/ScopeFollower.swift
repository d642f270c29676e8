// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Keeps the rows of a type, or of a type in one namespace, as the server has them: a list, then a watch from the list's version on.
///
/// A broken connection is taken up again from the last version; where the server no longer keeps that, the list is read again
/// and rows that it lacks are removed at its end. Meanwhile the rows stay, and the state says how old they are.
struct ScopeFollower: Sendable {
  let context: FeedContext
  let type: APIResource
  let slot: InventoryTable.Slot
  /// nil for all namespaces and for cluster-scoped types.
  let namespace: String?
  /// Called after every list and after changes, with whether it was the first list.
  var onChange: @Sendable (_ isFirst: Bool) -> Void = { _ in }
  /// Called when a list fails and there was none before.
  var onFirstFailure: @Sendable () -> Void = {}

  /// What a follower remembers from one try to the next.
  private struct Progress {
    /// Cleared when the server has no such form of the type.
    var isMetadataOnly = true
    /// Whether the server has refused the watch but not the list.
    var isWatchRefused = false
    /// When the rows were last known to be the server's; nil before the first list.
    var heard: Timestamp?
    /// When the last watch was opened.
    var opened: Timestamp?
    /// Failures in a row.
    var failures = 0

    /// Whether the last watch has gone on for so long that what comes now is no failure in a row.
    mutating func noteEnd(at now: Timestamp) {
      if let opened, opened + GoDuration(seconds: 1) <= now { failures = 0 }
      opened = nil
    }
  }

  /// Follows until the server forbids it.
  ///
  /// - Returns: The refusal; nil when the task is cancelled.
  func run() async -> KubernetesError? {
    var progress = Progress()
    while !Task.isCancelled {
      do throws(KubernetesError) {
        let version = try await load(&progress)
        guard context.options.followsChanges else {
          await context.pauses.sleepUntilCancelled()
          return nil
        }
        guard type.verbs.contains("watch"), !progress.isWatchRefused else {
          setState(.asOf(context.now))
          await context.pauses.sleepUntilCancelled()
          return nil
        }
        guard context.takeWatch() else {
          setState(.stale(since: context.now, reason: tooManyWatches))
          await context.pauses.sleepUntilCancelled()
          return nil
        }
        defer { context.releaseWatch() }
        await context.waitForLists()
        try await follow(from: version, &progress)
      } catch {
        if error.code == .forbidden { return error }
        await recover(from: error, &progress)
      }
    }
    return nil
  }

  private var tooManyWatches: String {
    "it is not followed: more than \(context.options.maximumWatches) watches are needed"
  }

  // MARK: The list

  private func load(_ progress: inout Progress) async throws(KubernetesError) -> String {
    guard await context.gate.enter() else { throw cancelled }
    defer { context.gate.leave() }
    var relist = context.store.write { $0.beginRelist(slot, inNamespace: namespace) }
    let version: String
    do {
      version = try await list(progress, &relist)
    } catch {
      context.store.write { [relist] in $0.cancelRelist(relist) }
      throw error
    }
    context.store.write { [relist] in
      $0.endRelist(relist)
      if namespace == nil { $0.setResourceVersion(version, of: slot) }
    }
    let isFirst = progress.heard == nil
    progress.heard = context.now
    setState(.current)
    onChange(isFirst)
    return version
  }

  private func list(
    _ progress: Progress,
    _ relist: inout Relist
  ) async throws(KubernetesError) -> String {
    let options = ListOptions(
      resource: type.groupVersionResource,
      namespace: namespace,
      limit: context.options.pageSize,
      isMetadataOnly: progress.isMetadataOnly
    )
    do {
      return try await context.client.list(options, reading: ObjectFields.reader()) { items in
        try await put(items, &relist)
      } onRestart: { _ in
        relist.restart()
      }.resourceVersion
    } catch let error as KubernetesError {
      throw error
    } catch {
      throw KubernetesError(
        code: .malformedResponse,
        message: "cannot list \(type.groupResource): an item is broken: \(error)",
        cause: error
      )
    }
  }

  private func put(_ items: ListItems, _ relist: inout Relist) async throws {
    guard await context.writing.enter() else { throw cancelled }
    defer { context.writing.leave() }
    var broken = 0
    try items.forEach { object in
      let change = context.store.write { $0.put(object, &relist) }
      if change == .ignored { broken += 1 }
    }
    context.store.changes.announce()
    guard broken == 0 else {
      throw JSONError(message: "it has no name, or no sound annotations or owners", offset: 0)
    }
  }

  // MARK: The watch

  /// Follows changes until the server forbids it or no longer keeps the version.
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
        case .expired, .forbidden, .unsupported, .notFound, .cancelled, .malformedResponse:
          throw refused(error, &progress)
        default: await fail(error, &progress)
        }
      }
    }
  }

  /// Opens a watch and applies what it tells until the server ends it.
  private func watch(
    _ version: inout String,
    _ progress: inout Progress
  ) async throws(KubernetesError) {
    if Task.isCancelled { throw cancelled }
    var connection = try await context.client.openWatch(
      WatchOptions(
        resource: type.groupVersionResource,
        namespace: namespace,
        resourceVersion: version,
        isMetadataOnly: progress.isMetadataOnly
      ),
      skipping: ObjectFields.skippedInEvents,
      leaving: ObjectFields.unread
    )
    progress.opened = context.now
    progress.heard = progress.opened
    setState(.current)
    var isChanged = false
    while try await connection.next({ kind, object in
      progress.failures = 0
      if apply(kind, object) { isChanged = true }
    }) {
      version = connection.resourceVersion
      progress.heard = context.now
      if isChanged { announce(version) }
      isChanged = false
    }
    // A server that hangs up at once is not to be asked in a tight loop.
    progress.failures += 1
    progress.noteEnd(at: context.now)
    if progress.failures > 1 { await context.pauses.wait(after: progress.failures - 1) }
  }

  /// Whether the event has changed a row.
  private func apply(_ kind: WatchEventKind, _ object: JSONView) -> Bool {
    switch kind {
    case .added, .modified: context.store.write { $0.put(object, slot) } != .unchanged
    case .deleted: context.store.write { $0.remove(object, slot) }
    case .bookmark: false
    }
  }

  private func announce(_ version: String) {
    if namespace == nil { context.store.write { $0.setResourceVersion(version, of: slot) } }
    context.store.changes.announce()
    onChange(false)
  }

  // MARK: Failures

  private var cancelled: KubernetesError {
    KubernetesError(code: .cancelled, message: "the inventory was stopped")
  }

  /// Notes when a type may be listed and not watched, which the next list finds out.
  private func refused(_ error: KubernetesError, _ progress: inout Progress) -> KubernetesError {
    guard error.code == .forbidden || error.code == .unsupported && !progress.isMetadataOnly else {
      return error
    }
    progress.isWatchRefused = true
    var error = error
    error.code = .expired
    return error
  }

  /// Waits, after a failure, for as long as it asks for.
  private func recover(from error: KubernetesError, _ progress: inout Progress) async {
    switch error.code {
    case .cancelled where Task.isCancelled: return
    case .unsupported where progress.isMetadataOnly:
      progress.isMetadataOnly = false
    case .notFound, .unsupported:
      context.store.write { $0.removeAll(slot, inNamespace: namespace) }
      progress.heard = nil
      setState(.gap(reason: error.message))
      if error.code == .notFound { context.rediscover() }
      await context.pauses.waitLong()
    case .expired where progress.failures == 0:
      progress.failures = 1
      noteFailure(error, progress)
    default: await fail(error, &progress)
    }
  }

  private func fail(_ error: KubernetesError, _ progress: inout Progress) async {
    progress.noteEnd(at: context.now)
    progress.failures += 1
    noteFailure(error, progress)
    await context.pauses.wait(after: progress.failures, error)
  }

  private func noteFailure(_ error: KubernetesError, _ progress: Progress) {
    guard let heard = progress.heard else {
      setState(.gap(reason: error.message))
      onFirstFailure()
      return
    }
    setState(.stale(since: heard, reason: error.message))
  }

  private func setState(_ state: TypeState) {
    context.store.write { table in
      if let namespace {
        table.setState(state, of: slot, inNamespace: namespace)
      } else {
        table.setState(state, of: slot)
      }
    }
    context.store.announceStates()
  }
}
