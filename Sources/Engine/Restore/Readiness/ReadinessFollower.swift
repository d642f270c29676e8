// SPDX-License-Identifier: Apache-2.0

public import Kubernetes

/// Follows restored workloads until they are ready.
///
/// What is known of them is kept as facts, not as objects: some hundred bytes for each pod in the namespaces concerned.
public struct ReadinessFollower: Sendable {
  private let client: KubernetesClient
  private let discovery: Discovery
  private let clock: any Clock<Duration>
  private let options: ReadinessOptions

  /// Makes a follower; nothing is asked for yet.
  ///
  /// - Parameters:
  ///   - client: The cluster.
  ///   - discovery: What it serves.
  ///   - clock: What the time limit and all waits are measured by.
  ///   - options: How to follow.
  public init(
    client: KubernetesClient,
    discovery: Discovery,
    clock: any Clock<Duration> = ContinuousClock(),
    options: ReadinessOptions = ReadinessOptions()
  ) {
    self.client = client
    self.discovery = discovery
    self.clock = clock
    self.options = options
  }

  /// Whether there is a readiness of objects of a type, `plural.group`; others are passed over.
  public static func follows(_ type: String) -> Bool {
    ReadinessType(rawValue: type)?.isTarget ?? false
  }

  private enum End {
    case settled
    case timeUp
    /// Nothing is left that may be looked at.
    case starved
  }

  /// Follows workloads until all are ready, or the time is up.
  ///
  /// Those that are stuck may recover, so that they end it only where the options say so. What the user may not look at is not waited
  /// for. Types that have no readiness are passed over, and of an object that is named twice the second naming.
  ///
  /// - Parameters:
  ///   - addresses: The workloads, in the order of the report.
  ///   - timeLimit: How long to follow them at most.
  ///   - onChange: Told how all stand, at the start and after changes, by one task and at most as often as the options say.
  /// - Returns: How all stand at the end.
  /// - Throws: `KubernetesError` when the server does not accept the user any more; `CancellationError`.
  public func follow(
    _ addresses: [ObjectAddress],
    timeLimit: Duration,
    onChange: @escaping @Sendable (ReadinessReport) -> Void
  ) async throws -> ReadinessReport {
    let followed = Self.followed(addresses)
    guard !followed.isEmpty else { return ReadinessReport() }
    let elapsed = Self.stopwatch(clock)
    let store = ReadinessStore(ReadinessBoard(followed))
    let feed = ReadinessFeed(
      client: client,
      discovery: discovery,
      clock: clock,
      options: options,
      interest: ReadinessInterest(followed.map { ($0.type, $0.place) }),
      store: store
    )
    let end = try await firstEnd(feed, timeLimit, elapsed, onChange)
    _ = store.judge(at: elapsed())
    var report = store.report(at: elapsed())
    report.isTimedOut = end == .timeUp && !report.isComplete
    return report
  }

  private static func followed(
    _ addresses: [ObjectAddress]
  ) -> [(address: ObjectAddress, type: ReadinessType, place: PlacedName)] {
    var seen: Set<ObjectAddress> = []
    return addresses.compactMap { address in
      guard let type = ReadinessType(rawValue: address.type), type.isTarget,
        seen.insert(address).inserted
      else { return nil }
      return (address, type, PlacedName(namespace: address.namespace ?? "", name: address.name))
    }
  }

  /// The time since now.
  private static func stopwatch<C: Clock>(_ clock: C) -> @Sendable () -> Duration
  where C.Duration == Duration {
    let start = clock.now
    return { start.duration(to: clock.now) }
  }

  private func firstEnd(
    _ feed: ReadinessFeed,
    _ timeLimit: Duration,
    _ elapsed: @escaping @Sendable () -> Duration,
    _ onChange: @escaping @Sendable (ReadinessReport) -> Void
  ) async throws -> End {
    try await withThrowingTaskGroup(of: End.self) { group in
      defer { group.cancelAll() }
      group.addTask { [clock] in
        try await clock.sleep(for: timeLimit)
        return .timeUp
      }
      group.addTask {
        try await feed.run()
        return .starved
      }
      if options.endsWhenStuck {
        group.addTask { [clock, options] in
          while true {
            try await clock.sleep(for: options.patience)
            feed.store.look()
          }
        }
      }
      group.addTask { try await judge(feed.store, elapsed, onChange) }
      while let end = try await group.next() {
        // The judge finds that nothing more will come.
        if end != .starved { return end }
      }
      throw CancellationError()
    }
  }

  /// Judges what comes in until there is nothing to wait for.
  private func judge(
    _ store: ReadinessStore,
    _ elapsed: @Sendable () -> Duration,
    _ onChange: @Sendable (ReadinessReport) -> Void
  ) async throws -> End {
    var isFirst = true
    for await _ in store.changes {
      let now = elapsed()
      if let report = store.judge(at: now) ?? (isFirst ? store.report(at: now) : nil) {
        onChange(report)
        isFirst = false
        if report.isComplete { return .settled }
      }
      if options.endsWhenStuck,
        store.read({ $0.isStuck(for: options.patience, at: elapsed()) })
      {
        return .settled
      }
      try await clock.sleep(for: options.reportInterval)
    }
    throw CancellationError()
  }
}
