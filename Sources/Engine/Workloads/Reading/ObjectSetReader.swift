// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Finds out what belongs to workloads and Helm releases, with the narrowest reads that will do.
///
/// Metadata is listed in the namespaces of the roots only; whole objects are read where their fields name others; config maps and
/// secrets are never read whole, but for the record of a Helm release.
struct ObjectSetReader: Sendable {
  /// Up to so many objects are asked for one by one; more come out of a list, which is cheaper then.
  static let singleRequestLimit = 24

  private let reader: RevisionedReader
  private let types: TypeIndex
  private let homes: HomeReading
  private let parallelLists: Int

  /// Makes a reader.
  ///
  /// - Parameters:
  ///   - client: The cluster.
  ///   - discovery: What it serves.
  ///   - parallelLists: How many lists are read at the same time.
  ///   - revision: The revision that a type is to be read at; nil for the newest.
  init(
    client: KubernetesClient,
    discovery: Discovery,
    parallelLists: Int = BackupOptions().parallelLists,
    revision: @escaping @Sendable (APIResource) -> String? = { _ in nil }
  ) {
    reader = RevisionedReader(client: client, revision: revision)
    types = TypeIndex(discovery)
    self.parallelLists = parallelLists
    homes = HomeReading(reader, types, parallelLists: parallelLists)
  }

  /// Reads what belongs to some roots.
  ///
  /// - Throws: `EngineError` `.notFound` for a workload or a release that does not exist, `.invalid` for one of no type that is
  ///   served; `KubernetesError` when a root cannot be read. What cannot be read of the rest is a gap of the set.
  func read(_ roots: [BackupRoot]) async throws -> ObjectSet {
    var graph = ObjectGraph(types)
    var titles: [String] = []
    for root in roots {
      switch root {
      case .workload: titles.append(try await ask(root, &graph))
      case .release(let namespace, let name):
        let records = HelmReading(reader: reader, types: types, namespace: namespace, name: name)
        try await records.add(to: &graph)
        titles.append("the Helm release '\(namespace)/\(name)'")
      }
    }
    var wave = graph.nextWave()
    while !wave.isEmpty {
      try await answer(wave, &graph)
      wave = graph.nextWave()
    }
    for case .release(let namespace, let name) in roots {
      try checkPresence(namespace, name, graph)
    }
    return ObjectSet(
      roots: roots,
      title: Self.title(titles),
      members: graph.members.mapValues(\.membership),
      remarks: graph.remarks,
      gaps: graph.gaps
    )
  }

  /// The metadata around a set: of its types, and of those that others bring along, in its namespaces.
  func inventory(around set: ObjectSet) async throws -> InventorySnapshot {
    let names = Set(set.addresses.map(\.type)).union(AdditionPlanner.types)
    let wanted = types.all.filter {
      names.contains(Cohabitation.canonical($0.groupResource))
    }
    try await homes.read(wanted.filter { !$0.isNamespaced }, nil)
    for namespace in set.namespaces.sorted() {
      try await homes.read(wanted.filter(\.isNamespaced), namespace)
    }
    return homes.snapshot
  }

  /// Reads a workload and starts from it; returns it in words.
  private func ask(_ root: BackupRoot, _ graph: inout ObjectGraph) async throws -> String {
    guard case .workload(let kind, let namespace, let name) = root else { return root.text }
    let flag = root.entry.field.flag
    guard let type = types.type(named: kind) else {
      throw EngineError(
        .invalid,
        "the API server does not serve '\(kind)', which \(root.entry) names",
        hint: "write \(flag) KIND/NAMESPACE/NAME; 'kubectl api-resources' shows the kinds"
      )
    }
    guard type.isNamespaced == (namespace != nil) else {
      throw EngineError(
        .invalid,
        type.isNamespaced
          ? "\(root.entry) names no namespace, and \(type.name) live in namespaces"
          : "\(root.entry) names a namespace, and \(type.name) are cluster-scoped",
        hint: type.isNamespaced
          ? "write \(flag) \(kind)/NAMESPACE/\(name)" : "write \(flag) \(kind)/\(name)"
      )
    }
    let address = ObjectAddress(type: type.groupResource, namespace: namespace, name: name)
    let request = GraphRequest.objects(
      type: address.type,
      namespace: namespace,
      names: [name]
    )
    let facts = try await objects(type, namespace, [name])
    let words = "the \(types.words(address.type)) '\(address.path)'"
    guard !facts.isEmpty else {
      throw EngineError(
        .notFound,
        "there is no \(words.dropFirst(4)), which \(root.entry) asks for",
        hint: "'kubectl get \(type.name)\(namespace.map { " -n \($0)" } ?? "")' shows what there is"
      )
    }
    graph.ask(address, root.entry)
    graph.take(facts, answering: request)
    return words
  }

