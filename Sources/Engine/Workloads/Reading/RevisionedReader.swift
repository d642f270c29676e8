// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Reads lists at the revision of a run where the server allows it, at the newest one otherwise.
struct RevisionedReader: Sendable {
  let client: KubernetesClient
  /// The revision that a type is to be read at; nil for the newest.
  let revision: @Sendable (APIResource) -> String?

  /// What is to be listed.
  struct Query: Sendable {
    var type: APIResource
    var namespace: String?
    var name: String?
    var labelSelector: String?
    var isMetadataOnly = false
  }

  /// Passes every object to `body`, some of them twice where a page had to be read again.
  ///
  /// - Throws: `KubernetesError`, what `body` throws.
  func list(_ query: Query, _ body: (JSONView) throws -> Void) async throws {
    var options = ListOptions(
      resource: query.type.groupVersionResource,
      namespace: query.namespace,
      labelSelector: query.labelSelector,
      fieldSelector: query.name.map { "metadata.name=\($0)" },
      isMetadataOnly: query.isMetadataOnly
    )
    if let revision = revision(query.type) {
      options.resourceVersion = revision
      options.resourceVersionMatch = .exact
    }
    do {
      try await list(options, body)
    } catch let error as KubernetesError where error.refusesRevision {
      guard options.resourceVersion != nil else { throw error }
      options.resourceVersion = nil
      options.resourceVersionMatch = nil
      try await list(options, body)
    }
  }

  private func list(_ options: ListOptions, _ body: (JSONView) throws -> Void) async throws {
    do {
      try await listOnce(options, body)
    } catch let error as KubernetesError where error.code == .unsupported && options.isMetadataOnly
    {
      // Some aggregated servers have whole objects only.
      var options = options
      options.isMetadataOnly = false
      try await listOnce(options, body)
    }
  }

  private func listOnce(_ options: ListOptions, _ body: (JSONView) throws -> Void) async throws {
    let reader = JSONReader()
    try await client.list(options) { event in
      guard case .items(let chunk) = event else { return }
      try chunk.forEachItem { bytes in try reader.read(bytes, body) }
    }
  }

  /// Passes one object to `body`, if it is there.
  ///
  /// Who may not list may still be allowed to get it.
  func object(
    _ type: APIResource,
    namespace: String?,
    name: String,
    _ body: (JSONView) throws -> Void
  ) async throws {
    do {
      try await list(Query(type: type, namespace: namespace, name: name), body)
    } catch let error as KubernetesError where error.code == .forbidden {
      let object = ObjectReference(type.groupVersionResource, namespace: namespace, name: name)
      do {
        try JSONReader().read(try await client.get(object).encoded(), body)
      } catch let error as KubernetesError where error.code == .notFound {
        return
      }
    }
  }
}
