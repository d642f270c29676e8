// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Terminal
internal import Velero

/// What can be compared of preferences; what holds for contexts shows in their names and the configuration's problems.
struct PreferencesText: Sendable, Hashable {
  var theme: String
  var themes: [Theme]?
  var isASCII: Bool?
  var keys: [String: [String]]
  var maximumAge: GoDuration
  var usesMouse: Bool
  var contexts: [Preferences.Context]
  var locations: [ConsoleLocation]
  var problems: [String]
}

extension EffectRunner {
  func readPreferences() async {
    guard mayHaveChanged(await backend.fingerprint()) else { return }
    let (preferences, problems) = await backend.preferences()
    let contexts = await result { try await backend.contexts() }
    post(.contexts(contexts))
    let locations = await result { try await backend.locations() }
    let former = toldPreferences
    let text = PreferencesText(
      theme: preferences.theme,
      themes: preferences.themes.map { themes in themes.names.compactMap(themes.theme(named:)) },
      isASCII: preferences.isASCII,
      keys: preferences.keys,
      maximumAge: preferences.maximumAge,
      usesMouse: preferences.usesMouse,
      // What cannot be read for a while is no news.
      contexts: (try? contexts.get())?.map { preferences.settings(ofContext: $0.name) }
        ?? former?.contexts ?? [],
      locations: (try? locations.get()) ?? former?.locations ?? [],
      problems: problems
    )
    if isNews(text) { post(.preferences(preferences, problems: problems)) }
  }

  func readBackups(_ location: String) async {
    let result = await result {
      let catalog = try await backend.store(location).backups
      let contents = try await catalog.contents()
      indexes.keepOnly(contents.backups.map(\.record), of: location)
      let results = await backend.verifications.results(of: catalog.store)
      return BackupListing(
        entries: contents.backups.map { stored in
          let result = results[stored.name].flatMap { $0.concerns(stored.record) ? $0 : nil }
          return BackupEntry(
            place: BackupPlace(location: location, name: stored.name),
            backup: stored.record,
            sizeBytes: stored.sizeBytes,
            verification: result.map {
              VerificationNote(time: $0.time, isSound: $0.isSound, text: $0.text)
            }
          )
        },
        unrecorded: contents.unrecorded,
        problems: contents.problems
      )
    }
    post(.backups(result, location: location))
  }

  func readRestores(_ location: String) async {
    let result = await result {
      try await backend.store(location).restores.restores().entries.map {
        RestoreListing(location: location, name: $0.name, record: $0.record)
      }
    }
    post(.restores(result, location: location))
  }

  func readCoverage(_ generation: Int, _ attempt: Int) async {
    guard let session, session.generation == generation else { return }
    let result = await result {
      let locations = try await backend.locations()
      guard !locations.isEmpty else {
        throw Failure(.other, "there is no location", hint: "name one in the configuration")
      }
      return try await CoverageReader(
        client: session.client,
        places: locations.map { location in
          CoverageReader.Place(location.name) { [backend] in
            if let problem = location.problem { throw Failure(.other, problem) }
            return try await backend.store(location.name).backups
          }
        },
        clock: backend.clock
      ).read()
    }
    post(.coverage(result, generation: generation, attempt: attempt))
  }

  /// The answer to a question; nil when there is none, or when it comes by another way.
  func answer(_ question: Question, _ token: Token) async throws -> Answer? {
    switch question {
    case .timer(let duration):
      try await backend.timer.sleep(for: duration)
      return .timeUp
    case .liveObject(let address):
      return .object(try await liveObject(address))
    case .preview(let backup):
      try await connected().preview(backup, token)
      return nil
    case .explorer(let question): return try await answer(question, token).map { .explorer($0) }
    case .filter(let question): return try await answer(question, token).map { .filter($0) }
    case .backup(let question): return try await answer(question, token).map { .backup($0) }
    case .restore(let question): return try await answer(question, token).map { .restore($0) }
    case .lifecycle(let question): return try await answer(question, token).map { .lifecycle($0) }
    }
  }

  /// The cluster.
  ///
  /// - Throws: `Failure` while there is none.
  func connected() throws(Failure) -> ClusterSession {
    guard let session else { throw Failure(.unreachable, "no cluster is connected") }
    return session
  }

  func liveObject(_ address: ObjectAddress) async throws -> JSONValue {
    let session = try connected()
    guard let resource = session.resource(of: address.type) else {
      throw Failure(.notFound, "the cluster does not serve \(address.type)")
    }
    return try await session.client.get(
      ObjectReference(
        resource.groupVersionResource,
        namespace: address.namespace,
        name: address.name
      )
    )
  }
}
