// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The resources that a CustomResourceDefinition makes.
enum CustomDefinition {
  static func resources(_ definition: JSONValue) -> [ResourceType] {
    guard let spec = definition["spec"], let group = spec["group"]?.string,
      let name = definition[path: "metadata", "name"]?.string,
      let plural = spec[path: "names", "plural"]?.string,
      let kind = spec[path: "names", "kind"]?.string
    else { return [] }
    return versions(spec).filter { $0["served"]?.bool == true }.map { version in
      var type = ResourceType(
        group: group,
        version: version["name"]?.string ?? "",
        name: plural,
        singular: spec[path: "names", "singular"]?.string ?? kind.lowercased(),
        kind: kind,
        listKind: spec[path: "names", "listKind"]?.string ?? kind + "List",
        isNamespaced: spec["scope"]?.string == "Namespaced",
        verbs: [
          "delete", "deletecollection", "get", "list", "patch", "create", "update", "watch",
        ],
        shortNames: strings(spec[path: "names", "shortNames"]),
        categories: strings(spec[path: "names", "categories"]),
        storageVersionHash: EntityTag.text(for: Array((group + "/" + kind).utf8)),
        table: plural + "." + group
      )
      type.custom = CustomResource(
        definition: name,
        schema: version[path: "schema", "openAPIV3Schema"] ?? .null,
        printerColumns: version["additionalPrinterColumns"]?.array ?? []
      )
      if version[path: "subresources", "status"] != nil {
        type.subresources.append(
          .init(name: "status", kind: kind, verbs: ["get", "patch", "update"])
        )
      }
      if version[path: "subresources", "scale"] != nil {
        type.subresources.append(
          .init(
            name: "scale",
            kind: "Scale",
            group: "autoscaling",
            version: "v1",
            verbs: ["get", "patch", "update"]
          )
        )
      }
      return type
    }
  }

  /// The versions; v1beta1 could say the only one without the list.
  private static func versions(_ spec: JSONValue) -> [JSONValue] {
    if let versions = spec["versions"]?.array, !versions.isEmpty {
      return versions.map { version in
        var version = version
        for key in ["subresources", "additionalPrinterColumns"] where version[key] == nil {
          version[key] = spec[key]
        }
        if version["schema"] == nil { version["schema"] = spec["validation"] }
        return version
      }
    }
    guard let name = spec["version"] else { return [] }
    var version: JSONValue = ["name": name, "served": true, "storage": true]
    version["schema"] = spec["validation"]
    version["subresources"] = spec["subresources"]
    version["additionalPrinterColumns"] = spec["additionalPrinterColumns"]
    return [version]
  }

  /// The conditions and names of a definition that is served.
  static func establishedStatus(_ definition: JSONValue, at time: Timestamp) -> JSONValue {
    let time = JSONValue.string(time.description)
    return [
      "conditions": [
        [
          "type": "NamesAccepted", "status": "True", "lastTransitionTime": time,
          "reason": "NoConflicts", "message": "no conflicts found",
        ],
        [
          "type": "Established", "status": "True", "lastTransitionTime": time,
          "reason": "InitialNamesAccepted", "message": "the initial names have been accepted",
        ],
      ],
      "acceptedNames": definition[path: "spec", "names"] ?? [:],
      "storedVersions": definition[path: "status", "storedVersions"] ?? [],
    ]
  }

  private static func strings(_ value: JSONValue?) -> [String] {
    (value?.array ?? []).compactMap(\.string)
  }
}
