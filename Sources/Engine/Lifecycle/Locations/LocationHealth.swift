// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// The probes of a location: the latest ones, and those that are worth keeping longer.
public struct ProbeHistory: Sendable, Hashable {
  /// The most probes that are kept.
  public static let limit = 240

  /// The probes in order, the latest last; at most `limit`.
  public private(set) var probes: [ProbeResult]
  /// The latest probe that found everything in order, also when it is no longer among the others; one that only read does not
  /// take the place of one that also wrote.
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
    if !probe.isGood {
      lastFailure = probe
    } else if !probe.isReadOnly || lastGood?.isReadOnly != false {
      lastGood = probe
    }
  }

  /// The latest probe that wrote, or was to write and failed.
  var lastWriting: ProbeResult? {
    probes.last { !$0.isReadOnly }
      ?? [lastGood, lastFailure].compactMap { $0 }.filter { !$0.isReadOnly }
      .max { $0.started < $1.started }
  }
}

/// How a location stands, as far as it was looked at.
public struct LocationHealth: Sendable, Hashable {
  /// What can be said of a location.
  public enum State: String, Sendable, Hashable {
    /// It was never probed, or a probe says to be of the future.
    case unknown = "Unknown"
    /// The latest probe found everything in order.
    case available = "Available"
    /// The latest probe could read; it was not to try whether what may be written can be.
    case readable = "Readable"
    /// It cannot be opened, or the latest probe failed, or the latest one that wrote.
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

  /// The latest probe that found everything in order that may be done there.
  public var lastGood: ProbeResult? {
    guard location.isReadOnly else { return history.lastGood.flatMap { $0.isReadOnly ? nil : $0 } }
    return history.probes.last(where: \.isGood) ?? history.lastGood
  }

  /// The latest probe; nil when there is none, or it says to be of the future: somebody has set the clock back.
  private func known(at now: Timestamp) -> ProbeResult? {
    latest.flatMap { $0.started > now + Self.clockTolerance ? nil : $0 }
  }

  /// How far a probe may be ahead of the present: clocks are read one after the other, and may be set by a little.
  private static let clockTolerance = GoDuration(seconds: 60)

  /// What can be said of it; that a probe is old does not change it, so `age` belongs beside it.
  public func state(at now: Timestamp) -> State {
    if location.problem != nil { return .unavailable }
    guard let known = known(at: now) else { return .unknown }
    if failure != nil { return .unavailable }
    return known.isReadOnly && !location.isReadOnly ? .readable : .available
  }

  /// What the latest probe failed with; when it only read what may be written, what the latest one failed with that wrote.
  public var failure: ProbeFailure? {
    guard let latest, latest.isGood, !location.isReadOnly else { return latest?.failure }
    return history.lastWriting?.failure
  }

  /// Why it cannot be used; nil when it can, or nothing is known.
  public var reason: String? { location.problem ?? failure?.message }

  /// What can be done about it.
  public var hint: String? { location.problem == nil ? failure?.hint : nil }

  /// How long ago it was looked at; nil when it never was, or that is not known.
  public func age(at now: Timestamp) -> GoDuration? {
    known(at: now).map { max(now - $0.started, GoDuration(seconds: 0)) }
  }

  /// Whether it is time to look again, as Velero decides: never again at a frequency of zero.
  public func isDue(at now: Timestamp) -> Bool {
    guard location.problem == nil else { return false }
    guard latest != nil else { return true }
    let wanted = location.validationFrequency ?? Self.defaultFrequency
    if wanted.nanoseconds == 0 { return false }
    let frequency = wanted.nanoseconds < 0 ? Self.defaultFrequency : wanted
    return known(at: now).map { $0.started + frequency <= now } ?? true
  }

  /// The times of the probes, the latest last.
  public var latencies: [Latency] {
    history.probes.map { Latency(moment: $0.started, duration: $0.isGood ? $0.duration : nil) }
  }
}
