// SPDX-License-Identifier: Apache-2.0

/// An object that differs between two states of a cluster, of which at least the earlier one is a backup.
public struct ObjectDifference: Sendable, Hashable {
  /// How it differs.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Both have it, and not the same.
    case changed
    /// Only the later state has it.
    case added
    /// Only the earlier state has it.
    case removed
  }

  /// The object.
  public var address: ObjectAddress
  /// How it differs.
  public var kind: Kind

  /// Makes a value.
  public init(_ address: ObjectAddress, _ kind: Kind) {
    self.address = address
    self.kind = kind
  }
}

/// What differs between two states of a cluster, object by object, and without noise.
public struct BackupDifference: Sendable, Hashable {
  /// The objects that differ, by type, namespace and name.
  public var objects: [ObjectDifference]
  /// How many objects are the same, those that only noise tells apart among them.
  public var equalCount: Int
  /// How many of these only noise tells apart.
  public var noisyCount: Int
  /// What could not be compared, and why.
  public var gaps: [String]
  /// The objects of the earlier state that could not be compared; nothing is known of them.
  public var uncompared: Set<ObjectAddress>

  /// Makes a value.
  public init(
    objects: [ObjectDifference] = [],
    equalCount: Int = 0,
    noisyCount: Int = 0,
    gaps: [String] = [],
    uncompared: Set<ObjectAddress> = []
  ) {
    self.objects = objects.sorted { $0.address < $1.address }
    self.equalCount = equalCount
    self.noisyCount = noisyCount
    self.gaps = gaps
    self.uncompared = uncompared
  }

  /// How many objects could not be compared.
  public var uncomparedCount: Int { uncompared.count }

  /// Whether all was compared.
  public var isWhole: Bool { gaps.isEmpty && uncompared.isEmpty }

  /// How many objects differ in one way.
  public func count(_ kind: ObjectDifference.Kind) -> Int {
    objects.reduce(0) { $0 + ($1.kind == kind ? 1 : 0) }
  }
}

/// How far a comparison is.
public struct DifferenceProgress: Sendable, Hashable {
  /// What is being done, for people.
  public var text: String
  /// How many objects are compared.
  public var done: Int
  /// How many there are; nil while nobody knows.
  public var total: Int?

  /// Makes a value.
  public init(_ text: String, done: Int = 0, total: Int? = nil) {
    self.text = text
    self.done = done
    self.total = total
  }
}
