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

  /// Ends a list after its first page.
  private struct Enough: Error {}

  /// The first objects of a type.
  private func sample<Value>(
    of type: GroupVersionResource,
    in namespace: String?,
    all: Bool = false,
    isMetadataOnly: Bool = true,
    _ transform: (JSONView) -> Value
  ) async throws -> [Value] {
    let options = ListOptions(
      resource: type,
      namespace: namespace,
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
