// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Relations that need more than metadata, by the type of the objects that state them.
public enum RelationKind: String, Sendable, Hashable, CaseIterable {
  /// A pod's claims and its priority class.
  case pods = "pods"
  /// A claim's volume.
  case claims = "persistentvolumeclaims"
  /// The service accounts of a cluster role binding, and its role.
  case bindings = "clusterrolebindings.rbac.authorization.k8s.io"
  /// A volume's source and size; only where a resource policy has rules for volumes.
  case volumes = "persistentvolumes"

  /// `plural.group` of the type.
  public var type: String { rawValue }
}

/// Relations that cannot be read, and why.
public struct RelationGap: Sendable, Hashable {
  /// Which.
  public var kind: RelationKind
  /// In which namespace; nil for all of them and for cluster-scoped types.
  public var namespace: String?
  /// Why, in words.
  public var reason: String
  /// When they are asked for again.
  var expiry = Timestamp(seconds: .max)

  /// Makes a gap.
  public init(kind: RelationKind, namespace: String?, reason: String) {
    self.kind = kind
    self.namespace = namespace
    self.reason = reason
  }
}

/// A Namespace object that was asked for by name, because namespaces may not be listed.
struct NamedNamespace: Sendable, Hashable {
  enum Answer: Sendable, Hashable {
    case found(NamespaceFacts, isBeingDeleted: Bool)
    /// It exists, as far as its name says, and cannot be read.
    case unreadable(reason: String)
    case missing
  }

  var answer: Answer
  /// When it is asked for again.
  var expiry: Timestamp
}

/// The relations of a cluster's objects, as far as they have been asked for; it never changes.
public struct RelationSnapshot: Sendable {
  struct Versioned<Value: Sendable>: Sendable {
    var version: RowVersion
    var value: Value
  }

  /// The place of each pod's statement in `shapes`: it never changes, and many pods have the same.
  var pods: [RowIdentity: UInt32] = [:]
  var shapes: [PodStatement] = []
  var claims: [RowIdentity: Versioned<ClaimStatement>] = [:]
  var bindings: [RowIdentity: Versioned<BindingFacts>] = [:]
  var volumes: [RowIdentity: Versioned<VolumeFacts>] = [:]
  var namespaces: [String: NamedNamespace] = [:]
  /// Grows with every change.
  var version = 0
  /// What cannot be read.
  public internal(set) var gaps: [RelationGap] = []

  /// Makes a snapshot that knows nothing.
  public init() {}

  /// Keeps what an object says.
  ///
  /// - Parameters:
  ///   - reading: The object.
  ///   - shape: Gives the place of a pod's statement among the shapes, where it may be put.
  mutating func keep(
    _ reading: RelationReading,
    shape: (PodStatement, inout [PodStatement]) -> UInt32
  ) {
    switch reading.statement {
    case .pod(let pod): pods[reading.id] = shape(pod, &shapes)
    case .claim(let claim):
      claims[reading.id] = Versioned(version: reading.version, value: claim)
    case .binding(let facts):
      bindings[reading.id] = Versioned(version: reading.version, value: facts)
    case .volume(let facts):
      volumes[reading.id] = Versioned(version: reading.version, value: facts)
    }
  }

  /// Lets what is known of a row be good for its version, since the server was asked and has nothing newer.
  mutating func settle(_ kind: RelationKind, _ id: RowIdentity, _ version: RowVersion) {
    switch kind {
    case .pods: break
    case .claims: Self.settle(&claims[id], version, ClaimStatement())
    case .bindings: Self.settle(&bindings[id], version, BindingFacts())
    case .volumes: Self.settle(&volumes[id], version, VolumeFacts())
    }
  }

  private static func settle<Value>(
    _ entry: inout Versioned<Value>?,
    _ version: RowVersion,
    _ nothing: Value
  ) {
    guard entry?.version.shows(version) != true else { return }
    entry = Versioned(version: version, value: entry?.value ?? nothing)
  }

  /// Drops what claims, bindings and volumes said that are gone, once they are more than half.
  mutating func prune(_ inventory: InventorySnapshot) {
    if let live = inventory.identities(.claims, ifFewerThanHalfOf: claims.count) {
      claims = claims.filter { live.contains($0.key) }
    }
    if let live = inventory.identities(.bindings, ifFewerThanHalfOf: bindings.count) {
      bindings = bindings.filter { live.contains($0.key) }
    }
    if let live = inventory.identities(.volumes, ifFewerThanHalfOf: volumes.count) {
      volumes = volumes.filter { live.contains($0.key) }
    }
  }

  /// Why relations cannot be read; nil when they can, as far as is known.
  func gap(_ kind: RelationKind, inNamespace namespace: String?) -> RelationGap? {
    gaps.first { $0.kind == kind && ($0.namespace == nil || $0.namespace == namespace) }
  }
}

/// Relations that an evaluation lacks.
struct RelationWants: Sendable {
  /// The numbers of the rows, by what they state.
  var rows: [RelationKind: Set<Int>] = [:]
  /// Namespaces to be asked for by name.
  var namespaces: Set<String> = []
  /// What would be wanted, had it not been refused.
  var gaps: Set<RelationGap> = []

  var isEmpty: Bool { rows.isEmpty && namespaces.isEmpty }

  var count: Int { rows.values.reduce(namespaces.count) { $0 + $1.count } }
}

extension InventorySnapshot {
  /// The objects of a type, when they are fewer than half of so many; a thousand more or less is not worth the trouble.
  func identities(_ kind: RelationKind, ifFewerThanHalfOf count: Int) -> Set<RowIdentity>? {
    guard let place = place(of: kind.type), count > 1024 + 2 * type(at: place).rowCount else {
      return nil
    }
    return Set(
      objects(ofType: place).map { RowIdentity(self, place: place, row: $0.index) }
    )
  }
}
