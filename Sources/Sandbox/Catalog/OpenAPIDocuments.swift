// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// OpenAPI as far as clients need it to find out what the server can do: paths without schemas.
struct OpenAPIDocuments {
  var catalog: Catalog
  var version: SandboxVersion

  func respond(_ parts: [String]) -> SandboxResponse? {
    if parts == ["openapi", "v2"] { return second }
    guard version != .v1_20, parts.count >= 2, parts[1] == "v3" else { return nil }
    if parts.count == 2 {
      var response = SandboxResponse.json(index)
      response.headers[1] = SandboxHeader("Content-Type", "text/plain; charset=utf-8")
      return response
    }
    let path = parts.dropFirst(2).joined(separator: "/")
    guard paths.contains(path) else { return nil }
    return .json(document(path))
  }

  private var paths: [String] {
    var paths = [".well-known/openid-configuration", "api", "api/v1", "apis"]
    for group in catalog.groups.sorted(by: { $0.name < $1.name }) {
      let isCustom = group.versions.allSatisfy { version in
        catalog.resources(of: group.name + "/" + version).allSatisfy(\.isCustom)
      }
      if !isCustom { paths.append("apis/" + group.name) }
      paths += group.versions.sorted().map { "apis/\(group.name)/\($0)" }
    }
    return paths + ["openid/v1/jwks", "version"]
  }

  /// `GET /openapi/v3`.
  private var index: JSONValue {
    var members: JSONValue = [:]
    for path in paths {
      let hash = EntityTag.text(for: document(path).encoded())
      members[path] = ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(hash)")]
    }
    return ["paths": members]
  }

  private func document(_ path: String) -> JSONValue {
    let apiVersion = path == "api/v1" ? "v1" : String(path.dropFirst("apis/".count))
    var operations: JSONValue = [:]
    if path == "api/v1" || path.hasPrefix("apis/") {
      for type in catalog.resources(of: apiVersion) where type.verbs.contains("patch") {
        operations[
          "/\(path)/\(type.isNamespaced ? "namespaces/{namespace}/" : "")\(type.name)/{name}"
        ] =
          ["patch": operation(type)]
      }
    }
    return [
      "openapi": "3.0.0",
      "info": ["title": "Kubernetes", "version": .string(version.gitVersion)],
      "paths": operations, "components": ["schemas": [:]],
    ]
  }

  private func operation(_ type: ResourceType) -> JSONValue {
    let parameters = ["dryRun", "fieldManager", "fieldValidation", "force"]
    return [
      "operationId": .string("patch\(type.kind)"),
      "parameters": .array(
        parameters.map {
          [
            "name": .string($0), "in": "query",
            "schema": ["type": $0 == "force" ? "boolean" : "string", "uniqueItems": true],
          ]
        }
      ),
      "responses": ["200": ["description": "OK"]],
      "x-kubernetes-action": "patch",
      "x-kubernetes-group-version-kind": [
        "group": .string(type.group), "kind": .string(type.kind), "version": .string(type.version),
      ],
    ]
  }

  /// An OpenAPI v2 document in protocol buffers with a title and a version and nothing else.
  ///
  /// Source: openapiv2.proto of gnostic: swagger is field 1, info field 2 with title 1 and version 2.
  private var second: SandboxResponse {
    let info = field(1, Array("Kubernetes".utf8)) + field(2, Array(version.gitVersion.utf8))
    var response = SandboxResponse.json([:])
    response.headers[1] = SandboxHeader(
      "Content-Type",
      version == .v1_20
        ? "application/octet-stream" : "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
    )
    response.body = .segments([SandboxSegment(field(1, Array("2.0".utf8)) + field(2, info))])
    return response
  }

  /// A length-delimited field of less than 128 bytes.
  private func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
    precondition(content.count < 128, "one byte holds the length")
    return [number << 3 | 2, UInt8(content.count)] + content
  }
}
