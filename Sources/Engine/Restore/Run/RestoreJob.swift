// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives
internal import Velero

/// Carries a plan out, wave after wave.
struct RestoreJob {
  let prepared: PreparedRestore
  let writer: TargetWriter
  let state: RestoreState
  private var changer: ObjectChanger
  private var waves: WaveReader
  private var names = TargetNames()
  private var discovery: Discovery
  private let restorer: ItemRestorer
  private var failedNamespaces: [String: RestoreFailure] = [:]

  init(_ prepared: PreparedRestore, writer: TargetWriter, state: RestoreState) {
    self.prepared = prepared
    self.writer = writer
    self.state = state
    changer = ObjectChanger(prepared)
    waves = WaveReader(prepared.plan, prepared.ground)
    discovery = prepared.ground.discovery
    restorer = prepared.restorer(writer)
  }

  private var gate: RequestGate { writer.waiting.gate }
  private var options: RestoreOptions { prepared.ground.request.options }

  /// Restores everything.
  ///
  /// - Throws: `CancellationError` when the restore is stopped; `EngineError` and `ObjectStoreError` when the archive cannot be read
  ///   any further; `KubernetesError` when the target cannot be asked at all.
  mutating func run() async throws {
    tell()
    let plan = prepared.plan
    let namespaces = try await PlannedNamespaces.read(
      plan.namespaces.map(\.target),
      client: writer.client
    )
    names = try await TargetNames.read(
      prepared,
      newNamespaces: namespaces.new,
      client: writer.client
    )
    state.enter(.objects, "restoring \(state.progress.total) objects in \(plan.waves.count) waves")
    for wave in plan.waves.indices {
      switch plan.waves[wave].kind {
      case .definitions: try await restoreDefinitions(wave)
      case .namespaces: try await restoreNamespaces(namespaces)
      case .first, .others, .last: try await restore(wave)
      }
    }
    if options.keepsOwners {
      let owners = OwnerRestorer(writer: writer, discovery: discovery)
      for issue in try await owners.restore(state.owned) { state.report(issue) }
    }
  }

  /// Says what the plan does not restore, and cannot.
  private func tell() {
    for remark in prepared.remarks {
      if let issue = Issue(remark) { state.report(issue) } else { state.log.info(remark.message) }
    }
    for item in prepared.plan.items {
      // The run before this one has said what it leaves.
      if prepared.isRest, case .skipped(.notNamed) = item.standing { continue }
      guard let entry = prepared.entry(item) else { continue }
      state.settle(entry, number: item.number, kind: nil, issues: [], limit: gate.limit)
    }
  }

  private mutating func restoreNamespaces(_ found: PlannedNamespaces) async throws {
    let restorer = NamespaceRestorer(writer: writer)
    let archived = try await prepared.archivedNamespaces(of: found.new)
    let missing = found.new.sorted()
    let results = try await missing.mapInParallel(limit: PlannedNamespaces.parallelRequests) {
      name in
      try await restorer.ensure(
        name,
        of: archived[name],
        isTerminating: found.terminating.contains(name)
      )
    }
    for (name, result) in zip(missing, results) {
      switch result {
      case .there: break
      case .created: state.created(namespace: name)
      case .failed(let failure):
        failedNamespaces[name] = failure
        state.report(
          Issue(
            .error,
            "the namespace '\(name)' could not be made",
            subject: Issue.Subject(resource: RestoreWave.namespaces, namespace: name),
            cause: failure.message,
            hint: failure.hint
          )
        )
      }
    }
  }

  /// Restores definitions and waits until they are served.
  private mutating func restoreDefinitions(_ wave: Int) async throws {
    let waiting = DefinitionWaiting(writer: writer)
    let kept = Kept<DefinitionWaiting.Definition>()
    try await restore(wave) { item, result in
      if case .fail = result.verdict { return result }
      guard let reference = item.reference else { return result }
      var result = result
      switch try await waiting.established(reference) {
      case .established(let definition): kept.append(definition)
      case .failed(let failure): result.verdict = .fail(failure)
      }
      return result
    }
    guard !kept.values.isEmpty else { return }
    discovery = try await waiting.discovery(with: kept.values)
    changer.types = TypeTable(discovery)
  }

  /// Restores the objects of a wave, as many at a time as the server bears.
  ///
  /// - Parameters:
  ///   - wave: Its place.
  ///   - follow: What is still done about an object before it counts as dealt with.
  /// - Throws: As `run`.
  private mutating func restore(
    _ wave: Int,
    _ follow: @escaping @Sendable (DesiredObject, ItemResult) async throws -> ItemResult = { $1 }
  ) async throws {
    state.begin(wave: wave, prepared.plan.waves[wave].resources, limit: gate.limit)
    let (state, gate, restorer, changer) = (state, gate, restorer, changer)
    let (names, failedNamespaces) = (names, failedNamespaces)
    let (keepsOwners, index) = (options.keepsOwners, prepared.ground.index)
    try await withThrowingDiscardingTaskGroup { group in
      try await waves.read(wave) { number, bytes in
        let item: DesiredObject
        switch try changer.change(number, bytes) {
        case .settled(let entry, let number, let issues):
          state.settle(entry, number: number, kind: nil, issues: issues, limit: gate.limit)
          return
        case .desired(let desired): item = desired
        }
        if let failure = item.target.namespace.flatMap({ failedNamespaces[$0] }) {
          state.settle(item, ItemResult(verdict: .fail(failure)), limit: gate.limit)
          return
        }
        let isOwned = keepsOwners && index[number].flags.contains(.owned)
        try await gate.enter()
        group.addTask {
          defer { gate.leave() }
          do {
            let result = try await restorer.restore(item, names.presence(of: item.target))
            let final = try await follow(item, result)
            if isOwned { state.keepOwners(of: item, final) }
            state.settle(item, final, limit: gate.limit)
          } catch is CancellationError {
            // It counts among what was not done.
          }
        }
      }
    }
    if gate.isStopped { throw CancellationError() }
  }
}

extension RestoreState {
  /// Takes note of what was done about a desired object.
  fileprivate func settle(_ item: DesiredObject, _ result: ItemResult, limit: Int) {
    let entry = RestoreEntry(source: item.source, target: item.target, verdict: result.verdict)
    switch result.verdict {
    case .create, .update, .recreate, .skipIdentical, .skipDifferent:
      if ReadinessFollower.follows(item.target.type) { follow(item.target) }
    case .leave, .fail: break
    }
    settle(
      entry,
      number: item.number,
      kind: item.listedKind,
      issues: item.issues + result.issues,
      limit: limit
    )
  }

  /// Keeps the owners of an object that was made.
  fileprivate func keepOwners(of item: DesiredObject, _ result: ItemResult) {
    guard result.version != nil, let reference = item.reference,
      let owners = item.archived[path: "metadata", "ownerReferences"]
    else { return }
    keep(
      OwnerRestorer.Owned(
        item: OwnerRestorer.OwnedItem(reference: reference, subject: item.subject),
        archived: ["metadata": ["ownerReferences": owners]]
      )
    )
  }
}
