// SPDX-License-Identifier: Apache-2.0

/// One command: what it is called, what it takes and what it does.
struct Command: Sendable {
  /// The noun it belongs to, such as `backup`; nil for commands without one, such as `version`.
  var noun: String?
  /// What is done, such as `create`; for commands without a noun their name.
  var verb: String
  /// What the command does, one sentence without a full stop.
  var summary: String
  /// Paragraphs that say more.
  var details: [String] = []
  /// The words it takes.
  var operands: Operands = .none
  /// Its own flags, without the global ones.
  var flags: [FlagSpec] = []
  /// Command lines with a line of explanation each.
  var examples: [Example] = []
  /// Whether help and completion leave it out.
  var isHidden = false
  /// Carries the command out.
  var run: @Sendable (CommandContext) async throws -> ExitCode

  /// Its own flags and the global ones; a flag of its own takes the place of a global one of the same name.
  var allFlags: [FlagSpec] { flags + globalFlags }

  /// The global flags that none of its own takes the place of.
  var globalFlags: [FlagSpec] {
    GlobalFlags.all.filter { global in !flags.contains { $0.name == global.name } }
  }

  /// Whether it works on locations, so that what is wrong with the configuration matters to its user.
  var usesLocations: Bool {
    guard !isHidden else { return false }
    return noun.map { ["backup", "restore", "location"].contains($0) }
      ?? ["coverage", "gc"].contains(verb)
  }

  /// The words that call it: `backup create`.
  var path: String { noun.map { "\($0) \(verb)" } ?? verb }

  /// The first line of its help, without the program's name.
  var usage: String {
    [path, operands.placeholder, "[flags]"].filter { !$0.isEmpty }.joined(separator: " ")
  }
}

/// A command line that shows how a command is used.
struct Example: Sendable, Hashable {
  /// What it does.
  var explanation: String
  /// What to type.
  var commandLine: String
}

/// The words a command takes beside its flags.
struct Operands: Sendable {
  /// What help writes for them, such as `NAME`; empty when there are none.
  var placeholder: String
  /// How many there may be.
  var count: ClosedRange<Int>
  /// What a shell offers for them.
  var completion: CompletionSource

  /// No words at all.
  static let none = Operands(placeholder: "", count: 0...0, completion: .nothing)

  /// Just one name.
  static func one(_ placeholder: String, _ completion: CompletionSource = .nothing) -> Operands {
    Operands(placeholder: placeholder, count: 1...1, completion: completion)
  }

  /// Any number of names, also none.
  static func any(_ placeholder: String, _ completion: CompletionSource = .nothing) -> Operands {
    Operands(placeholder: "[\(placeholder)…]", count: 0...10_000, completion: completion)
  }
}

/// Where the words that a shell offers come from.
enum CompletionSource: Sendable, Hashable {
  /// Nothing is offered.
  case nothing
  /// Names of files.
  case files
  /// Names of directories.
  case directories
  /// These words.
  case words([String])
  /// The backups in the store.
  case backups
  /// Label selectors that backups in the store match.
  case backupLabels
  /// The schedules that backups in the store were made by.
  case backupSchedules
  /// The namespaces of the backup that the line names.
  case archivedNamespaces
  /// Objects of the backup that the line names, as `TYPE/NAMESPACE/NAME`.
  case archivedObjects
  /// The restores of the store.
  case restores
  /// The locations of the configuration.
  case locations
  /// Label selectors that restores of the store match.
  case restoreLabels
  /// The contexts of the kubeconfig.
  case contexts
  /// The namespaces of the cluster.
  case namespaces
  /// Types that the cluster lists.
  case resources(ResourceScope)
  /// Label selectors that objects of the cluster match.
  case objectLabels
  /// Objects of the cluster as `KIND/NAMESPACE/NAME`.
  case workloads
  /// Helm releases of the cluster as `NAMESPACE/NAME`.
  case helmReleases
  /// Objects in the namespace of the server.
  case serverObjects(ServerObjects)
}

/// Types by where their objects live.
enum ResourceScope: Sendable, Hashable {
  /// All of them.
  case any
  /// Those whose objects live in namespaces.
  case namespaced
  /// Those whose objects are the cluster's own.
  case cluster
}

/// Objects in the namespace of a Velero server whose names are values of flags.
enum ServerObjects: String, Sendable, Hashable {
  /// Where backups are kept; without a server there is just `default`.
  case storageLocations = "backupstoragelocations"
  /// Where snapshots are kept.
  case snapshotLocations = "volumesnapshotlocations"
  /// Schedules.
  case schedules
  /// ConfigMaps.
  case configMaps = "configmaps"
}

/// A kind of thing that commands are about.
struct Noun: Sendable, Hashable {
  /// Its name.
  var name: String
  /// The name of several, which means the same on the command line.
  var plural: String
  /// What its commands do, one sentence without a full stop.
  var summary: String
}
