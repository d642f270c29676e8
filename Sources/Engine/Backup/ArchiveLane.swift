// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives
internal import Velero

/// One worker's way into the archive: reads items, asks the selection, appends tar entries to its own block.
///
/// Used by one task at a time. Items go out as the bytes that came in; `apiVersion` and `kind` are put in front where
/// the list left them out, as an API server's lists of built-in types do.
final class ArchiveLane {
  /// What the lanes of a run have in common.
  struct Context: Sendable {
    let backupName: String
    let selection: Selection
    let state: RunState
    let pipeline: ArchivePipeline
    /// The time that the archive's entries carry.
    let modified: Timestamp
    /// A block is handed on when it has this many bytes.
    let blockBytes: Int
  }

  private let context: Context
  private let reader = JSONReader()
  private var writer: ArchiveWriter
  private var block = ArchiveBlock()
  private var lastHead: (type: String, bytes: [UInt8]) = ("", [])
  /// Whether the run knows from this lane that the filter matches something.
  private var hasNotedMatch = false

  init(_ context: Context) {
    self.context = context
    writer = ArchiveWriter(modified: context.modified)
  }

  /// Archives those of some listed items that the filter takes.
  ///
  /// - Parameters:
  ///   - chunk: Items of one type.
  ///   - type: The place of their type in the selection.
  /// - Throws: `CancellationError` when the archive has come to an early end.
  func takeListed(_ chunk: JSONListChunk, type: Int) async throws {
    let rule = context.selection.types[type]
    let readsRelations = context.state.hasInterest(in: rule.groupResource)
    var lastNamespace: String?
    try append(chunk, rule) { view, facts in
      let verdict = context.selection.verdict(
        ofListed: type,
        namespace: facts.namespace,
        name: facts.name,
        isBeingDeleted: facts.isBeingDeleted,
        label: facts.label
      )
      if let namespace = facts.namespace, namespace != lastNamespace, verdict.isOfCollected {
        lastNamespace = namespace
        context.state.noteListed(in: namespace)
      }
      return accept(verdict, type, rule, facts) {
        readsRelations ? Relations(of: view, type: rule.groupResource) : nil
      }
    }
    try await flush(ifAtLeast: context.blockBytes)
  }

  /// Archives those of some items that other objects need.
  ///
  /// - Parameters:
  ///   - chunk: Items of one type.
  ///   - type: The place of their type in the selection.
  ///   - reason: Says who needs an item; nil when nobody does.
  /// - Throws: `CancellationError` when the archive has come to an early end.
  func takeAdditions(
    _ chunk: JSONListChunk,
    type: Int,
    reason: (JSONView, ItemFacts) -> Inclusion?
  ) async throws {
    let rule = context.selection.types[type]
    try append(chunk, rule) { view, facts in
      guard let reason = reason(view, facts) else { return false }
      let verdict = context.selection.verdict(
        ofAddition: type,
        namespace: facts.namespace,
        isBeingDeleted: facts.isBeingDeleted,
        reason: reason,
        label: facts.label
      )
      return accept(verdict, type, rule, facts) { Relations(of: view, type: rule.groupResource) }
    }
    try await flush(ifAtLeast: context.blockBytes)
  }

  /// Archives those Namespace objects that the backup needs.
  func takeNamespaces(_ chunk: JSONListChunk, type: Int) async throws {
    let rule = context.selection.types[type]
    try append(chunk, rule) { view, facts in
      let verdict = context.selection.verdict(
        ofNamespace: NamespaceFacts(view),
        isBeingDeleted: facts.isBeingDeleted,
        holdsObjects: context.state.holdsObjects(facts.name)
      )
      return accept(verdict, type, rule, facts) { nil }
    }
    try await flush(ifAtLeast: context.blockBytes)
  }

  /// Hands the last block on.
  func finish() async throws { try await flush(ifAtLeast: 1) }

  private func flush(ifAtLeast limit: Int) async throws {
    guard block.bytes.count >= limit else { return }
    let full = block
    block = context.pipeline.emptyBlock()
    try await context.pipeline.send(full)
  }

  private func accept(
    _ verdict: Verdict,
    _ type: Int,
    _ rule: TypeRule,
    _ facts: ItemFacts,
    _ relations: () -> Relations?
  ) -> Bool {
    switch verdict {
    case .left(let exclusion):
      context.state.leave(exclusion)
      if exclusion.isAboutTheObject {
        context.state.log.left(facts, of: rule.groupResource, because: exclusion)
      }
      return false
    case .taken(let inclusion):
      let isNew = context.state.take(
        type: type,
        typeName: rule.groupResource,
        namespace: facts.namespace,
        name: facts.name,
        relations: relations()
      )
      if !hasNotedMatch, inclusion.isMatch {
        hasNotedMatch = true
        context.state.noteMatch()
      }
      if isNew, inclusion.isForOthers {
        context.state.log.taken(facts, of: rule.groupResource, because: inclusion)
      }
      return isNew
    }
  }

