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
    let objects = try await AskedObjects.read(ground, only: only)
    let needs = try await NeedReading.read(ground, planner.selection, objects)
    let plan = planner.plan(ground.index, only: objects.chosen) { needs[$0] ?? [] }
    let surroundings = RestoreTransform.Surroundings(
      volumes: ground.volumes,
      volumesProvisionedAnew: try await volumesProvisionedAnew(ground, plan),
      accounts: try await AccountReading.read(ground, plan, mapping, client)
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
      named: objects.named
    )
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

/// The single objects of a restore.
struct AskedObjects {
  /// The objects that the user named one by one.
  var named: Set<Int> = []
  /// The objects that may be restored; nil for all that the filter takes.
  var chosen: NamedObjects?

  static func read(
    _ ground: RestoreGround,
    only: Set<ObjectAddress>?
  ) async throws -> AskedObjects {
    var asked = AskedObjects()
    let options = ground.request.options
    if !options.objects.isEmpty {
      let named = try NamedObjects(
        options.objects,
        in: ground.index,
        discovery: ground.discovery
      )
      asked.named = named.numbers
      asked.chosen = named
    }
    if let only {
      let numbers = Set(only.compactMap { ground.index.number(of: $0) })
      asked.chosen = NamedObjects(numbers: numbers)
    }
    return asked
  }
}

/// What pods and claims bring along, where the filter does not take it anyway.
enum NeedReading {
  static func read(
    _ ground: RestoreGround,
    _ selection: RestoreSelection,
    _ objects: AskedObjects
  ) async throws -> [Int: [ObjectAddress]] {
    let index = ground.index
    let choice = selection.choose(from: index, only: objects.chosen)
    // Nothing can be brought along when all that could be is taken.
    let isComplete = index.items.allSatisfy { item in
      !RestoreTransform.neededResources.contains(item.resource)
        || choice.skips[item.number] == nil
    }
    if isComplete { return [:] }
    var numbers: [Int: Int] = [:]
    for item in index.items where RestoreTransform.needyResources.contains(item.resource) {
      // A claim may be taken for a pod's sake, a pod for nothing's.
      let isNeeded = RestoreTransform.neededResources.contains(item.resource)
      if choice.skips[item.number] == nil || isNeeded, let copy = item.copies.first {
        numbers[copy.number] = item.number
      }
    }
    var needs: [Int: [ObjectAddress]] = [:]
    let reader = JSONReader(leaving: [JSONReader.Member("managedFields", in: "metadata")])
    try await ground.reader.read(copies: numbers.keys) { copy, bytes in
      guard let number = numbers[copy] else { return }
      let object = try reader.read(bytes) { $0.value }
      let own = RestoreTransform.needs(object, index.address(number))
      if !own.isEmpty { needs[number] = own }
    }
    return needs
  }
}

/// The service accounts that secrets of tokens may belong to.
enum AccountReading {
  /// Up to so many namespaces are read one by one rather than all accounts of the cluster.
  private static let namespaceLimit = 20

  static func read(
    _ ground: RestoreGround,
    _ plan: RestorePlan,
    _ mapping: NamespaceMapping,
    _ client: KubernetesClient
  ) async throws -> [String: Set<String>] {
    var accounts: [String: Set<String>] = [:]
    var namespaces: Set<String> = []
    for item in plan.items {
      guard case .restored = item.standing, let namespace = ground.index[item.number].namespace
      else { continue }
      let object = ground.index[item.number]
      let target = mapping.target(of: namespace)
      switch object.resource {
      case "serviceaccounts": accounts[target, default: []].insert(object.name)
      case "secrets" where object.name.contains("-token-"): namespaces.insert(target)
      default: break
      }
    }
    accounts = accounts.filter { namespaces.contains($0.key) }
    guard !namespaces.isEmpty else { return [:] }
    let scopes: [String?] =
      namespaces.count > namespaceLimit ? [nil] : namespaces.sorted().map(Optional.some)
    let live = try await scopes.mapInParallel(limit: 8) { try await names(in: $0, client) }
    for (namespace, name) in live.joined() where namespaces.contains(namespace) {
      accounts[namespace, default: []].insert(name)
    }
    return accounts
  }

  private static func names(
    in namespace: String?,
    _ client: KubernetesClient
  ) async throws -> [(String, String)] {
    let type = GroupVersionResource(group: "", version: "v1", resource: "serviceaccounts")
    do {
      return try await ObjectNames.list(type, namespace: namespace, client).map {
        ($0.namespace ?? "", $0.name)
      }
    } catch let error as KubernetesError where error.code == .forbidden {
      // Who may not see them gets secrets of tokens restored that the server then fills or removes.
      return []
    }
  }
}
