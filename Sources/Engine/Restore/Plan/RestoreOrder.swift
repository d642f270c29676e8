// SPDX-License-Identifier: Apache-2.0

public import Kubernetes

/// In which order types are restored: some first, some last, all others between them.
///
/// Source: velero/05, section 2; `pkg/cmd/server/config/config.go`.
public struct RestoreOrder: Sendable, Hashable {
  /// Types that go first, in this order.
  public var high: [String]
  /// Types that go last, in this order.
  public var low: [String]

  /// Makes an order.
  public init(high: [String], low: [String]) {
    self.high = high
    self.low = low
  }

  /// Velero's own order.
  public static let standard = RestoreOrder(
    high: [
      "customresourcedefinitions", "namespaces", "storageclasses",
      "volumesnapshotclass.snapshot.storage.k8s.io",
      "volumesnapshotcontents.snapshot.storage.k8s.io",
      "volumesnapshots.snapshot.storage.k8s.io", "datauploads.velero.io", "persistentvolumes",
      "persistentvolumeclaims", "clusterroles", "roles", "serviceaccounts",
      "clusterrolebindings", "rolebindings", "secrets", "configmaps", "limitranges",
      "priorityclasses", "pods", "replicasets.apps", "clusterclasses.cluster.x-k8s.io",
      "endpoints", "services",
    ],
    low: [
      "clusterbootstraps.run.tanzu.vmware.com", "clusters.cluster.x-k8s.io",
      "clusterresourcesets.addons.cluster.x-k8s.io", "apps.kappctrl.k14s.io",
      "packageinstalls.packaging.carvel.dev",
    ]
  )

  /// Reads the value of Velero's `--restore-resource-priorities`: `high1,high2,-,low1`.
  public init(parsing text: String) {
    let parts = text.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
      .filter { !$0.isEmpty }
    let high = parts.prefix { $0 != "-" }
    self.init(high: Array(high), low: parts.dropFirst(high.count + 1).filter { $0 != "-" })
  }

  /// Puts types into their order; each once.
  ///
  /// - Parameters:
  ///   - resources: `plural.group`, in any order.
  ///   - discovery: What the target serves; names of this order that it does not know stand for themselves.
  /// - Returns: The waves; that of the namespaces is always there.
  public func waves(of resources: some Sequence<String>, discovery: Discovery) -> [RestoreWave] {
    var left = Set(resources)
    func take(_ name: String) -> String? { left.remove(name) }
    func taken(_ names: [String]) -> [String] {
      names.compactMap { name in
        take(discovery.resource(named: name)?.groupResource ?? name)
      }
    }
    var waves: [RestoreWave] = []
    // Definitions and namespaces go before all else, whatever the order says.
    if let definitions = take(RestoreWave.definitions) {
      waves.append(RestoreWave(kind: .definitions, resources: [definitions]))
    }
    waves.append(RestoreWave(kind: .namespaces, resources: [RestoreWave.namespaces]))
    _ = take(RestoreWave.namespaces)
    waves += taken(high).map { RestoreWave(kind: .first, resources: [$0]) }
    let last = taken(low).map { RestoreWave(kind: .last, resources: [$0]) }
    let rest = left.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if !rest.isEmpty { waves.append(RestoreWave(kind: .others, resources: rest)) }
    return waves + last
  }
}

/// Types that are restored together, when all waves before them are through.
public struct RestoreWave: Sendable, Hashable {
  /// What the wave waits for and may do at a time.
  public enum Kind: Sendable, Hashable {
    /// Definitions of custom resources, which have to be established before anything else is restored.
    case definitions
    /// Namespaces that objects are restored into.
    case namespaces
    /// One type that others build upon.
    case first
    /// All types that no other has to wait for, sorted by name.
    case others
    /// One type that goes behind all others.
    case last
  }

  /// What it waits for.
  public var kind: Kind
  /// The types, `plural.group`.
  public var resources: [String]

  /// Makes a wave.
  public init(kind: Kind, resources: [String]) {
    self.kind = kind
    self.resources = resources
  }

  /// The type of definitions.
  static let definitions = "customresourcedefinitions.apiextensions.k8s.io"
  /// The type of namespaces.
  static let namespaces = "namespaces"
}
