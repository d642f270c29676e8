// SPDX-License-Identifier: Apache-2.0

/// How the restored workloads stand.
public struct ReadinessReport: Sendable, Hashable {
  /// The workloads in the order they were named.
  public var entries: [ReadinessEntry] = []
  /// What could not be looked at; causes may be missing for it.
  public var gaps: [ReadinessGap] = []
  /// How long they have been followed.
  public var elapsed = Duration.zero
  /// Whether the time was up before all were ready.
  public var isTimedOut = false

  /// Makes a report of nothing, in which all are ready.
  public init() {}

  /// How many are ready.
  public var readyCount: Int { entries.count { $0.state.isReady } }
  /// How many are on their way.
  public var waitingCount: Int { entries.count { $0.state.isWaiting } }
  /// How many do not get on by themselves, as far as can be seen.
  public var stuckCount: Int { entries.count { $0.state.isStuck } }
  /// How many the user may not look at.
  public var unknownCount: Int { entries.count { $0.state.isUnknown } }
  /// Those that are on their way.
  public var waiting: [ReadinessEntry] { entries.filter(\.state.isWaiting) }
  /// Those that do not get on by themselves.
  public var stuck: [ReadinessEntry] { entries.filter(\.state.isStuck) }

  /// Whether all are known to be ready.
  public var isReady: Bool { entries.allSatisfy(\.state.isReady) }

  /// Whether none is left to wait for: all are ready, but for those that cannot be looked at.
  public var isComplete: Bool {
    entries.allSatisfy { $0.state.isReady || $0.state.isUnknown }
  }

  /// How many are stuck by what holds them up, the most first; of equal ones in the order of the causes.
  public var causes: [ReadinessCauseCount] {
    var counts: [ReadinessCause: Int] = [:]
    for entry in entries {
      if case .stuck(let cause, _) = entry.state { counts[cause, default: 0] += 1 }
    }
    let found = ReadinessCause.allCases.compactMap { cause in
      counts[cause].map { ReadinessCauseCount(cause: cause, count: $0) }
    }
    return found.enumerated().sorted { left, right in
      left.element.count == right.element.count
        ? left.offset < right.offset : left.element.count > right.element.count
    }.map(\.element)
  }
}

/// How many workloads something holds up.
public struct ReadinessCauseCount: Sendable, Hashable {
  /// What holds them up.
  public var cause: ReadinessCause
  /// How many there are.
  public var count: Int

  /// Makes a count.
  public init(cause: ReadinessCause, count: Int) {
    self.cause = cause
    self.count = count
  }
}

/// How one workload stands.
public struct ReadinessEntry: Sendable, Hashable {
  /// The workload.
  public var address: ObjectAddress
  /// How it stands.
  public var state: ReadinessState
  /// Since when it stands so, from the beginning of the following; new words about the same are no change.
  public var since: Duration

  /// Makes an entry.
  public init(address: ObjectAddress, state: ReadinessState, since: Duration = .zero) {
    self.address = address
    self.state = state
    self.since = since
  }
}

/// Something that could not be looked at while workloads were followed.
public struct ReadinessGap: Sendable, Hashable {
  /// `plural.group` of the type.
  public var type: String
  /// The namespace; nil for all of them.
  public var namespace: String?
  /// Why, in words.
  public var reason: String

  /// Makes a gap.
  public init(type: String, namespace: String?, reason: String) {
    self.type = type
    self.namespace = namespace
    self.reason = reason
  }
}
