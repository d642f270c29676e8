// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What a backup reads of every object, out of a view of its JSON.
struct ItemFacts {
  /// The object's name; empty when it has none, which no listed object lacks.
  let name: String
  /// Its namespace; nil for cluster-scoped objects.
  let namespace: String?
  /// Whether it carries its own `apiVersion` and `kind`; items of built-in types' lists lack them.
  let hasAPIVersion: Bool
  let hasKind: Bool
  /// Whether `metadata.deletionTimestamp` is set.
  let isBeingDeleted: Bool
  private let labels: JSONView?

  /// Reads an object.
  init(_ view: JSONView) {
    let metadata = view["metadata"]
    name = metadata?["name"]?.string ?? ""
    let namespace = metadata?["namespace"]?.string ?? ""
    self.namespace = namespace.isEmpty ? nil : namespace
    hasAPIVersion = view["apiVersion"]?.string != nil
    hasKind = view["kind"]?.string != nil
    isBeingDeleted = metadata?["deletionTimestamp"]?.string != nil
    labels = metadata?["labels"]
  }

  /// The value of a label, or nil.
  func label(_ key: String) -> String? { labels?[dynamic: key]?.string }
}
