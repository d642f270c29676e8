// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Velero

/// Which objects of a plan the target has, as far as lists of names say.
struct TargetNames: Sendable {
  /// What is known of an object.
  enum Presence: Sendable, Hashable {
    /// The target has none of its name.
    case absent
    /// It has one.
    case present
    /// It was not looked at.
    case unknown
  }

  /// Up to so many namespaces of a type are listed one by one, more by one list of the cluster.
  private static let namespaceLimit = 10
  /// So few objects are asked about one by one, which is less than a list.
  private static let fewObjects = 2
  /// How many lists run at a time.
  private static let parallelLists = 8

  private struct Scope: Hashable {
    var type: String
    var namespace: String?
  }

  /// The names that the target has of those in the plan, by type and namespace; nothing for scopes that were not read.
  private var present: [Scope: Set<String>] = [:]
  /// Namespaces that are not there yet, so that nothing is in them.
  private var newNamespaces: Set<String> = []

  /// What is known of an object of the plan.
  func presence(of target: ObjectAddress) -> Presence {
    if let namespace = target.namespace, newNamespaces.contains(namespace) { return .absent }
    guard let names = present[Scope(type: target.type, namespace: target.namespace)] else {
      return .unknown
    }
    return names.contains(target.name) ? .present : .absent
  }

  /// Reads what the target has.
  ///
  /// - Parameters:
  ///   - prepared: The plan.
  ///   - newNamespaces: The namespaces that are not there.
  ///   - client: The target.
  /// - Returns: What is known; types that may not be listed are not.
  /// - Throws: `KubernetesError` when the target cannot be asked at all.
  static func read(
    _ prepared: PreparedRestore,
    newNamespaces: Set<String>,
    client: KubernetesClient
  ) async throws -> TargetNames {
    var names = TargetNames()
    names.newNamespaces = newNamespaces
    let planned = planned(prepared, newNamespaces)
    let types = Dictionary(
      prepared.ground.discovery.preferred.map { ($0.groupResource, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let reads = Dictionary(grouping: planned.keys, by: \.type).compactMap { type, scopes in
      types[type].flatMap { resource -> Read? in
        guard resource.verbs.contains("list") else { return nil }
        let wanted = planned.filter { $0.key.type == type }
        return Read(type: resource, scopes: scopes, wanted: wanted)
      }
    }
    let found = try await reads.mapInParallel(limit: parallelLists) { try await $0.run(client) }
    for part in found { names.present.merge(part) { one, other in one.union(other) } }
    return names
  }

  /// The names of the plan by type and namespace, without those of which nothing is to be read.
  private static func planned(
    _ prepared: PreparedRestore,
    _ newNamespaces: Set<String>
  ) -> [Scope: Set<String>] {
    var planned: [Scope: Set<String>] = [:]
    for item in prepared.plan.items {
      guard case .restored = item.standing else { continue }
      let source = prepared.ground.index[item.number]
      let namespace = source.namespace.map(prepared.mapping.target)
      if let namespace, newNamespaces.contains(namespace) { continue }
      planned[Scope(type: source.resource, namespace: namespace), default: []]
        .insert(source.name)
    }
    return planned.filter { $0.value.count > fewObjects }
  }

  /// The lists of one type.
  private struct Read: Sendable {
    var type: APIResource
    var scopes: [Scope]
    var wanted: [Scope: Set<String>]

    func run(_ client: KubernetesClient) async throws -> [Scope: Set<String>] {
      if type.isNamespaced, scopes.count <= TargetNames.namespaceLimit {
        return try await byNamespace(client)
      }
      do {
        return try await list(namespace: nil, client)
      } catch let error as KubernetesError where error.code == .forbidden && type.isNamespaced {
        return try await byNamespace(client)
      } catch let error as KubernetesError where Self.isPassedOver(error) {
        return [:]
      }
    }

    private func byNamespace(_ client: KubernetesClient) async throws -> [Scope: Set<String>] {
      var present: [Scope: Set<String>] = [:]
      for scope in scopes {
        do {
          present.merge(try await list(namespace: scope.namespace, client)) { _, new in new }
        } catch let error as KubernetesError where Self.isPassedOver(error) {
          continue
        }
      }
      return present
    }

    /// What is not known is asked object by object.
    private static func isPassedOver(_ error: KubernetesError) -> Bool {
      switch error.code {
      case .forbidden, .notFound, .unsupported, .serverError, .unavailable, .timeout: true
      default: false
      }
    }

    private func list(
      namespace: String?,
      _ client: KubernetesClient
    ) async throws -> [Scope: Set<String>] {
      var present: [Scope: Set<String>] = [:]
      for scope in scopes where namespace == nil || scope.namespace == namespace {
        present[scope] = []
      }
      let entries = try await ObjectNames.list(
        type.groupVersionResource,
        namespace: namespace,
        client
      ) { namespace, name in
        wanted[Scope(type: type.groupResource, namespace: namespace)]?.contains(name) == true
      }
      for entry in entries {
        let scope = Scope(type: type.groupResource, namespace: entry.namespace)
        present[scope]?.insert(entry.name)
      }
      return present
    }
  }
}
