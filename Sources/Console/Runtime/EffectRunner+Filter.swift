// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

extension EffectRunner {
  /// Answers a question about filters and previews; nil when the answer comes by another way.
  func answer(_ question: FilterQuestion, _ token: Token) async throws -> FilterAnswer? {
    switch question {
    case .commandLine(let backup): return .commandLine(backend.commandLine(backup))
    case .labels(let inventory): return .labels(try LabelWords(inventory))
    case .objects(let request): return .objects(try PreviewObjects(request))
    case .retryRelations:
      try connected().retryPreviews()
      return nil
    case .savedFilters: return .savedFilters(try await library().names().sorted())
    case .savedFilter(let name): return .savedFilter(try await library().read(name))
    case .saveFilter(let name, let backup):
      return .saved(name, place: try await library().write(name, backup))
    case .interrupted: return .interrupted(try await interruptedOperations())
    }
  }

  private func library() throws(Failure) -> FilterLibrary {
    guard let library = backend.filters else {
      throw Failure(
        .other,
        "there is no place for filters: neither $XDG_CONFIG_HOME nor $HOME is set",
        hint: "set $HOME and start again"
      )
    }
    return library
  }

  /// What the journal has of each location, and of which it cannot be told.
  private func interruptedOperations() async throws -> InterruptedNotes {
    var found = InterruptedNotes()
    for location in try await backend.locations() {
      if let problem = location.problem {
        found.failures.append("'\(location.name)': \(problem)")
        continue
      }
      do {
        found.notes += try await interruptedOperations(in: location.name)
      } catch {
        let failure = Failure(error)
        if failure.kind == .cancelled { throw error }
        found.failures.append("'\(location.name)': \(failure.message)")
      }
    }
    found.notes.sort { left, right in
      (right.started?.seconds ?? 0, left.name) < (left.started?.seconds ?? 0, right.name)
    }
    return found
  }

  private func interruptedOperations(in location: String) async throws -> [InterruptedNote] {
    let store = try await backend.store(location).backups.store.identity
    var notes: [InterruptedNote] = []
    for kind in JournaledOperation.Kind.allCases {
      for operation in try await backend.journal.interrupted(kind, store: store) {
        notes.append(
          InterruptedNote(
            kind: kind == .backup ? .backup : .restore,
            name: operation.operation.name,
            location: location,
            started: operation.started
          )
        )
      }
    }
    return notes
  }
}

extension PreviewObjects {
  /// Finds the objects.
  ///
  /// - Throws: `CancellationError`.
  init(_ request: PreviewObjectsRequest) throws {
    self.init(objects: [], matchCount: 0, total: 0)
    let matcher = FilterMatcher(request.query)
    try request.result.forEachObject(request.isTaken, in: request.scope) { object, label in
      total += 1
      // Of a type there may be a hundred thousand.
      if total & 1023 == 0 { try Task.checkCancellation() }
      let address = object.address
      let subject = FilterQuery.Subject(
        texts: [address.name, address.namespace ?? "", address.type, object.reason],
        namespace: address.namespace,
        kind: address.type,
        label: label
      )
      guard matcher.matches(subject) else { return }
      matchCount += 1
      if objects.count < PreviewObjectsRequest.limit { objects.append(object) }
    }
  }
}
