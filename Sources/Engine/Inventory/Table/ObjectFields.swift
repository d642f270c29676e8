// SPDX-License-Identifier: Apache-2.0

internal import Glibc
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

  /// A reader of listed objects, which does not read half of all metadata and all else of whole objects.
  static func reader() -> JSONReader {
    JSONReader(skipping: skipped(of: ""), leaving: unread)
  }

  /// What a reader of events, in which the object is a member, need not read.
  static var skippedInEvents: [JSONReader.Member] { skipped(of: "object") }

  /// What is mostly known as it is written, and is read only when it is not.
  static var unread: [JSONReader.Member] {
    [
      JSONReader.Member("annotations", in: "metadata"),
      JSONReader.Member("ownerReferences", in: "metadata"),
    ]
  }

  private static func skipped(of object: StaticString) -> [JSONReader.Member] {
    [
      JSONReader.Member("managedFields", in: "metadata"), JSONReader.Member("spec", in: object),
      JSONReader.Member("data", in: object),
    ]
  }

  /// Reads an object's `metadata` in one pass.
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

  /// Whether annotations, as they are written, may have one that is kept.
  ///
  /// A letter may be written as `\\u0076`, although no server does that to these.
  static func mayKeepAnnotation(of text: UnsafeRawBufferPointer) -> Bool {
    text.contains("velero.io") || text.contains("meta.helm.sh") || text.contains("\\u")
  }

  /// Whether an annotation is kept: those of Velero's domains, and Helm's release of an object.
  ///
  /// `kubectl.kubernetes.io/last-applied-configuration` and its like are as large as the objects themselves.
  static func keepsAnnotation(_ key: UnsafeRawBufferPointer) -> Bool {
    guard let base = key.baseAddress,
      let slash = memchr(base, Int32(UInt8(ascii: "/")), key.count)
    else { return false }
    let domain = UnsafeRawBufferPointer(start: base, count: UnsafeRawPointer(slash) - base)
    guard domain.hasSuffix("velero.io") else {
      return key.isEqual("meta.helm.sh/release-name")
        || key.isEqual("meta.helm.sh/release-namespace")
    }
    return domain.count == 9 || domain[domain.count - 10] == UInt8(ascii: ".")
  }
}

extension UnsafeRawBufferPointer {
  /// The 128 bits of a UUID in its usual form: 36 characters, lower case.
  var uuid: UUIDBits? {
    let dash = UInt8(ascii: "-")
    guard count == 36, self[8] == dash, self[13] == dash, self[18] == dash, self[23] == dash,
      let first = Self.hexadecimal(word(0) << 32 | word(4)),
      let second = Self.hexadecimal(word(9) << 32 | word(14)),
      let third = Self.hexadecimal(word(19) << 32 | word(24)),
      let fourth = Self.hexadecimal(word(28) << 32 | word(32))
    else { return nil }
    return UUIDBits(high: first << 32 | second, low: third << 32 | fourth)
  }

  /// Four bytes, the first one highest.
  private func word(_ offset: Int) -> UInt64 {
    UInt64(UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }

  /// The number that eight hexadecimal digits in lower case write, all eight read at once.
  private static func hexadecimal(_ text: UInt64) -> UInt64? {
    // The low half of a digit's byte, and nine more for letters, which have bit 6.
    let letters = text >> 6 & 0x0101_0101_0101_0101
    var digits = (text & 0x0F0F_0F0F_0F0F_0F0F) &+ letters &* 9
    // Written again, anything else comes out different.
    let high = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    guard (digits | 0x3030_3030_3030_3030) &+ high &* 0x27 == text else { return nil }
    digits = (digits | digits >> 4) & 0x00FF_00FF_00FF_00FF
    digits = (digits | digits >> 8) & 0x0000_FFFF_0000_FFFF
    return (digits | digits >> 16) & 0xFFFF_FFFF
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
    Timestamp(rfc3339: self)?.seconds
  }
}
