// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// All that is known of a location, in lines.
struct LocationFacts {
  /// The most backups that have a line of their own.
  static let backupLimit = 12
  /// The most probes that have a line of their own.
  static let probeLimit = 10

  private let location: ConsoleLocation
  private let reading: Loadable<LocationHealth>
  private let survey: Loadable<LocationSurvey>
  private let world: World
  private let width: Int
  private var facts = Facts()

  /// - Parameters:
  ///   - location: The location.
  ///   - survey: What is in it.
  ///   - world: What else is known.
  ///   - width: The columns of a line.
  init(
    _ location: ConsoleLocation,
    _ survey: Loadable<LocationSurvey>,
    _ world: World,
    width: Int
  ) {
    self.location = location
    self.survey = survey
    self.world = world
    self.width = max(20, width)
    reading = world.health[location.name] ?? Loadable()
  }

  /// The lines.
  func lines() -> [TextLine] {
    var copy = self
    copy.addHealth()
    copy.addPlace()
    if location.problem == nil {
      copy.addSpace()
      copy.addProbes()
    }
    return copy.facts.wrapped(to: width)
  }

  // Health.

  private mutating func addHealth() {
    let standing = world.standing(of: location)
    let health = reading.value
    let looked = health?.latest.map { ", looked \(world.ago($0.started))" } ?? ""
    facts.add("health", standing.text + looked, standing.role)
    if let problem = location.problem {
      facts.add("cause", problem, .bad)
      return facts.add("", "what cannot be opened is neither read nor written", .dim)
    }
    if let failure = reading.failure {
      facts.add("not known", failure.message, .warn)
      if let hint = failure.hint { facts.add("", hint, .dim) }
    }
    guard let health else { return }
    guard let latest = health.latest else {
      return facts.add("", "nobody has looked yet: V looks now", .dim)
    }
    addLatest(latest, health.failure)
    if health.state(at: world.now) == .readable {
      facts.add("", "whether it takes what is written was not tried: V tries it", .warn)
    }
    addMoments(health)
    addLatencies(health)
    if health.location.validationFrequency != nil, health.isDue(at: world.now) {
      facts.add("due", "the configuration wants it looked at more often: V", .warn)
    }
  }

  private mutating func addLatest(_ latest: ProbeResult, _ failure: ProbeFailure?) {
    if let failure {
      facts.add("cause", Self.cause(failure), .bad)
      if let hint = failure.hint { facts.add("", hint, .dim) }
    }
    if !latest.steps.isEmpty { facts.add("steps", Self.steps(latest), .text) }
    for remark in latest.remarks { facts.add("note", remark, .warn) }
  }

  private mutating func addMoments(_ health: LocationHealth) {
    if let good = health.lastGood {
      facts.add("last good", moment(good) + ", " + HumanText.milliseconds(good.duration))
    } else {
      facts.add("last good", "never", .warn)
    }
    if let bad = health.history.lastFailure, let failure = bad.failure {
      facts.add(
        "last error",
        moment(bad) + ": " + Self.cause(failure),
        bad == health.latest ? .bad : .dim
      )
    } else {
      facts.add("last error", "none is kept", .dim)
    }
  }

  private mutating func addLatencies(_ health: LocationHealth) {
    let columns = max(8, min(48, width - 14))
    let values = health.milliseconds(last: columns)
    facts.add(
      TextLine(
        [TextSpan(TextWidth.fit("latency", to: facts.labelWidth), .dim)]
          + TextSpan.sparks(values, glyphs: world.glyphs)
      )
    )
    let times = health.latencies.compactMap(\.duration)
    guard let least = times.min(), let most = times.max() else { return }
    let failed = health.latencies.count - times.count
    let failures = failed > 0 ? ", \(HumanText.count(failed)) failed" : ""
    facts.add(
      "",
      "\(HumanText.milliseconds(least)) to \(HumanText.milliseconds(most)) in "
        + HumanText.counted(health.latencies.count, "probe") + failures,
      .dim
    )
  }

  private func moment(_ probe: ProbeResult) -> String {
    "\(world.ago(probe.started)), on \(world.local(probe.started))"
  }

  /// What failed, and at which step.
  static func cause(_ failure: ProbeFailure) -> String {
    guard let step = failure.step else { return "it could not be opened: \(failure.message)" }
    return "'\(step.rawValue)' failed: \(failure.message)"
  }

  /// The steps of a probe with their times; the one that failed is told so.
  static func steps(_ probe: ProbeResult) -> String {
    probe.steps.map { step in
      let end = probe.failure?.step == step.kind ? "failed after " : ""
      return "\(step.kind.rawValue) \(end)\(HumanText.milliseconds(step.duration))"
    }.joined(separator: ", ")
  }

  // Place.

