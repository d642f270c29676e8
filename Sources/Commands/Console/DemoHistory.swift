// SPDX-License-Identifier: Apache-2.0

internal import Console
internal import Engine
internal import Kubernetes
internal import ObjectStorage
internal import Primitives
internal import Sandbox
internal import Velero

/// What happened to the demo cluster before the console was opened: backups of weeks, made by the engine with a clock that runs
/// behind, one with errors, one that failed, some about to expire; and one that is going on.
struct DemoHistory {
  private struct Run {
    var name: String
    var hoursAgo: Int64
    var timeToLiveHours: Int64
    var namespaces: [String]
    /// Types that may not be read during the run.
    var forbidden: [String] = []
    /// Whether it is kept in the archive, which nobody writes to by now.
    var isArchived = false
  }

  private static let nightly = ["data", "monitoring", "payments", "shop"]

  private static let runs: [Run] =
    [
      Run(
        name: "quarter-end",
        hoursAgo: 60 * 24,
        timeToLiveHours: 365 * 24,
        namespaces: ["payments", "shop"],
        isArchived: true
      ),
      Run(
        name: "before-upgrade",
        hoursAgo: 31 * 24,
        timeToLiveHours: 30 * 24,
        namespaces: nightly + ["cert-manager", "ingress-nginx"]
      ),
      Run(name: "weekly-platform", hoursAgo: 9 * 24, timeToLiveHours: 720, namespaces: []),
    ]
    + (1...6).reversed().map { day in
      Run(
        name: "nightly-\(7 - day)",
        hoursAgo: day * 24 - 6,
        timeToLiveHours: 6 * 24,
        namespaces: nightly,
        forbidden: day == 2 ? ["/api/v1/**/secrets", "/api/v1/secrets"] : []
      )
    }
    + [
      Run(name: "payments-release", hoursAgo: 3, timeToLiveHours: 48, namespaces: ["payments"])
    ]

  private let wiring: Wiring
  private let cluster: SandboxCluster
  private let archive: DirectoryStore

  /// Takes an empty world.
  ///
  /// - Parameters:
  ///   - wiring: What works on it.
  ///   - cluster: The cluster.
  ///   - archive: The directory of the location that is only read.
  init(_ wiring: Wiring, _ cluster: SandboxCluster, archive: String) {
    self.wiring = wiring
    self.cluster = cluster
    self.archive = DirectoryStore(root: archive, createsRoot: true)
  }

  /// The backup that goes on while the console opens; the server is slow to answer some of it.
  static var running: PlannedLaunch {
    var backup = Backup(name: "monitoring-now")
    backup.spec.includedNamespaces = ["monitoring"]
    backup.spec.storageLocation = StorageLocation.embeddedName
    return PlannedLaunch(
      .backup(BackupLaunch(backup, of: nil, to: StorageLocation.embeddedName)),
      .backup,
      backup.name
    )
  }

  /// Makes the backups.
  ///
  /// - Throws: What keeps one of them from being made.
  func make() async throws {
    let client = KubernetesClient(configuration: try wiring.clientConfiguration())
    do {
      for run in Self.runs { try await make(run, client) }
      try await putFailure()
    } catch {
      await client.shutdown()
      throw error
    }
    await client.shutdown()
    cluster.faults = ["secrets", "configmaps", "pods"].map { type in
      Fault(
        .latency(.seconds(12)),
        on: FaultMatch(method: "GET", path: "/api/v1/namespaces/monitoring/\(type)"),
        occurrence: .first(1)
      )
    }
  }

  private func make(_ run: Run, _ client: KubernetesClient) async throws {
    cluster.faults = run.forbidden.map {
      Fault(.status(403), on: FaultMatch(method: "GET", path: $0))
    }
    var backup = Backup(name: run.name)
    backup.spec.includedNamespaces = run.namespaces
    backup.spec.ttl = GoDuration(seconds: run.timeToLiveHours * 3600)
    backup.spec.storageLocation = run.isArchived ? "archive" : StorageLocation.embeddedName
    if run.namespaces.isEmpty {
      backup.spec.includedNamespaces = ["cert-manager", "ingress-nginx", "kube-system"]
    }
    let runner = BackupRunner(
      client: client,
      store: run.isArchived ? archive : try wiring.store(isForWriting: true),
      journal: try wiring.journal(),
      clock: wiring.clock.behind(byHours: run.hoursAgo)
    )
    _ = try await runner.run(BackupRequest(backup: backup)) { _ in }
  }

  /// The record that Velero leaves of a backup whose server was restarted.
  private func putFailure() async throws {
    var backup = Backup(name: "data-hourly")
    let started = wiring.clock.behind(byHours: 5).now()
    backup.spec.includedNamespaces = ["data"]
    backup.spec.ttl = GoDuration(seconds: 72 * 3600)
    backup.spec.storageLocation = StorageLocation.embeddedName
    backup.status.phase = .failed
    backup.status.startTimestamp = started
    backup.status.completionTimestamp = started + GoDuration(seconds: 240)
    backup.status.expiration = started + backup.spec.ttl
    backup.status.failureReason =
      "found a backup with status \"InProgress\" during the server starting, mark it as \"Failed\""
    let catalog = try wiring.catalog()
    try await catalog.store.put(
      catalog.key(.record, of: backup.name),
      backup.encoded()
    )
  }
}

extension WallClock {
  /// A clock that shows what this one showed so many hours before, and runs thirty times as fast from now on.
  fileprivate func behind(byHours hours: Int64) -> WallClock {
    let start = now()
    let past = start + GoDuration(seconds: -hours * 3600)
    return WallClock { past + GoDuration(nanoseconds: (now() - start).nanoseconds * 30) }
  }
}
