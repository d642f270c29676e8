// SPDX-License-Identifier: Apache-2.0

/// Which objects of a cluster are looked at.
public enum ObjectScope: Sendable, Hashable {
  /// All of them.
  case everything
  /// Those that live in a namespace.
  case namespace(String)
  /// Those that live in none.
  case cluster
  /// Those with a label; nil for any value.
  case label(key: String, value: String?)
  /// Those of a type, by `plural.group`.
  case type(String)
}

/// By what objects are ordered.
public struct ObjectOrder: Sendable, Hashable {
  /// What is compared first.
  public enum Key: String, Sendable, Hashable, CaseIterable {
    /// The namespace, then the type, then the name.
    case namespace
    /// The name.
    case name
    /// The type in the order of names, then the namespace, then the name.
    case type
    /// When it was created.
    case created
    /// How it stands to the backups.
    case state
  }

  /// What is compared first; what is equal in it stands in the order of namespaces, types and names.
  public var key: Key
  /// Whether the least comes first; of times, the newest is the least: it has the least age.
  public var isAscending: Bool

  /// Makes an order.
  public init(_ key: Key, isAscending: Bool = true) {
    self.key = key
    self.isAscending = isAscending
  }
}

/// What is known of rows beside their metadata: how they stand to the backups.
public struct RowStates: Sendable {
  private var verdicts: [RowPlace: CoverageVerdict] = [:]

  /// Nothing is known.
  public init() {}

  /// Takes over what a coverage says of the objects that are in a snapshot.
  ///
  /// - Parameters:
  ///   - verdicts: How objects stand, by their addresses.
  ///   - snapshot: The rows.
  public init(_ verdicts: [ObjectAddress: CoverageVerdict], in snapshot: InventorySnapshot) {
    for (address, verdict) in verdicts {
      if let place = snapshot.place(of: address) { self.verdicts[place] = verdict }
    }
  }

  /// How a row stands; nil for what backups are not reckoned for.
  public subscript(place: RowPlace) -> CoverageVerdict? { verdicts[place] }
}
