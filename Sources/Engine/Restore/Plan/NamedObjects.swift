// SPDX-License-Identifier: Apache-2.0

public import Kubernetes

/// Single objects that a restore is asked for by name.
public struct NamedObjects: Sendable, Hashable {
  /// The numbers of the objects in the archive's index.
  public var numbers: Set<Int>

  /// Takes objects by their numbers.
  public init(numbers: Set<Int>) { self.numbers = numbers }

  /// Finds objects in an archive.
  ///
  /// - Parameters:
  ///   - texts: `type/namespace/name`, or `type/name` for objects of the cluster; types as the target knows them, by any of
  ///     their names, or as the archive writes them.
  ///   - index: The archive's objects.
  ///   - discovery: What the target serves.
  /// - Throws: `EngineError` `.invalid` for text of another form, `.notFound` for an object that the archive lacks.
  public init(_ texts: [String], in index: ArchiveIndex, discovery: Discovery) throws {
    numbers = []
    for text in texts {
      guard var address = ObjectAddress(parsing: text) else {
        throw EngineError(
          .invalid,
          "'\(text)' names no object",
          hint: "write type/namespace/name, such as configmaps/shop/settings, or type/name"
        )
      }
      address.type = discovery.resource(named: address.type)?.groupResource ?? address.type
      guard let number = index.number(of: address) else {
        throw EngineError(
          .notFound,
          "the backup has no object '\(text)'",
          hint: Self.hint(address, index)
        )
      }
      numbers.insert(number)
    }
  }

  /// The same name somewhere else in the archive.
  private static func hint(_ address: ObjectAddress, _ index: ArchiveIndex) -> String? {
    let other = index.items.first { $0.name == address.name && $0.resource == address.type }
    return other.map { "it has \(index.address($0.number))" }
  }
}