  /// A release of which nothing can be found is none.
  private func checkPresence(_ namespace: String, _ name: String, _ graph: ObjectGraph) throws {
    let isThere = graph.members.values.contains {
      $0.membership.origin == .release(namespace: namespace, name: name)
    }
    guard isThere else {
      throw EngineError(
        .notFound,
        "nothing that can be read belongs to the Helm release '\(namespace)/\(name)'",
        hint: "its records may not be read; the permission to list secrets in '\(namespace)' helps"
      )
    }
  }

  private static func title(_ titles: [String]) -> String {
    let shown = titles.prefix(3)
    let rest = titles.count - shown.count
    if rest > 0 { return shown.joined(separator: ", ") + " or \(rest) more" }
    guard let last = shown.last, shown.count > 1 else { return shown.first ?? "" }
    return shown.dropLast().joined(separator: ", ") + " or \(last)"
  }

  // Answers.

  private enum Answer: Sendable {
    case facts([ObjectFacts])
    case failure(String)
  }

  private func answer(_ wave: [GraphRequest], _ graph: inout ObjectGraph) async throws {
    var others: [GraphRequest] = []
    for request in wave {
      switch request {
      case .namespace(let namespace):
        try await homes.read(namespace)
        graph.take(homes.snapshot, answering: request)
      case .cluster:
        try await homes.read(nil)
        graph.take(homes.snapshot, answering: request)
      case .list, .objects: others.append(request)
      }
    }
    let answers = try await Parallel.map(others, atOnce: parallelLists) {
      try await self.answer($0)
    }
    for (request, answer) in zip(others, answers) {
      switch answer {
      case .facts(let facts): graph.take(facts, answering: request)
      case .failure(let reason): graph.fail(request, reason: reason)
      }
    }
  }

  private func answer(_ request: GraphRequest) async throws -> Answer {
    do {
      switch request {
      case .namespace, .cluster: return .facts([])
      case .list(let name, let namespace):
        guard let type = types.type(name) else { return .facts([]) }
        return .facts(try await list(type, namespace))
      case .objects(let name, let namespace, let names):
        guard let type = types.type(name) else { return .facts([]) }
        return .facts(try await objects(type, namespace, names))
      }
    } catch let error as KubernetesError where error.code != .cancelled {
      return .failure(error.message)
    }
  }

  private func list(
    _ type: APIResource,
    _ namespace: String?,
    where isWanted: (String) -> Bool = { _ in true }
  ) async throws -> [ObjectFacts] {
    var found: [ObjectAddress: ObjectFacts] = [:]
    try await reader.list(RevisionedReader.Query(type: type, namespace: namespace)) { view in
      guard isWanted(view["metadata"]?["name"]?.string ?? "") else { return }
      let facts = facts(view, type)
      found[facts.address] = facts
    }
    return Array(found.values)
  }

  private func objects(_ type: APIResource, _ namespace: String?, _ names: [String]) async throws
    -> [ObjectFacts]
  {
    guard names.count <= Self.singleRequestLimit else {
      let wanted = Set(names)
      return try await list(type, namespace, where: wanted.contains)
    }
    var found: [ObjectFacts] = []
    for name in names {
      var own: ObjectFacts?
      try await reader.object(type, namespace: namespace, name: name) { own = facts($0, type) }
      if let own { found.append(own) }
    }
    return found
  }

  private func facts(_ view: JSONView, _ type: APIResource) -> ObjectFacts {
    ObjectFacts(view, type: type.groupResource, apiVersion: type.apiVersion)
  }
}
