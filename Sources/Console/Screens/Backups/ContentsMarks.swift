// SPDX-License-Identifier: Apache-2.0

internal import Engine

/// The marked objects of a backup's contents.
///
/// Objects are marked and never rows, so that a filter changes nothing of what is marked.
struct ContentsMarks: Sendable {
  /// The marked objects.
  private(set) var objects: Set<ObjectAddress> = []
  /// How many of them each namespace and each type in it has.
  private var counts: [ContentsNode: Int] = [:]

  /// How many objects of a row are marked.
  func count(in node: ContentsNode) -> Int {
    if case .object(let address) = node { return objects.contains(address) ? 1 : 0 }
    return counts[node] ?? 0
  }

  /// Marks the objects of a row; takes their marks away when all of them are marked.
  ///
  /// - Parameter addresses: Those of its objects that are shown.
  mutating func toggle(_ addresses: [ObjectAddress]) {
    let isMarking = addresses.contains { !objects.contains($0) }
    for address in addresses {
      let isChanged =
        isMarking ? objects.insert(address).inserted : objects.remove(address) != nil
      guard isChanged else { continue }
      let namespace = address.namespace ?? ""
      counts[.namespace(namespace), default: 0] += isMarking ? 1 : -1
      counts[.type(namespace, address.type), default: 0] += isMarking ? 1 : -1
    }
  }

  /// Takes all marks away.
  mutating func clear() { self = ContentsMarks() }
}
