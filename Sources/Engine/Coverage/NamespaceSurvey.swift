// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives
internal import Velero

/// The namespaces that a coverage is about.
struct NamespaceSurvey: Sendable {
  /// Those of the scope that live.
  var namespaces: [LiveMetadata] = []
  /// Whether these are all of the cluster, so that lists over all namespaces need no sieve.
  var isWhole = true
  /// Whether the user may list namespaces.
  var isListable = true
  /// The cluster's identity; nil when the user may not know.
  var cluster: ClusterIdentity?
  var gaps: [CoverageGap] = []

  private static let resource = GroupVersionResource(
    group: "",
    version: "v1",
    resource: "namespaces"
  )

  /// Reads the namespaces.
  ///
  /// Where the user may not list them, the names of the scope will do, or else the namespace of the kubeconfig.
  ///
  /// - Throws: `EngineError` `.notFound` for a namespace that does not exist; `KubernetesError`.
  static func read(_ client: KubernetesClient, _ scope: CoverageScope) async throws
    -> NamespaceSurvey
  {
    do {
      return try await list(client, scope)
    } catch let error as KubernetesError where error.code == .forbidden {
      return try await get(client, scope, refused: error)
    }
  }

  private static func list(_ client: KubernetesClient, _ scope: CoverageScope) async throws
    -> NamespaceSurvey
  {
    let all = try await MetadataList(client: client, selector: scope.selector).read(resource)
    var survey = NamespaceSurvey()
    survey.cluster = ClusterIdentity(
      uid: all.first { $0.name == ClusterIdentity.namespace }?.uid
    )
    guard !scope.namespaces.isEmpty else {
      survey.namespaces = all
      return survey
    }
    for entry in scope.namespaces {
      let pattern = NamePattern(entry)
      guard !all.contains(where: { pattern.matches($0.name) }) else { continue }
      throw missing(entry)
    }
    let patterns = scope.namespaces.map(NamePattern.init)
    survey.namespaces = all.filter { namespace in
      patterns.contains { $0.matches(namespace.name) }
    }
    survey.isWhole = survey.namespaces.count == all.count
    return survey
  }

  private static func get(
    _ client: KubernetesClient,
    _ scope: CoverageScope,
    refused: KubernetesError
  ) async throws -> NamespaceSurvey {
    guard scope.namespaces.isEmpty || scope.isLiteral else {
      var error = refused
      error.hint = "name the namespaces without patterns"
      throw error
    }
    var survey = NamespaceSurvey()
    (survey.isWhole, survey.isListable) = (false, false)
    if scope.namespaces.isEmpty {
      let own = client.configuration.namespace
      survey.gaps = [
        CoverageGap(
          resources: ["namespaces"],
          reason: "\(refused.message); only the namespace '\(own)' of the context is looked at"
        )
      ]
    }
    let names =
      scope.namespaces.isEmpty ? [client.configuration.namespace] : scope.namespaces
    for name in Set(names).sorted() {
      if let namespace = try await one(client, name, scope) { survey.namespaces.append(namespace) }
    }
    survey.cluster = try await ClusterIdentity.read(with: client)
    return survey
  }

  /// A namespace by its name; one that may not be read has no labels that are known.
  private static func one(
    _ client: KubernetesClient,
    _ name: String,
    _ scope: CoverageScope
  ) async throws -> LiveMetadata? {
    do {
      let object = try await client.get(ObjectReference(resource, name: name))
      return try JSONReader().read(object.encoded()) {
        LiveMetadata($0, selector: scope.selector)
      }
    } catch let error as KubernetesError where error.code == .forbidden {
      let object: JSONValue = ["metadata": ["name": .string(name)]]
      return try JSONReader().read(object.encoded()) {
        LiveMetadata($0, selector: scope.selector)
      }
    } catch let error as KubernetesError where error.code == .notFound {
      throw missing(name)
    }
  }

  private static func missing(_ entry: String) -> EngineError {
    let isPattern = NamePattern.isPattern(entry)
    return EngineError(
      .notFound,
      isPattern ? "no namespace is called like '\(entry)'" : "there is no namespace '\(entry)'",
      hint: "'kubectl get namespaces' lists them"
    )
  }
}

/// Lists objects of which the metadata is enough.
struct MetadataList: Sendable {
  let client: KubernetesClient
  let selector: LabelSelector?

  /// The objects of a type, each once; those that are being deleted are left out.
  ///
  /// - Parameters:
  ///   - resource: The type.
  ///   - namespace: nil for all namespaces.
  ///   - isKept: Which objects are kept at all.
  /// - Returns: The objects in the server's order.
  /// - Throws: `KubernetesError`.
  func read(
    _ resource: GroupVersionResource,
    namespace: String? = nil,
    isKept: (LiveMetadata) -> Bool = { _ in true }
  ) async throws -> [LiveMetadata] {
    let options = ListOptions(resource: resource, namespace: namespace, isMetadataOnly: true)
    let reader = JSONReader()
    var items: [LiveMetadata] = []
    var repeated = false
    try await client.list(options) { event in
      switch event {
      case .items(let chunk):
        try chunk.forEachItem { bytes in
          let item = try reader.read(bytes) { LiveMetadata($0, selector: selector) }
          if !item.isBeingDeleted, isKept(item) { items.append(item) }
        }
      case .page: break
      case .repeated: repeated = true
      case .restarted: items = []
      }
    }
    guard repeated else { return items }
    var seen: Set<[String]> = []
    return items.filter { seen.insert([$0.namespace ?? "", $0.name]).inserted }
  }
}
