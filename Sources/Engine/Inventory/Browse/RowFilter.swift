// SPDX-License-Identifier: Apache-2.0

public import Kubernetes

/// What a live filter asks of rows, worked out for one snapshot, so that a row costs a few look-ups.
///
/// What concerns namespaces, types and labels is decided once for each of these; only names are looked at row by row, as bytes.
public struct RowFilter: Sendable {
  /// One thing that a term may be about; a term holds where any of its conditions does.
  public enum Condition: Sendable {
    /// The name holds these bytes, capitals or not; they are in small letters.
    case nameContains([UInt8])
    /// The name is as wanted.
    case name(@Sendable (String) -> Bool)
    /// The namespace is as wanted; asked for objects that live in one.
    case namespace(@Sendable (String) -> Bool)
    /// The type is as wanted.
    case type(@Sendable (APIResource) -> Bool)
    /// There is a label, with this value unless that is nil.
    case label(key: String, value: String?)
    /// How it stands to the backups is as wanted; nil for what is not reckoned.
    case state(@Sendable (CoverageVerdict?, _ isBeingDeleted: Bool) -> Bool)
  }

  /// Conditions of which one must hold, or none.
  public struct Term: Sendable {
    /// The conditions.
    public var conditions: [Condition]
    /// Whether none may hold.
    public var isNegated: Bool

    /// Makes a term.
    public init(_ conditions: [Condition], isNegated: Bool = false) {
      self.conditions = conditions
      self.isNegated = isNegated
    }
  }

  private struct Test: Sendable {
    var isNegated: Bool
    var types: [Bool] = []
    var namespaces: [Bool] = []
    var labelSets: [Bool] = []
    var needles: [[UInt8]] = []
    var names: [@Sendable (String) -> Bool] = []
    var states: [@Sendable (CoverageVerdict?, Bool) -> Bool] = []
  }

  private var tests: [Test] = []
  private let states: RowStates
  private let isImpossible: Bool

  /// Works a filter out.
  ///
  /// - Parameters:
  ///   - terms: All must hold; nil for a filter that cannot be understood, which lets nothing through.
  ///   - snapshot: The rows it is for.
  ///   - states: How they stand to the backups.
  public init(_ terms: [Term]?, in snapshot: InventorySnapshot, states: RowStates = RowStates()) {
    self.states = states
    isImpossible = terms == nil
    tests = (terms ?? []).map { Self.test($0, snapshot) }
  }

  /// Whether it lets everything through.
  var isEmpty: Bool { tests.isEmpty && !isImpossible }

  private static func test(_ term: Term, _ snapshot: InventorySnapshot) -> Test {
    var test = Test(isNegated: term.isNegated)
    func merge(_ answers: [Bool], into all: inout [Bool]) {
      all = all.isEmpty ? answers : zip(all, answers).map { $0 || $1 }
    }
    for condition in term.conditions {
      switch condition {
      case .nameContains(let needle): test.needles.append(needle)
      case .name(let isWanted): test.names.append(isWanted)
      case .state(let isWanted): test.states.append(isWanted)
      case .namespace(let isWanted):
        let answers = (0..<snapshot.namespaceCount).map { id in
          id > 0 && isWanted(snapshot.namespaceName(UInt32(id)))
        }
        merge(answers, into: &test.namespaces)
      case .type(let isWanted):
        let answers = (0..<snapshot.typeCount).map { isWanted(snapshot.resource(ofType: $0)) }
        merge(answers, into: &test.types)
      case .label(let key, let value):
        let answers = (0..<snapshot.labelSetCount).map { set in
          snapshot.label(key, ofSet: UInt32(set)).map { value == nil || value == $0 } ?? false
        }
        merge(answers, into: &test.labelSets)
      }
    }
    return test
  }

  /// Whether a row is what is looked for.
  func matches(_ place: RowPlace, _ snapshot: InventorySnapshot) -> Bool {
    if isImpossible { return false }
    for test in tests where holds(test, place, snapshot) == test.isNegated { return false }
    return true
  }

  private func holds(_ test: Test, _ place: RowPlace, _ snapshot: InventorySnapshot) -> Bool {
    let (type, index) = (Int(place.type), Int(place.index))
    if !test.types.isEmpty, test.types[type] { return true }
    if !test.namespaces.isEmpty,
      test.namespaces[Int(snapshot.content[type].namespaces[index])]
    {
      return true
    }
    if !test.labelSets.isEmpty,
      test.labelSets[Int(snapshot.content[type].labelSets[index])]
    {
      return true
    }
    for needle in test.needles {
      let isFound = snapshot.content[type].arena.withBytes(snapshot.content[type].names[index]) {
        $0.contains(folded: needle)
      }
      if isFound { return true }
    }
    if !test.names.isEmpty {
      let name = snapshot.row(at: place).name
      if test.names.contains(where: { $0(name) }) { return true }
    }
    guard !test.states.isEmpty else { return false }
    let isBeingDeleted = snapshot.content[type].flags[index].contains(.beingDeleted)
    return test.states.contains { $0(states[place], isBeingDeleted) }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether these bytes hold others, which are in small letters; capitals of ASCII count as small ones.
  func contains(folded needle: [UInt8]) -> Bool {
    guard let first = needle.first else { return true }
    guard count >= needle.count else { return false }
    return needle.withUnsafeBytes { needle in
      var start = 0
      search: while start <= count - needle.count {
        guard Self.folded(self[start]) == first else {
          start += 1
          continue
        }
        for at in 1..<Swift.max(1, needle.count) where Self.folded(self[start + at]) != needle[at] {
          start += 1
          continue search
        }
        return true
      }
      return false
    }
  }

  @inline(__always)
  private static func folded(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }
}
