// SPDX-License-Identifier: Apache-2.0

internal import Velero

/// What the errors of a backup name: objects, types and namespaces of which it may lack something.
///
/// The texts are those that Velero's log hook makes: ` resource: /pods name: /web-0 message: /…`, sorted by namespace. A
/// type is named with its group or without it, as Velero's parts differ in that; either is understood.
/// Source: Velero 1.18, `pkg/util/logging/log_counter_hook.go`.
struct CoverageFailures: Sendable, Hashable {
  private struct Place: Hashable {
    /// The type as it was written; nil for all types.
    var resource: String?
    /// nil for cluster-scoped objects, and for a type in all namespaces.
    var namespace: String?
    /// nil for all objects of the type.
    var name: String?
  }

  /// No errors at all.
  static let nothing = CoverageFailures(OperationResults())

  private var places: Set<Place> = []

  /// Takes the errors of a results file; those that name nothing are about the run alone and passed over.
  init(_ results: OperationResults) {
    for message in results.errors.velero + results.errors.cluster {
      let place = Self.place(message, namespace: nil)
      if place.resource != nil { places.insert(place) }
    }
    for (namespace, messages) in results.errors.namespaces {
      for message in messages { places.insert(Self.place(message, namespace: namespace)) }
    }
  }

  private static func place(_ message: String, namespace: String?) -> Place {
    var rest = message[...]
    let resource = value(" resource: /", &rest)
    // A name without a type may be of anything there.
    let name = resource == nil ? nil : value(" name: /", &rest)
    return Place(resource: resource, namespace: namespace, name: name)
  }

  /// Takes a label and the word behind it off the front; nil when they do not stand there.
  private static func value(_ label: String, _ rest: inout Substring) -> String? {
    guard rest.hasPrefix(label) else { return nil }
    let word = rest.dropFirst(label.count).prefix { $0 != " " }
    rest = rest.dropFirst(label.count + word.count)
    return word.isEmpty ? nil : String(word)
  }

  /// Whether an error names the object, its type or its namespace.
  func concern(_ object: CoverageObject) -> Bool {
    if places.isEmpty { return false }
    if let home = object.home,
      places.contains(Place(resource: nil, namespace: home, name: nil))
    {
      return true
    }
    let plural = String(object.resource.prefix { $0 != "." })
    return Set([object.resource, plural]).contains { resource in
      [
        Place(resource: resource, namespace: object.namespace, name: object.name),
        Place(resource: resource, namespace: object.namespace, name: nil),
        Place(resource: resource, namespace: nil, name: nil),
      ].contains { places.contains($0) }
    }
  }
}
