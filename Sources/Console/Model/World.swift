// SPDX-License-Identifier: Apache-2.0

public import Engine
public import Primitives
public import Terminal
public import Velero

/// What is known of the cluster, the stores and the user's wishes; all screens show it, only messages change it.
public struct World: Sendable {
  /// The time, as the last tick told it.
  public var now: Timestamp
  /// How far local time is ahead of UTC.
  public var localTime: LocalTime
  /// When the user last pressed a key; lists keep their order for a while after it.
  public var lastInput: Timestamp?
  /// Whether the user has stopped the lists from following the cluster.
  public var isPaused = false
  /// The size of the terminal.
  public var size = Size(width: 80, height: 24)
  /// The lines that the operations have taken of it under the screen that is seen.
  var drawerHeight = 0
  /// The characters that may be drawn.
  public var glyphs: Glyphs
  /// What the command line and the configuration say.
  public var preferences: Preferences
  /// The clusters that the kubeconfig knows.
  public var contexts = Loadable<[ContextChoice]>()
  /// The cluster that is looked at.
  public var cluster = ClusterState()
  /// The cluster's objects; nil before the first answer.
  public var inventory: InventorySnapshot?
  /// Where backups are.
  public var locations = Loadable<[ConsoleLocation]>()
  /// The backups of each location, by its name.
  public var backups: [String: Loadable<BackupListing>] = [:]
  /// The restores of each location, by its name.
  public var restores: [String: Loadable<[RestoreListing]>] = [:]
  /// How each location stands by its probes, by its name.
  public var health: [String: Loadable<LocationHealth>] = [:]
  /// What of the cluster is protected by which backup.
  public var coverage = Loadable<Coverage>()
  /// What this program is doing and has done.
  public var operations = Operations()
  /// What the user has made of screens, by their kinds.
  var looks: [ScreenKind: ScreenLook] = [:]
  /// What the user was told.
  public var notices = Notices()
  private var lastToken = 0

  /// A world of which nothing is known yet.
  public init(
    now: Timestamp,
    localTime: LocalTime = .system,
    glyphs: Glyphs = .unicode,
    preferences: Preferences = Preferences()
  ) {
    self.now = now
    self.localTime = localTime
    self.glyphs = glyphs
    self.preferences = preferences
  }

  /// A token that nobody has had.
  public mutating func token() -> Token {
    lastToken += 1
    return Token(number: lastToken)
  }

  /// Whether lists keep their order now, since the user is just working in them.
  public var keepsOrder: Bool {
    if isPaused { return true }
    guard let lastInput else { return false }
    return (now - lastInput).seconds < Self.orderSeconds
  }

  /// For how many seconds after a key lists keep their order.
  public static let orderSeconds: Int64 = 5

  /// The name of the context that is looked at, also while it cannot be connected; nil where none was asked for or is known.
  public var contextName: String? {
    if let name = cluster.context?.name ?? cluster.wantedContext { return name }
    guard cluster.phase != .none else { return nil }
    return contexts.value?.first(where: \.isCurrent)?.name
  }

  /// Why nothing may be changed; nil where it may.
  public var readOnlyReason: String? {
    if preferences.isReadOnly { return "started with --read-only" }
    if let name = contextName, preferences.settings(ofContext: name).isReadOnly {
      return "context '\(name)' is read-only by configuration"
    }
    return nil
  }

  /// Whether the cluster is marked as one of production.
  public var isProduction: Bool {
    contextName.map { preferences.settings(ofContext: $0).isProduction } ?? false
  }

  /// Backups of the cluster that are older than this do not protect it.
  public var maximumAge: GoDuration {
    contextName.flatMap { preferences.settings(ofContext: $0).maximumAge }
      ?? preferences.maximumAge
  }

  /// Whether there is a location, as far as is known.
  func hasLocation(_ name: String) -> Bool {
    locations.value?.contains { $0.name == name } ?? true
  }

  /// All backups of all locations, the newest first.
  public var allBackups: [BackupEntry] {
    backups.values.flatMap { $0.value?.entries ?? [] }.sorted(by: BackupEntry.isNewer)
  }

  /// The location that new backups go to: the one marked so, else the first.
  public var defaultLocation: ConsoleLocation? {
    let all = locations.value ?? []
    return all.first(where: \.isDefault) ?? all.first
  }
}

/// What the command line and the configuration say about the console.
public struct Preferences: Sendable {
  /// What holds for one context.
  public struct Context: Sendable, Hashable {
    /// Whether it carries the band of production.
    public var isProduction = false
    /// Whether nothing may be changed in it.
    public var isReadOnly = false
    /// The theme it is shown in; nil for the general one.
    public var theme: String?
    /// Backups older than this do not protect; nil for what holds in general.
    public var maximumAge: GoDuration?

    /// Nothing special.
    public init() {}
  }

  /// Whether nothing may be changed, in no context.
  public var isReadOnly = false
  /// The name of the theme.
  public var theme = "dark"
  /// Keys by action.
  public var keys: [String: [String]] = [:]
  /// The themes, those of the user among them; nil for those that the console was opened with.
  public var themes: ThemeCatalog?
  /// Whether nothing but ASCII is drawn; nil for what the terminal can.
  public var isASCII: Bool?
  /// Whether the mouse is listened to.
  public var usesMouse = true
  /// Finds what holds for a context.
  public var contextSettings: @Sendable (String) -> Context = { _ in Context() }
  /// The namespace that records name.
  public var serverNamespace = "velero"
  /// Backups older than this do not protect.
  public var maximumAge = GoDuration(seconds: 24 * 3600)

  /// The defaults.
  public init() {}

  /// What holds for a context.
  public func settings(ofContext name: String) -> Context { contextSettings(name) }
}

