// SPDX-License-Identifier: Apache-2.0

public import Velero

/// A restore as somebody composes it; what is asked for is checked when the request is made of it.
public struct RestoreDraft: Sendable, Hashable {
  /// What is done about objects that exist and differ.
  public enum Policy: String, Sendable, Hashable, CaseIterable {
    /// They are left.
    case none
    /// They are changed.
    case update
    /// They are deleted and created anew, which Velero's spec has no word for.
    case recreate
  }

  /// The restore's name.
  public var name: String
  /// The namespace that the record names.
  public var namespace: String
  /// What goes into the spec as it is: the backup, the filter, and how objects are restored.
  public var spec: RestoreSpec
  /// What is done about objects that exist; nil where nothing is said.
  public var policy: Policy?
  /// What Velero's spec has no fields for; whether objects are recreated comes from the policy.
  public var options: RestoreOptions

  /// Makes a draft that asks for all of a backup.
  public init(name: String, namespace: String = "velero", backup: String = "") {
    self.name = name
    self.namespace = namespace
    spec = RestoreSpec()
    if !backup.isEmpty { spec.backupName = backup }
    spec.includedNamespaces = ["*"]
    policy = nil
    options = RestoreOptions()
  }

  /// All that is wrong with it.
  public var problems: [RestoreDraftProblem] {
    var problems: [RestoreDraftProblem] = []
    if !ObjectName.isSubdomain(name) { problems.append(.name(name)) }
    for (from, to) in spec.namespaceMapping.sorted(by: { $0.key < $1.key }) {
      problems += [from, to].filter { !ObjectName.isLabel($0) }
        .map { .mapping(from: from, to: to, invalid: $0) }
    }
    problems += options.objects.filter { ObjectAddress(parsing: $0) == nil }.map { .object($0) }
    if options.takesDependencies, options.objects.isEmpty {
      problems.append(.dependenciesWithoutObjects)
    }
    for (old, new) in options.maps.nodeLabels.sorted(by: { $0.key < $1.key }) {
      if !old.contains("=") || !(new.isEmpty || new.contains("=")) {
        problems.append(.nodeLabel(old: old, new: new))
      }
    }
    do {
      let filter = try RestoreFilter(spec).problems
      if !filter.isEmpty { problems.append(.filter(filter)) }
    } catch let error as VeleroError {
      problems.append(.filter([error.message]))
    } catch {
      problems.append(.filter(["\(error)"]))
    }
    return problems
  }

  /// What would be run.
  ///
  /// - Throws: The first of the problems.
  public func request() throws(RestoreDraftProblem) -> RestoreRequest {
    if let problem = problems.first { throw problem }
    var restore = Restore(name: name, namespace: namespace, spec: spec)
    restore.spec.existingResourcePolicy =
      policy == .recreate ? "" : policy?.rawValue ?? spec.existingResourcePolicy
    var options = options
    options.recreates = policy == .recreate
    return RestoreRequest(restore: restore, options: options)
  }
}

/// Something that is wrong with a draft of a restore.
public enum RestoreDraftProblem: Error, Sendable, Hashable {
  /// No restore can have this name.
  case name(String)
  /// A namespace cannot be restored into another one, since one of them can have no such name.
  case mapping(from: String, to: String, invalid: String)
  /// The text names no object.
  case object(String)
  /// Dependencies are wanted of nothing.
  case dependenciesWithoutObjects
  /// Labels of nodes are written in another way.
  case nodeLabel(old: String, new: String)
  /// The filter does not make sense, for these reasons.
  case filter([String])

  /// What is wrong.
  public var message: String {
    switch self {
    case .name(let name): "'\(name)' cannot be the name of a restore"
    case .mapping(_, _, let invalid): "'\(invalid)' cannot be a namespace"
    case .object(let text): "'\(text)' names no object"
    case .dependenciesWithoutObjects: "dependencies are those of single objects, and none is named"
    case .nodeLabel(let old, let new): "'\(old):\(new)' is no label of nodes with another"
    case .filter(let problems): problems.joined(separator: "\n")
    }
  }

  /// What can be done about it.
  public var hint: String {
    switch self {
    case .name: ObjectName.rule
    case .mapping:
      "write namespaces of the backup with those that take their objects: shop:shop-copy"
    case .object:
      "write type/namespace/name, such as configmaps/shop/settings, or type/name"
    case .dependenciesWithoutObjects:
      "a restore without single objects takes all that its filter takes"
    case .nodeLabel: "write labels as KEY=VALUE:KEY=VALUE, such as disk=hdd:disk=ssd"
    case .filter: "correct the filter"
    }
  }
}
