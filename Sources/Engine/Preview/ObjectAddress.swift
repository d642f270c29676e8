// SPDX-License-Identifier: Apache-2.0

/// Where an object is: its type, its namespace, its name.
public struct ObjectAddress: Sendable, Hashable {
  /// `plural.group`, or `plural` in the core group.
  public var type: String
  /// The namespace; nil for cluster-scoped objects.
  public var namespace: String?
  /// The name.
  public var name: String

  /// Makes an address.
  public init(type: String, namespace: String? = nil, name: String) {
    self.type = type
    self.namespace = namespace
    self.name = name
  }

  /// Makes an address of `namespace/name` or `name`, as reasons name objects.
  init(type: String, path: String) {
    let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
    self.init(
      type: type,
      namespace: parts.count == 2 ? parts[0] : nil,
      name: parts.last ?? path
    )
  }

  /// Reads `type/namespace/name`, or `type/name` for an object of the cluster; nil for text of another form.
  public init?(parsing text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count), !parts.contains("") else { return nil }
    self.init(
      type: parts[0],
      namespace: parts.count == 3 ? parts[1] : nil,
      name: parts[parts.count - 1]
    )
  }

  /// `type/namespace/name`, or `type/name`.
  public var text: String { "\(type)/\(path)" }

  /// `namespace/name`, or `name`.
  public var path: String { namespace.map { "\($0)/\(name)" } ?? name }
}

extension ObjectAddress: CustomStringConvertible {
  /// `pods 'shop/db-0'`.
  public var description: String { "\(type) '\(path)'" }
}

extension ObjectAddress: Comparable {
  /// An order by type, then by namespace, then by name.
  public static func < (left: ObjectAddress, right: ObjectAddress) -> Bool {
    (left.type, left.namespace ?? "", left.name) < (right.type, right.namespace ?? "", right.name)
  }
}
