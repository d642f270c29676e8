// SPDX-License-Identifier: Apache-2.0

public import Velero

/// A restore that is to be planned or run.
public struct RestoreRequest: Sendable {
  /// Name, namespace, labels and spec of the record to be; its `backupName` names a backup of the store.
  public var restore: Restore
  /// What Velero's spec has no fields for.
  public var options: RestoreOptions

  /// Makes a request.
  public init(restore: Restore, options: RestoreOptions = RestoreOptions()) {
    self.restore = restore
    self.options = options
  }
}

/// What a restore is asked for beyond Velero's spec; kept in the record as an annotation, so that it can be repeated.
public struct RestoreOptions: Sendable, Hashable {
  /// Single objects, `type/namespace/name` or `type/name`, in place of all that the filter takes; empty for those.
  public var objects: [String]
  /// Whether what the single objects refer to is restored with them, as far as the backup has it.
  public var takesDependencies: Bool
  /// Whether objects that exist and differ are deleted and created anew; stronger than the spec's policy.
  public var recreates: Bool
  /// Whether owner references are kept, with the uids that the owners have in the target.
  public var keepsOwners: Bool
  /// Names that are others in the target.
  public var maps: RestoreMaps
  /// The order of types; nil for Velero's own.
  public var order: RestoreOrder?

  /// Makes options; the default asks for nothing more.
  public init(
    objects: [String] = [],
    takesDependencies: Bool = false,
    recreates: Bool = false,
    keepsOwners: Bool = false,
    maps: RestoreMaps = RestoreMaps(),
    order: RestoreOrder? = nil
  ) {
    self.objects = objects
    self.takesDependencies = takesDependencies
    self.recreates = recreates
    self.keepsOwners = keepsOwners
    self.maps = maps
    self.order = order
  }
}
