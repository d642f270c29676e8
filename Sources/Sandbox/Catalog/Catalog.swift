// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Every resource that a cluster serves at the moment: the built-in ones and those of its definitions.
struct Catalog: Sendable {
  /// A group of the API with its versions, the preferred one first.
  struct Group: Sendable {
    var name: String
    var versions: [String]
  }

  /// The groups in the order in which the server lists them; the core group is not among them.
  private(set) var groups: [Group] = []
  private var types: [String: [ResourceType]] = [:]
  private var customByDefinition: [String: [ResourceType]] = [:]
  private var builtInGroups: [Group] = []

  init(version: SandboxVersion) {
    for type in CatalogTable.parse(CatalogTable.text(for: version), version: version) {
      if types[type.apiVersion] == nil, !type.group.isEmpty { addVersion(of: type) }
      types[type.apiVersion, default: []].append(type)
    }
    builtInGroups = groups
  }

  /// Whether a path below this group and version leads anywhere.
  func serves(apiVersion: String) -> Bool { types[apiVersion] != nil }

  func resources(of apiVersion: String) -> [ResourceType] { types[apiVersion] ?? [] }

  func group(_ name: String) -> Group? { groups.first { $0.name == name } }

  func type(apiVersion: String, resource: String) -> ResourceType? {
    types[apiVersion]?.first { $0.name == resource }
  }

  func type(apiVersion: String, kind: String) -> ResourceType? {
    types[apiVersion]?.first { $0.kind == kind && $0.verbs.contains("get") }
      ?? types[apiVersion]?.first { $0.kind == kind }
  }

  /// Every type of every version, core first.
  var all: [ResourceType] {
    (types["v1"] ?? [])
      + groups.flatMap { group in
        group.versions.flatMap { types[group.name + "/" + $0] ?? [] }
      }
  }

  /// Puts the versions of a definition in the place of those it had.
  mutating func setCustom(_ resources: [ResourceType], definition: String) {
    customByDefinition[definition] = resources.isEmpty ? nil : resources
    rebuildCustom()
  }

  private mutating func rebuildCustom() {
    for group in groups where !builtInGroups.contains(where: { $0.name == group.name }) {
      for version in group.versions { types[group.name + "/" + version] = nil }
    }
    groups = builtInGroups
    for name in builtInGroups.map(\.name) + [""] {
      for version in (group(name)?.versions ?? ["v1"]) {
        types[name.isEmpty ? version : name + "/" + version]?.removeAll { $0.isCustom }
      }
    }
    let custom = customByDefinition.values.flatMap { $0 }.sorted {
      ($0.group, VersionPriority($1.version), $0.name)
        < ($1.group, VersionPriority($0.version), $1.name)
    }
    for type in custom {
      if group(type.group)?.versions.contains(type.version) != true { addVersion(of: type) }
      types[type.apiVersion, default: []].append(type)
    }
  }

  private mutating func addVersion(of type: ResourceType) {
    if let place = groups.firstIndex(where: { $0.name == type.group }) {
      groups[place].versions.append(type.version)
    } else {
      groups.append(Group(name: type.group, versions: [type.version]))
    }
  }
}

/// The order of versions: stable before beta before alpha, the higher number first.
///
/// Source: "Version priority" in the documentation of CustomResourceDefinitions. Greater is preferred.
struct VersionPriority: Comparable {
  private let rank: [Int]
  private let name: String

  init(_ version: String) {
    name = version
    var rest = Substring(version)
    guard rest.popFirst() == "v" else {
      rank = [0]
      return
    }
    let major = rest.prefix(while: \.isNumber)
    rest = rest.dropFirst(major.count)
    guard let number = Int(major) else {
      rank = [0]
      return
    }
    switch rest {
    case "": rank = [3, number, 0]
    case let tail where tail.hasPrefix("beta") && Int(tail.dropFirst(4)) != nil:
      rank = [2, number, Int(tail.dropFirst(4)) ?? 0]
    case let tail where tail.hasPrefix("alpha") && Int(tail.dropFirst(5)) != nil:
      rank = [1, number, Int(tail.dropFirst(5)) ?? 0]
    default: rank = [0]
    }
  }

  static func < (left: VersionPriority, right: VersionPriority) -> Bool {
    if left.rank != right.rank { return left.rank.lexicographicallyPrecedes(right.rank) }
    // Names that follow no pattern come in the order of the alphabet, and the first is preferred.
    return left.rank == [0] && left.name > right.name
  }
}
