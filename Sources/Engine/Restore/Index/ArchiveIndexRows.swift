// SPDX-License-Identifier: Apache-2.0

/// What an index knows, in columns of numbers: one row an object, and one an entry of it.
///
/// About 90 bytes an object with its two entries, and its name.
struct ArchiveIndexRows: Sendable {
  /// The most entries of one object: versions that an API group serves at once are a handful.
  static let copyLimit = 64
  /// Where a chain of an object's entries ends.
  static let none = UInt32.max

  /// A resource with the kind of its objects.
  struct TypeRow: Sendable, Hashable {
    var resource: UInt32
    var kind: UInt32
  }

  /// What tells objects apart.
  struct ItemKey: Sendable, Hashable {
    var type: UInt32
    var namespace: UInt32
    var name: UInt32
  }

  /// What an object's metadata says, whichever entry it is read from.
  struct ItemFacts: Sendable, Hashable {
    var labels: UInt32 = 0
    var flags: ArchivedItemFlags = []
  }

  /// An entry of an object.
  struct CopyRow: Sendable, Hashable {
    /// The number of the object.
    var item: UInt32
    /// The directory of the version as text; 0 for the unversioned one.
    var directory: UInt32
    var apiVersion: UInt32
    var member: UInt32
    var offset: Int64
    var size: UInt32
    var checksum: UInt32
  }

  var text = TextTable()
  /// Sets of labels as bytes: the numbers of a key and a value in turn, 32 bits each.
  var labelSets = TextTable()
  private(set) var types: [TypeRow] = []
  /// Where members begin in the archive that entries begin in, rising.
  private(set) var members: [Int64] = []

  private(set) var itemTypes: [UInt32] = []
  private(set) var itemNamespaces: [UInt32] = []
  private(set) var itemNames: [UInt32] = []
  private(set) var itemLabels: [UInt32] = []
  private(set) var itemFlags: [ArchivedItemFlags] = []
  private(set) var firstCopies: [UInt32] = []

  private(set) var copyItems: [UInt32] = []
  private(set) var copyDirectories: [UInt32] = []
  private(set) var copyVersions: [UInt32] = []
  private(set) var copyMembers: [UInt32] = []
  private(set) var copyOffsets: [Int64] = []
  private(set) var copySizes: [UInt32] = []
  private(set) var copyChecksums: [UInt32] = []
  private(set) var nextCopies: [UInt32] = []

  private var typeNumbers: [UInt32: UInt32] = [:]
  private var itemNumbers: [ItemKey: UInt32] = [:]

  var itemCount: Int { itemTypes.count }
  var copyCount: Int { copyItems.count }

  /// The type of a resource, which gets the kind of its first object.
  mutating func type(resource: UInt32, kind: UInt32) -> UInt32 {
    if let number = typeNumbers[resource] { return number }
    let number = UInt32(types.count)
    typeNumbers[resource] = number
    types.append(TypeRow(resource: resource, kind: kind))
    return number
  }

  func type(ofResource resource: UInt32) -> UInt32? { typeNumbers[resource] }

  func item(_ key: ItemKey) -> UInt32? { itemNumbers[key] }

  /// The namespaces of objects; each is made a string once.
  func namespaces(ofItems numbers: some Sequence<Int>) -> Set<String> {
    var found: Set<UInt32> = []
    for number in numbers { found.insert(itemNamespaces[number]) }
    return Set(found.lazy.filter { $0 != 0 }.map { text.string($0) })
  }

  /// Adds an object that is not there yet.
  mutating func addItem(_ key: ItemKey, _ facts: ItemFacts) -> UInt32 {
    let number = UInt32(itemTypes.count)
    itemNumbers[key] = number
    itemTypes.append(key.type)
    itemNamespaces.append(key.namespace)
    itemNames.append(key.name)
    itemLabels.append(facts.labels)
    itemFlags.append(facts.flags)
    firstCopies.append(Self.none)
    return number
  }

  mutating func setFacts(_ facts: ItemFacts, of item: UInt32) {
    itemLabels[Int(item)] = facts.labels
    itemFlags[Int(item)] = facts.flags
  }

  /// The number of a member, which is the last one or behind it.
  mutating func member(at offset: Int64) -> UInt32 {
    if members.last != offset { members.append(offset) }
    return UInt32(members.count - 1)
  }

  /// Whether an entry could be added.
  enum Addition {
    case done
    case duplicate
    case tooMany
  }

  /// Adds an entry behind all others.
  mutating func addCopy(_ copy: CopyRow) -> Addition {
    let number = UInt32(copyItems.count)
    var last = Self.none
    var next = firstCopies[Int(copy.item)]
    var count = 0
    while next != Self.none {
      if copyDirectories[Int(next)] == copy.directory { return .duplicate }
      last = next
      next = nextCopies[Int(next)]
      count += 1
    }
    guard count < Self.copyLimit else { return .tooMany }
    if last == Self.none {
      firstCopies[Int(copy.item)] = number
    } else {
      nextCopies[Int(last)] = number
    }
    copyItems.append(copy.item)
    copyDirectories.append(copy.directory)
    copyVersions.append(copy.apiVersion)
    copyMembers.append(copy.member)
    copyOffsets.append(copy.offset)
    copySizes.append(copy.size)
    copyChecksums.append(copy.checksum)
    nextCopies.append(Self.none)
    return .done
  }
}
