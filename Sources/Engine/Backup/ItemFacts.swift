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
  private let metadata: JSONView?

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
    self.metadata = metadata
  }

  /// The value of a label, or nil.
  func label(_ key: String) -> String? { labels?[dynamic: key]?.string }

  /// Whether the object, if it is a pod, wants a command run in it before or after it is backed up.
  ///
  /// Source: velero/04, section 1.1; the last one is the old name of the first.
  var asksForHooks: Bool {
    guard let annotations = metadata?["annotations"] else { return false }
    func isSet(_ key: StaticString) -> Bool { annotations[key]?.string?.isEmpty == false }
    return isSet("pre.hook.backup.velero.io/command")
      || isSet("post.hook.backup.velero.io/command") || isSet("hook.backup.velero.io/command")
  }
}
