// SPDX-License-Identifier: Apache-2.0

public import Engine

/// Which objects the explorer shows, and in which order.
public struct ObjectListRequest: Sendable {
  /// The cluster's objects.
  public var snapshot: InventorySnapshot
  /// Which of them.
  public var scope: ObjectScope
  /// Their order.
  public var order: ObjectOrder
  /// The filter.
  public var query: FilterQuery
  /// How objects stand to the backups.
  public var verdicts: [ObjectAddress: CoverageVerdict]
  /// The order that is kept for those that are shown already; empty to keep none.
  public var shown: [ObjectIdentity]
  /// How many of these stand at the end only because they came late.
  public var lateCount: Int
  /// The marked objects, of which some may be gone.
  public var marks: Set<ObjectIdentity>

  /// Makes the list.
  ///
  /// - Parameter check: Called now and then; throws when nobody waits any more.
  /// - Returns: The list.
  /// - Throws: What `check` throws.
  func listing(check: () throws -> Void) rethrows -> ObjectListing {
    let states = RowStates(verdicts, in: snapshot)
    let list = try snapshot.list(scope, order: order, states: states, check: check)
    let (base, lateCount) =
      shown.isEmpty ? (list, 0) : list.keepingOrder(of: shown, formerLateCount: lateCount)
    try check()
    var listing = ObjectListing(
      base: base,
      shown: base,
      states: states,
      lateCount: lateCount,
      query: query,
      goneMarks: []
    )
    try listing.narrow(query, check: check)
    if !marks.isEmpty { listing.goneMarks = try goneMarks(check: check) }
    return listing
  }

  /// The marks of objects that exist no more, neither in the list nor elsewhere.
  private func goneMarks(check: () throws -> Void) rethrows -> Set<ObjectIdentity> {
    var gone = marks
    for type in 0..<snapshot.typeCount {
      try check()
      snapshot.forEachRow(ofType: type) { row in
        let id = snapshot.identity(ofType: type, index: row.index)
        gone.remove(id)
      }
    }
    return gone
  }
}

/// A list of objects, whole and as its filter shows it.
public struct ObjectListing: Sendable {
  /// All objects of the scope.
  public var base: ObjectList
  /// Those that the filter lets through.
  public var shown: ObjectList
  /// How they stand to the backups.
  public var states: RowStates
  /// How many objects stand at the end only because they came late.
  public var lateCount: Int
  /// The filter.
  public var query: FilterQuery
  /// The marks of objects that exist no more.
  public var goneMarks: Set<ObjectIdentity>

  /// Filters anew.
  mutating func narrow(_ query: FilterQuery, check: () throws -> Void) rethrows {
    let filter = RowFilter(query.rowTerms, in: base.snapshot, states: states)
    shown = try base.narrowed(by: filter, check: check)
    self.query = query
  }
}
