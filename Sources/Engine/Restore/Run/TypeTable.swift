// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// The types that the target serves, by version.
struct TypeTable: Sendable {
  private struct Key: Hashable {
    var name: String
    var version: String
  }

  private var byName: [Key: APIResource] = [:]
  private var byKind: [Key: APIResource] = [:]

  init(_ discovery: Discovery) {
    for resource in discovery.resources {
      byName[Key(name: resource.groupResource, version: resource.apiVersion)] = resource
      let kind = Key(name: resource.kind, version: resource.apiVersion)
      if byKind[kind] == nil { byKind[kind] = resource }
    }
  }

  /// The type of an object.
  ///
  /// - Parameters:
  ///   - object: With `apiVersion` and `kind`; a resource modifier may have made another kind of it.
  ///   - resource: The type that it was backed up as, `plural.group`.
  /// - Returns: nil when the target does not serve it in the object's version.
  func type(of object: JSONValue, resource: String) -> APIResource? {
    let version = object["apiVersion"]?.string ?? ""
    return byName[Key(name: resource, version: version)]
      ?? byKind[Key(name: object["kind"]?.string ?? "", version: version)]
  }
}
