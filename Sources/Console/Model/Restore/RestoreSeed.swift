// SPDX-License-Identifier: Apache-2.0

public import Engine

/// What a restore is to be planned from.
public struct RestoreSeed: Sendable, Hashable {
  /// The backup.
  public var place: BackupPlace
  /// Single objects of it; nil for all that a filter takes.
  public var objects: [ObjectAddress]?

  /// Names what to restore from.
  public init(place: BackupPlace, objects: [ObjectAddress]? = nil) {
    self.place = place
    self.objects = objects
  }
}
