// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The names of all objects of a backup or restore by kind: the file `…-resource-list.json.gz`, read.
///
/// Keys are `<apiVersion>/<kind>`, such as `v1/Pod` and `apps/v1/Deployment`; entries `<namespace>/<name>` or `<name>`,
/// in a restore's file with the action in parentheses behind: `web/app(created)`.
public struct ResourceList: Sendable, Hashable {
  /// The entries by kind, each list sorted.
  public var entries: [String: [String]]

  /// Makes a list.
  public init(entries: [String: [String]] = [:]) { self.entries = entries }

  /// How many entries there are.
  public var count: Int { entries.values.reduce(0) { $0 + $1.count } }

  /// Reads the file; nil, for a store without it, is empty.
  public static func decode(
    _ bytes: [UInt8]?,
    name: String = "resource-list.json.gz"
  ) throws(VeleroError) -> ResourceList {
    let json = try SideFile.decode(bytes, name: name)
    return ResourceList(
      entries: (json.object?.dictionary ?? [:])
        .mapValues { $0.array?.compactMap(\.string) ?? [] }
    )
  }
}
