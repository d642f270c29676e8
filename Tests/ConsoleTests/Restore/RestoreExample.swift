// SPDX-License-Identifier: Apache-2.0

import Primitives
import Terminal
import Testing
import Velero

@testable import Console
@testable import Engine

/// A restore to look at: a backup of a shop, its plan, its run and its files.
enum RestoreExample {
  static let place = BackupPlace(location: "default", name: "nightly")
  static let seed = RestoreSeed(place: place)
  static let source = ClusterIdentity(uid: "11111111-aaaa-bbbb-cccc-000000000001")
  static let other = ClusterIdentity(uid: "22222222-aaaa-bbbb-cccc-000000000002")

  static func address(_ type: String, _ namespace: String?, _ name: String) -> ObjectAddress {
    ObjectAddress(type: type, namespace: namespace, name: name)
  }

  static func entry(
    _ type: String,
    _ name: String,
    _ verdict: RestoreVerdict,
    namespace: String? = "shop",
    from: String? = nil
  ) -> RestoreEntry {
    RestoreEntry(
      source: address(type, from ?? namespace, name),
      target: address(type, namespace, name),
      verdict: verdict
    )
  }

  static let changes = [
    FieldChange(path: "/spec/replicas", before: 1, after: 3),
    FieldChange(path: "/metadata/labels/tier", before: nil, after: "front"),
  ]

  static let entries = [
    entry("secrets", "database", .create),
    entry("configmaps", "settings", .skipDifferent([changes[0]])),
    entry("configmaps", "flags", .skipIdentical),
    entry("services", "web", .create),
    entry("deployments.apps", "web", .update(changes)),
    entry("deployments.apps", "api", .create, from: "shop-old"),
    entry("statefulsets.apps", "database", .recreate([changes[0]])),
    entry(
      "ingresses.networking.k8s.io",
      "web",
      .fail(
        RestoreFailure(
          .admissionDenied,
          "admission webhook \"policy.example.org\" denied the request: hosts have to end in .example.org"
        )
      )
    ),
    entry("pods", "migrate-x7k2p", .leave(.completed)),
    entry("events", "web.17", .leave(.neverRestored(type: "events"))),
  ]

  static func preview(
    _ entries: [RestoreEntry] = entries,
    isChecked: Bool = true,
    target: ClusterIdentity? = source
  ) -> RestorePreview {
    var counts = RestoreCounts()
    for entry in entries { counts[entry.verdict.action] += 1 }
    var restore = Restore(name: "nightly-20260115120000")
    restore.spec.backupName = "nightly"
    var backup = Backup(name: "nightly")
    backup.creationTimestamp = Driver.start
    return RestorePreview(
      restore: restore,
      backup: backup,
      source: ClusterName(identity: source),
      target: ClusterName(
        context: "prod",
        server: "https://prod.example:6443",
        identity: target
      ),
      entries: entries,
      namespaces: ["shop"],
      counts: counts,
      findings: [
        PreflightFinding(
          .error,
          .webhookDown,
          "the admission webhook 'policy.example.org' does not answer",
          subjects: [address("ingresses.networking.k8s.io", "shop", "web")],
          count: 1,
          hint: "see that its service has endpoints"
        ),
        PreflightFinding(
          .warning,
          .storageClassMissing,
          "there is no storage class 'fast'",
          subjects: [address("persistentvolumeclaims", "shop", "data-0")],
          count: 3,
          hint: "map it to one that is there"
        ),
      ],
      remarks: [
        SelectionRemark(.note, "services get other node ports", hint: "keep them with the form")
      ],
      issues: [],
      isCheckedByServer: isChecked
    )
  }

  static let contents = ArchiveContents(
    backup: Backup(name: "nightly"),
    objectCount: 412,
    namespaces: ["shop": 120, "shop-old": 12, "billing": 280],
    types: ["deployments.apps": 14, "secrets": 40, "services": 20, "configmaps": 60],
    labels: LabelWords(["app": ["web": 9, "api": 9], "tier": ["front": 4]])
  )

