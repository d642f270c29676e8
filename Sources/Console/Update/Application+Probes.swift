// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives

/// Which locations are probed without being asked for, and since when.
struct Probes: Sendable {
  /// Those whose probe is under way.
  var running: Set<String> = []
  /// When each was last begun.
  var begun: [String: Timestamp] = [:]
}

extension Application {
  /// Probes the locations whose time has come: at the start, and as often as the configuration says.
  ///
  /// One probe of a location at a time. A location that has let one hang is probed again only when its backups could be read since.
  mutating func probeLocations() -> [Effect] {
    (world.locations.value ?? []).compactMap { location -> Effect? in
      guard isDue(location) else { return nil }
      probes.running.insert(location.name)
      probes.begun[location.name] = world.now
      // What may not be written to is only read.
      return .probe(location: location.name, readsOnly: world.readOnlyReason != nil)
    }
  }

  /// Takes what a probe has found; a read that was begun before it is done once more, since it may not know of it.
  mutating func take(probe result: Result<LocationHealth, Failure>, of location: String) -> [Effect]
  {
    probes.running.remove(location)
    guard world.hasLocation(location) else { return [] }
    let isReading = reads.isUnderWay(.health, location)
    world.health[location, default: Loadable()].end(result, at: world.now)
    return (isReading ? readHealth(location) : []) + probeLocations()
  }

  private func isDue(_ location: ConsoleLocation) -> Bool {
    let name = location.name
    guard location.problem == nil, !probes.running.contains(name), !world.isValidating(name),
      let health = world.health[name]?.value, health.location.validationFrequency?.nanoseconds != 0,
      health.isDue(at: world.now)
    else { return false }
    // What could not be kept says nothing of when it was.
    if let begun = probes.begun[name], begun <= world.now, begun + health.frequency > world.now {
      return false
    }
    guard let latest = health.latest, latest.failure?.code == ProbeFailure.timeout else {
      return true
    }
    return world.backups[name]?.readAt.map { $0 > latest.started } ?? false
  }
}

extension LocationHealth {
  /// How often it is looked at.
  fileprivate var frequency: GoDuration {
    let wanted = location.validationFrequency ?? Self.defaultFrequency
    return wanted.nanoseconds > 0 ? wanted : Self.defaultFrequency
  }
}
