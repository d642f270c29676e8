// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Reads what the discovery endpoints answer.
///
/// Source: API group `apidiscovery.k8s.io` (v2, v2beta1) and meta/v1 types APIVersions, APIGroupList, APIResourceList.
enum DiscoveryDocument {
  /// The groups of an aggregated document; nil when it is none.
  static func aggregated(_ document: JSONValue) -> Discovery? {
    guard document["kind"]?.string == "APIGroupDiscoveryList" else { return nil }
    var discovery = Discovery(groups: [], resources: [])
    for item in document["items"]?.array ?? [] {
      let group = item[path: "metadata", "name"]?.string ?? ""
      let versions = item["versions"]?.array ?? []
      let names = versions.compactMap { $0["version"]?.string }
      guard let preferred = names.first else { continue }
      discovery.groups.append(
        APIGroup(name: group, versions: names, preferredVersion: preferred)
      )
      for version in versions {
        guard let name = version["version"]?.string else { continue }
        if version["freshness"]?.string == "Stale" {
          discovery.failures.append(
            DiscoveryFailure(
              group: group,
              version: name,
              message: "the server that serves this group does not answer"
            )
          )
          continue
        }
        discovery.resources += (version["resources"]?.array ?? []).compactMap {
          aggregatedResource($0, group: group, version: name)
        }
      }
    }
    return discovery
  }

  private static func aggregatedResource(
    _ item: JSONValue,
    group: String,
    version: String
  ) -> APIResource? {
    // A type without a kind of its own is only the place of its parts.
    guard let name = item["resource"]?.string,
      let kind = item[path: "responseKind", "kind"]?.string
    else { return nil }
    return APIResource(
      group: group,
      version: version,
      name: name,
      singularName: item["singularResource"]?.string ?? "",
      kind: kind,
      isNamespaced: item["scope"]?.string == "Namespaced",
      verbs: Set(texts(item["verbs"])),
      shortNames: texts(item["shortNames"]),
      categories: texts(item["categories"]),
      subresources: (item["subresources"]?.array ?? []).compactMap { $0["subresource"]?.string }
    )
  }

  /// The core group of `/api`.
  static func coreGroup(_ document: JSONValue) -> [APIGroup] {
    let versions = texts(document["versions"])
    guard let preferred = versions.first else { return [] }
    return [APIGroup(name: "", versions: versions, preferredVersion: preferred)]
  }

  /// The groups of `/apis`.
  static func groups(_ document: JSONValue) -> [APIGroup] {
    (document["groups"]?.array ?? []).compactMap { group in
      let versions = (group["versions"]?.array ?? []).compactMap { $0["version"]?.string }
      guard let name = group["name"]?.string, let first = versions.first else { return nil }
      return APIGroup(
        name: name,
        versions: versions,
        preferredVersion: group[path: "preferredVersion", "version"]?.string ?? first
      )
    }
  }

  /// The types of one version of a group; parts such as `pods/log` are put to their type.
  static func resources(_ document: JSONValue, group: String, version: String) -> [APIResource] {
    let items = document["resources"]?.array ?? []
    var parts: [String: [String]] = [:]
    for item in items {
      let names = (item["name"]?.string ?? "").split(separator: "/", maxSplits: 1)
      if names.count == 2 { parts[String(names[0]), default: []].append(String(names[1])) }
    }
    return items.compactMap { item in
      guard let name = item["name"]?.string, !name.contains("/") else { return nil }
      return APIResource(
        group: group,
        version: version,
        name: name,
        singularName: item["singularName"]?.string ?? "",
        kind: item["kind"]?.string ?? "",
        isNamespaced: item["namespaced"]?.bool ?? false,
        verbs: Set(texts(item["verbs"])),
        shortNames: texts(item["shortNames"]),
        categories: texts(item["categories"]),
        subresources: parts[name] ?? []
      )
    }
  }

  private static func texts(_ value: JSONValue?) -> [String] {
    (value?.array ?? []).compactMap(\.string)
  }
}
