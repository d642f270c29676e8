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
    var isEnded = false
  }

  /// What a consumer gets.
  enum Step {
    /// Whole lines.
    case lines([UInt8])
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
  private let state = Mutex(State())

  init(cluster: SandboxCluster, request: ListRequest, form: Representation) {
    self.cluster = cluster
    self.request = request
    rendering = EventRendering(type: request.type, form: form, options: cluster.options)
    end = .now + .seconds(request.timeoutSeconds ?? Self.defaultTimeoutSeconds)
    number = cluster.activity.streamBegan()
  }

  deinit { cluster.activity.streamIsCaughtUp(number) }

  /// Takes the events that are there now, a line each; the watch goes on.
  public func take() -> [UInt8] {
    var bytes: [UInt8] = []
    while case .lines(let lines) = next(atMost: .zero) { bytes += lines }
    return bytes
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

  private func step() -> [UInt8] {
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
  private func start(_ own: inout State, _ cluster: ClusterState) -> [UInt8] {
    let wanted = Int64(request.resourceVersion) ?? 0
    guard request.sendsInitialEvents || wanted == 0 else {
      own.position = wanted
      return advance(&own, cluster, from: wanted)
    }
    own.position = cluster.revision
    var lines: [UInt8] = []
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
  ) -> [UInt8] {
    let table = cluster.table(request.type)
    var lines: [UInt8] = []
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
    if request.allowsBookmarks, own.bookmarks < cluster.bookmarks {
      own.bookmarks = cluster.bookmarks
      rendering.appendBookmark(cluster.revision, endsInitialEvents: false, to: &lines)
    }
    return lines
  }

  /// An object that comes under the selectors is added, and one that leaves them deleted.
  private func append(_ change: Change, to lines: inout [UInt8]) {
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

/// Writes the lines of a watch.
struct EventRendering: Sendable {
  private let type: ResourceType
  private let form: Representation
  private let options: SandboxOptions
  private let head: [UInt8]

  init(type: ResourceType, form: Representation, options: SandboxOptions) {
    self.type = type
    self.form = form
    self.options = options
    head = ObjectRendering.head(type)
  }

  func append(_ kind: Change.Kind, _ object: StoredObject, to lines: inout [UInt8]) {
    let name =
      switch kind {
      case .added: "ADDED"
      case .modified: "MODIFIED"
      case .deleted: "DELETED"
      }
    lines.append(contentsOf: "{\"type\":\"\(name)\",\"object\":".utf8)
    if form == .table {
      let page = ObjectPage(objects: [object], revision: object.revision)
      lines.append(
        contentsOf: TableRendering(type: type, options: options).document(page).encoded()
      )
    } else {
      for segment in ObjectRendering.object(object, head: head, isPartial: form == .partialMetadata)
      {
        lines.append(contentsOf: segment.bytes[segment.start..<segment.end])
      }
    }
    lines.append(contentsOf: "}\n".utf8)
  }

  func appendBookmark(_ revision: Int64, endsInitialEvents: Bool, to lines: inout [UInt8]) {
    var metadata: JSONValue = ["resourceVersion": .string(String(revision))]
    if options.version == .v1_20 { metadata["creationTimestamp"] = .null }
    if endsInitialEvents { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
    let isPartial = form == .partialMetadata
    let event: JSONValue = [
      "type": "BOOKMARK",
      "object": [
        "kind": .string(isPartial ? "PartialObjectMetadata" : type.kind),
        "apiVersion": .string(isPartial ? "meta.k8s.io/v1" : type.apiVersion),
        "metadata": metadata,
      ],
    ]
    lines.append(contentsOf: event.encoded())
    lines.append(UInt8(ascii: "\n"))
  }

  func appendError(_ failure: APIFailure, to lines: inout [UInt8]) {
    let event: JSONValue = ["type": "ERROR", "object": failure.document]
    lines.append(contentsOf: event.encoded(JSONFormat(escapesHTML: true)))
    lines.append(UInt8(ascii: "\n"))
  }
}
