// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What an object says about one that owns it.
public struct OwnerReference: Sendable, Hashable {
  /// The owner's kind, such as `ReplicaSet`.
  public var kind: String
  /// The owner's group and version, such as `apps/v1`.
  public var apiVersion: String
  /// The owner's name; its namespace is the object's own, or it has none.
  public var name: String
  /// The owner's uid.
  public var uid: String
  /// Whether the owner manages the object.
  public var isController: Bool

  /// Makes a reference.
  public init(kind: String, apiVersion: String, name: String, uid: String, isController: Bool) {
    self.kind = kind
    self.apiVersion = apiVersion
    self.name = name
    self.uid = uid
    self.isController = isController
  }
}

/// A view of one object's metadata in a snapshot; every property is looked up when it is asked for.
public struct ObjectRow: Sendable {
  private let content: InventoryContent
  /// The place of the object's type.
  public let type: Int
  /// The row's number within its type.
  public let index: Int

  init(_ content: InventoryContent, _ type: Int, _ index: Int) {
    self.content = content
    self.type = type
    self.index = index
  }

  /// Its namespace; nil for cluster-scoped objects.
  public var namespace: String? {
    namespaceID == 0 ? nil : content.pools.namespaces.string(namespaceID)
  }

  /// The number of its namespace; 0 for cluster-scoped objects.
  public var namespaceID: UInt32 { part.namespaces[index] }

  /// Its name.
  public var name: String { part.arena.string(part.names[index]) }

  /// Its uid; empty when the server gave none.
  public var uid: String {
    let uid = part.uids[index]
    return part.flags[index].contains(.textUID)
      ? content.pools.strings.string(UInt32(uid.low)) : uid.text
  }

  /// Its labels.
  public var labels: [String: String] {
    content.pools.members(of: labelSetID, content.pools.labelSets)
  }

  /// The number of its set of labels; 0 for none.
  public var labelSetID: UInt32 { part.labelSets[index] }

  /// The value of a label.
  public func label(_ key: String) -> String? {
    value(of: key, labelSetID, content.pools.labelSets)
  }

  /// The annotations that are kept: those of `velero.io` and domains below it, and `meta.helm.sh/release-name` and `-namespace`.
  public var annotations: [String: String] {
    content.pools.members(of: part.annotationSets[index], content.pools.annotationSets)
  }

  /// The value of an annotation that is kept.
  public func annotation(_ key: String) -> String? {
    value(of: key, part.annotationSets[index], content.pools.annotationSets)
  }

  /// Its owners, in the server's order.
  public var owners: [OwnerReference] { content.pools.owners(of: part.ownerSets[index]) }

  /// Whether `metadata.deletionTimestamp` is set.
  public var isBeingDeleted: Bool { part.flags[index].contains(.beingDeleted) }

  /// Its version; empty when the server gave none.
  public var resourceVersion: String {
    let version = part.versions[index]
    return part.flags[index].contains(.textVersion)
      ? content.pools.strings.string(UInt32(version)) : String(version)
  }

  /// When it was created, in whole seconds; nil when the server did not say.
  public var created: Timestamp? {
    let seconds = part.created[index]
    return seconds == RowFields.noTime ? nil : Timestamp(seconds: seconds)
  }

  private var part: TypePart {
    _read { yield content[type] }
  }

  private func value(of key: String, _ set: UInt32, _ sets: BytePool) -> String? {
    guard let key = content.pools.strings.find(key) else { return nil }
    return content.pools.value(of: key, in: set, sets)
  }
}

/// Objects of a type.
public struct ObjectRows: Sequence, Sendable {
  enum Scope: Sendable {
    case all
    /// The rows of one namespace from the first on; nil when there are none.
    case namespace(first: Int?)
  }

  private let content: InventoryContent
  private let type: Int
  private let scope: Scope

  init(_ content: InventoryContent, _ type: Int, _ scope: Scope) {
    self.content = content
    self.type = type
    self.scope = scope
  }

  /// Begins at the first object.
  public func makeIterator() -> Iterator {
    switch scope {
    case .all: Iterator(content: content, type: type, isOfNamespace: false, following: 0)
    case .namespace(let first):
      Iterator(content: content, type: type, isOfNamespace: true, following: first)
    }
  }

  /// The objects one after the other.
  public struct Iterator: IteratorProtocol {
    fileprivate let content: InventoryContent
    fileprivate let type: Int
    fileprivate let isOfNamespace: Bool
    /// The next row to look at; nil at the end.
    fileprivate var following: Int?

    /// The next object.
    public mutating func next() -> ObjectRow? {
      while let row = following {
        if isOfNamespace {
          following = content[type].row(after: row)
          return ObjectRow(content, type, row)
        }
        guard row < content[type].rowCount else { break }
        following = row + 1
        if content[type].isLive(row) { return ObjectRow(content, type, row) }
      }
      following = nil
      return nil
    }
  }
}
