// SPDX-License-Identifier: Apache-2.0

/// Where a path leads, read without knowing which resources there are.
///
/// Source: "Resource URIs" in the Kubernetes API concepts.
struct Route: Sendable {
  /// The decoded path.
  var path: String
  /// Nil for paths that name no resource.
  var resource: ResourcePath?

  struct ResourcePath: Sendable {
    var group: String
    var version: String
    var namespace: String = ""
    var resource: String
    var name: String?
    var subresource: String?

    var apiVersion: String { group.isEmpty ? version : group + "/" + version }
  }

  init(rawPath: String) {
    path = PercentEncoding.decode(rawPath)
    var parts = rawPath.split(separator: "/").map { PercentEncoding.decode($0) }[...]
    var group = ""
    switch parts.popFirst() {
    case "api": break
    case "apis":
      guard let first = parts.popFirst() else { return }
      group = first
    default: return
    }
    guard let version = parts.popFirst(), let first = parts.first else { return }
    var found = ResourcePath(group: group, version: version, resource: first)
    let isNamespaced =
      first == "namespaces" && parts.count >= 3
      && !["finalize", "status"].contains(parts[parts.startIndex + 2])
    if isNamespaced {
      found.namespace = parts[parts.startIndex + 1]
      parts = parts.dropFirst(2)
      found.resource = parts[parts.startIndex]
    }
    parts = parts.dropFirst()
    found.name = parts.popFirst()
    if !parts.isEmpty { found.subresource = parts.joined(separator: "/") }
    resource = found
  }
}

/// What a request wants to do, for the check of its rights.
struct AccessAttributes: Sendable {
  var verb: String
  var group = ""
  var version = ""
  /// With its subresource, `pods/log`; empty for paths that name no resource.
  var resource = ""
  var namespace = ""
  var name = ""
  var path = ""

  init(verb: String) { self.verb = verb }

  init(_ route: Route, method: String, isWatch: Bool) {
    path = route.path
    guard let target = route.resource else {
      verb = method.lowercased()
      return
    }
    group = target.group
    version = target.version
    resource = target.resource + (target.subresource.map { "/" + $0 } ?? "")
    // A namespace is in itself.
    namespace = target.resource == "namespaces" ? target.name ?? "" : target.namespace
    name = target.name ?? ""
    verb = Self.verb(method, isCollection: target.name == nil, isWatch: isWatch)
  }

  private static func verb(_ method: String, isCollection: Bool, isWatch: Bool) -> String {
    switch method {
    case "POST": "create"
    case "PUT": "update"
    case "PATCH": "patch"
    case "DELETE": isCollection ? "deletecollection" : "delete"
    default: isWatch ? "watch" : (isCollection ? "list" : "get")
    }
  }
}
