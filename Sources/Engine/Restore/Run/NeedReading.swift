// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives
internal import Velero

/// What pods and claims bring along, where the filter does not take it anyway.
enum NeedReading {
  static func read(
    _ ground: RestoreGround,
    _ selection: RestoreSelection,
    _ objects: AskedObjects
  ) async throws -> [Int: [ObjectAddress]] {
    let choice = selection.choose(from: ground.index, only: objects.chosen)
    if isWhole(choice, ground.index) { return [:] }
    return try await read(ground.index, ground.reader) { item in
      // A claim may be taken for a pod's sake, a pod for nothing's.
      choice.skips[item.number] == nil
        || RestoreTransform.neededResources.contains(item.resource)
    }
  }

  /// Whether nothing can be brought along, since all that could be is taken.
  static func isWhole(_ choice: RestoreChoice, _ index: ArchiveIndex) -> Bool {
    RestoreTransform.neededResources.allSatisfy { resource in
      index.numbers(ofType: resource).allSatisfy { choice.skips[$0] == nil }
    }
  }

  /// Reads what objects bring along.
  ///
  /// - Parameters:
  ///   - index: The archive's objects.
  ///   - reader: Reads them.
  ///   - isWanted: Whether an object of those that may bring others along is looked at.
  /// - Returns: What is brought along, by the number of the object that does.
  /// - Throws: What reading throws.
  static func read(
    _ index: ArchiveIndex,
    _ reader: ArchiveItemReader,
    where isWanted: (ArchivedItem) -> Bool = { _ in true }
  ) async throws -> [Int: [ObjectAddress]] {
    var numbers: [Int: Int] = [:]
    for item in RestoreTransform.needyResources.flatMap(index.numbers(ofType:)).map({ index[$0] })
    where isWanted(item) {
      if let copy = item.copies.first { numbers[copy.number] = item.number }
    }
    var needs: [Int: [ObjectAddress]] = [:]
    let json = JSONReader(leaving: [JSONReader.Member("managedFields", in: "metadata")])
    try await reader.read(copies: numbers.keys) { copy, bytes in
      guard let number = numbers[copy] else { return }
      let object = try json.read(bytes) { $0.value }
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
