// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Velero

/// What objects of an archive refer to, and what those refer to in turn.
///
/// References are followed downwards only: from a workload to its claims, from a binding to its role, from a custom resource to
/// its definition, from everything to its namespace; never to owners. Copies are read level by level, only those of types whose
/// fields name others, and none twice.
public struct ObjectDependencies: Sendable, Hashable {
  /// A reference of one object to another.
  public struct Reference: Sendable, Hashable {
    /// The object that is referred to.
    public var target: ObjectAddress
    /// What it is to the other: `secret mounted by`.
    public var relation: String
    /// The object that refers to it.
    public var source: ObjectAddress
    /// Whether that does without it.
    public var isOptional: Bool

    /// The reference in words: `secret mounted by deployments.apps 'shop/web'`.
    public var reason: String { "\(relation) \(source)" }
  }

  /// The references that the archive can meet, by the number of the object that refers.
  public private(set) var found: [Int: [Reference]] = [:]
  /// The numbers of all objects that are referred to, those asked about not among them, in the order they were found.
  public private(set) var numbers: [Int] = []
  /// The references to what the archive lacks, in the order they were found.
  ///
  /// What every cluster has by itself is not among them: namespaces, which a restore makes, the service account `default` and the
  /// priority classes of the system.
  public private(set) var missing: [Reference] = []
  private var reasons: [Int: Reference] = [:]

  /// What an object brings along, as plans ask for it.
  public func needs(of number: Int) -> [ObjectAddress] { (found[number] ?? []).map(\.target) }

  /// Why an object was found: the first reference to it; nil for what was asked about and what was not found.
  public func reason(for number: Int) -> Reference? { reasons[number] }

  /// Finds what objects refer to.
  ///
  /// - Parameters:
  ///   - numbers: The objects' numbers in the index.
  ///   - index: The archive's objects.
  ///   - reader: Reads them.
  /// - Returns: What was found, and what the archive lacks.
  /// - Throws: What reading throws.
  public static func of(
    _ numbers: Set<Int>,
    in index: ArchiveIndex,
    reader: ArchiveItemReader
  ) async throws -> ObjectDependencies {
    var search = DependencySearch(index: index)
    var level = numbers.sorted()
    search.begin(level)
    while !level.isEmpty {
      var facts: [Int: ObjectFacts] = [:]
      let json = JSONReader()
      var copies: [Int: Int] = [:]
      for number in level where search.isTelling(number) {
        if let copy = search.copy(of: number) { copies[copy] = number }
      }
      try await reader.read(copies: copies.keys.sorted()) { copy, bytes in
        guard let number = copies[copy] else { return }
        let item = index[number]
        let version = index.copy(copy).apiVersion
        facts[number] = try json.read(bytes) {
          ObjectFacts($0, type: item.resource, apiVersion: version)
        }
      }
      level = level.flatMap { search.follow($0, facts[$0]) }
    }
    return search.dependencies
  }

  fileprivate mutating func add(_ reference: Reference, from number: Int) {
    if found[number]?.contains(where: { $0.target == reference.target }) == true { return }
    found[number, default: []].append(reference)
  }

  fileprivate mutating func add(number: Int, _ reason: Reference) {
    numbers.append(number)
    reasons[number] = reason
  }

  fileprivate mutating func add(missing reference: Reference) { missing.append(reference) }
}

/// Follows references through an archive.
private struct DependencySearch {
  /// Types whose objects name no others, or whose content is nobody's business.
  private static let silent: Set<String> = [
    "configmaps", "secrets", "namespaces", "services", "events", "events.events.k8s.io",
    "endpoints",
    "endpointslices.discovery.k8s.io", "roles.rbac.authorization.k8s.io",
    "clusterroles.rbac.authorization.k8s.io", "storageclasses.storage.k8s.io",
    "priorityclasses.scheduling.k8s.io", "runtimeclasses.node.k8s.io",
    "ingressclasses.networking.k8s.io", ObjectTypes.definitions,
  ]
  private static let systemClasses: Set<String> = [
    "system-cluster-critical", "system-node-critical",
  ]

  private struct Kind: Hashable {
    var kind: String
    var group: String
  }

  private(set) var dependencies = ObjectDependencies()
  private let index: ArchiveIndex
  /// The archive's types by their kinds.
  private let kinds: [Kind: String]
  private var seen: Set<Int> = []
  private var lacking: Set<ObjectDependencies.Reference> = []
  /// The names of all claims by namespace, once they are wanted.
  private var claimNames: [String: [String]]?

  init(index: ArchiveIndex) {
    self.index = index
    var kinds: [Kind: String] = [:]
    for type in index.rows.types {
      let resource = index.rows.text.string(type.resource)
      let kind = Kind(kind: index.rows.text.string(type.kind), group: Self.group(of: resource))
      kinds[kind] = kinds[kind] ?? resource
    }
    self.kinds = kinds
  }