  private mutating func addPlace() {
    facts.heading("Place")
    let provider = reading.value?.location.provider ?? ""
    facts.add("where", location.place.isEmpty ? "the configuration does not say" : location.place)
    if !provider.isEmpty { facts.add("provider", provider) }
    facts.add(
      "access",
      location.isReadOnly ? "read-only: nothing is written or deleted" : "read and write",
      location.isReadOnly ? .readOnly : .text
    )
    if location.isDefault { facts.add("default", "new backups go here") }
  }

  // Space.

  private mutating func addSpace() {
    facts.heading("Space")
    if let line = StateText.staleness(survey, world) { facts.add(line) }
    guard let contents = survey.value?.contents else {
      if let failure = survey.failure {
        facts.add("not known", failure.message, .bad)
        if let hint = failure.hint { facts.add("", hint, .dim) }
        facts.add("", "Ctrl-R reads again", .dim)
      } else {
        facts.add(TextLine("\(world.spinner) reading what is in '\(location.name)'", .dim))
      }
      return
    }
    guard !contents.backups.isEmpty else {
      facts.add(TextLine("no backup is in it; 8 composes a filter and makes one", .dim))
      return addLeftovers(contents)
    }
    facts.add(
      "all",
      "\(HumanText.counted(contents.backups.count, "backup")), \(HumanText.bytes(contents.sizeBytes))"
    )
    addBackups(contents)
    addLeftovers(contents)
    addClusters(contents)
  }

  private mutating func addBackups(_ contents: LocationContents) {
    let sorted = contents.backups.sorted {
      $0.sizeBytes == $1.sizeBytes ? $0.name < $1.name : $0.sizeBytes > $1.sizeBytes
    }
    let shown = sorted.prefix(Self.backupLimit)
    let greatest = Double(shown.first?.sizeBytes ?? 0)
    let nameWidth = min(shown.map { TextWidth.columns($0.name) }.max() ?? 0, max(8, width - 26))
    let barWidth = max(4, min(24, width - nameWidth - 14))
    for backup in shown {
      let share = greatest > 0 ? Double(backup.sizeBytes) / greatest : 0
      facts.add(
        TextLine([
          TextSpan(TextWidth.fit(backup.name, to: nameWidth) + "  "),
          TextSpan.bar(share, columns: barWidth, glyphs: world.glyphs),
          TextSpan("  " + HumanText.bytes(backup.sizeBytes)),
        ])
      )
    }
    if sorted.count > shown.count {
      let rest = sorted.dropFirst(shown.count)
      facts.add(
        TextLine(
          "and \(HumanText.counted(rest.count, "smaller one")), "
            + HumanText.bytes(rest.reduce(0) { $0 + $1.sizeBytes }),
          .dim
        )
      )
    }
  }

  private mutating func addLeftovers(_ contents: LocationContents) {
    if !contents.unrecorded.isEmpty {
      facts.add("unfinished", HumanText.some(contents.unrecorded, limit: 4), .warn)
    }
    for problem in contents.problems.prefix(4) { facts.add("damaged", problem.message, .bad) }
    if contents.problems.count > 4 {
      facts.add("", "and \(HumanText.count(contents.problems.count - 4)) more", .bad)
    }
  }

  private mutating func addClusters(_ contents: LocationContents) {
    facts.heading("Clusters")
    for share in contents.shares {
      let latest = share.latest.map { ", latest \(world.ago($0))" } ?? ""
      let figures =
        "\(HumanText.counted(share.backups, "backup")), \(HumanText.bytes(share.sizeBytes))"
      guard let cluster = share.cluster else {
        facts.add("not told", figures + latest, .dim)
        continue
      }
      guard let own = world.cluster.identity else {
        facts.add(String(cluster.uid.prefix(8)), figures + latest)
        continue
      }
      if cluster == own {
        facts.add("this one", figures + latest)
      } else {
        let names = contents.backups.filter { $0.cluster == cluster }.map(\.name)
        facts.add("another", "\(figures)\(latest), cluster \(cluster.uid)", .accent)
        facts.add("", HumanText.some(names, limit: 4), .dim)
      }
    }
  }

  // Probes.

  private mutating func addProbes() {
    guard let probes = reading.value?.history.probes, !probes.isEmpty else { return }
    facts.heading("Probes")
    for probe in probes.suffix(Self.probeLimit).reversed() {
      let glyph = Character(probe.isGood ? world.glyphs.check : world.glyphs.cross)
      let text = probe.failure.map(Self.cause) ?? Self.steps(probe)
      facts.add(world.ago(probe.started), "\(glyph) \(text)", probe.isGood ? .text : .bad)
    }
    if probes.count > Self.probeLimit {
      let more = HumanText.count(probes.count - Self.probeLimit)
      facts.add(TextLine("and \(more) before them", .dim))
    }
  }
}
