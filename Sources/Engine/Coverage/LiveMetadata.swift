// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Velero

/// What coverage reads of a live object; from an object or from its metadata alone.
struct LiveMetadata: Sendable, Hashable {
  /// The object that has the say over another.
  struct Controller: Sendable, Hashable {
    var group: String
    var kind: String
    var name: String
    var uid: String
  }

  var namespace: String?
  var name: String
  var uid: String
  var controller: Controller?
  /// Whether it shows a static pod, which its node runs by itself.
  var isMirror: Bool
  var isLabelledOut: Bool
  var isBeingDeleted: Bool
  /// Whether its labels fit the scope's selector.
  var isSelected: Bool

  init(_ view: JSONView, selector: LabelSelector?) {
    let metadata = view["metadata"]
    let labels = metadata?["labels"]
    namespace = metadata?["namespace"]?.string
    name = metadata?["name"]?.string ?? ""
    uid = metadata?["uid"]?.string ?? ""
    isLabelledOut = labels?["velero.io/exclude-from-backup"]?.string == "true"
    isMirror = metadata?["annotations"]?["kubernetes.io/config.mirror"] != nil
    isBeingDeleted = metadata?["deletionTimestamp"]?.string != nil
    isSelected = selector?.matches { labels?[dynamic: $0]?.string } ?? true
    metadata?["ownerReferences"]?.forEachElement { owner in
      guard owner["controller"]?.bool == true else { return }
      controller = Controller(owner)
    }
  }
}

extension LiveMetadata.Controller {
  fileprivate init(_ owner: JSONView) {
    let apiVersion = owner["apiVersion"]?.string ?? ""
    let parts = apiVersion.split(separator: "/")
    group = parts.count > 1 ? String(parts[0]) : ""
    kind = owner["kind"]?.string ?? ""
    name = owner["name"]?.string ?? ""
    uid = owner["uid"]?.string ?? ""
  }
}
