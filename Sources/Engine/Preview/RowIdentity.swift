// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// An object across snapshots, by its uid: the UUID itself, or a hash where the uid is none.
struct RowIdentity: Sendable, Hashable {
  let high: UInt64
  let low: UInt64

  /// Of an object that the server sent.
  init(_ fields: ObjectFields) {
    if let uuid = fields.uid.uuid {
      self.init(high: uuid.high, low: uuid.low)
    } else {
      self.init(
        text: String(decoding: fields.uid, as: UTF8.self),
        namespace: String(decoding: fields.namespace, as: UTF8.self),
        name: String(decoding: fields.name, as: UTF8.self)
      )
    }
  }

  /// Of a row; it has to be live.
  init(_ snapshot: InventorySnapshot, place: Int, row: Int) {
    // The columns are lent one by one: a copy of them all would count up a dozen references.
    guard snapshot.content[place].flags[row].contains(.textUID) else {
      let uid = snapshot.content[place].uids[row]
      self.init(high: uid.high, low: uid.low)
      return
    }
    let object = snapshot.row(ofType: place, index: row)
    self.init(text: object.uid, namespace: object.namespace ?? "", name: object.name)
  }

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A server that gives no uids still has one object of a name.
  private init(text: String, namespace: String, name: String) {
    let bytes = Array("\(text)\n\(namespace)\n\(name)".utf8)
    var halves: [UInt64] = [0xCBF2_9CE4_8422_2325, 0x9E37_79B9_7F4A_7C15]
    for byte in bytes {
      for half in halves.indices { halves[half] = (halves[half] ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    self.init(high: halves[0], low: halves[1])
  }
}

/// A resource version as far as relations need it: whether what was read of an object shows it as a row does, or later.
struct RowVersion: Sendable, Equatable {
  /// The number; where versions are none, a hash of the text.
  private let number: UInt64
  private let isText: Bool

  init(_ fields: ObjectFields) { self.init(text: String(decoding: fields.version, as: UTF8.self)) }

  init(_ snapshot: InventorySnapshot, place: Int, row: Int) {
    if snapshot.content[place].flags[row].contains(.textVersion) {
      self.init(text: snapshot.row(ofType: place, index: row).resourceVersion)
    } else {
      self.init(snapshot.content[place].versions[row], isText: false)
    }
  }

  private init(_ number: UInt64, isText: Bool) {
    self.number = number
    self.isText = isText
  }

  private init(text: String) {
    if let plain = UInt64(text) {
      self.init(plain, isText: false)
    } else {
      let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
        ($0 ^ UInt64($1)) &* 0x100_0000_01B3
      }
      self.init(hash, isText: true)
    }
  }

  /// Whether this is the version of a row or a later one; etcd's versions are numbers that grow.
  func shows(_ row: RowVersion) -> Bool {
    self == row || !isText && !row.isText && number > row.number
  }
}
