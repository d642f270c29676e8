// SPDX-License-Identifier: Apache-2.0

/// The members of a JSON object in their order.
///
/// Keys are unique; a parser that meets a key twice keeps the last value, as Go and simdjson's DOM do.
/// Look-up walks the members, which beats hashing for the sizes Kubernetes objects have; large maps are
/// for `Dictionary`.
public struct JSONObject: Sendable {
  /// One name with its value.
  public struct Member: Sendable, Hashable {
    /// The name, unescaped.
    public var key: String
    /// The value.
    public var value: JSONValue

    /// Makes a member.
    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// The members in order; keys are unique.
  public private(set) var members: [Member]

  /// Makes an object without members.
  public init() { members = [] }

  /// Takes members in order; of those with the same key the last value stays, at the first one's place.
  public init(_ members: [Member]) {
    self.members = []
    self.members.reserveCapacity(members.count)
    if members.count <= 16 {
      for member in members { self[member.key] = member.value }
      return
    }
    var places: [String: Int] = [:]
    for member in members {
      if let place = places[member.key] {
        self.members[place].value = member.value
      } else {
        places[member.key] = self.members.count
        self.members.append(member)
      }
    }
  }

  /// How many members there are.
  public var count: Int { members.count }

  /// Whether there are none.
  public var isEmpty: Bool { members.isEmpty }

  /// The names in order.
  public var keys: [String] { members.map(\.key) }

  /// The value called `key`; writing nil removes the member, a new key goes to the end.
  public subscript(key: String) -> JSONValue? {
    get { members.first(where: { $0.key == key })?.value }
    set {
      let place = members.firstIndex(where: { $0.key == key })
      switch (place, newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil): members.remove(at: place)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// The members as a dictionary, for many look-ups in a large object.
  public var dictionary: [String: JSONValue] {
    Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { _, last in last })
  }
}

extension JSONObject: Hashable {
  /// Whether both have the same members, in any order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    guard left.count == right.count else { return false }
    // The order is mostly the same, so that comparing member by member settles most cases.
    if zip(left.members, right.members).allSatisfy({ $0.key == $1.key }) {
      return zip(left.members, right.members).allSatisfy { $0.value == $1.value }
    }
    let others = right.dictionary
    return left.members.allSatisfy { others[$0.key] == $0.value }
  }

  /// Equal objects hash equally, whatever the order of their members.
  public func hash(into hasher: inout Hasher) {
    var sum = 0
    for member in members { sum &+= member.hashValue }
    hasher.combine(sum)
  }
}
