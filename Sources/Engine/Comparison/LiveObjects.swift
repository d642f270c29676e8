// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Reads from a cluster what an archive is compared with.
struct LiveObjects {
  /// Up to how many namespaces are listed one by one; above that all are listed at once.
  private static let separateNamespaceLimit = 8

  private let client: KubernetesClient
  private let discovery: Discovery

  /// Asks the cluster what it serves.
  init(client: KubernetesClient) async throws {
    self.client = client
    discovery = try await client.discover()
  }

  /// Passes on all objects of a type in some namespaces, and perhaps others.
  ///
  /// - Parameters:
  ///   - type: The type.
  ///   - namespaces: Which namespaces matter; nil for the cluster's own objects.
  ///   - body: Takes the objects with their API version and kind; one may come twice.
  /// - Returns: Why they cannot be read; nil when they were.
  /// - Throws: What ends the whole comparison, such as a cluster that does not answer.
  func read(
    _ type: ArchiveComparison.ObjectType,
    in namespaces: Set<String?>,
    _ body: (JSONValue) -> Void
  ) async throws -> String? {
    guard let resource = resource(type) else { return "the cluster does not serve it" }
    let names = namespaces.compactMap { $0 }.sorted()
    let isSeparate =
      names.count == namespaces.count && names.count <= Self.separateNamespaceLimit
    do {
      for namespace in isSeparate ? names.map(Optional.some) : [nil] {
        var options = ListOptions(resource: resource.groupVersionResource)
        options.namespace = namespace
        try await client.list(options) { event in
          guard case .items(let chunk) = event else { return }
          try chunk.forEachItem { body(try Self.object($0, resource)) }
        }
      }
    } catch let error as KubernetesError where Self.concernsOneType(error) {
      return error.message
    }
    return nil
  }

  private func resource(_ type: ArchiveComparison.ObjectType) -> APIResource? {
    guard let version = type.version else {
      return discovery.preferred.first { $0.groupResource == type.resource }
    }
    return discovery.resources.first { $0.groupResource == type.resource && $0.version == version }
  }

  private static func concernsOneType(_ error: KubernetesError) -> Bool {
    switch error.code {
    case .forbidden, .notFound, .unsupported, .serverError, .malformedResponse: true
    case .unauthorized, .alreadyExists, .conflict, .invalid, .expired, .tooManyRequests, .timeout,
      .unavailable, .untrusted, .badRequest, .configuration, .credentials, .cancelled:
      false
    }
  }

  /// An item as the object it is: lists of built-in types leave API version and kind out.
  private static func object(_ bytes: UnsafeRawBufferPointer, _ resource: APIResource) throws
    -> JSONValue
  {
    var object = try JSONValue(parsing: bytes)
    if object["apiVersion"] == nil { object["apiVersion"] = .string(resource.apiVersion) }
    if object["kind"] == nil { object["kind"] = .string(resource.kind) }
    return object
  }
}
