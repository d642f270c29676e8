// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Answers requests for paths that name no resource: discovery, health, version, OpenAPI.
struct DocumentHandler {
  let cluster: SandboxCluster
  let request: SandboxRequest

  private var version: SandboxVersion { cluster.options.version }

  func respond(_ path: String) -> SandboxResponse {
    guard request.method == "GET" || request.method == "HEAD" else {
      return APIFailure.methodNotAllowed().response
    }
    let parts = path.split(separator: "/").map(String.init)
    switch parts.first {
    case "healthz", "livez", "readyz": return .text("ok")
    case "version" where parts.count == 1: return .json(version.document)
    case "api", "apis": return discovery(parts)
    case "openapi": return openAPI(parts)
    case nil: return .json(paths)
    default: return .json(paths, status: 404)
    }
  }

  private func discovery(_ parts: [String]) -> SandboxResponse {
    let documents = cluster.read {
      DiscoveryDocuments(
        catalog: $0.catalog,
        version: $0.version,
        serverAddress: $0.serverAddress
      )
    }
    switch (parts[0], parts.count) {
    case (_, 1):
      let isCore = parts[0] == "api"
      if let form = aggregatedForm() { return aggregated(documents, isCore: isCore, form) }
      return .json(isCore ? documents.coreVersions : documents.groupList)
    case ("api", 2) where parts[1] == "v1": return .json(documents.resourceList("v1"))
    case ("apis", 2):
      guard let group = documents.catalog.group(parts[1]) else { return RequestHandler.notFound }
      return .json(documents.group(group))
    case ("apis", 3):
      let apiVersion = parts[1] + "/" + parts[2]
      guard documents.catalog.serves(apiVersion: apiVersion) else { return RequestHandler.notFound }
      return .json(documents.resourceList(apiVersion))
    default: return RequestHandler.notFound
    }
  }

  /// The form of aggregated discovery that the client prefers to the old one; nil for the old one.
  private func aggregatedForm() -> String? {
    guard version != .v1_20, let accept = request.header("Accept") else { return nil }
    for range in MediaRange.list(accept) where range.acceptsJSON {
      guard range.parameters["as"] != nil else { return nil }
      if range.parameters["g"] == "apidiscovery.k8s.io",
        range.parameters["as"] == "APIGroupDiscoveryList",
        let form = range.parameters["v"], ["v2", "v2beta1"].contains(form)
      {
        return form
      }
    }
    return nil
  }

  private func aggregated(
    _ documents: DiscoveryDocuments,
    isCore: Bool,
    _ form: String
  ) -> SandboxResponse {
    let bytes = documents.aggregated(isCore: isCore, form: form).encoded()
    let tag = "\"\(EntityTag.text(for: bytes))\""
    let type = "application/json;g=apidiscovery.k8s.io;v=\(form);as=APIGroupDiscoveryList"
    let isKnown = request.header("If-None-Match") == tag
    var response = isKnown ? SandboxResponse.text("", status: 304) : .json(bytes)
    response.headers = [
      SandboxHeader("Cache-Control", "public"), SandboxHeader("Content-Type", type),
      SandboxHeader("Etag", tag), SandboxHeader("Vary", "Accept"),
    ]
    return response
  }

  private func openAPI(_ parts: [String]) -> SandboxResponse {
    let catalog = cluster.read { $0.catalog }
    let documents = OpenAPIDocuments(catalog: catalog, version: version)
    guard let response = documents.respond(parts) else { return .json(paths, status: 404) }
    return response
  }

  /// The document of the root path, which is also the answer for unknown ones.
  private var paths: JSONValue {
    let catalog = cluster.read { $0.catalog }
    var paths = ["/api", "/api/v1", "/apis"]
    for group in catalog.groups {
      paths.append("/apis/" + group.name)
      paths += group.versions.map { "/apis/\(group.name)/\($0)" }
    }
    paths += ["/healthz", "/livez", "/openapi/v2"]
    if version != .v1_20 { paths.append("/openapi/v3") }
    paths += ["/readyz", "/version"]
    return ["paths": DiscoveryDocuments.strings(paths)]
  }
}

/// A short text that changes with the content; FNV-1a, 64 bits.
enum EntityTag {
  static func text(for bytes: [UInt8]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return String(hash, radix: 16, uppercase: true)
  }
}