  /// A console that shows the plan's screen, with a cluster that answers; nothing is answered yet.
  static func opened(
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode,
    seed: RestoreSeed = seed,
    preferences: Preferences = Preferences()
  ) -> Driver {
    var driver = Driver(width, height, glyphs: glyphs, preferences: preferences)
    driver.connect()
    if let source { driver.send(.cluster(.identity(source), generation: driver.generation)) }
    driver.effects = []
    driver.open(RestorePlanScreen(seed: seed))
    return driver
  }

  /// The same with its plan.
  static func planned(
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode,
    preferences: Preferences = Preferences(),
    preview: RestorePreview = preview()
  ) -> Driver {
    var driver = opened(width, height, glyphs, preferences: preferences)
    driver.answerContents()
    driver.answerPlan(preview)
    return driver
  }
}

extension Driver {
  var generation: Int { application.world.cluster.generation }

  /// The questions that were asked and not forgotten since the effects were last taken.
  var questions: [(question: Question, token: Token)] {
    var asked: [(question: Question, token: Token)] = []
    for effect in effects {
      switch effect {
      case .ask(let question, let token): asked.append((question, token))
      case .forget(let token): asked.removeAll { $0.token == token }
      default: break
      }
    }
    return asked
  }

  /// The plans that are waited for.
  var planQuestions: [(request: RestoreRequest, token: Token)] {
    questions.compactMap { asked in
      guard case .restore(.plan(let request, _)) = asked.question else { return nil }
      return (request, asked.token)
    }
  }

  /// What was launched.
  var restoreLaunches: [(launch: RestoreLaunch, id: OperationID)] {
    effects.compactMap { effect in
      guard case .launch(.restore(let launch), let id) = effect else { return nil }
      return (launch, id)
    }
  }

  mutating func answerContents() {
    for (question, token) in questions {
      guard case .restore(.contents) = question else { continue }
      send(.answer(.restore(.contents(RestoreExample.contents)), token))
    }
  }

  mutating func answerPlan(_ preview: RestorePreview = RestoreExample.preview()) {
    guard let token = planQuestions.last?.token else {
      Issue.record("no plan is waited for")
      return
    }
    send(.answer(.restore(.plan(preview)), token))
  }

  mutating func failPlan(_ failure: Failure) {
    guard let token = planQuestions.last?.token else {
      Issue.record("no plan is waited for")
      return
    }
    send(.answer(.failed(failure), token))
  }

  /// The screen that is seen.
  func top<Screen: ConsoleScreen>(_ type: Screen.Type) throws -> Screen {
    try #require(application.top as? Screen)
  }
}

extension RestoreExample {
  /// How far a run is in a wave.
  static func progress(_ wave: Int, done: Int) -> RestoreRunProgress {
    var progress = RestoreRunProgress()
    progress.total = 7
    progress.done = done
    progress.counts[.create] = done - 1
    progress.counts[.fail] = 1
    progress.wave = wave
    progress.waves = 3
    progress.waveTypes = wave == 1 ? ["secrets"] : ["services", "deployments.apps", "configmaps"]
    progress.parallelRequests = 8
    return progress
  }

  static let readiness: ReadinessReport = {
    var report = ReadinessReport()
    report.elapsed = .seconds(12)
    report.entries = [
      ReadinessEntry(address: address("deployments.apps", "shop", "api"), state: .ready()),
      ReadinessEntry(
        address: address("deployments.apps", "shop", "web"),
        state: .waiting("1 of 3 replicas are available")
      ),
      ReadinessEntry(
        address: address("statefulsets.apps", "shop", "database"),
        state: .stuck(.imagePull, "pod 'database-0': registry.local/postgres:16 was not found")
      ),
    ]
    report.gaps = [
      ReadinessGap(type: "events", namespace: "shop", reason: "the user may not list them")
    ]
    return report
  }()

