// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives
internal import Synchronization
internal import Velero

/// Compares a plan with the target; sends no write.
struct PreviewJob {
  let prepared: PreparedRestore
  let writer: TargetWriter
  let asksServer: Bool
  let onEvent: @Sendable (RestoreEvent) -> Void

  private var gate: RequestGate { writer.waiting.gate }

  /// Makes the preview.
  ///
  /// - Throws: `KubernetesError` when the target cannot be asked; `EngineError` and `ObjectStoreError` when the archive cannot be
  ///   read; `CancellationError`.
  func run() async throws -> RestorePreview {
    let plan = prepared.plan
    let namespaces = try await PlannedNamespaces.read(
      plan.namespaces.map(\.target),
      client: writer.client
    )
    let names = try await TargetNames.read(
      prepared,
      newNamespaces: namespaces.new,
      client: writer.client
    )
    let forecasts = Forecasts(prepared, onEvent)
    let previewer = ItemPreviewer(
      writer: writer,
      restorer: prepared.restorer(writer),
      asksServer: asksServer,
      newNamespaces: namespaces.new,
      planned: plannedNames
    )
    try await forecast(names, previewer, forecasts)
    try await noteNamespaces(namespaces.missing, forecasts)
    let findings = try await Preflight(
      client: writer.client,
      discovery: prepared.ground.discovery
    ).check(forecasts.facts, namespaces: plan.namespaces.map(\.target))
    return forecasts.preview(prepared, created: namespaces.new, findings, isChecked: asksServer)
  }

  private func noteNamespaces(_ missing: Set<String>, _ forecasts: Forecasts) async throws {
    let archived = try await prepared.archivedNamespaces(of: missing)
    for name in missing {
      forecasts.note(namespace: name, NamespaceRestorer.object(name, of: archived[name]))
    }
  }

  private var plannedNames: Set<String> {
    var names = Set(prepared.plan.namespaces.map(\.target))
    for item in prepared.plan.items {
      if case .restored = item.standing { names.insert(prepared.ground.index[item.number].name) }
    }
    return names
  }

  private func forecast(
    _ names: TargetNames,
    _ previewer: ItemPreviewer,
    _ forecasts: Forecasts
  ) async throws {
    let changer = ObjectChanger(prepared)
    var waves = WaveReader(prepared.plan, prepared.ground)
    try await withThrowingDiscardingTaskGroup { group in
      for wave in prepared.plan.waves.indices {
        try await waves.read(wave) { number, bytes in
          try Task.checkCancellation()
          switch try changer.change(number, bytes) {
          case .settled(let entry, let number, let issues):
            forecasts.settle(entry, number: number, issues)
          case .desired(let item):
            try await gate.enter()
            group.addTask {
              defer { previewer.writer.waiting.gate.leave() }
              let presence = names.presence(of: item.target)
              let forecast = try await previewer.forecast(item, presence)
              forecasts.settle(item, forecast)
            }
          }
        }
      }
    }
  }
}

/// What is foreseen of the objects of a plan, gathered by several tasks.
private final class Forecasts: Sendable {
  private struct State {
    var entries: [RestoreEntry?]
    var progress = RestoreRunProgress()
    var issues: [Issue] = []
    var facts = PreflightFacts()
    var doubts: [String: Int] = [:]
  }

  private let state: Mutex<State>
  private let onEvent: @Sendable (RestoreEvent) -> Void

  init(_ prepared: PreparedRestore, _ onEvent: @escaping @Sendable (RestoreEvent) -> Void) {
    var first = State(
      entries: [RestoreEntry?](repeating: nil, count: prepared.ground.index.itemCount)
    )
    first.progress.total = prepared.plan.restoredCount
    state = Mutex(first)
    self.onEvent = onEvent
  }

  var facts: PreflightFacts { state.withLock { $0.facts } }

  /// Takes note of a namespace that is created.
  func note(namespace name: String, _ object: JSONValue) {
    let target = ObjectAddress(type: RestoreWave.namespaces, name: name)
    state.withLock { $0.facts.note(object, at: target, verbs: ["create"]) }
  }

  func settle(_ entry: RestoreEntry, number: Int, _ issues: [Issue]) {
    let progress = state.withLock { state in
      state.entries[number] = entry
      state.issues += issues
      state.progress.done += 1
      return state.progress
    }
    onEvent(.progress(progress))
  }

  func settle(_ item: DesiredObject, _ forecast: ItemPreviewer.Forecast) {
    let verbs: Set<String>
    switch forecast.verdict {
    case .create: verbs = ["create"]
    case .update: verbs = ["get", "patch"]
    case .recreate: verbs = ["get", "delete", "create"]
    case .skipIdentical, .skipDifferent: verbs = ["get"]
    case .leave, .fail: verbs = []
    }
    state.withLock { state in
      if !verbs.isEmpty { state.facts.note(item.object, at: item.target, verbs: verbs) }
      if let doubt = forecast.doubt { state.doubts[doubt, default: 0] += 1 }
    }
    let entry = RestoreEntry(
      source: item.source,
      target: item.target,
      verdict: forecast.verdict
    )
    settle(entry, number: item.number, item.issues)
  }

  /// Puts everything together, in the order of the plan.
  func preview(
    _ prepared: PreparedRestore,
    created: Set<String>,
    _ findings: [PreflightFinding],
    isChecked: Bool
  ) -> RestorePreview {
    let (found, issues, doubts) = state.withLock { ($0.entries, $0.issues, $0.doubts) }
    var counts = RestoreCounts()
    let entries = prepared.plan.items.compactMap { item -> RestoreEntry? in
      guard let entry = found[item.number] ?? prepared.entry(item) else { return nil }
      counts[entry.verdict.action] += 1
      return entry
    }
    let doubtful = doubts.sorted { $0.key < $1.key }.map { text, count in
      Issue(
        .warning,
        "the server could not say of \(count) objects whether it would take them",
        cause: text,
        hint: "its webhooks have to support dry runs for that"
      )
    }
    return RestorePreview(
      restore: prepared.ground.request.restore,
      backup: prepared.ground.backup,
      source: prepared.ground.source,
      target: prepared.ground.target,
      entries: entries,
      namespaces: created.sorted(),
      counts: counts,
      findings: findings,
      remarks: prepared.remarks,
      issues: prepared.ground.issues + issues + doubtful,
      isCheckedByServer: isChecked && doubts.isEmpty
    )
  }
}
