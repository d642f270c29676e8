// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Writes the lines of a watch.
struct EventRendering: Sendable {
  private let type: ResourceType
  private let form: Representation
  private let options: SandboxOptions
  private let head: [UInt8]

  init(type: ResourceType, form: Representation, options: SandboxOptions) {
    self.type = type
    self.form = form
    self.options = options
    head = ObjectRendering.head(type)
  }

  func append(_ kind: Change.Kind, _ object: StoredObject, to lines: inout [SandboxSegment]) {
    let name =
      switch kind {
      case .added: "ADDED"
      case .modified: "MODIFIED"
      case .deleted: "DELETED"
      }
    lines.append(SandboxSegment(Array("{\"type\":\"\(name)\",\"object\":".utf8)))
    if form == .table {
      let page = ObjectPage(objects: [object], revision: object.revision)
      let table = TableRendering(type: type, options: options).document(page)
      lines.append(SandboxSegment(table.encoded()))
    } else {
      lines += ObjectRendering.object(object, head: head, isPartial: form == .partialMetadata)
    }
    lines.append(SandboxSegment(Self.end))
  }

  private static let end = Array("}\n".utf8)

  private static func line(_ event: JSONValue) -> SandboxSegment {
    SandboxSegment(event.encoded(JSONFormat(escapesHTML: true)) + [UInt8(ascii: "\n")])
  }

  func appendBookmark(_ revision: Int64, endsInitialEvents: Bool, to lines: inout [SandboxSegment])
  {
    var metadata: JSONValue = ["resourceVersion": .string(String(revision))]
    if options.version == .v1_20 { metadata["creationTimestamp"] = .null }
    if endsInitialEvents { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
    let isPartial = form == .partialMetadata
    let event: JSONValue = [
      "type": "BOOKMARK",
      "object": [
        "kind": .string(isPartial ? "PartialObjectMetadata" : type.kind),
        "apiVersion": .string(isPartial ? "meta.k8s.io/v1" : type.apiVersion),
        "metadata": metadata,
      ],
    ]
    lines.append(Self.line(event))
  }

  func appendError(_ failure: APIFailure, to lines: inout [SandboxSegment]) {
    let event: JSONValue = ["type": "ERROR", "object": failure.document]
    lines.append(Self.line(event))
  }
}
