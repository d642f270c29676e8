// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import Velero

@testable import Console

/// Locations as people have them: a sound one, a disk that went away, a read-only archive, a new one, one that cannot be opened.
enum PlacesScene {
  static let own = "6d1c2a50-0000-4000-8000-00000000aaaa"
  static let other = "f00dfeed-0000-4000-8000-00000000bbbb"

  static func hours(_ hours: Int64) -> GoDuration { GoDuration(seconds: hours * 3600) }

  static var locations: [StorageLocation] {
    var main = StorageLocation.directory("default", path: "/var/lib/binnacle/store")
    main.isDefault = true
    main.validationFrequency = GoDuration(seconds: 60)
    let disk = StorageLocation.directory("disk", path: "/mnt/usb-disk/backups")
    var nas = StorageLocation.directory("nas", path: "/mnt/nas/backups")
    nas.accessMode = .readOnly
    let new = StorageLocation.directory("new", path: "/srv/backups")
    var cloud = StorageLocation(name: "cloud", provider: "aws")
    cloud.bucket = "company-backups"
    cloud.prefix = "team-a"
    return [main, disk, nas, new, cloud]
  }

  static var shown: [ConsoleLocation] {
    locations.map { ConsoleLocation($0, isDefault: $0.isDefault) }
  }

  /// A probe some minutes ago whose steps took so many microseconds each.
  static func probe(
    minutesAgo: Int64,
    _ microseconds: [Int64],
    isReadOnly: Bool = false,
    failure: ProbeFailure? = nil
  ) -> ProbeResult {
    let kinds: [ProbeStepKind] = isReadOnly ? [.list, .read] : [.write, .read, .list, .delete]
    return ProbeResult(
      started: Driver.start + GoDuration(seconds: -minutesAgo * 60),
      isReadOnly: isReadOnly,
      steps: zip(kinds, microseconds).map { ProbeStep($0, duration: .microseconds($1)) },
      failure: failure
    )
  }

  static func history(of name: String) -> ProbeHistory {
    switch name {
    case "default":
      ProbeHistory(
        probes: (0..<30).map { place in
          probe(minutesAgo: 3 + (29 - place) * 10, [420 + place * 17 % 90, 130, 310, 150])
        }
      )
    case "disk":
      ProbeHistory(
        probes: [
          probe(minutesAgo: 3000, [900, 400, 800, 350]),
          probe(minutesAgo: 2900, [1900, 400, 800, 350]),
          probe(
            minutesAgo: 20,
            [30_200_000],
            failure: ProbeFailure(
              step: .write,
              code: "noSpace",
              message: "cannot put 'metadata/binnacle-probe-1': no space left on device",
              hint: "free some space, or collect what is overdue"
            )
          ),
        ]
      )
    case "nas":
      ProbeHistory(probes: [probe(minutesAgo: 2500, [5200, 1400], isReadOnly: true)])
    default: ProbeHistory()
    }
  }

  static func health(of name: String) -> LocationHealth? {
    locations.first { $0.name == name }.map { LocationHealth($0, history: history(of: name)) }
  }

  static func entry(
    _ name: String,
    endsInHours: Int64?,
    location: String = "default",
    cluster: String = own,
    sizeBytes: Int64 = 4_200_000
  ) -> BackupEntry {
    var entry = BackupScene.entry(
      name,
      hoursAgo: 700 - (endsInHours ?? 0),
      endsInHours: endsInHours,
      sizeBytes: sizeBytes,
      location: location
    )
    entry.backup.annotations[ClusterIdentity.annotation] = cluster
    return entry
  }

  static var entries: [BackupEntry] {
    var kept = entry("before-upgrade", endsInHours: nil, sizeBytes: 61_000_000)
    kept.backup.annotations[BackupExpiry.annotation] = "2026-02-01T00:00:00Z"
    return [
      entry("nightly-1215", endsInHours: -26), entry("nightly-1216", endsInHours: -2),
      entry("with-volumes", endsInHours: -5, sizeBytes: 9_400_000),
      entry("nightly-1217", endsInHours: 5), entry("nightly-1218", endsInHours: 29),
      entry("nightly-1219", endsInHours: 53), entry("nightly-1220", endsInHours: 77),
      entry("weekly-1221", endsInHours: 78, sizeBytes: 38_000_000),
      entry("monthly-12", endsInHours: 400, sizeBytes: 120_000_000), kept,
      entry("archive-2024", endsInHours: nil, location: "nas", sizeBytes: 2_800_000_000),
      entry("archive-2025", endsInHours: -4, location: "nas", sizeBytes: 1_950_000_000),
      entry("staging-0110", endsInHours: 150, location: "nas", cluster: other),
    ]
  }

  /// What is found in a location that has these backups.
  static func survey(_ name: String, _ entries: [BackupEntry], at now: Timestamp = Driver.start)
    -> LocationSurvey
  {
    let backups = entries.filter { $0.place.location == name }.map {
      LocationBackup(record: $0.backup, sizeBytes: $0.sizeBytes ?? 0, files: 12)
    }.sorted { $0.name < $1.name }
    let contents = LocationContents(
      backups: backups,
      unrecorded: name == "default" ? ["manual-x7"] : [],
      sizeBytes: backups.reduce(0) { $0 + $1.sizeBytes }
    )
    let ground = ExpiryGround(
      hold: name == "nas" ? .readOnly : nil,
      withVolumeData: ["with-volumes"]
    )
    let plan = CollectionPlan(
      expiry: ExpiryPlan(backups, ground: ground, now: now),
      problems: [],
      unrecorded: contents.unrecorded
    )
    return LocationSurvey(contents: contents, plan: plan)
  }

  /// A console that is connected, and knows backups and what probes have found.
  static func driver(
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode,
    entries: [BackupEntry] = entries,
    preferences: Preferences = Preferences()
  ) -> Driver {
    var driver = Driver(width, height, glyphs: glyphs, preferences: preferences)
    driver.connect()
    let generation = driver.application.world.cluster.generation
    if let identity = ClusterIdentity(uid: own) {
      driver.send(.cluster(.identity(identity), generation: generation))
    }
    driver.send(.locations(.success(shown)))
    for location in shown {
      if let health = health(of: location.name) {
        driver.send(.health(.success(health), location: location.name))
      }
      guard location.problem == nil else { continue }
      let own = entries.filter { $0.place.location == location.name }
      driver.send(.backups(.success(BackupListing(entries: own)), location: location.name))
      driver.send(.restores(.success([]), location: location.name))
    }
    _ = driver.takeEffects()
    return driver
  }
}

extension Driver {
  /// The questions about locations that wait for an answer, and their tokens.
  mutating func surveys() -> [(location: String, token: Token)] {
    takeEffects().compactMap { effect in
      guard case .ask(.lifecycle(.survey(let location)), let token) = effect else { return nil }
      return (location, token)
    }
  }

  /// Answers all questions about locations.
  mutating func answerSurveys(
    _ entries: [BackupEntry] = PlacesScene.entries,
    at now: Timestamp = Driver.start
  ) {
    for (location, token) in surveys() {
      let survey = PlacesScene.survey(location, entries, at: now)
      send(.answer(.lifecycle(.survey(survey)), token))
    }
  }
}
