// SPDX-License-Identifier: Apache-2.0

/// A listable type in one version: where its objects are in the API.
public struct GroupVersionResource: Sendable, Hashable {
  /// The API group; empty for the core group.
  public var group: String
  /// The version in the group, such as `v1`.
  public var version: String
  /// The plural name, such as `deployments`.
  public var resource: String

  /// Makes a reference.
  public init(group: String, version: String, resource: String) {
    self.group = group
    self.version = version
    self.resource = resource
  }

  /// The resource with its group: `deployments.apps`, or `pods` for the core group.
  public var groupResource: String { group.isEmpty ? resource : "\(resource).\(group)" }

  /// What objects carry as `apiVersion`: `apps/v1`, or `v1` for the core group.
  public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

  /// The path in the API, percent-encoded.
  ///
  /// - Parameters:
  ///   - namespace: nil for cluster-scoped objects and for lists over all namespaces.
  ///   - name: nil for the collection.
  ///   - subresource: Such as `status`; needs a name.
  /// - Returns: A path that begins with a slash and has no query.
  public func path(
    namespace: String? = nil,
    name: String? = nil,
    subresource: String? = nil
  ) -> String {
    var path = group.isEmpty ? "/api" : "/apis/" + URLText.segment(group)
    path += "/" + URLText.segment(version)
    if let namespace { path += "/namespaces/" + URLText.segment(namespace) }
    path += "/" + URLText.segment(resource)
    if let name { path += "/" + URLText.segment(name) }
    if let subresource { path += "/" + subresource }
    return path
  }

  /// The objects in words: `configmaps 'a' in namespace 'b'`.
  func description(namespace: String?, name: String?) -> String {
    groupResource + (name.map { " '\($0)'" } ?? "")
      + (namespace.map { " in namespace '\($0)'" } ?? "")
  }
}

extension GroupVersionResource: CustomStringConvertible {
  /// The resource with group and version: `deployments.v1.apps`, `pods.v1`.
  public var description: String {
    group.isEmpty ? "\(resource).\(version)" : "\(resource).\(version).\(group)"
  }
}
