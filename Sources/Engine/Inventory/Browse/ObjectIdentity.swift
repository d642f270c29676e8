// SPDX-License-Identifier: Apache-2.0

public import Kubernetes

/// An object across snapshots, however its row moves: by its uid, or by its name where the server gives none.
public struct ObjectIdentity: Sendable, Hashable {
  private let high: UInt64
  private let low: UInt64

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Whether both are the same object.
  public static func == (left: ObjectIdentity, right: ObjectIdentity) -> Bool {
    left.low == right.low && left.high == right.high
  }

  /// Feeds one word: uids are spread evenly already.
  public func hash(into hasher: inout Hasher) { hasher.combine(high ^ low) }

  /// Thirty-two hexadecimal digits.
  public var text: String {
    [high, low].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

/// Where a row is; good for one snapshot only.
public struct RowPlace: Sendable, Hashable {
  /// The place of its type.
  public let type: UInt32
  /// Its number within the type.
  public let index: UInt32

  /// Makes a place.
  public init(type: Int, index: Int) {
    self.type = UInt32(type)
    self.index = UInt32(index)
  }
}

extension InventorySnapshot {
  /// The identity of a row, which must be live.
  public func identity(ofType place: Int, index: Int) -> ObjectIdentity {
    let row = RowIdentity(self, place: place, row: index)
    guard content[place].flags[index].contains(.textUID) else {
      return ObjectIdentity(high: row.high, low: row.low)
    }
    // Without a uid, objects of two types may have the same name.
    return ObjectIdentity(high: row.high, low: row.low &+ UInt64(typeTag(place)))
  }

  /// The identity of a row, which must be live.
  public func identity(of place: RowPlace) -> ObjectIdentity {
    identity(ofType: Int(place.type), index: Int(place.index))
  }

  /// The object at a place, which must be live.
  public func row(at place: RowPlace) -> ObjectRow {
    row(ofType: Int(place.type), index: Int(place.index))
  }

  /// Where an object is by its name; nil when it is not there.
  public func place(of address: ObjectAddress) -> RowPlace? {
    guard let type = place(of: address.type),
      let row = row(ofType: type, namespace: address.namespace, name: address.name)
    else { return nil }
    return RowPlace(type: type, index: row.index)
  }

  /// The address of a row, which must be live.
  public func address(at place: RowPlace) -> ObjectAddress {
    let row = row(at: place)
    return ObjectAddress(
      type: resource(ofType: Int(place.type)).groupResource,
      namespace: row.namespace,
      name: row.name
    )
  }

  /// What discovery says about the type at a place.
  public func resource(ofType place: Int) -> APIResource {
    content.notes[content.order[place]].resource
  }

  /// How many objects there are of all types.
  public var rowCount: Int { content.order.reduce(0) { $0 + content.parts[$1].count } }

  private func typeTag(_ place: Int) -> UInt32 {
    resource(ofType: place).groupResource.withBytes { $0.tag() }
  }
}
