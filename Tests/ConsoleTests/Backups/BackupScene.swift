// SPDX-License-Identifier: Apache-2.0

import Engine
import ObjectStorage
import Primitives
import Terminal
import Velero

@testable import Console

/// Backups of two locations as people have them: sound ones, one that failed, one that ends soon, one that is protected.
enum BackupScene {
  static let hour: Int64 = 3600

  static func place(_ name: String, _ location: String = "default") -> BackupPlace {
    BackupPlace(location: location, name: name)
  }

  /// A backup that began some hours ago.
  static func entry(
    _ name: String,
    hoursAgo: Int64,
    phase: BackupPhase = .completed,
    endsInHours: Int64? = 600,
    objects: Int = 1200,
    issues: (errors: Int, warnings: Int) = (0, 0),
    sizeBytes: Int64? = 4_200_000,
    location: String = "default"
  ) -> BackupEntry {
    let began = Driver.start + GoDuration(seconds: -hoursAgo * hour)
    var backup = Backup(name: name)
    backup.spec.includedNamespaces = ["shop", "payments"]
    backup.spec.ttl = GoDuration(seconds: 720 * hour)
    backup.status.phase = phase
    backup.status.startTimestamp = began
    backup.status.expiration = endsInHours.map { Driver.start + GoDuration(seconds: $0 * hour) }
    backup.status.errors = issues.errors
    backup.status.warnings = issues.warnings
    backup.status.progress = BackupProgress(totalItems: objects, itemsBackedUp: objects)
    if phase.isFinal {
      backup.status.completionTimestamp = began + GoDuration(seconds: 94)
    }
    return BackupEntry(
      place: place(name, location),
      backup: backup,
      sizeBytes: sizeBytes
    )
  }

  static var entries: [BackupEntry] {
    var sound = entry("nightly-0114", hoursAgo: 11)
    sound.verification = VerificationNote(
      time: Driver.start + GoDuration(seconds: -2 * hour),
      isSound: true,
      text: "1,200 objects whole; 3 changed since"
    )
    var damaged = entry("weekly-0104", hoursAgo: 264, endsInHours: 30)
    damaged.verification = VerificationNote(
      time: Driver.start + GoDuration(seconds: -50 * hour),
      isSound: false,
      text: "the archive was cut off"
    )
    var kept = entry("before-upgrade", hoursAgo: 700, endsInHours: nil)
    kept.backup.annotations[BackupExpiry.annotation] = "2026-02-01T00:00:00Z"
    var failed = entry(
      "nightly-0112",
      hoursAgo: 59,
      phase: .failed,
      objects: 0,
      issues: (1, 0),
      sizeBytes: 900
    )
    failed.backup.status.failureReason = "the API server did not answer for 10 min"
    return [
      entry("hourly-1100", hoursAgo: 1, phase: .inProgress, objects: 340, sizeBytes: nil), sound,
      entry("nightly-0113", hoursAgo: 35, phase: .partiallyFailed, issues: (2, 5)), failed,
      entry("nightly-0111", hoursAgo: 83, endsInHours: 5), damaged, kept,
      entry(
        "archive-2025",
        hoursAgo: 400,
        endsInHours: -4,
        sizeBytes: 1_950_000_000,
        location: "nas"
      ),
    ]
  }

  static let locations = [
    ConsoleLocation(name: "default", place: "/var/lib/binnacle/store", isDefault: true),
    ConsoleLocation(name: "nas", place: "/mnt/nas/backups", isReadOnly: true),
  ]

  /// A console that is connected and knows the backups.
  static func driver(
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode,
    entries: [BackupEntry] = entries,
    preferences: Preferences = Preferences()
  ) -> Driver {
    var driver = Driver(width, height, glyphs: glyphs, preferences: preferences)
    driver.connect()
    driver.send(.locations(.success(locations)))
    for location in locations {
      let own = entries.filter { $0.place.location == location.name }
      driver.send(.backups(.success(BackupListing(entries: own)), location: location.name))
      driver.send(.restores(.success([]), location: location.name))
    }
    _ = driver.takeEffects()
    return driver
  }

