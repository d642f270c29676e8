// SPDX-License-Identifier: Apache-2.0

/// Into which namespaces the objects of a backup's namespaces are restored.
public struct NamespaceMapping: Sendable, Hashable {
  /// The namespaces of the backup that get another name, with it.
  public var names: [String: String]

  /// Makes a mapping; namespaces that are not named keep their names.
  public init(_ names: [String: String] = [:]) { self.names = names }

  /// The namespace that a namespace's objects go into.
  public func target(of namespace: String) -> String { names[namespace] ?? namespace }

  /// Whether a namespace gets another name.
  public func changes(_ namespace: String) -> Bool { target(of: namespace) != namespace }

  /// Everything that is wrong with the mapping, in words for its user.
  public var problems: [String] {
    names.sorted { $0.key < $1.key }.compactMap { source, target in
      if target.isEmpty { return "the namespace '\(source)' is mapped to no name" }
      if NamePattern.isPattern(target) || target == "*" {
        return "the namespace '\(source)' is mapped to '\(target)', which is no name"
      }
      return NamePattern.problem(inNamespacePattern: target)
    }
  }
}
