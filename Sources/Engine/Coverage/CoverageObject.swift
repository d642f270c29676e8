// SPDX-License-Identifier: Apache-2.0

/// An object of the cluster that ought to be in a backup: a namespace or a workload.
///
/// Objects and their copies in backups are matched by type, namespace and name, as a restore does; a copy that is older
/// than the object itself counts, since restoring it gives an object of that name.
public struct CoverageObject: Sendable, Hashable {
  /// Why an object is left out of backups on purpose.
  public enum Exclusion: String, Sendable, Hashable {
    /// It is labelled `velero.io/exclude-from-backup=true` itself.
    case label
    /// Its namespace is.
    case namespaceLabel
  }

  /// The API group, empty for the core group; versions do not count.
  public var group: String
  /// The kind, such as `Deployment`.
  public var kind: String
  /// The type as `plural.group`, or `plural` in the core group.
  public var resource: String
  /// The namespace; nil for cluster-scoped objects.
  public var namespace: String?
  /// The name.
  public var name: String
  /// Why it is left out on purpose; nil for the others.
  public var exclusion: Exclusion?

  /// Makes an object.
  public init(
    group: String,
    kind: String,
    resource: String,
    namespace: String?,
    name: String,
    exclusion: Exclusion? = nil
  ) {
    self.group = group
    self.kind = kind
    self.resource = resource
    self.namespace = namespace
    self.name = name
    self.exclusion = exclusion
  }

  /// A namespace.
  public static func namespace(_ name: String, exclusion: Exclusion? = nil) -> CoverageObject {
    CoverageObject(
      group: "",
      kind: "Namespace",
      resource: "namespaces",
      namespace: nil,
      name: name,
      exclusion: exclusion
    )
  }

  /// Whether it is a namespace and no workload.
  public var isNamespace: Bool { group.isEmpty && kind == "Namespace" }

  /// The namespace it belongs to, for a namespace itself; nil for other cluster-scoped objects.
  public var home: String? { isNamespace ? name : namespace }

  /// The entry of a resource list: `namespace/name`, or `name`.
  var entry: String { namespace.map { "\($0)/\(name)" } ?? name }

  /// The order of rows: by namespace, a namespace before what is in it, then by kind and name.
  static func isInOrder(_ left: CoverageObject, _ right: CoverageObject) -> Bool {
    left.sortKey.lexicographicallyPrecedes(right.sortKey)
  }

  private var sortKey: [String] {
    // Cluster-scoped workloads are so few that their place matters little: behind the namespaces.
    [home == nil ? "1" : "0", home ?? "", isNamespace ? "0" : "1", kind, group, name]
  }
}
