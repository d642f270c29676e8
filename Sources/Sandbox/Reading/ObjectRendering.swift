// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Puts stored bytes into the documents that clients see, without decoding them.
enum ObjectRendering {
  private static let partialHead = Array(
    "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":".utf8
  )
  private static let brace = Array("}".utf8)
  private static let comma = Array(",".utf8)

  /// What goes before the bytes of an object, from which the opening brace is taken.
  static func head(_ type: ResourceType) -> [UInt8] {
    let kind = JSONValue.string(type.kind).text()
    let apiVersion = JSONValue.string(type.apiVersion).text()
    // Go writes the kind of built-in types first and sorts the members of the others.
    return Array(
      (type.isCustom
        ? "{\"apiVersion\":\(apiVersion),\"kind\":\(kind),"
        : "{\"kind\":\(kind),\"apiVersion\":\(apiVersion),")
        .utf8
    )
  }

  /// A whole object, or its metadata only.
  static func object(
    _ object: StoredObject,
    head: [UInt8],
    isPartial: Bool
  ) -> [SandboxSegment] {
    guard isPartial else {
      return [SandboxSegment(head), SandboxSegment(object.bytes, 1, object.bytes.count)]
    }
    return [
      SandboxSegment(partialHead),
      SandboxSegment(object.bytes, StoredObject.metadataStart, object.metadataEnd),
      SandboxSegment(brace),
    ]
  }

  /// A list document.
  static func list(
    _ page: ObjectPage,
    type: ResourceType,
    isPartial: Bool,
    version: SandboxVersion
  ) -> [SandboxSegment] {
    let metadata = listMetadata(page, isPartial: isPartial, isCustom: type.isCustom, version).text()
    let head = head(type)
    let open: String
    let close: String
    switch (isPartial, type.isCustom) {
    case (true, _):
      open =
        "{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":\(metadata),\"items\":["
      close = "]}\n"
    case (false, true):
      open = "{\"apiVersion\":\"\(type.apiVersion)\",\"items\":["
      close = "],\"kind\":\"\(type.listKind)\",\"metadata\":\(metadata)}\n"
    case (false, false):
      open =
        "{\"kind\":\"\(type.listKind)\",\"apiVersion\":\"\(type.apiVersion)\",\"metadata\":\(metadata),\"items\":["
      close = "]}\n"
    }
    var segments = [SandboxSegment(Array(open.utf8))]
    segments.reserveCapacity(page.objects.count * 4 + 2)
    for (index, item) in page.objects.enumerated() {
      if index > 0 { segments.append(SandboxSegment(comma)) }
      if isPartial || type.isCustom {
        segments.append(contentsOf: object(item, head: head, isPartial: isPartial))
      } else {
        segments.append(SandboxSegment(item.bytes))
      }
    }
    segments.append(SandboxSegment(Array(close.utf8)))
    return segments
  }

  /// The metadata of a list, in the order of its kind.
  static func listMetadata(
    _ page: ObjectPage,
    isPartial: Bool,
    isCustom: Bool,
    _ version: SandboxVersion
  ) -> JSONValue {
    let revision = JSONValue.string(String(page.revision))
    let token = page.token.map { JSONValue.string($0.text(version: version)) }
    // 1.20 loses the count on the way to metadata-only lists.
    let saysRemaining = !(isPartial && version == .v1_20)
    let remaining =
      saysRemaining ? page.remaining.map { JSONValue.number(JSONNumber($0)) } : JSONValue?.none
    var metadata: JSONValue = [:]
    if isCustom, !isPartial {
      metadata["continue"] = token ?? ""
      metadata["remainingItemCount"] = remaining
      metadata["resourceVersion"] = revision
    } else {
      metadata["resourceVersion"] = revision
      metadata["continue"] = token
      metadata["remainingItemCount"] = remaining
    }
    return metadata
  }
}
