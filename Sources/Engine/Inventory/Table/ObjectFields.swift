// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What the inventory reads of an object, as views of its JSON: nothing is copied.
struct ObjectFields {
  /// Empty where the object has none, as all of these texts.
  private(set) var name = UnsafeRawBufferPointer.nothing
  private(set) var namespace = UnsafeRawBufferPointer.nothing
  private(set) var uid = UnsafeRawBufferPointer.nothing
  private(set) var version = UnsafeRawBufferPointer.nothing
  private(set) var created = UnsafeRawBufferPointer.nothing
  private(set) var isBeingDeleted = false
  private(set) var labels: JSONView?
  private(set) var annotations: JSONView?
  private(set) var owners: JSONView?

  /// Reads an object's `metadata` in one pass; the longest part of it, `managedFields`, is stepped over.
  init(_ object: JSONView) {
    object["metadata"]?.forEachMember { key, value in take(key, value) }
  }

  private mutating func take(_ key: UnsafeRawBufferPointer, _ value: JSONView) {
    switch key.count {
    case 3 where key.isEqual("uid"): uid = value.utf8 ?? .nothing
    case 4 where key.isEqual("name"): name = value.utf8 ?? .nothing
    case 6 where key.isEqual("labels"): labels = value
    case 9 where key.isEqual("namespace"): namespace = value.utf8 ?? .nothing
    case 11 where key.isEqual("annotations"): annotations = value
    case 15 where key.isEqual("resourceVersion"): version = value.utf8 ?? .nothing
    case 15 where key.isEqual("ownerReferences"): owners = value
    case 17 where key.isEqual("creationTimestamp"): created = value.utf8 ?? .nothing
    case 17 where key.isEqual("deletionTimestamp"): isBeingDeleted = value.utf8 != nil
    default: break
    }
  }

  /// Whether an annotation is kept: those of Velero's domains, and Helm's release of an object.
  ///
  /// `kubectl.kubernetes.io/last-applied-configuration` and its like are as large as the objects themselves.
  static func keepsAnnotation(_ key: UnsafeRawBufferPointer) -> Bool {
    guard let slash = key.firstIndex(of: UInt8(ascii: "/")) else { return false }
    let domain = UnsafeRawBufferPointer(rebasing: key[..<slash])
    if domain.isEqual("velero.io") || domain.hasSuffix(".velero.io") { return true }
    return key.isEqual("meta.helm.sh/release-name") || key.isEqual("meta.helm.sh/release-namespace")
  }
}

extension UnsafeRawBufferPointer {
  /// The 128 bits of a UUID in its usual form: 36 characters, lower case.
  var uuid: UUIDBits? {
    guard count == 36 else { return nil }
    var bits = UUIDBits(high: 0, low: 0)
    for at in 0..<36 {
      let byte = self[at]
      if at == 8 || at == 13 || at == 18 || at == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      default: return nil
      }
      bits.high = bits.high << 4 | bits.low >> 60
      bits.low = bits.low << 4 | UInt64(digit)
    }
    return bits
  }

  /// The number that is written so in decimal digits without leading zeros.
  var plainNumber: UInt64? {
    guard (1...19).contains(count), count == 1 || self[0] != UInt8(ascii: "0") else { return nil }
    var number: UInt64 = 0
    for byte in self {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      number = number * 10 + UInt64(byte - UInt8(ascii: "0"))
    }
    return number
  }
}

/// A UUID in 16 bytes.
struct UUIDBits: Sendable, Equatable {
  var high: UInt64
  var low: UInt64

  /// The usual form, in lower case.
  var text: String {
    let digits = Array("0123456789abcdef".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(36)
    for at in 0..<32 {
      if at == 8 || at == 12 || at == 16 || at == 20 { bytes.append(UInt8(ascii: "-")) }
      let half = at < 16 ? high : low
      bytes.append(digits[Int(half >> UInt64(60 - at % 16 * 4) & 15)])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension UnsafeRawBufferPointer {
  /// The seconds since 1970 of a time as Kubernetes writes it, in UTC and whole seconds, or of any other RFC 3339 text.
  var timestampSeconds: Int64? {
    isEmpty ? nil : Timestamp(rfc3339: String(decoding: self, as: UTF8.self))?.seconds
  }
}
