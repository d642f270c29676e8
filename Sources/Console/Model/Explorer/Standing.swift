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
  /// How old the newest copy was when the backups were read; nil where there is none.
  var age: GoDuration?
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
  func text(_ glyphs: Glyphs) -> String {
    let age = age.map { " \(HumanText.age($0))" } ?? ""
    return "\(Self.sign(verdict, glyphs)) \(Self.word(verdict))\(age)"
  }

  var role: Role { Self.role(verdict) }
}

/// How the objects of a cluster stand to the backups, by their addresses; made anew with every reading of the backups.
struct Standings: Sendable {
  private(set) var byAddress: [ObjectAddress: Standing] = [:]
  /// What states are worked out of.
  private(set) var verdicts: [ObjectAddress: CoverageVerdict] = [:]
  /// The sums.
  private(set) var summary = CoverageSummary()

  /// Nothing is known.
  init() {}

  init(_ coverage: Coverage, maximumAge: GoDuration) {
    for row in coverage.rows {
      let address = ObjectAddress(
        type: row.object.resource,
        namespace: row.object.namespace,
        name: row.object.name
      )
      var standing = Standing(verdict: coverage.verdict(of: row, maximumAge: maximumAge))
      if case .held(let copy) = row.finding {
        standing.age = coverage.age(of: copy)
        standing.backup = copy.backup
      }
      byAddress[address] = standing
    }
    verdicts = byAddress.mapValues(\.verdict)
    summary = coverage.summary(maximumAge: maximumAge)
  }

  subscript(address: ObjectAddress) -> Standing? { byAddress[address] }

  /// How a namespace stands.
  func namespace(_ name: String) -> Standing? {
    byAddress[ObjectAddress(type: "namespaces", name: name)]
  }
}

extension World {
  /// How the objects stand, worked out from what is known of the backups now.
  var standings: Standings {
    coverage.value.map { Standings($0, maximumAge: preferences.maximumAge) } ?? Standings()
  }
}
