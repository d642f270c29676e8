// SPDX-License-Identifier: Apache-2.0

/// Which screens there are: those that can be gone to from anywhere, and the actions of all.
enum ScreenTable {
  /// A screen that can be gone to from anywhere.
  struct Root: Sendable {
    /// What kind of screen it is.
    var kind: ScreenKind
    /// Its name for people.
    var title: String
    /// The key that goes there.
    var key: String?
    /// Makes it, as it is when it is opened.
    var make: @Sendable (World) -> any ConsoleScreen
  }

  /// The screens that can be gone to from anywhere, in the order of their keys.
  static let roots: [Root] = [
    Root(kind: .overview, title: "Overview", key: "1") { _ in OverviewScreen() },
    Root(kind: .explorer, title: "Explorer", key: "2") { _ in ExplorerScreen() },
    Root(kind: .backups, title: "Backups", key: "3") { _ in BackupsScreen() },
    Root(kind: .restores, title: "Restores", key: "4") { _ in RestoresScreen() },
    Root(kind: .locations, title: "Locations", key: "5") { _ in LocationsScreen() },
    Root(kind: .operations, title: "Operations", key: "6") { _ in OperationsScreen() },
    Root(kind: .expiry, title: "Expiry", key: "7") { _ in ExpiryScreen() },
    Root(kind: .filter, title: "New backup", key: "8") { _ in FilterScreen() },
    Root(kind: .contexts, title: "Contexts", key: "9") { _ in ContextsScreen() },
    Root(kind: .messages, title: "Messages", key: nil) { _ in MessagesScreen() },
  ]

  /// The actions of every kind of screen, for the configuration's keys, help and documentation.
  static let actions: [(kind: ScreenKind, actions: [Action])] = [
    (.overview, OverviewScreen.actions),
    (.restores, RestoresScreen.actions),
    (.restorePlan, RestorePlanScreen.actions),
    (.restore, RestoreScreen.actions),
    (.filter, FilterScreen.actions),
    (.backups, BackupsScreen.actions),
    (.backup, BackupScreen.actions),
    (.contents, ContentsScreen.actions),
    (.archived, ArchivedObjectScreen.actions),
    (.search, SearchScreen.actions),
    (.difference, DifferenceScreen.actions),
    (.log, LogScreen.actions),
    (.explorer, ExplorerScreen.actions),
    (.object, ObjectScreen.actions),
    (.operations, OperationsScreen.actions),
    (.locations, LocationsScreen.actions),
    (.expiry, ExpiryScreen.actions),
    (.contexts, ContextsScreen.actions),
    (.messages, MessagesScreen.actions),
  ]

  /// All actions there are.
  static let allActions: [Action] = actions.flatMap(\.actions) + GlobalActions.all
}
