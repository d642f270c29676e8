// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

extension Application {
  /// How many seconds pass before the stores are read again by themselves.
  static let refreshSeconds: Int64 = 60

  /// How many seconds pass before the configuration is looked at again.
  static let configurationSeconds: Int64 = 5

  /// Takes news into the world.
  mutating func take(_ message: Message) -> [Effect] {
    switch message {
    case .contexts(let result): world.contexts.end(result, at: world.now)
    case .locations(let result): return take(locations: result)
    case .backups(let result, let location):
      let isWanted = reads.end(.backups, location)
      guard world.hasLocation(location) else { break }
      let effects = take(backups: result, of: location)
      return effects + (isWanted ? readBackups(location) : [])
    case .restores(let result, let location):
      let isWanted = reads.end(.restores, location)
      guard world.hasLocation(location) else { break }
      world.restores[location, default: Loadable()].end(result, at: world.now)
      if isWanted { return readRestores(location) }
    case .health(let result, let location):
      let isWanted = reads.end(.health, location)
      guard world.hasLocation(location) else { break }
      // What was wanted once more meanwhile may be of before a probe.
      if isWanted { return readHealth(location) }
      world.health[location, default: Loadable()].end(result, at: world.now)
      return probeLocations()
    case .probed(let result, let location): return take(probe: result, of: location)
    case .coverage(let result, let generation, let attempt):
      return take(coverage: result, of: generation, attempt)
    case .cluster(let news, let generation):
      if generation == world.cluster.generation { return take(news) }
    case .operation(let news, let id): return take(news, of: id)
    case .notice(let severity, let text, let details):
      world.notices.say(severity, text, details: details, at: world.now)
    case .answer, .input, .pointed, .tick, .preferences, .hangUp: break
    }
    return []
  }

  private mutating func take(locations result: Result<[ConsoleLocation], Failure>) -> [Effect] {
    let former = world.locations.value
    world.locations.end(result, at: world.now)
    guard case .success(let locations) = result else { return [] }
    let names = Set(locations.map(\.name))
    world.backups = world.backups.filter { names.contains($0.key) }
    world.restores = world.restores.filter { names.contains($0.key) }
    world.health = world.health.filter { names.contains($0.key) }
    coverageReading.marks = coverageReading.marks.filter { names.contains($0.key) }
    let isNews = former.map { $0 != locations } ?? false
    return readStores() + (isNews ? readCoverage() : [])
  }

  private mutating func take(_ news: ClusterNews) -> [Effect] {
    switch news {
    case .connecting(let context):
      world.cluster.context = context
      world.cluster.phase = .connecting
      showThemeOfContext()
    case .answered(let version, let latency):
      let isFirst = !world.cluster.hasAnswered
      world.cluster.hasAnswered = true
      let wasLost = world.cluster.phase != .connected
      world.cluster.phase = .connected
      world.cluster.failure = nil
      world.cluster.latency = latency
      world.cluster.answeredAt = world.now
      world.cluster.version = version
      if isFirst {
        var context = makeContext()
        for launch in waiting { context.launch(launch) }
        waiting = []
        return follow(context) + readCoverage()
      }
      if world.coverage.failure != nil, wasLost { return readCoverage() }
    case .unanswered(let failure):
      world.cluster.failure = failure
      if case .lost = world.cluster.phase { break }
      world.cluster.phase = .lost(since: world.cluster.answeredAt ?? world.now)
    case .failed(let failure):
      world.cluster.failure = failure
      world.cluster.phase = .failed
    case .identity(let identity): world.cluster.identity = identity
    case .inventory(let snapshot): world.inventory = snapshot
    }
    return []
  }

  private mutating func take(_ news: OperationNews, of id: OperationID) -> [Effect] {
    world.operations.take(news, of: id, at: world.now)
    guard case .ended(let end) = news, let operation = world.operations.operation(id) else {
      return []
    }
    let severity: Notice.Severity =
      switch end.outcome {
      case .done: .info
      case .cancelled, .doneWithIssues: .warning
      case .failed: .error
      }
    world.notices.say(
      severity,
      "\(operation.kind.rawValue) '\(operation.subject)': \(end.text)",
      details: end.details,
      at: world.now
    )
    // Protection is worked out again when the backups turn out to be others than before.
    return readStores()
  }

  /// Shows the theme of the context that is looked at.
  mutating func showThemeOfContext() {
    theme =
      world.contextName.flatMap { world.preferences.settings(ofContext: $0).theme }
      ?? world.preferences.theme
  }

  /// Takes another configuration.
  mutating func take(_ preferences: Preferences, _ problems: [String]) -> [Effect] {
    let former = world.preferences
    world.preferences = preferences
    keymap = Keymap(actions: ScreenTable.allActions, configured: preferences.keys)
    showThemeOfContext()
    if preferences.isASCII != former.isASCII {
      world.glyphs = preferences.isASCII ?? isPlainTerminal ? .ascii : .unicode
    }
    if let themes = preferences.themes { themeNames = themes.names }
    var problems = problems
    if !themeNames.isEmpty, !themeNames.contains(theme) {
      problems.append("there is no theme '\(theme)'; '\(ThemeCatalog.standardName)' is shown")
    }
    for problem in problems { world.notices.say(.warning, problem, at: world.now) }
    if !tellKeyProblems(), problems.isEmpty {
      world.notices.say(.info, "the configuration was read again", at: world.now)
    }
    world.locations.begin()
    guard preferences.usesMouse != former.usesMouse else { return [.readLocations] }
    listensToMouse = preferences.usesMouse
    return [.listenToMouse(listensToMouse), .readLocations]
  }

  /// Takes the time.
  mutating func tick(_ now: Timestamp) -> [Effect] {
    world.now = now
    world.notices.expire(at: now)
    var effects: [Effect] = []
    if (now - configured).seconds >= Self.configurationSeconds {
      configured = now
      effects.append(.readPreferences)
    }
    if (now - refreshed).seconds >= Self.refreshSeconds {
      refreshed = now
      effects += readStores()
    }
    effects += probeLocations()
    effects += refreshCoverage()
    return effects + broadcast(.tick(now))
  }

  /// How long nothing that is shown changes by time alone.
  public var tickSeconds: Int64 {
    world.operations.running.isEmpty && !world.notices.isExpiring ? 10 : 1
  }
}
