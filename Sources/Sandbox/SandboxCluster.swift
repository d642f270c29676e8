// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// An API server's state with its behaviour: requests go in, responses come out.
///
/// The server passes what comes over the network to `handle`; tests may call it directly. Safe to use from any
/// thread. Nothing here waits, but for faults with a latency.
public final class SandboxCluster: Sendable {
  let state: Mutex<ClusterState>
  let signal = Signal()
  let activity = Activity()
  /// The options the cluster was made with.
  public let options: SandboxOptions

  /// Makes a cluster that holds what every cluster holds, if the options say so, and nothing else.
  public init(options: SandboxOptions = SandboxOptions()) {
    self.options = options
    let state = ClusterState(options: options)
    if options.hasStandardObjects { state.addStandardObjects() }
    self.state = Mutex(state)
  }

  /// Answers one request.
  public func handle(_ request: SandboxRequest) -> SandboxResponse {
    activity.requestBegan()
    defer { activity.requestEnded() }
    let strike = state.withLock {
      $0.faults.strike(
        method: request.method,
        path: request.rawPath,
        query: request.rawQuery
      )
    }
    if strike.delay > .zero { signal.wait(whileAt: nil, atMost: strike.delay) }
    let response = FaultInjection.respond(to: request, strike.action) {
      RequestHandler(cluster: self, request: request).respond()
    }
    activity.log(
      RequestRecord(
        method: request.method,
        path: request.rawPath,
        query: request.rawQuery,
        status: response.status,
        byteCount: response.byteCount
      )
    )
    return response
  }

  /// The last revision that was given away; each change of an object takes one.
  public var revision: Int64 { state.withLock { $0.revision } }

  /// The number of objects of a resource, such as `configmaps` or `deployments.apps`.
  public func objectCount(_ groupResource: String) -> Int {
    state.withLock { state in
      state.catalog.all.first { $0.groupResource == groupResource }.map { state.table($0).count }
        ?? 0
    }
  }

  /// Forgets the states before a revision, so that lists and watches that need them expire.
  ///
  /// - Parameters:
  ///   - revision: The oldest revision that stays readable; nil for the present one.
  ///   - keepsCache: Whether only the store forgets, as when etcd is compacted behind the server's back: the
  ///     server's own memory then still serves watches, and on 1.36 lists.
  public func compact(through revision: Int64? = nil, keepsCache: Bool = false) {
    state.withLock {
      $0.compact(through: min(revision ?? $0.revision, $0.revision), includingCache: !keepsCache)
    }
    signal.raise()
  }

  /// The faults that are in force; setting them starts their counts anew.
  public var faults: [Fault] {
    get { state.withLock { $0.faults.faults } }
    set { state.withLock { $0.faults.replace(with: newValue) } }
  }

  /// Adds a fault behind those in force.
  public func add(_ fault: Fault) { state.withLock { $0.faults.add(fault) } }

  /// The scripted rights; they can be changed while clients are connected.
  public var access: [AccessRule] {
    get { state.withLock { $0.access } }
    set { state.withLock { $0.access = newValue } }
  }

  /// Sends a bookmark to every watch that asked for bookmarks.
  public func sendBookmarks() {
    state.withLock { $0.bookmarks += 1 }
    signal.raise()
  }

  /// The requests answered so far, oldest first, without those that a call of `clearRequests` dropped.
  public var requests: [RequestRecord] { activity.records }

  /// Calls `observer` for each request from now on, when its answer is ready and before it is sent.
  ///
  /// It is called on the thread of the connection; nil calls nobody any more.
  public func onAnswer(_ observer: (@Sendable (RequestRecord) -> Void)?) {
    activity.observe(observer)
  }

  /// Empties the list of requests.
  public func clearRequests() { activity.clearRecords() }

  /// Returns when no request is being answered and every open watch has delivered every change.
  ///
  /// Long answers count as being answered until their last byte is handed to the connection.
  public func idle() async { await activity.idle() }

  /// Ends every watch and every latency; the cluster can be asked further.
  func close() { signal.close() }

  /// Looks into the state, with the lock held.
  func read<Result: Sendable, Failure: Error>(
    _ body: (ClusterState) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try state.withLock { (state) throws(Failure) in try body(state) }
  }

  /// Changes the state, and wakes the watches.
  func write<Result: Sendable>(
    _ body: (ClusterState) throws(APIFailure) -> Result
  ) throws(APIFailure) -> Result {
    defer { signal.raise() }
    return try read(body)
  }
}