  /// Reads each item and appends those that `decide` takes.
  private func append(
    _ chunk: JSONListChunk,
    _ rule: TypeRule,
    decide: (JSONView, ItemFacts) throws -> Bool
  ) throws {
    var listedBytes = 0
    try chunk.forEachItem { bytes in
      listedBytes += bytes.count
      do {
        try reader.read(bytes) { view in
          let facts = ItemFacts(view)
          guard !facts.name.isEmpty else {
            throw JSONError(message: "the object has no name", offset: 0)
          }
          guard try decide(view, facts) else { return }
          try appendEntries(bytes, view, facts, rule)
          observe(view, facts, rule)
        }
      } catch let error as JSONError {
        report(error.description, rule)
      } catch let error as VeleroError {
        report(error.message, rule)
      }
    }
    context.state.progress { progress in
      progress.objectsListed += chunk.count
      progress.listedBytes += Int64(listedBytes)
      progress.storedBytes = context.pipeline.storedBytes
    }
  }

  /// Takes note of what an object that was taken asks for beyond being in the archive.
  private func observe(_ view: JSONView, _ facts: ItemFacts, _ rule: TypeRule) {
    switch rule.groupResource {
    case "persistentvolumes":
      context.state.observe(volume: VolumeInfo(withoutData: view, name: facts.name))
    case "pods":
      if facts.asksForHooks { context.state.observe(hooksOf: facts) }
    default: break
    }
  }

  private func report(_ cause: String, _ rule: TypeRule) {
    context.state.report(
      Issue(
        .error,
        "cannot back up an object of the list of \(rule.groupResource)",
        subject: Issue.Subject(resource: rule.groupResource),
        cause: cause,
        hint: "the API server, or something between it and this machine, sent damaged data"
      )
    )
  }

  private func appendEntries(
    _ bytes: UnsafeRawBufferPointer,
    _ view: JSONView,
    _ facts: ItemFacts,
    _ rule: TypeRule
  ) throws(VeleroError) {
    let item = ArchiveItem(
      resource: rule.groupResource,
      version: rule.resource.version,
      isPreferredVersion: true,
      namespace: facts.namespace,
      name: facts.name
    )
    guard !ItemTransform.isNeeded(view, type: rule.groupResource, backupName: context.backupName)
    else {
      let changed = ItemTransform.apply(view.value, backupName: context.backupName).encoded(.go)
      return try changed.withUnsafeBufferPointer { (bytes) throws(VeleroError) in
        try appendEntries(item, head(facts, rule), UnsafeRawBufferPointer(bytes))
      }
    }
    try appendEntries(item, head(facts, rule), bytes)
  }

  /// What is put in front of an item that lacks its type: `{"apiVersion":"v1","kind":"Pod",`, or nothing.
  private func head(_ facts: ItemFacts, _ rule: TypeRule) -> [UInt8] {
    switch (facts.hasAPIVersion, facts.hasKind) {
    case (true, true): return []
    case (false, false):
      // Nearly always, and the same for all items of a list.
      if lastHead.type != rule.groupResource {
        lastHead = (rule.groupResource, Array("{\(Self.version(rule))\(Self.kind(rule))".utf8))
      }
      return lastHead.bytes
    case (false, true): return Array("{\(Self.version(rule))".utf8)
    case (true, false): return Array("{\(Self.kind(rule))".utf8)
    }
  }

  private static func version(_ rule: TypeRule) -> String {
    "\"apiVersion\":\"\(rule.resource.apiVersion)\","
  }

  private static func kind(_ rule: TypeRule) -> String { "\"kind\":\"\(rule.resource.kind)\"," }

  /// The same bytes go under the plain name and, right behind it, under the preferred version's, so that the second
  /// copy costs the compressor next to nothing.
  private func appendEntries(
    _ item: ArchiveItem,
    _ head: [UInt8],
    _ bytes: UnsafeRawBufferPointer
  ) throws(VeleroError) {
    // The item's own opening bracket gives way to the head's.
    let body = head.isEmpty ? bytes : UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    try head.withUnsafeBufferPointer { (head) throws(VeleroError) in
      try writer.append(item, head: UnsafeRawBufferPointer(head), body: body, to: &block)
    }
  }
}

extension NamespaceFacts {
  /// Reads a Namespace object.
  init(_ view: JSONView) {
    var labels: [String: String] = [:]
    view["metadata"]?["labels"]?.forEachMember { key, value in
      labels[String(decoding: key, as: UTF8.self)] = value.string
    }
    self.init(
      name: view["metadata"]?["name"]?.string ?? "",
      isActive: view["status"]?["phase"]?.string == "Active",
      labels: labels
    )
  }
}

extension VolumeInfo {
  /// An entry for a volume whose object is in the backup and whose data is not.
  fileprivate init(withoutData view: JSONView, name: String) {
    let claim = view["spec"]?["claimRef"]
    self.init(
      skipping: claim?["name"]?.string ?? "",
      in: claim?["namespace"]?.string ?? "",
      volumeName: name,
      reason: "any: direct backups take the objects of volumes, not their data;"
    )
    json["pvInfo"] = [
      "reclaimPolicy": .string(view["spec"]?["persistentVolumeReclaimPolicy"]?.string ?? ""),
      "labels": view["metadata"]?["labels"]?.value ?? nil,
    ]
  }
}
