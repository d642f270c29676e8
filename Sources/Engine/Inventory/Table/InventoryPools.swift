// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What rows share, for readers.
///
/// A set of labels or annotations is a string of 32-bit words, a key's and a value's number in turn, in the server's
/// order; a set of owners is a string of eight words an owner, `OwnerWord` says which.
struct InventoryPools: Sendable {
  var strings: BytePool
  /// Numbered by themselves, so that who evaluates a filter can keep an array by namespace.
  var namespaces: BytePool
  var labelSets: BytePool
  var annotationSets: BytePool
  var ownerSets: BytePool

  /// The value that a set of labels or annotations has for a key.
  func value(of key: UInt32, in set: UInt32, _ sets: BytePool) -> String? {
    sets.withBytes(set) { bytes in
      var at = 0
      while at < bytes.count {
        if bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self) == key {
          return strings.string(bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self))
        }
        at += 8
      }
      return nil
    }
  }

  /// All keys with their values.
  func members(of set: UInt32, _ sets: BytePool) -> [String: String] {
    let words = words(of: set, sets)
    var members: [String: String] = [:]
    for at in stride(from: 0, to: words.count, by: 2) {
      members[strings.string(words[at])] = strings.string(words[at + 1])
    }
    return members
  }

  /// The owners in the server's order.
  func owners(of set: UInt32) -> [OwnerReference] {
    let words = words(of: set, ownerSets)
    return stride(from: 0, to: words.count, by: OwnerWord.count).map { at in
      func word(_ word: OwnerWord) -> UInt32 { words[at + word.rawValue] }
      let flags = OwnerFlags(rawValue: word(.flags))
      let uid =
        flags.contains(.textUID)
        ? strings.string(word(.uid0))
        : UUIDBits(
          high: UInt64(word(.uid0)) << 32 | UInt64(word(.uid1)),
          low: UInt64(word(.uid2)) << 32 | UInt64(word(.uid3))
        ).text
      return OwnerReference(
        kind: strings.string(word(.kind)),
        apiVersion: strings.string(word(.apiVersion)),
        name: strings.string(word(.name)),
        uid: uid,
        isController: flags.contains(.controller)
      )
    }
  }

  private func words(of set: UInt32, _ sets: BytePool) -> [UInt32] {
    sets.withBytes(set) { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self) }
    }
  }
}

/// The words of an owner.
enum OwnerWord: Int, CaseIterable {
  case kind, apiVersion, name, flags
  /// The UUID's bits from the highest on; or the number of the uid's text and zeros.
  case uid0, uid1, uid2, uid3

  static let count = allCases.count
}

struct OwnerFlags: OptionSet {
  var rawValue: UInt32

  static let controller = OwnerFlags(rawValue: 1)
  static let textUID = OwnerFlags(rawValue: 2)
}

/// What rows share, for the writer.
struct InventoryInterners: Sendable {
  var strings = Interner()
  var namespaces = Interner()
  var labelSets = Interner()
  var annotationSets = Interner()
  var ownerSets = Interner()
  private var annotationMemo = SetMemo()
  private var ownerMemo = SetMemo()
  /// Kept to save an allocation a set.
  private var words: [UInt32] = []

  init() {}

  var pools: InventoryPools {
    InventoryPools(
      strings: strings.pool,
      namespaces: namespaces.pool,
      labelSets: labelSets.pool,
      annotationSets: annotationSets.pool,
      ownerSets: ownerSets.pool
    )
  }

  /// The number of an object's labels.
  mutating func labels(_ view: JSONView?) -> UInt32 {
    guard let view else { return 0 }
    return Self.texts(view, &labelSets, &strings, &words) { _ in true }
  }

  /// The number of those of an object's annotations that are kept; nil when they are no JSON.
  mutating func annotations(_ view: JSONView?) -> UInt32? {
    guard let view else { return 0 }
    guard let text = view.unreadText else { return readAnnotations(view) }
    guard ObjectFields.mayKeepAnnotation(of: text) else { return 0 }
    let tag = text.tag()
    if let known = annotationMemo.find(text, tag) { return known }
    guard let set = try? view.readText({ readAnnotations($0) }) else { return nil }
    if text.count <= SetMemo.longestText {
      annotationSets.retain(set)
      releaseAnnotations(annotationMemo.note(set, for: text, tag))
    }
    return set
  }

  private mutating func readAnnotations(_ view: JSONView) -> UInt32 {
    Self.texts(view, &annotationSets, &strings, &words, where: ObjectFields.keepsAnnotation)
  }

  /// The number of an object's owners; nil when they are no JSON.
  mutating func owners(_ view: JSONView?) -> UInt32? {
    guard let view else { return 0 }
    guard let text = view.unreadText else { return readOwners(view) }
    let tag = text.tag()
    if let known = ownerMemo.find(text, tag) { return known }
    guard let set = try? view.readText({ readOwners($0) }) else { return nil }
    if text.count <= SetMemo.longestText {
      ownerSets.retain(set)
      releaseOwners(ownerMemo.note(set, for: text, tag))
    }
    return set
  }