  /// Objects of a shop, the later state with a change, one more and one less.
  static func objects(isLater: Bool = false) -> [JSONValue] {
    func object(
      _ kind: String,
      _ version: String,
      _ namespace: String?,
      _ name: String,
      _ more: JSONValue
    )
      -> JSONValue
    {
      var metadata: JSONValue = ["name": .string(name), "resourceVersion": isLater ? "9" : "4"]
      metadata["namespace"] = namespace.map { .string($0) }
      let base: JSONValue = [
        "apiVersion": .string(version), "kind": .string(kind), "metadata": metadata,
      ]
      return MergePatch.apply(more, to: base)
    }
    var objects = [
      object("Namespace", "v1", nil, "shop", [:]),
      object("ConfigMap", "v1", "shop", "settings", ["data": ["color": isLater ? "red" : "blue"]]),
      object(
        "ConfigMap",
        "v1",
        "shop",
        "texts",
        ["data": ["long": .string(String(repeating: "x", count: 4000))]]
      ),
      object(
        "Secret",
        "v1",
        "shop",
        "db-password",
        ["data": ["password": isLater ? "bmV3" : "b2xk"]]
      ),
      object("Deployment", "apps/v1", "shop", "web", ["spec": ["replicas": isLater ? 5 : 3]]),
    ]
    if isLater {
      objects.append(object("ConfigMap", "v1", "payments", "rates", ["data": ["eur": "1.1"]]))
    } else {
      objects.append(object("ConfigMap", "v1", "payments", "old", [:]))
    }
    return objects
  }

  private static let plurals = [
    "Namespace": "namespaces", "ConfigMap": "configmaps", "Secret": "secrets",
    "Deployment": "deployments", "Pod": "pods", "Event": "events",
    "PersistentVolumeClaim": "persistentvolumeclaims", "PersistentVolume": "persistentvolumes",
  ]

  /// An archive of objects.
  static func archive(_ objects: [JSONValue]) throws -> [UInt8] {
    var writer = ArchiveWriter(modified: Driver.start)
    var block = ArchiveBlock()
    writer.appendStart(to: &block)
    for object in objects {
      let version = object["apiVersion"]?.string ?? ""
      let parts = version.split(separator: "/").map(String.init)
      let plural = plurals[object["kind"]?.string ?? ""] ?? ""
      let item = ArchiveItem(
        resource: parts.count == 2 ? "\(plural).\(parts[0])" : plural,
        version: parts.last ?? "v1",
        isPreferredVersion: true,
        namespace: object[path: "metadata", "namespace"]?.string,
        name: object[path: "metadata", "name"]?.string ?? ""
      )
      try object.encoded().withUnsafeBytes { try writer.append(item, body: $0, to: &block) }
    }
    writer.appendEnd(to: &block)
    return Gzip.compress(block.bytes)
  }

  /// Writes a backup into a store.
  static func write(
    _ name: String,
    _ objects: [JSONValue],
    hoursAgo: Int64,
    into store: any ObjectStore
  ) async throws {
    let record = entry(name, hoursAgo: hoursAgo, objects: objects.count).backup
    let catalog = BackupCatalog(store: store)
    try await store.put(catalog.key(.contents, of: name), try archive(objects))
    let log = LogLine(time: Driver.start, level: .warning, message: "slow", fields: ["name": "web"])
    try await store.put(catalog.key(.logs, of: name), Gzip.compress(Array((log.text + "\n").utf8)))
    try await store.put(catalog.key(.record, of: name), record.encoded())
  }

  /// The index of an archive of objects.
  static func index(_ objects: [JSONValue] = objects()) async throws -> ArchiveIndex {
    let store = MemoryStore()
    try await write("one", objects, hoursAgo: 1, into: store)
    return try await ArchiveIndexes(catalog: BackupCatalog(store: store), cache: nil)
      .index(of: "one")
  }
}

extension Driver {
  /// The token of the last question of the kind that is looked for; taken out of the effects.
  mutating func token(_ isWanted: (BackupQuestion) -> Bool) -> Token? {
    takeEffects().compactMap { effect -> Token? in
      guard case .ask(.backup(let question), let token) = effect, isWanted(question) else {
        return nil
      }
      return token
    }.last
  }

  /// Answers the last question about backups.
  mutating func answer(_ answer: BackupAnswer) {
    guard let token = token({ _ in true }) else { return }
    send(.answer(.backup(answer), token))
  }

  /// The operations that were begun since the effects were last taken.
  mutating func launches() -> [Launch] {
    takeEffects().compactMap { if case .launch(let launch, _) = $0 { launch } else { nil } }
  }
}
