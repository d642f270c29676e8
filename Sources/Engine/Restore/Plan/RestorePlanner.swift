// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
internal import Velero

/// Makes the plan of a restore out of an archive's index and what is asked for.
public struct RestorePlanner: Sendable {
  /// The filter.
  public var selection: RestoreSelection
  /// Where objects go.
  public var mapping: NamespaceMapping
  /// The order of types.
  public var order: RestoreOrder
  /// What the target serves.
  public var discovery: Discovery
  /// The versions that the user prefers, by type; nil reads the unversioned entries wherever the target serves their version,
  /// as Velero does without its feature EnableAPIGroupVersions.
  public var versions: [String: [String]]?

  /// Makes a planner.
  public init(
    filter: RestoreFilter = RestoreFilter(),
    mapping: NamespaceMapping = NamespaceMapping(),
    order: RestoreOrder = .standard,
    discovery: Discovery,
    versions: [String: [String]]? = nil
  ) {
    selection = RestoreSelection(filter: filter, discovery: discovery)
    self.mapping = mapping
    self.order = order
    self.discovery = discovery
    self.versions = versions
  }

  /// Makes the plan.
  ///
  /// - Parameters:
  ///   - index: The archive's objects.
  ///   - only: The objects that are asked for by name; nil for all that the filter takes.
  ///   - needs: For an object's number, the objects that it brings along: those of `RestoreTransform.needs`, and what the user
  ///     wants of those that it refers to.
  /// - Returns: The plan.
  public func plan(
    _ index: ArchiveIndex,
    only: NamedObjects? = nil,
    needs: (Int) -> [ObjectAddress] = { _ in [] }
  ) -> RestorePlan {
    let choice = selection.choose(from: index, only: only, needs: needs)
    let isNamespace = namespaceTest(index)
    let objects = choice.taken.filter { !isNamespace($0) }
    let waves = order.waves(of: Set(objects.map { index[$0].resource }), discovery: discovery)
    var ranks: [String: Rank] = [:]
    for (wave, resources) in waves.enumerated() {
      for (place, resource) in resources.resources.enumerated() {
        ranks[resource] = Rank(wave: wave, place: place)
      }
    }
    let namespaces = namespaces(index, choice, objects)
    var types = TypeVersions(planner: self, index: index, definitions: definitions(index, objects))
    var seen: [Place: Int] = [:]
    var items: [RestorePlan.Item] = []
    for number in sorted(objects, index, ranks) {
      let item = index[number]
      let place = Place(
        resource: item.resource,
        namespace: item.namespace.map(mapping.target),
        name: item.name
      )
      let standing: RestorePlan.Standing
      if let other = seen[place] {
        standing = .skipped(.duplicate(of: index.address(other)))
      } else {
        seen[place] = number
        switch types.copy(of: item) {
        case .success(let copy):
          standing = .restored(wave: ranks[item.resource]?.wave ?? 0, copy: copy)
        case .failure(let failure): standing = .failing(failure.obstacle)
        }
      }
      items.append(RestorePlan.Item(number: number, standing: standing))
    }
    let created = Set(namespaces.compactMap(\.number))
    for number in 0..<index.itemCount where !created.contains(number) {
      guard let skip = choice.skips[number] else { continue }
      items.append(RestorePlan.Item(number: number, standing: .skipped(skip)))
    }
    return RestorePlan(
      waves: waves,
      namespaces: namespaces,
      items: items,
      remarks: RestoreRemarks(
        selection: selection,
        mapping: mapping,
        index: index,
        choice: choice
      ).all
    )
  }

  private struct Rank {
    var wave: Int
    var place: Int
  }

  private struct Place: Hashable {
    var resource: String
    var namespace: String?
    var name: String
  }

  private func namespaceTest(_ index: ArchiveIndex) -> (Int) -> Bool {
    { index[$0].resource == RestoreWave.namespaces }
  }

  private func sorted(_ objects: [Int], _ index: ArchiveIndex, _ ranks: [String: Rank]) -> [Int] {
    struct Key {
      var rank: Rank
      var namespace: String
      var name: String
      var number: Int
    }
    let keys = objects.map { number in
      let item = index[number]
      return Key(
        rank: ranks[item.resource] ?? Rank(wave: 0, place: 0),
        namespace: item.namespace ?? "",
        name: item.name,
        number: number
      )
    }
    return keys.sorted {
      ($0.rank.wave, $0.rank.place, $0.namespace, $0.name)
        < ($1.rank.wave, $1.rank.place, $1.namespace, $1.name)
    }.map(\.number)
  }