  /// A console that shows a restore which this program runs.
  static func running(
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode
  ) throws -> Driver {
    var driver = planned(width, height, glyphs)
    driver.press("r", "tab", "enter")
    let id = driver.restoreID
    driver.send(.operation(.stage("restoring"), id: id))
    driver.send(.operation(.restore(.stage(.objects)), id: id))
    var progress = OperationProgress()
    (progress.done, progress.total) = (3, 7)
    driver.send(.operation(.progress(progress), id: id))
    driver.send(.operation(.restore(.progress(Self.progress(1, done: 1))), id: id))
    driver.send(.operation(.restore(.progress(Self.progress(1, done: 3))), id: id))
    let failed = try #require(entries.first { $0.verdict.action == .fail })
    driver.send(.operation(.restore(.failed(failed)), id: id))
    driver.effects = []
    return driver
  }

  static func record(
    _ name: String,
    _ phase: RestorePhase = .completed,
    minutesAgo: Int64
  ) -> Restore {
    var record = Restore(name: name)
    record.spec.backupName = "nightly"
    var status = RestoreStatus()
    status.phase = phase
    status.startTimestamp = Driver.start + GoDuration(seconds: -60 * minutesAgo)
    status.completionTimestamp = Driver.start + GoDuration(seconds: 42 - 60 * minutesAgo)
    status.progress = RestoreProgress(totalItems: 412, itemsRestored: 412)
    status.errors = phase == .completed ? 0 : 2
    status.warnings = 3
    record.status = status
    return record
  }

  static let records = [
    record("shop-1", .partiallyFailed, minutesAgo: 300),
    record("shop-3", minutesAgo: 2),
    record("shop-2", minutesAgo: 90),
  ]

  static func facts(target: ClusterIdentity? = source) -> RestoreFacts {
    var outcome = RestoreOutcomeFile(
      source: ClusterName(identity: source),
      target: ClusterName(context: "prod", server: "https://prod.example:6443", identity: target)
    )
    outcome.counts[.create] = 410
    outcome.counts[.fail] = 1
    outcome.failed = entries.compactMap { entry in
      guard case .fail(let failure) = entry.verdict else { return nil }
      return RestoreOutcomeFile.Failed(source: entry.source, target: entry.target, failure: failure)
    }
    outcome.pending = [address("services", "shop", "late")]
    outcome.namespaces = ["shop"]
    return RestoreFacts(record: records[0], options: RestoreOptions(), outcome: outcome)
  }

  /// A console that shows a restore of before.
  static func stored(
    _ width: Int = 120,
    _ height: Int = 40,
    _ glyphs: Glyphs = .unicode,
    target: ClusterIdentity? = source
  ) throws -> Driver {
    var driver = Driver(width, height, glyphs: glyphs)
    driver.connect()
    if let source { driver.send(.cluster(.identity(source), generation: driver.generation)) }
    driver.list(records)
    driver.effects = []
    driver.open(RestoreScreen(location: "default", name: "shop-1"))
    let token = try #require(driver.questions.last?.token)
    driver.send(.answer(.restore(.facts(facts(target: target))), token))
    return driver
  }
}

extension Driver {
  /// The restore that runs.
  var restoreID: OperationID {
    application.world.operations.all.last?.id ?? OperationID(number: 0)
  }

  var hasCancelled: Bool {
    effects.contains { if case .cancel = $0 { true } else { false } }
  }

  /// The restores of the location `default`.
  mutating func list(_ records: [Restore]) {
    if application.world.locations.value == nil {
      send(
        .locations(.success([ConsoleLocation(name: "default", place: "memory", isDefault: true)]))
      )
    }
    let listings = records.map { RestoreListing(location: "default", name: $0.name, record: $0) }
    send(.restores(.success(listings), location: "default"))
  }
}
