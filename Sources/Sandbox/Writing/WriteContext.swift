// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What a writing request brings besides the object.
struct WriteContext: Sendable {
  var type: ResourceType
  var namespace: String
  var manager: String
  var isDryRun: Bool
  /// Empty for the object itself, or `status`.
  var subresource = ""

  func key(_ name: String) -> String { namespace.isEmpty ? name : namespace + "/" + name }

  func fieldManager(at time: Timestamp, isApply: Bool = false) -> FieldManager {
    FieldManager(
      name: manager,
      isApply: isApply,
      apiVersion: type.apiVersion,
      subresource: subresource,
      time: time
    )
  }
}

extension SandboxRequest {
  /// The body as JSON; protocol buffers are turned into it.
  ///
  /// - Throws: 415 for other forms, and for kinds and fields that are not read from protocol buffers.
  func jsonBody(of kind: String) throws(APIFailure) -> [UInt8] {
    let media = MediaRange(header("Content-Type") ?? "").type
    if body.isEmpty || ["application/json", "", "text/json"].contains(media) { return body }
    if media == ProtobufDecoder.mediaType, let object = ProtobufDecoder.object(body) {
      return object.encoded()
    }
    throw APIFailure(
      415,
      "UnsupportedMediaType",
      "the body of the request was in an unknown format - accepted media types include: application/json,"
        + " \(ProtobufDecoder.mediaType) for some kinds, of which \(kind) may not be one",
      details: APIFailure.Details()
    )
  }
}

/// Reads the bodies of writing requests.
struct BodyDecoder {
  var type: ResourceType
  var catalog: Catalog

  /// The object of a body, which must be of the resource's kind and version.
  ///
  /// - Throws: 400 with the words of Kubernetes' decoders.
  func object(_ body: [UInt8]) throws(APIFailure) -> JSONValue {
    guard let document = try? JSONValue(parsing: body) else {
      throw unrecognized(
        "couldn't get version/kind; json parse error: \(GoJSONError.text(for: body))"
          + " (\(String(decoding: body.prefix(64), as: UTF8.self)))"
      )
    }
    guard document.object != nil else {
      throw unrecognized(
        "couldn't get version/kind; json parse error: json: cannot unmarshal"
          + " into Go value of type struct { APIVersion string; Kind string }"
      )
    }
    let kind = document["kind"]?.string ?? ""
    let apiVersion = document["apiVersion"]?.string ?? ""
    if kind == type.kind, apiVersion == type.apiVersion { return document }
    // Built-in types are known by the path; the others must say what they are.
    if kind.isEmpty || apiVersion.isEmpty {
      guard type.isCustom else { return document }
      throw .badRequest("Object 'Kind' is missing in '\(document.text())'")
    }
    guard apiVersion == type.apiVersion else {
      throw .badRequest(
        "the API version in the data (\(apiVersion)) does not match the expected API version (\(type.apiVersion))"
      )
    }
    guard catalog.type(apiVersion: apiVersion, kind: kind) != nil, !type.isCustom else {
      throw .badRequest(
        "\(kind) in version \"\(type.version)\" cannot be handled as a \(type.kind): no kind \"\(kind)\" is"
          + " registered for version \"\(apiVersion)\" in scheme \"pkg/api/legacyscheme/scheme.go:30\""
      )
    }
    let package = type.group.isEmpty ? "core" : String(type.group.prefix(while: { $0 != "." }))
    throw .badRequest(
      "\(kind) in version \"\(type.version)\" cannot be handled as a \(type.kind): converting"
        + " (\(type.version).\(kind)) to (\(package).\(type.kind)): unknown conversion"
    )
  }

  private func unrecognized(_ why: String) -> APIFailure {
    .badRequest("the object provided is unrecognized (must be of type \(type.kind)): \(why)")
  }
}