  private mutating func readOwners(_ view: JSONView) -> UInt32 {
    words.removeAll(keepingCapacity: true)
    view.forEachElement { addOwner($0) }
    let set = words.withUnsafeBytes { ownerSets.intern($0) }
    if set.isNew { Self.forEachString(ofOwners: words) { strings.retain($0) } }
    return set.id
  }

  /// Forgets how sets were written, and with that the sets that no row has.
  mutating func clearMemos() {
    for set in annotationMemo.clear() { releaseAnnotations(set) }
    for set in ownerMemo.clear() { releaseOwners(set) }
  }

  mutating func releaseLabels(_ set: UInt32) {
    labelSets.release(set) { Self.release($0, &strings) }
  }

  mutating func releaseAnnotations(_ set: UInt32) {
    annotationSets.release(set) { Self.release($0, &strings) }
  }

  mutating func releaseOwners(_ set: UInt32) {
    ownerSets.release(set) { bytes in
      let words = (0..<bytes.count / 4).map {
        bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)
      }
      Self.forEachString(ofOwners: words) { strings.release($0) }
      return bytes.tag()
    }
  }

  /// The number of a set of texts.
  ///
  /// It is looked for as a whole, by a hash of all its texts: most sets are there, and their texts need not be looked for
  /// one by one.
  private static func texts(
    _ view: JSONView,
    _ sets: inout Interner,
    _ strings: inout Interner,
    _ words: inout [UInt32],
    where isKept: (UnsafeRawBufferPointer) -> Bool
  ) -> UInt32 {
    var tag: UInt32 = 0
    // First the texts' hashes, then, if the set is new, their numbers.
    words.removeAll(keepingCapacity: true)
    view.forEachMember { key, value in
      guard isKept(key) else { return }
      let (keyTag, valueTag) = (key.tag(), (value.utf8 ?? .nothing).tag())
      words.append(keyTag)
      words.append(valueTag)
      tag = UnsafeRawBufferPointer.tag(tag, followedBy: keyTag)
      tag = UnsafeRawBufferPointer.tag(tag, followedBy: valueTag)
    }
    guard !words.isEmpty else { return 0 }
    let known = sets.pool.find(tag) { set in
      set.count == words.count * 4 && isEqual(set, view, strings.pool, where: isKept)
    }
    if let known { return known }
    var at = 0
    view.forEachMember { key, value in
      guard isKept(key) else { return }
      words[at] = strings.intern(key, words[at]).id
      words[at + 1] = strings.intern(value.utf8 ?? .nothing, words[at + 1]).id
      at += 2
    }
    for word in words { strings.retain(word) }
    return words.withUnsafeBytes { sets.add($0, tag) }
  }

  private static func isEqual(
    _ set: UnsafeRawBufferPointer,
    _ view: JSONView,
    _ strings: BytePool,
    where isKept: (UnsafeRawBufferPointer) -> Bool
  ) -> Bool {
    var at = 0
    var isEqual = true
    func next() -> UInt32 {
      at += 4
      return set.loadUnaligned(fromByteOffset: at - 4, as: UInt32.self)
    }
    view.forEachMember { key, value in
      guard isEqual, isKept(key) else { return }
      isEqual = strings.withBytes(next()) { $0.isEqual(key) }
      isEqual = strings.withBytes(next()) { $0.isEqual(value.utf8 ?? .nothing) } && isEqual
    }
    return isEqual
  }

  /// Releases the texts of a set, and gives the hash that it was added with.
  private static func release(_ set: UnsafeRawBufferPointer, _ strings: inout Interner) -> UInt32 {
    var tag: UInt32 = 0
    for at in stride(from: 0, to: set.count, by: 4) {
      let string = set.loadUnaligned(fromByteOffset: at, as: UInt32.self)
      tag = UnsafeRawBufferPointer.tag(tag, followedBy: strings.pool.withBytes(string) { $0.tag() })
      strings.release(string)
    }
    return tag
  }

  private mutating func addOwner(_ owner: JSONView) {
    var flags: OwnerFlags = owner["controller"]?.bool == true ? [.controller] : []
    let uid = owner["uid"]?.utf8 ?? .nothing
    let bits = uid.uuid
    if bits == nil { flags.insert(.textUID) }
    words.append(strings.intern(owner["kind"]?.utf8 ?? .nothing).id)
    words.append(strings.intern(owner["apiVersion"]?.utf8 ?? .nothing).id)
    words.append(strings.intern(owner["name"]?.utf8 ?? .nothing).id)
    words.append(flags.rawValue)
    if let bits {
      for half in [bits.high, bits.low] {
        words.append(UInt32(truncatingIfNeeded: half >> 32))
        words.append(UInt32(truncatingIfNeeded: half))
      }
    } else {
      words += [strings.intern(uid).id, 0, 0, 0]
    }
  }

  private static func forEachString(ofOwners words: [UInt32], _ body: (UInt32) -> Void) {
    for at in stride(from: 0, to: words.count, by: OwnerWord.count) {
      body(words[at + OwnerWord.kind.rawValue])
      body(words[at + OwnerWord.apiVersion.rawValue])
      body(words[at + OwnerWord.name.rawValue])
      let flags = OwnerFlags(rawValue: words[at + OwnerWord.flags.rawValue])
      if flags.contains(.textUID) { body(words[at + OwnerWord.uid0.rawValue]) }
    }
  }
}