  private static func group(of resource: String) -> String {
    let parts = resource.split(separator: ".", maxSplits: 1)
    return parts.count == 2 ? String(parts[1]) : ""
  }

  mutating func begin(_ numbers: [Int]) { seen.formUnion(numbers) }

  /// Whether an object has to be read.
  func isTelling(_ number: Int) -> Bool { !Self.silent.contains(index[number].resource) }

  /// The entry that is read: the unversioned one, which is that of the version that the backed-up cluster preferred.
  func copy(of number: Int) -> Int? {
    let item = index[number]
    return (item.copy(.unversioned) ?? item.copies.first)?.number
  }

  /// Takes what an object says, and gives the numbers of the objects that it is the first to name.
  mutating func follow(_ number: Int, _ facts: ObjectFacts?) -> [Int] {
    let source = index.address(number)
    var level: [Int] = []
    for reference in references(of: source, facts) {
      guard let other = index.number(of: reference.target) else {
        if !isEverywhere(reference.target), lacking.insert(reference).inserted {
          dependencies.add(missing: reference)
        }
        continue
      }
      guard other != number else { continue }
      dependencies.add(reference, from: number)
      guard seen.insert(other).inserted else { continue }
      dependencies.add(number: other, reference)
      level.append(other)
    }
    return level
  }

  /// Whether every cluster has an object, or a restore makes it anyhow.
  private func isEverywhere(_ address: ObjectAddress) -> Bool {
    switch address.type {
    case ObjectTypes.namespaces: true
    case "serviceaccounts": address.name == "default"
    case "priorityclasses.scheduling.k8s.io": Self.systemClasses.contains(address.name)
    default: false
    }
  }

  private mutating func references(of source: ObjectAddress, _ facts: ObjectFacts?)
    -> [ObjectDependencies.Reference]
  {
    func reference(
      _ type: String,
      _ namespace: String?,
      _ name: String,
      _ relation: String,
      isOptional: Bool = false
    ) -> ObjectDependencies.Reference {
      ObjectDependencies.Reference(
        target: ObjectAddress(type: type, namespace: namespace, name: name),
        relation: relation,
        source: source,
        isOptional: isOptional
      )
    }
    var references: [ObjectDependencies.Reference] = []
    if let namespace = source.namespace {
      references.append(reference(ObjectTypes.namespaces, nil, namespace, "namespace of"))
    }
    if BuiltInGroups.mayHaveDefinition(source.type) {
      references.append(reference(ObjectTypes.definitions, nil, source.type, "definition of"))
    }
    guard let facts else { return references }
    references += facts.links.map { link in
      reference(link.type, link.namespace, link.name, link.relation, isOptional: link.isOptional)
    }
    for back in facts.backReferences {
      switch back {
      case .service(let namespace, let name):
        references.append(reference("services", namespace, name, "service named by"))
      case .account(let namespace, let name?):
        references.append(reference("serviceaccounts", namespace, name, "service account of"))
      case .workload(let kind, let group, let name):
        let type = type(kind: kind, group: group)
        references.append(reference(type, source.namespace, name, "target of"))
      // Whoever selects by labels does without what it selects.
      case .account(_, nil), .pods, .services: continue
      }
    }
    return references
      + claims(of: facts).map {
        reference("persistentvolumeclaims", source.namespace, $0, "claim made for")
      }
  }

  /// The type of a workload that is named by its kind; as good as guessed where the archive has none.
  private func type(kind: String, group: String) -> String {
    if let type = kinds[Kind(kind: kind, group: group)] { return type }
    // What was in `extensions` once moved to other groups.
    let moved = kinds[Kind(kind: kind, group: "apps")]
    if group == "extensions", let moved { return moved }
    let plural = kind.lowercased() + "s"
    return group.isEmpty ? plural : "\(plural).\(group)"
  }

  /// The claims that a StatefulSet's controller made: template, set and a number, with hyphens between.
  private mutating func claims(of facts: ObjectFacts) -> [String] {
    guard !facts.claimTemplates.isEmpty, let namespace = facts.address.namespace else { return [] }
    let names = claimNames ?? allClaims
    claimNames = names
    let prefixes = facts.claimTemplates.map { "\($0)-\(facts.address.name)-" }
    return (names[namespace] ?? []).filter { name in
      prefixes.contains { prefix in
        guard name.hasPrefix(prefix) else { return false }
        let number = name.dropFirst(prefix.count)
        return !number.isEmpty && number.allSatisfy { $0.isASCII && $0.isNumber }
      }
    }.sorted()
  }

  private var allClaims: [String: [String]] {
    let rows = index.rows
    guard let type = rows.text.find("persistentvolumeclaims").flatMap(rows.type(ofResource:)) else {
      return [:]
    }
    var names: [String: [String]] = [:]
    for number in 0..<index.itemCount where rows.itemTypes[number] == type {
      names[index[number].namespace ?? "", default: []].append(index[number].name)
    }
    return names
  }
}
