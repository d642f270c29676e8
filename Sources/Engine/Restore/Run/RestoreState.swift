// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Synchronization
internal import Velero

/// What the tasks of one restore share: what was done about each object, how far it is, what went wrong.
///
/// One lock around all of it, never held across a wait.
final class RestoreState: Sendable {
  private struct State {
    var progress = RestoreRunProgress()
    var failures: [RestoreEntry] = []
    var issues: [Issue] = []
    var list = ResourceListBuilder()
    /// Whether each object of the index is dealt with.
    var isSettled: [Bool]
    var namespaces: [String] = []
    var owned: [OwnerRestorer.Owned] = []
    var followed: [ObjectAddress] = []
  }

  /// Issues beyond this many are in the log alone.
  static let issueLimit = 100_000

  private let state: Mutex<State>
  private let index: ArchiveIndex
  private let onEvent: @Sendable (RestoreEvent) -> Void
  /// What has been said so far.
  let log: RunLog

  /// Makes the state of a restore that has done nothing.
  ///
  /// - Parameters:
  ///   - prepared: The plan.
  ///   - list: What earlier runs of the restore have done.
  ///   - log: Where everything is noted.
  ///   - onEvent: Told how it goes.
  init(
    _ prepared: PreparedRestore,
    list: ResourceListBuilder = ResourceListBuilder(),
    log: RunLog,
    onEvent: @escaping @Sendable (RestoreEvent) -> Void
  ) {
    var first = State(
      isSettled: [Bool](repeating: false, count: prepared.ground.index.itemCount)
    )
    first.progress.total = prepared.plan.items.count {
      if case .skipped = $0.standing { false } else { true }
    }
    first.progress.waves = prepared.plan.waves.count
    first.list = list
    state = Mutex(first)
    index = prepared.ground.index
    self.log = log
    self.onEvent = onEvent
  }

  /// Tells watchers and the log that a stage begins.
  func enter(_ stage: RestoreStage, _ message: String) {
    log.info(message)
    onEvent(.stage(stage))
  }

  /// Tells watchers and the log that a wave begins.
  func begin(wave: Int, _ types: [String], limit: Int) {
    log.info("restoring \(types.joined(separator: ", "))")
    change { progress in
      progress.wave = wave + 1
      progress.waveTypes = types
      progress.parallelRequests = limit
    }
  }

  /// Keeps an issue and tells watchers and the log.
  func report(_ issue: Issue) {
    let isKept = state.withLock { state in
      guard state.issues.count < Self.issueLimit else { return false }
      state.issues.append(issue)
      return true
    }
    log.issue(issue)
    if isKept { onEvent(.issue(issue)) }
  }

  /// Tells how the restored workloads stand.
  func tell(_ report: ReadinessReport) { onEvent(.readiness(report)) }

  /// Takes note that a namespace was created.
  func created(namespace: String) {
    log.info("created the namespace '\(namespace)'")
    state.withLock { state in
      state.namespaces.append(namespace)
      state.list.add(kind: "v1/Namespace", namespace: nil, name: "\(namespace)(created)")
    }
  }

  /// Takes note of what was done about an object.
  ///
  /// - Parameters:
  ///   - entry: The object.
  ///   - number: Its number in the index.
  ///   - kind: Its kind as lists have it; nil where that is not known.
  ///   - issues: What the user should know of it.
  ///   - limit: How many requests are sent at a time.
  func settle(
    _ entry: RestoreEntry,
    number: Int,
    kind: String?,
    issues: [Issue],
    limit: Int
  ) {
    note(entry)
    if case .fail = entry.verdict { onEvent(.failed(entry)) }
    for issue in issues { report(issue) }
    let action = entry.verdict.action
    let bytes = index[number].mainCopy?.sizeBytes ?? 0
    let progress = state.withLock { state in
      state.isSettled[number] = true
      if case .fail = entry.verdict { state.failures.append(entry) }
      if let kind, let word = action.listed {
        let name = "\(entry.target.name)(\(word))"
        state.list.add(kind: kind, namespace: entry.target.namespace, name: name)
      }
      state.progress.counts[action] += 1
      if action != .leave {
        state.progress.done += 1
        state.progress.bytes += Int64(bytes)
      }
      state.progress.parallelRequests = limit
      return state.progress
    }
    onEvent(.progress(progress))
  }

  private func note(_ entry: RestoreEntry) {
    switch entry.verdict {
    case .fail(let failure):
      report(
        Issue(
          .error,
          "error restoring \(entry.target)",
          subject: entry.subject,
          cause: failure.message,
          hint: failure.hint ?? failure.cause.hint
        )
      )
    case .leave(let skip): log.note("not restored: \(skip)", of: entry.subject)
    case .create, .skipIdentical, .skipDifferent, .update, .recreate:
      log.note(entry.verdict.action.noted, of: entry.subject)
    }
  }

  /// Keeps an object that gets its owners back later.
  func keep(_ owned: OwnerRestorer.Owned) { state.withLock { $0.owned.append(owned) } }

  /// Keeps an object that is followed until it is ready.
  func follow(_ target: ObjectAddress) { state.withLock { $0.followed.append(target) } }

  /// The objects that get their owners back.
  var owned: [OwnerRestorer.Owned] { state.withLock { $0.owned } }

  /// The objects that are followed, sorted.
  var followed: [ObjectAddress] {
    state.withLock { $0.followed }.sorted { $0.description < $1.description }
  }

  /// The namespaces that were created, sorted.
  var namespaces: [String] { state.withLock { $0.namespaces }.sorted() }

  /// The objects that failed, in the order they did.
  var failures: [RestoreEntry] { state.withLock { $0.failures } }

  /// The issues so far.
  var issues: [Issue] { state.withLock { $0.issues } }

  /// The names of all objects with what was done.
  var list: ResourceListBuilder { state.withLock { $0.list } }

  /// The numbers so far.
  var progress: RestoreRunProgress { state.withLock { $0.progress } }

  /// Whether an object is dealt with.
  func isSettled(_ number: Int) -> Bool { state.withLock { $0.isSettled[number] } }

  private func change(_ change: (inout RestoreRunProgress) -> Void) {
    let progress = state.withLock { state in
      change(&state.progress)
      return state.progress
    }
    onEvent(.progress(progress))
  }
}

extension RestoreEntry {
  /// The object as issues name it.
  var subject: Issue.Subject {
    Issue.Subject(resource: target.type, namespace: target.namespace, name: target.name)
  }
}

extension RestoreAction {
  /// What a restore's list of resources says of it; nil where it does not list the object.
  var listed: String? {
    switch self {
    case .create: "created"
    case .recreate: "recreated"
    case .update: "updated"
    case .skipIdentical, .skipDifferent: "skipped"
    case .fail: "failed"
    case .leave: nil
    }
  }

  /// What the log says of it.
  fileprivate var noted: String {
    switch self {
    case .create: "created"
    case .recreate: "deleted and created anew"
    case .update: "updated"
    case .skipIdentical: "skipped, the target has the same"
    case .skipDifferent: "skipped, the target has another one"
    case .fail: "failed"
    case .leave: "not restored"
    }
  }
}
