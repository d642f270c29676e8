// SPDX-License-Identifier: Apache-2.0

public import Engine

/// Where a screen leads to, without knowing the other screen.
public enum ScreenLink: Sendable {
  /// One of the screens that can be gone to from anywhere.
  case root(ScreenKind)
  /// The objects that a filter finds.
  case objects(filter: String)
  /// One object.
  case object(ObjectAddress)
  /// A backup.
  case backup(BackupPlace)
  /// A new filter.
  case filter(FilterSeed)
  /// Some backups, and no others.
  case backups(Set<BackupPlace>)
  /// When some backups end, and no others.
  case ends(Set<BackupPlace>)
  /// When a backup ends, among the others.
  case end(BackupPlace)
  /// A location among the others.
  case location(String)
  /// An operation among the others.
  case operation(OperationID)
}

extension UpdateContext {
  /// Opens what a link leads to, over the screen that is seen.
  public mutating func open(_ link: ScreenLink) {
    switch link {
    case .root(let kind):
      if let root = ScreenTable.roots.first(where: { $0.kind == kind }) { show(root.make(world)) }
    case .objects(let filter): push(ExplorerScreen(filter: filter))
    case .object(let address): push(ObjectScreen(address))
    case .backup(let place): push(BackupScreen(place))
    case .backups(let places): show(BackupsScreen(only: places))
    case .ends(let places): show(ExpiryScreen(only: places))
    case .end(let place): show(ExpiryScreen(at: place))
    case .location(let name): show(LocationsScreen(at: name))
    case .operation(let id): show(OperationsScreen(at: id))
    case .filter(let seed): push(FilterScreen(seed: seed))
    }
  }
}
