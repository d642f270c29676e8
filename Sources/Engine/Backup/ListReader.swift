// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Reads the lists of a run at the run's revision where that can be, and says where it could not.
struct ListReader: Sendable {
  let client: KubernetesClient
  let policy: RevisionPolicy
  let state: RunState
  /// Objects a page.
  let pageSize: Int

  /// Reads one list.
  ///
  /// Items may come twice where a page had to be asked for again; whoever takes them keeps the first.
  ///
  /// - Parameters:
  ///   - call: What to list.
  ///   - rule: Its type.
  ///   - onItems: Takes the items as they arrive.
  /// - Throws: `KubernetesError`; what `onItems` throws; cancellation.
  func read(
    _ call: ListCall,
    rule: TypeRule,
    onItems: (JSONListChunk) async throws -> Void
  ) async throws {
    state.progress { $0.current = rule.groupResource }
    if call.objectName != nil, case .exact(let revision) = policy.reading(of: rule.resource) {
      return try await readOne(call, rule, revision, onItems)
    }
    switch policy.reading(of: rule.resource) {
    case .newest(let reason):
      try await readNewest(call, rule, reason, onItems)
    case .exact(let revision):
      do {
        try await readExact(call, rule, revision, onItems)
      } catch let error as KubernetesError where error.refusesRevision {
        try await readNewest(
          call,
          rule,
          "revision \(revision) cannot be read any more: \(error.message)",
          onItems
        )
      }
    }
  }

  /// Reads one object by its name.
  ///
  /// Some API servers answer such a list from the object's newest state, whatever revision was asked for. An object that was
  /// not changed after that revision is the right one all the same; otherwise the whole list is read, which
  /// does obey, and brings everything of its type.
  private func readOne(
    _ call: ListCall,
    _ rule: TypeRule,
    _ revision: String,
    _ onItems: (JSONListChunk) async throws -> Void
  ) async throws {
    var chunks: [JSONListChunk] = []
    var isOfRevision = false
    do {
      try await list(options(for: call, rule, at: revision), rule) { page in
        isOfRevision = page.resourceVersion == revision
      } onItems: {
        if $0.count > 0 { chunks.append($0) }
      }
    } catch let error as KubernetesError where error.refusesRevision {
      chunks = []
    }
    if isOfRevision || Self.isUnchanged(since: revision, chunks) {
      for chunk in chunks { try await onItems(chunk) }
    } else {
      var whole = call
      whole.objectName = nil
      try await read(whole, rule: rule, onItems: onItems)
    }
  }

  /// Whether there are objects and none was changed after a revision; etcd's revisions are numbers.
  private static func isUnchanged(since revision: String, _ chunks: [JSONListChunk]) -> Bool {
    guard let revision = UInt64(revision), !chunks.isEmpty else { return false }
    let reader = JSONReader()
    for chunk in chunks {
      var isUnchanged = true
      try? chunk.forEachItem { bytes in
        let version = try reader.read(bytes) { $0["metadata"]?["resourceVersion"]?.string }
        isUnchanged = isUnchanged && version.flatMap { UInt64($0) }.map { $0 <= revision } ?? false
      }
      guard isUnchanged else { return false }
    }
    return true
  }

  private func readExact(
    _ call: ListCall,
    _ rule: TypeRule,
    _ revision: String,
    _ onItems: (JSONListChunk) async throws -> Void
  ) async throws {
    try await list(options(for: call, rule, at: revision), rule) { page in
      guard page.resourceVersion != revision, !page.resourceVersion.isEmpty else { return }
      state.depart(
        ConsistencyWindow.Departure(
          resource: rule.groupResource,
          reason: "the API server answered with revision \(page.resourceVersion)",
          revision: page.resourceVersion
        )
      )
    } onItems: {
      try await onItems($0)
    }
  }

  private func readNewest(
    _ call: ListCall,
    _ rule: TypeRule,
    _ reason: String,
    _ onItems: (JSONListChunk) async throws -> Void
  ) async throws {
    try await list(options(for: call, rule), rule) { page in
      state.depart(
        ConsistencyWindow.Departure(
          resource: rule.groupResource,
          reason: reason,
          revision: call.namespace == nil ? page.resourceVersion : nil
        )
      )
    } onItems: {
      try await onItems($0)
    }
  }

  /// What to ask for, at one revision exactly or at none in particular.
  private func options(
    for call: ListCall,
    _ rule: TypeRule,
    at revision: String? = nil
  ) -> ListOptions {
    var options = ListOptions(resource: rule.resource.groupVersionResource)
    options.namespace = call.namespace
    options.labelSelector = call.labelSelector
    options.fieldSelector = call.objectName.map { "metadata.name=\($0)" }
    options.limit = pageSize
    if let revision {
      options.resourceVersion = revision
      options.resourceVersionMatch = .exact
    }
    return options
  }

  private func list(
    _ options: ListOptions,
    _ rule: TypeRule,
    onPage: (ListPage) -> Void,
    onItems: (JSONListChunk) async throws -> Void
  ) async throws {
    _ = try await client.list(options) { event in
      switch event {
      case .items(let chunk): try await onItems(chunk)
      case .page(let page): onPage(page)
      case .repeated(let error):
        state.log.info("\(rule.groupResource): a page is asked for again: \(error.message)")
      case .restarted(let error):
        state.depart(
          ConsistencyWindow.Departure(
            resource: rule.groupResource,
            reason: "the list expired while it was read and was begun anew: \(error.message)"
          )
        )
      }
    }
  }
}

extension KubernetesError {
  /// Whether an API server answers so to a revision that it no longer, not yet, or never serves.
  ///
  /// 410 for a compacted one, 504 Timeout for one of the future, 400 where the parameter is not known.
  var refusesRevision: Bool {
    switch code {
    case .expired, .badRequest, .invalid: true
    case .timeout: httpStatus == 504
    default: false
    }
  }
}
