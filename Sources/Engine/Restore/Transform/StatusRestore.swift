// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
public import Primitives
public import Velero

/// Whether objects get the status back that the backup has of them.
///
/// Source: velero/05, section 4, "Status restore".
public struct StatusRestore: Sendable {
  /// The annotation by which an object decides for itself.
  public static let annotation = "velero.io/restore-status"

  private let lists: (included: ResourceEntries, excluded: ResourceEntries)?

  /// Reads what a restore asks for.
  ///
  /// - Parameters:
  ///   - spec: The restore's `restoreStatus`; nil restores no status but where an annotation wants it.
  ///   - discovery: What the target serves; entries are resolved by it.
  public init(_ spec: RestoreStatusSpec?, discovery: Discovery) {
    lists = spec.map { spec in
      (
        ResourceEntries(spec.includedResources, .includedResources, discovery: discovery),
        ResourceEntries(spec.excludedResources, .excludedResources, discovery: discovery)
      )
    }
  }

  /// Whether an object gets its status back.
  ///
  /// - Parameters:
  ///   - object: The object, with its annotations.
  ///   - resource: Its type, `plural.group`.
  /// - Returns: Whether it does, and a warning when its annotation says neither yes nor no.
  public func applies(
    to object: JSONValue,
    resource: String
  ) -> (isRestored: Bool, warning: String?) {
    let isListed =
      lists.map { lists in
        lists.excluded.entry(for: resource) == nil
          && (lists.included.isOpen || lists.included.entry(for: resource) != nil)
      } ?? false
    let wish = object[path: "metadata", "annotations"]?[Self.annotation]?.string
    guard let wish else { return (isListed, nil) }
    // Blanks around the word do not count.
    switch wish.split(whereSeparator: \.isWhitespace).map({ $0.lowercased() }) {
    case ["true"]: return (true, nil)
    case ["false"]: return (false, nil)
    default:
      return (isListed, "its annotation \(Self.annotation) is '\(wish)', neither true nor false")
    }
  }
}