/// A context of the kubeconfig.
public struct ContextChoice: Sendable, Hashable {
  /// Its name.
  public var name: String
  /// The server's address; empty when the kubeconfig does not say.
  public var server: String
  /// Whether the kubeconfig names it as the current one.
  public var isCurrent: Bool
  /// Why it cannot be used; nil when nothing speaks against it.
  public var problem: String?

  /// Describes a context.
  public init(name: String, server: String = "", isCurrent: Bool = false, problem: String? = nil) {
    self.name = name
    self.server = server
    self.isCurrent = isCurrent
    self.problem = problem
  }
}

/// How the connection to the cluster stands.
public struct ClusterState: Sendable {
  /// How far the connection is.
  public enum Phase: Sendable, Hashable {
    /// No cluster was asked for.
    case none
    /// The first answer is awaited.
    case connecting
    /// The server answers.
    case connected
    /// The server does not answer; what is shown is of earlier.
    case lost(since: Timestamp)
    /// The cluster cannot be used at all: no configuration, no credentials.
    case failed
  }

  /// The name of the context that was asked for, also when it cannot be used; nil for the current one.
  public internal(set) var wantedContext: String?
  /// The context; nil before one is known.
  public var context: ContextChoice?
  /// How far the connection is.
  public var phase = Phase.none
  /// Whether the server has answered since the connection was made, whatever came before and after that.
  public internal(set) var hasAnswered = false
  /// Why it is lost or failed.
  public var failure: Failure?
  /// How long the server took for its last answer.
  public var latency: Duration?
  /// When that was.
  public var answeredAt: Timestamp?
  /// The version it reports.
  public var version: String?
  /// Who the cluster is: the uid of its namespace `kube-system`.
  public var identity: ClusterIdentity?
  /// Counts the connections, so that late answers of another cluster are seen to be so.
  public var generation = 0

  /// No cluster.
  public init() {}
}

/// A place where backups are.
public struct ConsoleLocation: Sendable, Hashable {
  /// Its name.
  public var name: String
  /// Where it is, for people: a directory or a bucket.
  public var place: String
  /// Whether new backups go there when nothing else is said.
  public var isDefault: Bool
  /// Whether nothing may be written or removed there.
  public var isReadOnly: Bool
  /// Why it cannot be used; nil when nothing speaks against it.
  public var problem: String?

  /// Describes a location.
  public init(
    name: String,
    place: String,
    isDefault: Bool = false,
    isReadOnly: Bool = false,
    problem: String? = nil
  ) {
    self.name = name
    self.place = place
    self.isDefault = isDefault
    self.isReadOnly = isReadOnly
    self.problem = problem
  }
}

extension ConsoleLocation {
  /// Describes a location of the configuration.
  ///
  /// - Parameters:
  ///   - location: The location.
  ///   - isDefault: Whether new backups go there when nothing else is said.
  public init(_ location: StorageLocation, isDefault: Bool) {
    self.init(
      name: location.name,
      place: location.place,
      isDefault: isDefault,
      isReadOnly: location.isReadOnly,
      problem: location.problem
    )
  }
}

/// One backup: which, and where.
public struct BackupPlace: Sendable, Hashable {
  /// The location's name.
  public var location: String
  /// The backup's name.
  public var name: String

  /// Names a backup.
  public init(location: String, name: String) {
    self.location = location
    self.name = name
  }
}

/// A backup with all the list shows of it.
public struct BackupEntry: Sendable {
  /// Which it is.
  public var place: BackupPlace
  /// Its record.
  public var backup: Backup
  /// The bytes of its files; nil while unknown.
  public var sizeBytes: Int64?
  /// When it was last verified and with what result; nil when it never was.
  public var verification: VerificationNote?

  /// Describes a backup.
  public init(
    place: BackupPlace,
    backup: Backup,
    sizeBytes: Int64? = nil,
    verification: VerificationNote? = nil
  ) {
    self.place = place
    self.backup = backup
    self.sizeBytes = sizeBytes
    self.verification = verification
  }

  /// When it began, else when its record was made.
  public var started: Timestamp? {
    backup.status.startTimestamp ?? backup.creationTimestamp
  }

  /// The newest first; those without a time last; of the same time by name.
  public static func isNewer(_ left: BackupEntry, _ right: BackupEntry) -> Bool {
    switch (left.started, right.started) {
    case (let first?, let second?) where first != second: first > second
    case (_?, nil): true
    case (nil, _?): false
    default: left.place.name < right.place.name
    }
  }
}

/// What is known of the last verification of a backup.
public struct VerificationNote: Sendable, Hashable {
  /// When it was.
  public var time: Timestamp
  /// Whether the backup was found whole.
  public var isSound: Bool
  /// What was found, one line.
  public var text: String

  /// Describes a verification.
  public init(time: Timestamp, isSound: Bool, text: String) {
    self.time = time
    self.isSound = isSound
    self.text = text
  }
}

/// The backups of a location.
public struct BackupListing: Sendable {
  /// Those with a record.
  public var entries: [BackupEntry]
  /// Names without a record: being written, or never finished.
  public var unrecorded: [String]
  /// What could not be used.
  public var problems: [CatalogProblem]

  /// Describes a listing.
  public init(
    entries: [BackupEntry] = [],
    unrecorded: [String] = [],
    problems: [CatalogProblem] = []
  ) {
    self.entries = entries
    self.unrecorded = unrecorded
    self.problems = problems
  }
}

/// A restore of a location.
public struct RestoreListing: Sendable {
  /// The location's name.
  public var location: String
  /// Its name.
  public var name: String
  /// Its record; nil while there is none.
  public var record: Restore?

  /// Describes a restore.
  public init(location: String, name: String, record: Restore?) {
    self.location = location
    self.name = name
    self.record = record
  }
}
