// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Reads which objects of a type there are.
enum ObjectNames {
  /// What a list of names says of an object.
  struct Entry: Sendable, Hashable {
    var namespace: String?
    var name: String
    var isBeingDeleted: Bool
  }

  /// Lists the names of a type's objects; of one that comes twice both are given.
  ///
  /// - Throws: `KubernetesError`.
  static func list(
    _ type: GroupVersionResource,
    namespace: String?,
    _ client: KubernetesClient,
    where isWanted: (String?, String) -> Bool = { _, _ in true }
  ) async throws -> [Entry] {
    var options = ListOptions(resource: type, namespace: namespace, isMetadataOnly: true)
    do {
      return try await list(options, client, where: isWanted)
    } catch let error as KubernetesError where error.code == .unsupported {
      // Some aggregated servers have whole objects only.
      options.isMetadataOnly = false
      return try await list(options, client, where: isWanted)
    }
  }

  private static func list(
    _ options: ListOptions,
    _ client: KubernetesClient,
    where isWanted: (String?, String) -> Bool
  ) async throws -> [Entry] {
    var entries: [Entry] = []
    let reader = JSONReader(skipping: [JSONReader.Member("managedFields", in: "metadata")])
    try await client.list(options) { event in
      guard case .items(let chunk) = event else { return }
      try chunk.forEachItem { bytes in
        try reader.read(bytes) { view in
          let metadata = view["metadata"]
          let namespace = metadata?["namespace"]?.string
          let name = metadata?["name"]?.string ?? ""
          guard isWanted(namespace, name) else { return }
          let deleted = metadata?["deletionTimestamp"]?.string
          entries.append(
            Entry(namespace: namespace, name: name, isBeingDeleted: deleted != nil)
          )
        }
      }
    }
    return entries
  }
}
