// SPDX-License-Identifier: Apache-2.0

/// In which form a client wants objects, negotiated from `Accept`.
///
/// Source: "Alternate representations of resources" and "Receiving resources as Tables" in the API concepts.
enum Representation: Sendable, Equatable {
  case object
  case partialMetadata
  case table
}

/// One media range of an `Accept` header.
struct MediaRange {
  var type: String
  var parameters: [String: String] = [:]

  init(_ text: some StringProtocol) {
    let parts = text.split(separator: ";").map {
      String($0.drop(while: { $0 == " " }).reversed().drop(while: { $0 == " " }).reversed())
    }
    type = parts.first?.lowercased() ?? ""
    for part in parts.dropFirst() {
      guard let sign = part.firstIndex(of: "=") else { continue }
      parameters[part[..<sign].lowercased()] = String(part[part.index(after: sign)...])
    }
  }

  static func list(_ header: String) -> [MediaRange] {
    header.split(separator: ",").map { MediaRange($0) }
  }

  var acceptsJSON: Bool {
    ["application/json", "*/*", "application/*", ""].contains(type)
  }
}

extension Representation {
  /// The first form of the header that the server has.
  ///
  /// - Throws: 406 when it has none of them.
  static func negotiate(_ accept: String?) throws(APIFailure) -> Representation {
    guard let accept, !accept.isEmpty else { return .object }
    for range in MediaRange.list(accept) where range.acceptsJSON {
      guard let form = range.parameters["as"] else { return .object }
      guard range.parameters["g"] == "meta.k8s.io",
        ["v1", "v1beta1"].contains(range.parameters["v"])
      else { continue }
      switch form {
      case "Table": return .table
      case "PartialObjectMetadata", "PartialObjectMetadataList": return .partialMetadata
      default: continue
      }
    }
    throw APIFailure(
      406,
      "NotAcceptable",
      "only the following media types are accepted: application/json",
      details: APIFailure.Details()
    )
  }
}
