// SPDX-License-Identifier: Apache-2.0

/// What discovery says about one type in one version.
///
/// Source: Kubernetes API reference, APIResource and APIResourceDiscovery.
public struct APIResource: Sendable, Hashable {
  /// The API group; empty for the core group.
  public var group: String
  /// The version.
  public var version: String
  /// The plural name in lower case.
  public var name: String
  /// The singular name in lower case; servers before 1.27 leave it empty for built-in types.
  public var singularName: String
  /// The kind of its objects, such as `Pod`.
  public var kind: String
  /// Whether its objects live in namespaces.
  public var isNamespaced: Bool
  /// What can be done with it, such as `list` and `create`.
  public var verbs: Set<String>
  /// Other names that users may write, such as `po`.
  public var shortNames: [String]
  /// The groups of types it belongs to, such as `all`.
  public var categories: [String]
  /// Its parts, such as `status` and `scale`.
  public var subresources: [String]

  /// Makes a description of a type.
  public init(
    group: String,
    version: String,
    name: String,
    singularName: String = "",
    kind: String,
    isNamespaced: Bool,
    verbs: Set<String>,
    shortNames: [String] = [],
    categories: [String] = [],
    subresources: [String] = []
  ) {
    self.group = group
    self.version = version
    self.name = name
    self.singularName = singularName
    self.kind = kind
    self.isNamespaced = isNamespaced
    self.verbs = verbs
    self.shortNames = shortNames
    self.categories = categories
    self.subresources = subresources
  }

  /// The type as paths name it.
  public var groupVersionResource: GroupVersionResource {
    GroupVersionResource(group: group, version: version, resource: name)
  }

  /// The group and version as objects carry them: `v1`, `apps/v1`.
  public var apiVersion: String { groupVersionResource.apiVersion }

  /// `plural.group`, or `plural` in the core group.
  public var groupResource: String { groupVersionResource.groupResource }
}

/// A group with its versions, in the server's order.
public struct APIGroup: Sendable, Hashable {
  /// The group's name; empty for the core group.
  public var name: String
  /// The versions it is served in, the server's favourite first as a rule.
  public var versions: [String]
  /// The version that clients are to use.
  public var preferredVersion: String

  /// Makes a group.
  public init(name: String, versions: [String], preferredVersion: String) {
    self.name = name
    self.versions = versions
    self.preferredVersion = preferredVersion
  }
}

/// A group's version that could not be discovered, mostly because its aggregated API server is down.
public struct DiscoveryFailure: Sendable, Hashable {
  /// The group.
  public var group: String
  /// The version.
  public var version: String
  /// Why, in words.
  public var message: String

  /// Makes a failure.
  public init(group: String, version: String, message: String) {
    self.group = group
    self.version = version
    self.message = message
  }
}
