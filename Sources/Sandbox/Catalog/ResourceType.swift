// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// One resource in one version of its group: what discovery says of it, and where its objects are.
struct ResourceType: Sendable {
  /// Empty for the core group.
  var group: String
  var version: String
  /// The plural, as in paths.
  var name: String
  /// Empty where the server's old discovery documents have none.
  var singular: String
  var kind: String
  var listKind: String
  var isNamespaced: Bool
  var verbs: [String]
  var shortNames: [String] = []
  var categories: [String] = []
  var storageVersionHash: String?
  var subresources: [Subresource] = []
  /// The table that holds the objects; resources that show the same objects name the same table.
  var table: String
  /// Nil for built-in resources.
  var custom: CustomResource?

  /// A path below an object.
  struct Subresource: Sendable {
    var name: String
    var kind: String
    /// Empty group and version stand for those of the resource.
    var group: String = ""
    var version: String = ""
    var verbs: [String]
  }

  /// `v1`, `apps/v1`.
  var apiVersion: String { group.isEmpty ? version : group + "/" + version }
  /// `configmaps`, `deployments.apps`.
  var groupResource: String { group.isEmpty ? name : name + "." + group }
  /// `Service`, `Deployment.apps`.
  var groupKind: String { group.isEmpty ? kind : kind + "." + group }
  var isCustom: Bool { custom != nil }

  func subresource(_ name: String) -> Subresource? { subresources.first { $0.name == name } }

  /// Whether spec and status are written through different paths.
  var hasStatusSubresource: Bool { subresource("status") != nil }
}

/// What a custom resource's definition says of one version.
struct CustomResource: Sendable {
  /// The name of the definition.
  var definition: String
  /// `openAPIV3Schema`, or null when the version has none.
  var schema: JSONValue
  var printerColumns: [JSONValue]
}

/// The groups and resources that a server knows by itself, by version.
enum CatalogTable {
  static func text(for version: SandboxVersion) -> String {
    switch version {
    case .v1_20: v1_20
    case .v1_36: v1_36
    }
  }

  static let allVerbs = [
    "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
  ]

  /// Reads a table: a line `# group/version` and the resources of that version below it.
  ///
  /// A resource is `name Kind n|c verbs` with optional `short=`, `in=` (categories) and `hash=`; a line that
  /// starts with `/` is a subresource of the resource above, `/name Kind verbs` with an optional `as=` for the
  /// group and version of its kind. Verbs `all` are the eight usual ones, `gpu` get, patch and update.
  static func parse(_ text: String, version: SandboxVersion) -> [ResourceType] {
    var types: [ResourceType] = []
    var group = ""
    var groupVersion = ""
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if words[0] == "#" {
        let parts = words[1].split(separator: "/").map(String.init)
        group = parts.count == 2 ? parts[0] : ""
        groupVersion = parts[parts.count - 1]
      } else if words[0].hasPrefix("/") {
        types[types.count - 1].subresources.append(subresource(words))
      } else {
        types.append(resource(words, group: group, groupVersion: groupVersion, version))
      }
    }
    return types
  }

  private static func resource(
    _ words: [String],
    group: String,
    groupVersion: String,
    _ version: SandboxVersion
  ) -> ResourceType {
    var type = ResourceType(
      group: group,
      version: groupVersion,
      name: words[0],
      singular: version == .v1_20 ? "" : words[1].lowercased(),
      kind: words[1],
      listKind: words[1] + "List",
      isNamespaced: words[2] == "n",
      verbs: verbs(words[3]),
      table: sharedTables[words[0] + "." + group] ?? words[0] + "." + group
    )
    for word in words.dropFirst(4) {
      guard let sign = word.firstIndex(of: "=") else { continue }
      let value = String(word[word.index(after: sign)...])
      switch word[..<sign] {
      case "short": type.shortNames = value.split(separator: ",").map(String.init)
      case "in": type.categories = value.split(separator: ",").map(String.init)
      default: type.storageVersionHash = value
      }
    }
    return type
  }

  private static func subresource(_ words: [String]) -> ResourceType.Subresource {
    var subresource = ResourceType.Subresource(
      name: String(words[0].dropFirst()),
      kind: words[1],
      verbs: verbs(words[2])
    )
    if words.count > 3 {
      let parts = words[3].dropFirst(3).split(separator: "/").map(String.init)
      subresource.group = parts[0]
      subresource.version = parts[1]
    }
    return subresource
  }

  private static func verbs(_ word: String) -> [String] {
    switch word {
    case "all": allVerbs
    case "gpu": ["get", "patch", "update"]
    default: word.split(separator: ",").map(String.init)
    }
  }

  /// Resources that show the objects of another group.
  private static let sharedTables = [
    "events.events.k8s.io": "events.",
    "ingresses.extensions": "ingresses.networking.k8s.io",
  ]
}
