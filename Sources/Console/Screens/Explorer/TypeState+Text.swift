// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Terminal

extension TypeState {
  /// Whether the objects that are shown are those that there are, or were at some moment.
  var isKnown: Bool {
    switch self {
    case .current, .asOf, .stale, .sameAs: true
    case .loading, .partial, .gap: false
    }
  }

  /// One word with its sign.
  func word(_ glyphs: Glyphs) -> String {
    switch self {
    case .loading: "\(Character(glyphs.circle)) reading"
    case .current: ""
    case .asOf: "\(Character(glyphs.circle)) no watch"
    case .stale: "\(Character(glyphs.up)) stale"
    case .partial: "\(Character(glyphs.up)) in part"
    case .gap: "\(Character(glyphs.cross)) not read"
    case .sameAs: ""
    }
  }

  var role: Role {
    switch self {
    case .current, .sameAs: .dim
    case .loading: .running
    case .asOf: .dim
    case .stale: .stale
    case .partial: .warn
    case .gap: .bad
    }
  }

  /// Why objects may be missing or old; nil where none are.
  func explanation(_ world: World) -> String? {
    switch self {
    case .current, .sameAs: nil
    case .loading: "still being read"
    case .asOf(let moment): "as of \(world.ago(moment)): the server offers no watch"
    case .stale(let since, let reason): "as of \(world.ago(since)): \(reason)"
    case .partial(let reason, let gaps):
      gaps.isEmpty
        ? reason : "\(reason); not in \(HumanText.some(gaps.keys.sorted(), limit: 3))"
    case .gap(let reason): reason
    }
  }
}

/// How well the types of a scope are known: worked out when the list is made, not with every frame.
struct ScopeKnowledge: Sendable {
  /// How many types there are.
  private(set) var total = 0
  /// Those that are not simply current, by name.
  private(set) var states: [(type: String, state: TypeState)] = []
  private(set) var failures: [DiscoveryFailure] = []

  /// Nothing is known, and nothing is asked.
  init() {}

  init(_ scope: ObjectScope, in snapshot: InventorySnapshot) {
    failures = snapshot.failures
    for place in 0..<snapshot.typeCount {
      let resource = snapshot.resource(ofType: place)
      guard resource.verbs.contains("list"), Self.concerns(resource, scope) else { continue }
      total += 1
      let state: TypeState
      if case .namespace(let name) = scope {
        state = snapshot.state(ofType: place, inNamespace: name)
      } else {
        state = snapshot.type(at: place).state
      }
      if !state.isCurrent { states.append((resource.groupResource, state)) }
    }
  }

  private static func concerns(_ type: APIResource, _ scope: ObjectScope) -> Bool {
    switch scope {
    case .everything, .label: true
    case .namespace: type.isNamespaced
    case .cluster: !type.isNamespaced
    case .type(let name): type.groupResource == name
    }
  }
}

/// What of some objects is not known, one line for the place above a table.
struct KnowledgeGaps: Sendable, Hashable {
  /// The line; nil when all is known.
  var line: String?
  var role = Role.warn
  /// A line for each type that is not known, for the whole story.
  var details: [String] = []

  init(_ knowledge: ScopeKnowledge, _ world: World) {
    var loading = 0
    var gaps: [String] = []
    var stale: [String] = []
    for (type, state) in knowledge.states {
      switch state {
      case .loading: loading += 1
      case .partial, .gap: gaps.append(type)
      case .stale: stale.append(type)
      case .current, .asOf, .sameAs: continue
      }
      if state != .loading, let why = state.explanation(world) { details.append("\(type): \(why)") }
    }
    details += knowledge.failures.map { "\($0.group)/\($0.version): \($0.message)" }
    if loading > 0 {
      let total = knowledge.total
      line = "\(world.spinner) reading: \(total - loading) of \(total) types are here"
      role = .running
    } else if !gaps.isEmpty {
      line = "not known here: \(HumanText.some(gaps, limit: 4))"
    } else if !stale.isEmpty {
      line = "stale: \(HumanText.some(stale, limit: 4))"
      role = .stale
    } else if let failure = knowledge.failures.first {
      line = "types of the group '\(failure.group)' are not known: \(failure.message)"
    }
  }
}
