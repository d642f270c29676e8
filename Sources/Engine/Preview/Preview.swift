// SPDX-License-Identifier: Apache-2.0

/// How far a preview can be relied on.
public enum PreviewExactness: Sendable, Hashable {
  /// A backup that begins now takes just these objects.
  case exact
  /// Lists or relations are still to come, so many; what is taken so far may be too little.
  case resolving(Int)
  /// Something is not known and will not be; the preview's `gaps` say what.
  case incomplete([PreviewGap])
}

/// Something that a preview cannot know.
public struct PreviewGap: Sendable, Hashable {
  /// What is not known.
  public enum Subject: Sendable, Hashable {
    /// The objects of a type.
    case objects
    /// What objects of a type say about others.
    case relations
    /// Which objects of a type belong to the workloads and releases that the filter is restricted to.
    case members
    /// The types of an API group; `type` is the group.
    case group
    /// Which namespaces there are.
    case namespaces
  }

  /// What is not known.
  public var subject: Subject
  /// `plural.group` of the type.
  public var type: String
  /// In which namespaces, sorted; nil for all of them and for cluster-scoped types.
  public var namespaces: [String]?
  /// Why, in words.
  public var reason: String

  /// Makes a gap.
  public init(_ subject: Subject, type: String, namespaces: [String]? = nil, reason: String) {
    self.subject = subject
    self.type = type
    self.namespaces = namespaces
    self.reason = reason
  }
}

/// How many objects are taken, and how many are left out for which reason.
public struct PreviewCount: Sendable, Hashable {
  /// How many are taken.
  public internal(set) var taken = 0
  /// How many are left out, by the number of the verdict in the preview's `verdicts`.
  public internal(set) var left: [Int: Int] = [:]

  /// How many objects there are.
  public var total: Int { left.values.reduce(taken, +) }
}

/// How many objects of a namespace are taken and left out.
public struct PreviewNamespace: Sendable, Hashable {
  /// The name; empty for cluster-scoped objects.
  public let name: String
  /// Its objects.
  public let count: PreviewCount
}

/// What a preview says about a type.
public struct PreviewType: Sendable {
  /// The type and what the filter says of it as a whole.
  public let rule: TypeRule
  /// Where its rows are in the inventory; nil when it has none of the type.
  public let place: Int?
  /// Its objects.
  public internal(set) var count = PreviewCount()
  /// By the number of the row, that of its verdict plus one, or 0 where no object is; empty where another type shows the rows.
  var column: [UInt32] = []
}

/// An object that is taken although the inventory has no row of it: it was read by its name.
public struct PreviewExtra: Sendable, Hashable {
  /// The object.
  public let address: ObjectAddress
  /// Why.
  public let verdict: Verdict
}

/// What a filter takes of a cluster: every object with its reason.
///
/// Evaluated with the functions that the backup uses. The columns hold a number a row; reasons are put into words when asked.
public struct Preview: Sendable {
  /// The filter, and what it says about types and namespaces.
  public let selection: Selection
  /// The objects.
  public let inventory: InventorySnapshot
  /// The types, in the order in which a backup collects them.
  public let types: [PreviewType]
  /// The counts of each namespace that has objects, sorted by name; of cluster-scoped objects under the empty name.
  public let namespaces: [PreviewNamespace]
  /// All objects together.
  public let count: PreviewCount
  /// Objects beside the rows.
  public let extras: [PreviewExtra]
  /// What the resource policy says about the data of volumes; empty without one.
  public let volumes: [VolumeOutlook]
  /// Every verdict that occurs.
  public let verdicts: [Verdict]
  /// What is wrong with the filter, in words; a backup of it would be refused, and nothing is taken.
  public let problems: [String]
  /// What the user should know.
  public internal(set) var remarks: [SelectionRemark]
  let knowledge: PreviewKnowledge
  /// What has to be read for an exact answer.
  let wants: RelationWants

  /// What is not known, whatever the exactness says.
  public var gaps: [PreviewGap] { knowledge.gaps }

  /// How many lists and relations are still to come.
  public var pending: Int { knowledge.pending }

  /// How far the preview can be relied on.
  public var exactness: PreviewExactness {
    if pending > 0 { return .resolving(pending) }
    return gaps.isEmpty ? .exact : .incomplete(gaps)
  }

  /// Whether the inventory's row is taken, and why.
  ///
  /// - Parameters:
  ///   - type: The place of the type in `types`.
  ///   - row: The number of the row.
  /// - Returns: nil when there is no such row, or another type shows it.
  public func verdict(ofType type: Int, row: Int) -> Verdict? {
    let column = types[type].column
    guard row < column.count, column[row] > 0 else { return nil }
    return verdicts[Int(column[row]) - 1]
  }

  /// Calls `body` with every row that is taken, type by type.
  public func forEachTaken(_ body: (_ type: PreviewType, ObjectRow, Verdict) throws -> Void)
    rethrows
  {
    for type in types {
      guard let place = type.place, type.count.taken > 0 else { continue }
      for (row, id) in type.column.enumerated() where id > 0 {
        let verdict = verdicts[Int(id) - 1]
        if verdict.isTaken { try body(type, inventory.row(ofType: place, index: row), verdict) }
      }
    }
  }
}
