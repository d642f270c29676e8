// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives
internal import Synchronization

/// Reads everything a backup takes and puts it into the archive, lists in parallel.
struct ObjectCollection: Sendable {
  let selection: Selection
  let plan: ListPlan
  let reader: ListReader
  let state: RunState
  let lanes: ArchiveLane.Context
  /// How many lists are read at the same time.
  let parallelLists: Int

  /// Reads the lists of the filter: first what it wants first, then everything else.
  func collectListed() async throws {
    let ordered = plan.orderedCalls()
    for issue in ordered.remarks.compactMap(Issue.init) { state.report(issue) }
    let calls = plan.calls
    state.progress { $0.listsTotal = ordered.calls.count + calls.count }
    let lane = ArchiveLane(lanes)
    for call in ordered.calls {
      try await run(call, in: lane)
      reportUntaken(call)
    }
    try await lane.finish()
    let queue = CallQueue(calls)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<min(parallelLists, max(1, calls.count)) {
        group.addTask {
          let lane = ArchiveLane(lanes)
          while let call = queue.next() { try await run(call, in: lane) }
          try await lane.finish()
        }
      }
      try await group.waitForAll()
    }
  }

  /// Says so when an object that was to come first is not there, or not taken.
  private func reportUntaken(_ call: ListCall) {
    guard let remark = plan.untaken(call), let name = call.objectName,
      !state.hasTaken(type: call.type, namespace: call.namespace, name: name),
      var issue = Issue(remark)
    else { return }
    issue.subject = Issue.Subject(
      resource: selection.types[call.type].groupResource,
      namespace: call.namespace,
      name: name
    )
    state.report(issue)
  }

  /// Fetches what taken objects need, until nothing more is needed.
  func collectAdditions() async throws {
    let lane = ArchiveLane(lanes)
    var wave = state.nextWave()
    while !wave.isEmpty {
      let additions = AdditionReader(
        selection: selection,
        reader: reader,
        state: state,
        lane: lane
      )
      for request in wave { try await additions.fulfil(request) }
      wave = state.nextWave()
    }
    try await lane.finish()
  }

  /// Reads the Namespace objects, now that it is known which of them hold objects.
  func collectNamespaces(_ source: NamespaceReading) async throws {
    guard let type = selection.type("namespaces"), selection.types[type].listing == nil else {
      return
    }
    let lane = ArchiveLane(lanes)
    state.progress { $0.listsTotal += 1 }
    do {
      if source.isListable {
        try await reader.read(ListCall(type: type), rule: selection.types[type]) {
          try await lane.takeNamespaces($0, type: type)
        }
      } else {
        state.depart(
          ConsistencyWindow.Departure(
            resource: "namespaces",
            reason: "they may not be listed, so each was read by itself"
          )
        )
        try await lane.takeNamespaces(source.objects, type: type)
      }
    } catch let error as KubernetesError where error.code != .cancelled {
      state.report(Issue(listing: selection.types[type], namespace: nil, failed: error))
    }
    state.progress { $0.listsDone += 1 }
    try await lane.finish()
  }

  private func run(_ call: ListCall, in lane: ArchiveLane) async throws {
    let rule = selection.types[call.type]
    do {
      try await read(call, rule, lane)
    } catch let error as KubernetesError where error.code != .cancelled {
      let mayReadByNamespace =
        error.code == .forbidden && call.namespace == nil && rule.resource.isNamespaced
      guard mayReadByNamespace, call.objectName == nil else {
        state.report(Issue(listing: rule, namespace: call.namespace, failed: error))
        state.progress { $0.listsDone += 1 }
        return
      }
      try await runByNamespace(call, rule, lane, refused: error)
    }
    state.progress { $0.listsDone += 1 }
  }

  /// Reads a type namespace by namespace, for users who may not list it across all of them.
  private func runByNamespace(
    _ call: ListCall,
    _ rule: TypeRule,
    _ lane: ArchiveLane,
    refused: KubernetesError
  ) async throws {
    state.log.info(
      "\(rule.groupResource): read namespace by namespace: \(refused.message)"
    )
    var failures: [(namespace: String, error: KubernetesError)] = []
    for namespace in plan.namespaces {
      var own = call
      own.namespace = namespace
      do {
        try await read(own, rule, lane)
      } catch let error as KubernetesError where error.code != .cancelled {
        failures.append((namespace, error))
      }
    }
    // Where nothing at all may be read, the first refusal says it all.
    if failures.count == plan.namespaces.count,
      failures.allSatisfy({ $0.error.code == .forbidden })
    {
      return state.report(Issue(listing: rule, namespace: nil, failed: refused))
    }
    for failure in failures {
      state.report(Issue(listing: rule, namespace: failure.namespace, failed: failure.error))
    }
  }

  private func read(_ call: ListCall, _ rule: TypeRule, _ lane: ArchiveLane) async throws {
    try await reader.read(call, rule: rule) { try await lane.takeListed($0, type: call.type) }
  }
}

/// The lists that are still to be read.
private final class CallQueue: Sendable {
  private let calls: Mutex<ArraySlice<ListCall>>

  init(_ calls: [ListCall]) { self.calls = Mutex(calls[...]) }

  func next() -> ListCall? { calls.withLock { $0.popFirst() } }
}

extension Issue {
  /// A list that could not be read.
  init(listing rule: TypeRule, namespace: String?, failed error: KubernetesError) {
    let place = namespace.map { " in the namespace '\($0)'" } ?? ""
    // The client's message begins with what it could not do, which is said here already.
    let parts = error.message.split(separator: ": ", maxSplits: 1)
    let isRepeated = parts.count == 2 && parts[0].hasPrefix("cannot list ")
    self.init(
      .error,
      "cannot list \(rule.groupResource)\(place)",
      subject: Subject(resource: rule.groupResource, namespace: namespace),
      cause: isRepeated ? String(parts[1]) : error.message,
      hint: error.hint
    )
  }

  /// A remark about the selection; nil for a mere note.
  init?(_ remark: SelectionRemark) {
    switch remark.severity {
    case .note: return nil
    case .warning: self.init(.warning, remark.message, hint: remark.hint)
    case .error: self.init(.error, remark.message, hint: remark.hint)
    }
  }
}
