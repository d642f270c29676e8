// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The documents that tell clients which groups, versions and resources there are.
struct DiscoveryDocuments {
  var catalog: Catalog
  var version: SandboxVersion
  /// Host and port, for `serverAddressByClientCIDRs`.
  var serverAddress: String

  /// `GET /api` in the old form.
  var coreVersions: JSONValue {
    [
      "kind": "APIVersions", "versions": ["v1"],
      "serverAddressByClientCIDRs": [
        ["clientCIDR": "0.0.0.0/0", "serverAddress": .string(serverAddress)]
      ],
    ]
  }

  /// `GET /apis` in the old form.
  var groupList: JSONValue {
    [
      "kind": "APIGroupList", "apiVersion": "v1",
      "groups": .array(catalog.groups.map { .object(JSONObject(groupMembers($0))) }),
    ]
  }

  /// `GET /apis/GROUP`.
  func group(_ group: Catalog.Group) -> JSONValue {
    .object(
      JSONObject(
        [.init(key: "kind", value: "APIGroup"), .init(key: "apiVersion", value: "v1")]
          + groupMembers(group)
      )
    )
  }

  private func groupMembers(_ group: Catalog.Group) -> [JSONObject.Member] {
    let versions = group.versions.map { version -> JSONValue in
      ["groupVersion": .string(group.name + "/" + version), "version": .string(version)]
    }
    return [
      .init(key: "name", value: .string(group.name)),
      .init(key: "versions", value: .array(versions)),
      .init(key: "preferredVersion", value: versions[0]),
    ]
  }

  /// `GET /api/v1` and `GET /apis/GROUP/VERSION`.
  func resourceList(_ apiVersion: String) -> JSONValue {
    var list: JSONValue = ["kind": "APIResourceList"]
    if apiVersion != "v1" { list["apiVersion"] = "v1" }
    list["groupVersion"] = .string(apiVersion)
    list["resources"] = .array(
      catalog.resources(of: apiVersion).flatMap { type in
        [resource(type)] + type.subresources.map { subresource($0, of: type) }
      }
    )
    return list
  }

  private func resource(_ type: ResourceType) -> JSONValue {
    var value: JSONValue = [
      "name": .string(type.name), "singularName": .string(type.singular),
      "namespaced": .bool(type.isNamespaced), "kind": .string(type.kind),
      "verbs": Self.strings(type.verbs),
    ]
    if !type.shortNames.isEmpty { value["shortNames"] = Self.strings(type.shortNames) }
    if !type.categories.isEmpty { value["categories"] = Self.strings(type.categories) }
    value["storageVersionHash"] = type.storageVersionHash.map(JSONValue.string)
    return value
  }

  private func subresource(
    _ subresource: ResourceType.Subresource,
    of type: ResourceType
  ) -> JSONValue {
    var value: JSONValue = [
      "name": .string(type.name + "/" + subresource.name), "singularName": "",
      "namespaced": .bool(type.isNamespaced),
    ]
    if !subresource.group.isEmpty {
      value["group"] = .string(subresource.group)
      value["version"] = .string(subresource.version)
    }
    value["kind"] = .string(subresource.kind)
    value["verbs"] = Self.strings(subresource.verbs)
    return value
  }

  static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}

/// Aggregated discovery: every group with its resources in one document.
///
/// Source: "Aggregated discovery" in the Kubernetes API concepts.
extension DiscoveryDocuments {
  /// The document for `/api`, if `isCore`, or for `/apis`, in the form `v2` or `v2beta1`.
  func aggregated(isCore: Bool, form: String) -> JSONValue {
    let groups = isCore ? [Catalog.Group(name: "", versions: ["v1"])] : catalog.groups
    return [
      "kind": "APIGroupDiscoveryList",
      "apiVersion": .string("apidiscovery.k8s.io/" + form), "metadata": [:],
      "items": .array(groups.map(aggregatedGroup)),
    ]
  }

  private func aggregatedGroup(_ group: Catalog.Group) -> JSONValue {
    [
      "metadata": group.name.isEmpty ? [:] : ["name": .string(group.name)],
      "versions": .array(
        group.versions.map { version in
          let apiVersion = group.name.isEmpty ? version : group.name + "/" + version
          return [
            "version": .string(version),
            "resources": .array(catalog.resources(of: apiVersion).map(aggregatedResource)),
            "freshness": "Current",
          ]
        }
      ),
    ]
  }

  private func aggregatedResource(_ type: ResourceType) -> JSONValue {
    var value: JSONValue = [
      "resource": .string(type.name),
      "responseKind": responseKind(type.kind, group: "", version: "", of: type),
      "scope": type.isNamespaced ? "Namespaced" : "Cluster",
      "singularResource": .string(type.singular), "verbs": Self.strings(type.verbs),
    ]
    if !type.shortNames.isEmpty { value["shortNames"] = Self.strings(type.shortNames) }
    if !type.categories.isEmpty { value["categories"] = Self.strings(type.categories) }
    if !type.subresources.isEmpty {
      value["subresources"] = .array(
        type.subresources.map { subresource in
          [
            "subresource": .string(subresource.name),
            "responseKind": responseKind(
              subresource.kind,
              group: subresource.group,
              version: subresource.version,
              of: type
            ),
            "verbs": Self.strings(subresource.verbs),
          ]
        }
      )
    }
    return value
  }

  /// Built-in resources leave out their own group and version; those of definitions spell them out.
  private func responseKind(
    _ kind: String,
    group: String,
    version: String,
    of type: ResourceType
  ) -> JSONValue {
    let isOwn = group.isEmpty && type.isCustom
    return [
      "group": .string(isOwn ? type.group : group),
      "version": .string(isOwn ? type.version : version), "kind": .string(kind),
    ]
  }
}
