// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// The probes of a location: the latest ones, and those that are worth keeping longer.
public struct ProbeHistory: Sendable, Hashable {
  /// The most probes that are kept.
  public static let limit = 240

  /// The probes in order, the latest last; at most `limit`.
  public private(set) var probes: [ProbeResult]
  /// The latest probe that found everything in order, also when it is no longer among the others.
  public private(set) var lastGood: ProbeResult?
  /// The latest probe that failed.
  public private(set) var lastFailure: ProbeResult?

  /// Makes a history.
  public init(
    probes: [ProbeResult] = [],
    lastGood: ProbeResult? = nil,
    lastFailure: ProbeResult? = nil
  ) {
    self.probes = []
    self.lastGood = lastGood
    self.lastFailure = lastFailure
    for probe in probes { add(probe) }
  }

  /// Adds the latest probe.
  public mutating func add(_ probe: ProbeResult) {
    probes.append(probe)
    if probes.count > Self.limit { probes.removeFirst(probes.count - Self.limit) }
    if probe.isGood { lastGood = probe } else { lastFailure = probe }
  }
}

/// How a location stands, as far as it was looked at.
public struct LocationHealth: Sendable, Hashable {
  /// What can be said of a location.
  public enum State: String, Sendable, Hashable {
    /// It was never probed.
    case unknown = "Unknown"
    /// The latest probe found everything in order.
    case available = "Available"
    /// It cannot be opened, or the latest probe failed.
    case unavailable = "Unavailable"
  }

  /// The time of one probe, for a curve.
  public struct Latency: Sendable, Hashable {
    /// When the probe began.
    public var moment: Timestamp
    /// How long it took; nil when it failed.
    public var duration: Duration?
  }

  /// How often a location is validated that does not say; Velero's `--store-validation-frequency`.
  public static let defaultFrequency = GoDuration(seconds: 60)

  /// The location.
  public var location: StorageLocation
  /// Its probes.
  public var history: ProbeHistory

  /// Makes a value.
  public init(_ location: StorageLocation, history: ProbeHistory = ProbeHistory()) {
    self.location = location
    self.history = history
  }

  /// The latest probe.
  public var latest: ProbeResult? { history.probes.last }

  /// What can be said of it; that a probe is old does not change it, so `age` belongs beside it.
  public var state: State {
    if location.problem != nil { return .unavailable }
    guard let latest else { return .unknown }
    return latest.isGood ? .available : .unavailable
  }

  /// Why it cannot be used; nil when it can, or nothing is known.
  public var reason: String? { location.problem ?? latest?.failure?.message }

  /// What can be done about it.
  public var hint: String? { location.problem == nil ? latest?.failure?.hint : nil }

  /// How long ago it was looked at; nil when it never was.
  public func age(at now: Timestamp) -> GoDuration? { latest.map { now - $0.started } }

  /// Whether it is time to look again, as Velero decides: never again at a frequency of zero.
  public func isDue(at now: Timestamp) -> Bool {
    guard location.problem == nil else { return false }
    guard let latest else { return true }
    let wanted = location.validationFrequency ?? Self.defaultFrequency
    if wanted.nanoseconds == 0 { return false }
    let frequency = wanted.nanoseconds < 0 ? Self.defaultFrequency : wanted
    return latest.started + frequency <= now
  }

  /// The times of the probes, the latest last.
  public var latencies: [Latency] {
    history.probes.map { Latency(moment: $0.started, duration: $0.isGood ? $0.duration : nil) }
  }
}
