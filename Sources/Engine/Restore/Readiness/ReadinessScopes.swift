// SPDX-License-Identifier: Apache-2.0

/// How far each type has been looked at, as a whole or namespace by namespace.
struct ReadinessScopes: Sendable {
  enum State: Sendable, Hashable {
    /// Not yet; after failures with what they were.
    case loading(String? = nil)
    case loaded
    /// It cannot be looked at.
    case gap(String)
  }

  private var whole: [ReadinessType: State] = [:]
  private var parts: [ReadinessType: [String: State]] = [:]

  /// Notes how far a type, or one namespace of it, has been looked at.
  mutating func set(_ state: State, _ type: ReadinessType, _ namespace: String?) {
    if let namespace {
      parts[type, default: [:]][namespace] = state
    } else {
      whole[type] = state
    }
  }

  /// Has a type looked at namespace by namespace from now on.
  mutating func split(_ type: ReadinessType, _ namespaces: Set<String>) {
    whole[type] = nil
    parts[type] = Dictionary(
      namespaces.map { ($0, .loading()) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// How far a type has been looked at in a namespace; types that nobody needs are as good as known.
  func state(_ type: ReadinessType, in namespace: String) -> State {
    parts[type]?[namespace] ?? whole[type] ?? .loaded
  }

  /// Whether a type is known in a namespace.
  func known<Value>(_ type: ReadinessType, in namespace: String, _ value: Value) -> Known<Value> {
    switch state(type, in: namespace) {
    case .loading: .notYet
    case .loaded: .yes(value)
    case .gap(let reason): .no(reason)
    }
  }

  /// What cannot be looked at, by type and namespace; namespaces with the same reason stay apart.
  var gaps: [ReadinessGap] {
    var gaps: [ReadinessGap] = []
    for type in ReadinessType.allCases {
      if case .gap(let reason)? = whole[type] {
        gaps.append(ReadinessGap(type: type.rawValue, namespace: nil, reason: reason))
      }
      for (namespace, state) in (parts[type] ?? [:]).sorted(by: { $0.key < $1.key }) {
        guard case .gap(let reason) = state else { continue }
        gaps.append(ReadinessGap(type: type.rawValue, namespace: namespace, reason: reason))
      }
    }
    return gaps
  }
}
