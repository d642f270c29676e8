// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Finds words for a command line in a cluster.
///
/// Where the user may not look at all of the cluster, what is in the namespace of the context has to do.
struct ClusterCompletion: Sendable {
  typealias Candidate = Completer.Candidate

  /// How many objects of a type are asked for their labels.
  static let sampleSize = 500
  /// In more namespaces than this labels are looked for in all of the cluster.
  static let namespaceLimit = 4

  let client: KubernetesClient

  private static func type(_ name: String, group: String = "") -> GroupVersionResource {
    GroupVersionResource(group: group, version: "v1", resource: name)
  }

  /// The types whose labels are offered; most label selectors mean them.
  private static let labelledTypes = [
    type("pods"), type("deployments", group: "apps"), type("statefulsets", group: "apps"),
    type("daemonsets", group: "apps"), type("services"), type("persistentvolumeclaims"),
    type("configmaps"),
  ]

  /// The namespaces with their ages.
  func namespaces(now: Timestamp) async throws -> [Candidate] {
    do {
      return try await sample(of: Self.type("namespaces"), in: nil, all: true) { view in
        let metadata = view["metadata"]
        let created = metadata?["creationTimestamp"]?.string.flatMap { Timestamp(rfc3339: $0) }
        return Candidate(
          word: metadata?["name"]?.string ?? "",
          summary: created.map { "\(HumanText.short(now - $0)) old" } ?? ""
        )
      }
    } catch let error as KubernetesError where error.code == .forbidden {
      return [Candidate(word: client.configuration.namespace, summary: "of the context")]
    }
  }

  /// The types that can be listed, with their kinds.
  func resources(_ scope: ResourceScope) async throws -> [Candidate] {
    try await client.discover().preferred
      .filter { type in
        guard type.verbs.contains("list") else { return false }
        return switch scope {
        case .any: true
        case .namespaced: type.isNamespaced
        case .cluster: !type.isNamespaced
        }
      }
      .map { Candidate(word: $0.groupResource, summary: $0.kind) }
      .sorted { $0.word < $1.word }
  }

  /// Label keys, or the values of one, of a sample of the objects.
  ///
  /// - Parameters:
  ///   - namespaces: Where objects are looked for; everywhere when empty.
  ///   - key: The key whose values are wanted; nil for the keys.
  /// - Returns: Words.
  /// - Throws: `KubernetesError` when no type can be listed.
  func labels(in namespaces: [String], of key: String?) async throws -> [Candidate] {
    var places: [String?] = namespaces
    if namespaces.isEmpty || namespaces.count > Self.namespaceLimit { places = [nil] }
    var tally = try await tally(in: places)
    if tally == nil, places == [nil] {
      tally = try await self.tally(in: [client.configuration.namespace])
    }
    return tally?.candidates(of: key, noun: "object") ?? []
  }

  /// Counts labels; nil when nothing may be listed.
  private func tally(in places: [String?]) async throws -> LabelTally? {
    try await withThrowingTaskGroup(of: LabelTally?.self) { group in
      for type in Self.labelledTypes {
        for place in places { group.addTask { try await tally(of: type, in: place) } }
      }
      var whole: LabelTally?
      for try await tally in group {
        guard let tally else { continue }
        if whole == nil { whole = tally } else { whole?.add(tally) }
      }
      return whole
    }
  }

  private func tally(of type: GroupVersionResource, in place: String?) async throws
    -> LabelTally?
  {
    do {
      let labels = try await sample(of: type, in: place) { view in
        var tally = LabelTally()
        view["metadata"]?["labels"]?.forEachMember { key, value in
          tally.add(String(decoding: key, as: UTF8.self), value.string ?? "")
        }
        return tally
      }
      return labels.reduce(into: LabelTally()) { $0.add($1) }
    } catch let error as KubernetesError where error.code != .cancelled {
      return nil
    }
  }

  /// Objects in the namespace of a server, with what tells them apart.
  func objects(_ objects: ServerObjects, in namespace: String) async throws -> [Candidate] {
    let group = objects == .configMaps ? "" : "velero.io"
    let type = Self.type(objects.rawValue, group: group)
    let isMetadataOnly = objects == .configMaps
    return try await sample(of: type, in: namespace, isMetadataOnly: isMetadataOnly) { view in
      let spec = view["spec"]
      let bucket = spec?["objectStorage"]?["bucket"]?.string
      let summary = [spec?["provider"]?.string, bucket, spec?["schedule"]?.string]
      return Candidate(
        word: view["metadata"]?["name"]?.string ?? "",
        summary: summary.compactMap { $0 }.joined(separator: " ")
      )
    }
  }

  /// Objects as `KIND/NAMESPACE/NAME`, a part after the other: the parts that go on end with a slash.
  func workloads(startingWith typed: String, now: Timestamp) async throws -> [Candidate] {
    let parts = Self.parts(typed)
    guard parts.count > 1 else { return Self.workloadKinds.map { Candidate(word: "\($0)/") } }
    guard let type = try await client.discover().resource(named: parts[0]) else { return [] }
    let isPlace = type.isNamespaced && parts.count == 2
    guard !isPlace else { return try await places(behind: "\(parts[0])/", now: now) }
    let namespace = type.isNamespaced ? parts[1] : nil
    let names = try await sample(of: type.groupVersionResource, in: namespace, all: true) {
      $0["metadata"]?["name"]?.string ?? ""
    }
    let lead = [parts[0], namespace].compactMap(\.self).joined(separator: "/")
    return names.map { Candidate(word: "\(lead)/\($0)") }
  }

  /// Helm releases as `NAMESPACE/NAME`, by the labels of their records; namespaces end with the slash that goes on.
  func releases(startingWith typed: String, now: Timestamp) async throws -> [Candidate] {
    let parts = Self.parts(typed)
    guard parts.count > 1 else { return try await places(behind: "", now: now) }
    let names = try await sample(
      of: Self.type("secrets"),
      in: parts[0],
      all: true,
      labelSelector: "owner=helm"
    ) { $0["metadata"]?["labels"]?["name"]?.string ?? "" }
    return Set(names).sorted().map { Candidate(word: "\(parts[0])/\($0)") }
  }

  private static let workloadKinds = [
    "cronjob", "daemonset", "deployment", "job", "pod", "statefulset",
  ]

  private static func parts(_ typed: String) -> [String] {
    typed.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  }

  private func places(behind lead: String, now: Timestamp) async throws -> [Candidate] {
    try await namespaces(now: now).map {
      Candidate(word: "\(lead)\($0.word)/", summary: $0.summary)
    }
  }

  /// Ends a list after its first page.
  private struct Enough: Error {}

  /// The first objects of a type.
  private func sample<Value>(
    of type: GroupVersionResource,
    in namespace: String?,
    all: Bool = false,
    isMetadataOnly: Bool = true,
    labelSelector: String? = nil,
    _ transform: (JSONView) -> Value
  ) async throws -> [Value] {
    let options = ListOptions(
      resource: type,
      namespace: namespace,
      labelSelector: labelSelector,
      limit: Self.sampleSize,
      isMetadataOnly: isMetadataOnly
    )
    let reader = JSONReader()
    var values: [Value] = []
    do {
      try await client.list(options) { event in
        switch event {
        case .items(let chunk):
          try chunk.forEachItem { values.append(try reader.read($0, transform)) }
        case .page: if !all { throw Enough() }
        case .repeated, .restarted: values = []
        }
      }
    } catch is Enough {}
    return values
  }
}