  /// The namespaces that objects go into, and those whose objects the filter takes.
  private func namespaces(
    _ index: ArchiveIndex,
    _ choice: RestoreChoice,
    _ objects: [Int]
  ) -> [RestorePlan.Namespace] {
    let isNamespace = namespaceTest(index)
    let asked = choice.taken.filter(isNamespace).map { index[$0].name }
    var sources: [String: String] = [:]
    for source in choice.namespaces.union(asked).sorted() {
      let target = mapping.target(of: source)
      if sources[target] == nil { sources[target] = source }
    }
    return sources.sorted { $0.key < $1.key }.map { target, source in
      RestorePlan.Namespace(
        target: target,
        number: index.number(resource: RestoreWave.namespaces, namespace: nil, name: source)
      )
    }
  }

  private func definitions(_ index: ArchiveIndex, _ objects: [Int]) -> Set<String> {
    Set(objects.filter { index[$0].resource == RestoreWave.definitions }.map { index[$0].name })
  }
}

extension ArchiveIndex {
  /// The place of an object.
  public func address(_ number: Int) -> ObjectAddress {
    let item = self[number]
    return ObjectAddress(type: item.resource, namespace: item.namespace, name: item.name)
  }
}

/// Which entry of an object a restore reads, each type's versions looked at once.
private struct TypeVersions {
  struct Failure: Error {
    var obstacle: RestoreObstacle
  }

  private let planner: RestorePlanner
  private let index: ArchiveIndex
  private let definitions: Set<String>
  private let served: [String: [String]]
  private var directories: [String: Set<ArchivePath.Version>] = [:]
  private var choices: [String: VersionChoice?] = [:]

  init(planner: RestorePlanner, index: ArchiveIndex, definitions: Set<String>) {
    self.planner = planner
    self.index = index
    self.definitions = definitions
    served = Dictionary(grouping: planner.discovery.resources, by: \.groupResource)
      .mapValues { $0.map(\.version) }
    for item in index.items {
      directories[item.resource, default: []].formUnion(item.copies.map(\.version))
    }
  }

  /// The number of the entry.
  mutating func copy(of item: ArchivedItem) -> Result<Int, Failure> {
    let copies = item.copies
    let plain = item.copy(.unversioned)
    guard let served = served[item.resource] else {
      // The definition that comes with the restore says later which versions there are.
      if definitions.contains(item.resource), let copy = plain ?? copies.first {
        return .success(copy.number)
      }
      let group = item.path(in: .unversioned).group
      return .failure(Failure(obstacle: obstacle(item.resource, group)))
    }
    if planner.versions == nil, let plain, served.contains(version(plain)) {
      return .success(plain.number)
    }
    if let choice = choice(for: item.resource), choice.reason != .none,
      let copy = item.copy(choice.directory)
    {
      return .success(copy.number)
    }
    if let copy = copies.first(where: { served.contains(version($0)) }) {
      return .success(copy.number)
    }
    return .failure(
      Failure(
        obstacle: .versionMissing(
          item.resource,
          archived: Set(copies.map(version)).sorted(),
          served: served
        )
      )
    )
  }

  private mutating func choice(for resource: String) -> VersionChoice? {
    if let known = choices[resource] { return known }
    let choice = VersionChoice.choose(
      resource: resource,
      archived: directories[resource] ?? [],
      discovery: planner.discovery,
      listed: planner.versions?[resource] ?? []
    )
    choices[resource] = .some(choice)
    return choice
  }

  /// Why nothing of a type can be restored that the target is not known to serve.
  private func obstacle(_ resource: String, _ group: Substring) -> RestoreObstacle {
    if let failure = planner.discovery.failures.first(where: { $0.group == group }) {
      return .typeUnknown(resource, failure.message)
    }
    let definition = index.number(
      resource: RestoreWave.definitions,
      namespace: nil,
      name: resource
    )
    return .typeMissing(resource, hasDefinition: definition != nil)
  }

  private func version(_ copy: ArchivedCopy) -> String {
    let text = copy.apiVersion
    return text.lastIndex(of: "/").map { String(text[text.index(after: $0)...]) } ?? text
  }
}
