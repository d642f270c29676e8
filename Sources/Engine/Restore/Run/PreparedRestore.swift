// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives
internal import Velero

/// A plan, with all that its objects are changed by on their way.
struct PreparedRestore {
  let ground: RestoreGround
  let plan: RestorePlan
  let planner: RestorePlanner
  let transform: RestoreTransform
  /// The objects that the user named one by one.
  let named: Set<Int>
  /// Whether only what an earlier run has left is restored.
  let isRest: Bool
  /// What the user should know of the filter and of the objects that he named.
  let remarks: [SelectionRemark]

  var mapping: NamespaceMapping { planner.mapping }

  /// Makes the plan.
  ///
  /// - Parameters:
  ///   - ground: What it is made from.
  ///   - client: The target; service accounts are read from it where secrets of theirs are to be restored.
  ///   - only: The objects that are to be restored of those that are asked for; nil for all.
  /// - Returns: The plan.
  /// - Throws: `EngineError` `.invalid`, `.notFound`, `.corrupt`; `VeleroError`; `ObjectStoreError`; `KubernetesError`.
  static func make(
    _ ground: RestoreGround,
    client: KubernetesClient,
    only: Set<ObjectAddress>? = nil
  ) async throws -> PreparedRestore {
    let filter = try RestoreFilter(ground.spec)
    let mapping = NamespaceMapping(ground.spec.namespaceMapping)
    if let problem = (filter.problems + mapping.problems).first {
      throw EngineError(
        .invalid,
        "cannot restore as '\(ground.request.restore.name)': \(problem)",
        hint: "correct the filter; 'binnacle restore create --help' explains its flags"
      )
    }
    let planner = RestorePlanner(
      filter: filter,
      mapping: mapping,
      order: ground.request.options.order ?? .standard,
      discovery: ground.discovery
    )
    let objects = try await AskedObjects.read(
      ground.request.options.objects,
      withDependencies: ground.request.options.takesDependencies,
      in: ground.index,
      ground.reader,
      discovery: ground.discovery,
      only: only
    )
    let needs = try await NeedReading.read(ground, planner.selection, objects)
    let plan = planner.plan(ground.index, only: objects.chosen) { needs[$0] ?? [] }
    let surroundings = RestoreTransform.Surroundings(
      volumes: ground.volumes,
      volumesProvisionedAnew: try await volumesProvisionedAnew(ground, plan),
      accounts: try await AccountReading.read(ground, plan, mapping, client),
      snapshots: snapshots(ground.index, plan)
    )
    return PreparedRestore(
      ground: ground,
      plan: plan,
      planner: planner,
      transform: RestoreTransform(
        RestoreTransform.Options(
          backup: ground.backup.name,
          restore: ground.request.restore.name,
          mapping: mapping,
          keepsNodePorts: ground.spec.preserveNodePorts ?? false,
          restoresVolumes: ground.spec.restorePVs,
          maps: ground.request.options.maps
        ),
        surroundings: surroundings,
        modifiers: try ground.modifiers.map { try ModifierRules($0) }
      ),
      named: objects.named,
      isRest: only != nil,
      remarks: plan.remarks + objects.remarks
    )
  }

  /// The snapshots of the plan, `namespace/name`.
  private static func snapshots(_ index: ArchiveIndex, _ plan: RestorePlan) -> Set<String> {
    var names: Set<String> = []
    for item in plan.items {
      guard case .restored = item.standing,
        index[item.number].resource == SnapshotTransform.snapshots
      else { continue }
      names.insert("\(index[item.number].namespace ?? "")/\(index[item.number].name)")
    }
    return names
  }

  /// The volumes of the plan that are not restored themselves.
  private static func volumesProvisionedAnew(
    _ ground: RestoreGround,
    _ plan: RestorePlan
  ) async throws -> Set<String> {
    let copies = plan.items.compactMap { item -> Int? in
      guard case .restored(_, let copy) = item.standing,
        ground.index[item.number].resource == "persistentvolumes"
      else { return nil }
      return copy
    }
    var names: Set<String> = []
    let reader = JSONReader()
    try await ground.reader.read(copies: copies) { _, bytes in
      let volume = try reader.read(bytes) { $0.value }
      names.formUnion(
        ground.volumes.provisionedAnew(
          among: [volume],
          restoresVolumes: ground.spec.restorePVs
        )
      )
    }
    return names
  }
}
