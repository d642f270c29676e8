// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What is in the locations, as a screen asks for it: when it is opened, and whenever the backups of a location were read again.
struct LocationSurveys: Sendable {
  private var known: [String: Loadable<LocationSurvey>] = [:]
  /// Who waits for which location.
  private var tokens: [Token: String] = [:]
  /// Locations that have changed since the question that is under way.
  private var outdated: Set<String> = []

  /// What is known of a location.
  subscript(_ name: String) -> Loadable<LocationSurvey> { known[name] ?? Loadable() }

  /// Asks about all locations that can be opened.
  mutating func askAll(_ context: inout UpdateContext) {
    for location in context.world.locations.value ?? [] where location.problem == nil {
      ask(location.name, &context)
    }
  }

  /// Asks about a location; once more after the answer when a question is under way.
  mutating func ask(_ name: String, _ context: inout UpdateContext) {
    guard !tokens.values.contains(name) else {
      outdated.insert(name)
      return
    }
    known[name, default: Loadable()].begin()
    tokens[context.ask(.lifecycle(.survey(location: name)))] = name
  }

  /// Takes news.
  ///
  /// - Returns: Whether something about a location has become known.
  mutating func receive(_ message: Message, _ context: inout UpdateContext) -> Bool {
    switch message {
    case .answer(.lifecycle(.survey(let survey)), let token):
      return take(.success(survey), token, &context)
    case .answer(.failed(let failure), let token): return take(.failure(failure), token, &context)
    case .backups(.success, let name): ask(name, &context)
    case .locations(.success(let locations)):
      let names = Set(locations.map(\.name))
      known = known.filter { names.contains($0.key) }
    default: break
    }
    return false
  }

  /// Nobody waits any more.
  mutating func leave(_ context: inout UpdateContext) {
    for token in tokens.keys { context.forget(token) }
    (tokens, outdated) = ([:], [])
  }

  private mutating func take(
    _ result: Result<LocationSurvey, Failure>,
    _ token: Token,
    _ context: inout UpdateContext
  ) -> Bool {
    guard let name = tokens.removeValue(forKey: token) else { return false }
    known[name, default: Loadable()].end(result, at: context.world.now)
    if outdated.remove(name) != nil { ask(name, &context) }
    return true
  }
}
