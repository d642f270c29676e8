// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Synchronization

/// The events of one watch, a line of JSON each.
///
/// One consumer at a time takes the lines. The stream ends when its time is over, when the cluster is closed,
/// and after an error event.
public final class SandboxStream: Sendable {
  private struct State {
    /// Changes up to this revision were delivered; nil before the first step.
    var position: Int64?
    var bookmarks: Int64 = 0
    var nextBookmark: ContinuousClock.Instant
    var isEnded = false
  }

  /// What a consumer gets.
  enum Step {
    /// Whole lines.
    case lines([SandboxSegment])
    /// Nothing came within the time.
    case nothing
    case end
  }

  /// How long a watch lasts that does not say, in seconds.
  private static let defaultTimeoutSeconds = 1800

  private let cluster: SandboxCluster
  private let request: ListRequest
  private let rendering: EventRendering
  private let end: ContinuousClock.Instant
  private let number: Int
  private var options: SandboxOptions { cluster.options }
  private let state: Mutex<State>

  init(cluster: SandboxCluster, request: ListRequest, form: Representation) {
    self.cluster = cluster
    self.request = request
    rendering = EventRendering(type: request.type, form: form, options: cluster.options)
    end = .now + .seconds(request.timeoutSeconds ?? Self.defaultTimeoutSeconds)
    number = cluster.activity.streamBegan()
    state = Mutex(State(nextBookmark: .now + cluster.options.bookmarkInterval))
  }

  deinit { cluster.activity.streamIsCaughtUp(number) }

  /// Takes the events that are there now, a line each; the watch goes on.
  public func take() -> [UInt8] {
    var segments: [SandboxSegment] = []
    while case .lines(let lines) = next(atMost: .zero) { segments += lines }
    return SandboxSegment.joined(segments)
  }

  /// Takes the events that are there now, and ends the watch.
  func drain() -> [UInt8] {
    let bytes = take()
    finish()
    return bytes
  }

  /// Ends the watch.
  func finish() {
    state.withLock { $0.isEnded = true }
    cluster.activity.streamIsCaughtUp(number)
  }

  /// Takes the next events, waiting for them if need be.
  func next(atMost duration: Duration) -> Step {
    let limit = min(end, .now + duration)
    while true {
      let generation = cluster.signal.generation
      if state.withLock({ $0.isEnded }) { return .end }
      let lines = step()
      if !lines.isEmpty {
        cluster.activity.streamIsBusy(number)
        return .lines(lines)
      }
      cluster.activity.streamIsCaughtUp(number)
      let now = ContinuousClock.now
      if cluster.signal.isEnded || now >= end {
        finish()
        return .end
      }
      if now >= limit { return .nothing }
      cluster.signal.wait(whileAt: generation, atMost: limit - now)
    }
  }

  private func step() -> [SandboxSegment] {
    state.withLock { own in
      cluster.state.withLock { cluster in
        guard let position = own.position else {
          own.bookmarks = cluster.bookmarks
          return start(&own, cluster)
        }
        return advance(&own, cluster, from: position)
      }
    }
  }

  /// The objects that are there, where the watch starts with them.
  private func start(_ own: inout State, _ cluster: ClusterState) -> [SandboxSegment] {
    let wanted = Int64(request.resourceVersion) ?? 0
    guard request.sendsInitialEvents || wanted == 0 else {
      own.position = wanted
      return advance(&own, cluster, from: wanted)
    }
    own.position = cluster.revision
    var lines: [SandboxSegment] = []
    for object in cluster.table(request.type).range(prefix: request.prefix, at: nil).all
    where request.matches(object) {
      rendering.append(.added, object, to: &lines)
    }
    if request.sendsInitialEvents, request.allowsBookmarks {
      rendering.appendBookmark(cluster.revision, endsInitialEvents: true, to: &lines)
    }
    return lines
  }

  private func advance(
    _ own: inout State,
    _ cluster: ClusterState,
    from position: Int64
  ) -> [SandboxSegment] {
    let table = cluster.table(request.type)
    var lines: [SandboxSegment] = []
    guard position >= table.floor else {
      own.isEnded = true
      let failure = APIFailure.expired("too old resource version: \(position) (\(table.floor))")
      rendering.appendError(failure, to: &lines)
      return lines
    }
    for change in table.changes(after: position) where change.object.key.hasPrefix(request.prefix) {
      append(change, to: &lines)
    }
    own.position = max(position, cluster.revision)
    let isDue = own.bookmarks < cluster.bookmarks || ContinuousClock.now >= own.nextBookmark
    if request.allowsBookmarks, isDue {
      own.bookmarks = cluster.bookmarks
      own.nextBookmark = .now + options.bookmarkInterval
      rendering.appendBookmark(cluster.revision, endsInitialEvents: false, to: &lines)
    }
    return lines
  }

  /// An object that comes under the selectors is added, and one that leaves them deleted.
  private func append(_ change: Change, to lines: inout [SandboxSegment]) {
    let matches = change.kind != .deleted && request.matches(change.object)
    let matched = change.previous.map(request.matches) ?? false
    switch (matched, matches) {
    case (false, true): rendering.append(.added, change.object, to: &lines)
    case (true, true): rendering.append(.modified, change.object, to: &lines)
    case (true, false):
      // The object is shown as it was when it was still selected, at the revision of the change.
      let last =
        change.kind == .deleted
        ? change.object : change.previous?.stamped(change.revision) ?? change.object
      rendering.append(.deleted, last, to: &lines)
    case (false, false): break
    }
  }
}
