// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Synchronization
internal import Velero

extension PreparedRestore {
  /// What becomes of an object that the plan does not restore; nil for one that it does.
  func entry(_ item: RestorePlan.Item) -> RestoreEntry? {
    let verdict: RestoreVerdict
    switch item.standing {
    case .restored: return nil
    case .skipped(let skip): verdict = .leave(skip)
    case .failing(let obstacle): verdict = .fail(RestoreFailure(obstacle))
    }
    let source = ground.index.address(item.number)
    return RestoreEntry(source: source, target: target(of: source), verdict: verdict)
  }

  /// Where an object of the backup goes.
  func target(of source: ObjectAddress) -> ObjectAddress {
    ObjectAddress(
      type: source.type,
      namespace: source.namespace.map(mapping.target),
      name: source.name
    )
  }

  /// What is done about objects that exist.
  var policy: ExistingPolicy {
    if ground.request.options.recreates { return .recreate }
    return ExistingPolicy(rawValue: ground.spec.existingResourcePolicy) ?? .none
  }

  /// What restores the plan's objects one by one.
  func restorer(_ writer: TargetWriter) -> ItemRestorer {
    ItemRestorer(
      writer: writer,
      policy: policy,
      named: named,
      customTypes: definedTypes,
      labels: MetadataReset.labels(
        backup: ground.backup.name,
        restore: ground.request.restore.name
      )
    )
  }

  /// The types that the archive has definitions of, `plural.group`.
  private var definedTypes: Set<String> {
    Set(
      ground.index.items.lazy.filter { $0.resource == RestoreWave.definitions }.map(\.name)
    )
  }

  /// The Namespace objects of the backup that namespaces of the target are made of, by their names there.
  ///
  /// - Throws: `EngineError` `.corrupt`, `ObjectStoreError`.
  func archivedNamespaces(of targets: Set<String>) async throws -> [String: JSONValue] {
    var names: [Int: String] = [:]
    for namespace in plan.namespaces where targets.contains(namespace.target) {
      guard let number = namespace.number, let copy = ground.index[number].copies.first else {
        continue
      }
      names[copy.number] = namespace.target
    }
    var objects: [String: JSONValue] = [:]
    let reader = JSONReader(leaving: [JSONReader.Member("managedFields", in: "metadata")])
    try await ground.reader.read(copies: names.keys) { copy, bytes in
      guard let name = names[copy] else { return }
      objects[name] = try reader.read(bytes) { $0.value }
    }
    return objects
  }
}

extension RestoreFailure {
  /// What keeps an object from being restored before anything is tried.
  init(_ obstacle: RestoreObstacle) {
    let hint: String
    switch obstacle {
    case .typeMissing(_, hasDefinition: true):
      hint = "restore the type 'customresourcedefinitions' too"
    case .typeMissing: hint = "install what serves the type in the target"
    case .typeUnknown: hint = "'kubectl get apiservices' shows which aggregated API server is down"
    case .versionMissing: hint = "convert the objects, or upgrade what serves the type"
    }
    let cause: FailureCause =
      if case .versionMissing = obstacle { .versionMissing } else { .typeMissing }
    self.init(cause, obstacle.description, hint: hint)
  }
}

/// Values that several tasks gather.
final class Kept<Value: Sendable>: Sendable {
  private let state = Mutex<[Value]>([])

  /// Adds a value.
  func append(_ value: Value) { state.withLock { $0.append(value) } }

  /// Puts a value in the place of all others.
  func replace(_ value: Value) { state.withLock { $0 = [value] } }

  /// The values, in the order they came.
  var values: [Value] { state.withLock { $0 } }
}
