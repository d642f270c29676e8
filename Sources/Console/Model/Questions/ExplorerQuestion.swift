// SPDX-License-Identifier: Apache-2.0

public import Engine

/// What may be asked about the objects of the cluster.
public enum ExplorerQuestion: Sendable {
  /// Objects in an order, filtered.
  case objects(ObjectListRequest)
  /// A list that is there, filtered anew.
  case narrow(ObjectListing, FilterQuery)
  /// The labels of all objects.
  case labels(InventorySnapshot)
  /// Who owns an object, and what it owns.
  case ownership(ObjectAddress, InventorySnapshot)
  /// What an object needs and is attached to.
  case relations(ObjectAddress)
  /// Which backups hold an object; answered again as backups are read.
  case holders(CoverageObject, cluster: ClusterIdentity?)
}

/// What is answered about the objects of the cluster.
public enum ExplorerAnswer: Sendable {
  /// A list.
  case objects(ObjectListing)
  /// Labels, of the inventory with this count of changes.
  case labels([LabelFacet], changeCount: UInt64)
  /// Owners and what is owned; nil when the object is gone.
  case ownership(Ownership?)
  /// What an object needs and is attached to.
  case relations(RelationTree)
  /// The backups looked at so far.
  case holders(HolderReading)
}

/// Which backups hold an object, as far as they have been read.
public struct HolderReading: Sendable {
  /// What one backup came to.
  public struct Entry: Sendable, Hashable {
    /// The backup.
    public var place: BackupPlace
    /// What was found.
    public var holding: ObjectHolding
  }

  /// The backups of all locations, the newest first within each.
  public var entries: [Entry] = []
  /// Why a location could not be read, by its name.
  public var failures: [String: Failure] = [:]
  /// Whether all were read.
  public var isComplete = false

  /// Nothing has been read yet.
  public init() {}
}
