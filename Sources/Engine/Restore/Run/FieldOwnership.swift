// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Who owns the fields of an archived object, and how a restored one gets the same owners.
///
/// Velero writes the archived `managedFields` back with a patch after each creation. Where one manager alone had made all of
/// the object, it is enough to create the object in its name, which saves every second request.
/// Source: velero/05, section 4, "managedFields"; Kubernetes documentation, "Server-Side Apply".
enum FieldOwnership: Sendable, Hashable {
  /// The archive does not say.
  case unknown
  /// One manager made it; its name.
  case one(String)
  /// Several did, or one by applying; the archived list.
  case several(JSONValue)

  /// The longest name of a manager that servers take.
  private static let nameLimit = 128

  /// Reads the archived list.
  ///
  /// Entries for a status do not count: what a restore creates has none.
  init(_ list: JSONValue?) {
    let entries = (list?.array ?? []).filter { !Self.isForStatus($0) }
    guard let first = entries.first else {
      self = .unknown
      return
    }
    let name = first["manager"]?.string ?? ""
    let isPlain = first["operation"]?.string == "Update" && (1...Self.nameLimit ~= name.utf8.count)
    self = isPlain && entries.count == 1 ? .one(name) : .several(.array(entries))
  }

  /// Who creates the object; nil for the client itself.
  var creator: String? {
    if case .one(let name) = self { name } else { nil }
  }

  private static func isForStatus(_ entry: JSONValue) -> Bool {
    if let part = entry["subresource"]?.string, !part.isEmpty { return true }
    // Servers before 1.22 do not say.
    let keys = entry["fieldsV1"]?.object?.keys ?? []
    return !keys.isEmpty && keys.allSatisfy { $0 == "f:status" }
  }
}
