// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// How an object stands to the backups, for people: always a sign, a word and a colour.
struct Standing: Sendable, Hashable {
  /// The word for an object that is on its way out.
  static let deleting = "deleting"
  /// Finds, behind `phase:`, all that is neither protected nor left out on purpose.
  static let attention = "attention"
  /// Finds, behind `phase:`, all that backups are reckoned for.
  static let any = "*"

  var verdict: CoverageVerdict
  /// When the newest copy was begun; nil where there is none.
  var started: Timestamp?
  /// The backup with the newest copy.
  var backup: String?

  /// The word that also `phase:` finds.
  static func word(_ verdict: CoverageVerdict) -> String {
    switch verdict {
    case .current: "protected"
    case .tooOld: "outdated"
    case .never: "never"
    case .unknown: "unknown"
    case .excluded: "excluded"
    }
  }

  static func role(_ verdict: CoverageVerdict) -> Role {
    switch verdict {
    case .current: .ok
    case .tooOld: .warn
    case .never: .bad
    case .unknown: .warn
    case .excluded: .dim
    }
  }

  static func sign(_ verdict: CoverageVerdict, _ glyphs: Glyphs) -> Character {
    switch verdict {
    case .current: Character(glyphs.bullet)
    case .tooOld: Character(glyphs.up)
    case .never: Character(glyphs.cross)
    case .unknown: "?"
    case .excluded: Character(glyphs.circle)
    }
  }

  /// `● protected 3h`.
  func text(_ glyphs: Glyphs, _ now: Timestamp) -> String {
    let age = started.map { " \(HumanText.age(max($0, now) - $0))" } ?? ""
    return "\(Self.sign(verdict, glyphs)) \(Self.word(verdict))\(age)"
  }

  var role: Role { Self.role(verdict) }
}

/// How the objects of a cluster stand to the backups, by their addresses; made anew with every reading of the backups, and when
/// a copy becomes too old.
struct Standings: Sendable {
  private(set) var byAddress: [ObjectAddress: Standing] = [:]
  /// What states are worked out of.
  private(set) var verdicts: [ObjectAddress: CoverageVerdict] = [:]
  /// The sums.
  private(set) var summary = CoverageSummary()
  /// When the next copy becomes too old; nil when none does.
  private(set) var changesAt: Timestamp?

  /// Nothing is known.
  init() {}

  /// Judges what is known.
  ///
  /// - Parameters:
  ///   - coverage: What the backups hold.
  ///   - maximumAge: The oldest that a copy may be.
  ///   - now: What ages are reckoned from.
  init(_ coverage: Coverage, maximumAge: GoDuration, now: Timestamp) {
    var coverage = coverage
    coverage.moment = max(coverage.moment, now)
    for row in coverage.rows {
      let address = ObjectAddress(
        type: row.object.resource,
        namespace: row.object.namespace,
        name: row.object.name
      )
      var standing = Standing(verdict: coverage.verdict(of: row, maximumAge: maximumAge))
      if case .held(let copy) = row.finding {
        standing.started = copy.started
        if standing.verdict == .current {
          let end = copy.started + GoDuration(nanoseconds: maximumAge.nanoseconds + 1)
          changesAt = changesAt.map { min($0, end) } ?? end
        }
        standing.backup = copy.backup
      }
      byAddress[address] = standing
    }
    verdicts = byAddress.mapValues(\.verdict)
    summary = coverage.summary(maximumAge: maximumAge)
  }

  /// Whether time alone has changed how something stands.
  func isOutdated(_ now: Timestamp) -> Bool { changesAt.map { $0 <= now } ?? false }

  subscript(address: ObjectAddress) -> Standing? { byAddress[address] }

  /// How a namespace stands.
  func namespace(_ name: String) -> Standing? {
    byAddress[ObjectAddress(type: "namespaces", name: name)]
  }
}

extension World {
  /// How the objects stand, worked out from what is known of the backups now.
  var standings: Standings {
    coverage.value.map { Standings($0, maximumAge: maximumAge, now: now) } ?? Standings()
  }
}
