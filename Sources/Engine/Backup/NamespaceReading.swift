// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// The namespaces of a cluster, and the revision at which they were read: the first list of a run.
struct NamespaceReading: Sendable {
  /// What the selection reads of them.
  let namespaces: [NamespaceFacts]
  /// The revision of the list, at which the run reads everything else; nil when there was none.
  let revision: String?
  /// Whether the list may be read; otherwise the filter's names stand for it.
  let isListable: Bool
  /// The Namespace objects that could be read one by one, where the list may not be.
  let objects: JSONListChunk
  /// The cluster's identity; nil when the user may not know.
  let cluster: ClusterIdentity?
  /// What the user should know about it.
  let issues: [Issue]

  /// Reads the namespaces.
  ///
  /// Where the user may not list them, names will do, as long as they are no patterns.
  ///
  /// - Throws: `KubernetesError`.
  static func read(
    with client: KubernetesClient,
    named names: [String],
    pageSize: Int
  ) async throws -> NamespaceReading {
    do {
      return try await list(with: client, pageSize: pageSize)
    } catch let error as KubernetesError where error.code == .forbidden {
      guard !names.isEmpty, !names.contains(where: NamePattern.isPattern) else {
        var error = error
        error.hint =
          "name the namespaces with --include-namespaces to back up without the permission to list them"
        throw error
      }
      return try await get(names, with: client, refused: error)
    }
  }

  private static let resource = GroupVersionResource(
    group: "",
    version: "v1",
    resource: "namespaces"
  )

  private static func list(
    with client: KubernetesClient,
    pageSize: Int
  ) async throws -> NamespaceReading {
    var options = ListOptions(resource: resource)
    options.limit = pageSize
    let reader = JSONReader()
    var facts: [String: NamespaceFacts] = [:]
    var revision: String?
    var cluster: ClusterIdentity?
    let result = try await client.list(options) { event in
      switch event {
      case .items(let chunk):
        try chunk.forEachItem { bytes in
          try reader.read(bytes) { view in
            let namespace = NamespaceFacts(view)
            facts[namespace.name] = namespace
            guard namespace.name == ClusterIdentity.namespace else { return }
            cluster = ClusterIdentity(uid: view["metadata"]?["uid"]?.string)
          }
        }
      case .page(let page): revision = revision ?? page.resourceVersion
      case .restarted: revision = nil
      case .repeated: break
      }
    }
    return NamespaceReading(
      namespaces: facts.values.sorted { $0.name < $1.name },
      revision: revision ?? result.resourceVersion,
      isListable: true,
      objects: JSONListChunk(bytes: [], ranges: []),
      cluster: cluster,
      issues: []
    )
  }

  private static func get(
    _ names: [String],
    with client: KubernetesClient,
    refused: KubernetesError
  ) async throws -> NamespaceReading {
    var facts: [NamespaceFacts] = []
    var bytes: [UInt8] = []
    var ranges: [Range<Int>] = []
    var issues = [
      Issue(
        .warning,
        "the namespaces of the cluster may not be listed; those that the filter names are taken",
        subject: Issue.Subject(resource: "namespaces"),
        cause: refused.message,
        hint: refused.hint
      )
    ]
    let reader = JSONReader()
    for name in names {
      do {
        let object = try await client.get(ObjectReference(resource, name: name)).encoded()
        facts.append(try reader.read(object) { NamespaceFacts($0) })
        ranges.append(bytes.count..<bytes.count + object.count)
        bytes += object
      } catch let error as KubernetesError where error.code == .forbidden {
        facts.append(NamespaceFacts(name: name))
        issues.append(
          Issue(
            .warning,
            "the Namespace object '\(name)' may not be read and is not in the backup",
            subject: Issue.Subject(resource: "namespaces", name: name),
            cause: error.message,
            hint: "a restore will make the namespace without its labels and annotations"
          )
        )
      } catch let error as KubernetesError where error.code == .notFound {
        // The selection reports it as missing.
        continue
      }
    }
    return NamespaceReading(
      namespaces: facts,
      revision: await revision(in: facts.first?.name, with: client),
      isListable: false,
      objects: JSONListChunk(bytes: bytes, ranges: ranges),
      cluster: try await ClusterIdentity.read(with: client),
      issues: issues
    )
  }

  /// The revision of a list that costs nothing; nil when there is none to be had.
  private static func revision(
    in namespace: String?,
    with client: KubernetesClient
  ) async -> String? {
    guard let namespace else { return nil }
    var options = ListOptions(
      resource: GroupVersionResource(group: "", version: "v1", resource: "configmaps")
    )
    options.namespace = namespace
    options.fieldSelector = "metadata.name=kube-root-ca.crt"
    return try? await client.list(options) { _ in }.resourceVersion
  }
}
