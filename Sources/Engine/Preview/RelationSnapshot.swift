// SPDX-License-Identifier: Apache-2.0

/// Relations that need more than metadata, by the type of the objects that state them.
public enum RelationKind: String, Sendable, Hashable, CaseIterable {
  /// A pod's claims and its priority class.
  case pods = "pods"
  /// A claim's volume.
  case claims = "persistentvolumeclaims"
  /// The service accounts of a cluster role binding, and its role.
  case bindings = "clusterrolebindings.rbac.authorization.k8s.io"

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

  /// Makes a gap.
  public init(kind: RelationKind, namespace: String?, reason: String) {
    self.kind = kind
    self.namespace = namespace
    self.reason = reason
  }
}

/// A Namespace object that was asked for by name, because namespaces may not be listed.
enum NamedNamespace: Sendable, Hashable {
  case found(NamespaceFacts, isBeingDeleted: Bool)
  /// It exists, as far as its name says, and may not be read.
  case unreadable(reason: String)
  case missing
}

/// The relations of a cluster's objects, as far as they have been asked for; it never changes.
public struct RelationSnapshot: Sendable {
  struct Versioned<Value: Sendable>: Sendable {
    var version: RowVersion
    var value: Value
  }

  /// The place of each pod's relations in `shapes`: they never change, and many pods have the same.
  var pods: [RowIdentity: UInt32] = [:]
  var shapes: [Relations] = []
  /// The volume of each claim; nil when it is not bound.
  var claims: [RowIdentity: Versioned<String?>] = [:]
  var bindings: [RowIdentity: Versioned<BindingFacts>] = [:]
  var namespaces: [String: NamedNamespace] = [:]
  /// Grows with every change.
  var version = 0
  /// What cannot be read.
  public internal(set) var gaps: [RelationGap] = []

  /// Makes a snapshot that knows nothing.
  public init() {}

  /// Why relations cannot be read; nil when they can, as far as is known.
  func gap(_ kind: RelationKind, inNamespace namespace: String?) -> RelationGap? {
    gaps.first { $0.kind == kind && ($0.namespace == nil || $0.namespace == namespace) }
  }
}

/// Relations that an evaluation lacks.
struct RelationWants: Sendable {
  /// The numbers of the rows, by what they state.
  var rows: [RelationKind: [Int]] = [:]
  /// Namespaces to be asked for by name.
  var namespaces: Set<String> = []

  var isEmpty: Bool { rows.isEmpty && namespaces.isEmpty }

  var count: Int { rows.values.reduce(namespaces.count) { $0 + $1.count } }
}
