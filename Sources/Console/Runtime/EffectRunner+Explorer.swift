// SPDX-License-Identifier: Apache-2.0

internal import Engine

extension EffectRunner {
  /// Answers a question about the objects of the cluster; nil when the answer comes by another way.
  func answer(_ question: ExplorerQuestion, _ token: Token) async throws -> ExplorerAnswer? {
    switch question {
    case .objects(let request):
      return .objects(try request.listing { try Task.checkCancellation() })
    case .narrow(var listing, let query):
      try listing.narrow(query) { try Task.checkCancellation() }
      return .objects(listing)
    case .labels(let snapshot):
      let facets = try snapshot.labelFacets { try Task.checkCancellation() }
      return .labels(facets, changeCount: snapshot.changeCount)
    case .ownership(let address, let snapshot):
      guard let place = snapshot.place(of: address) else { return .ownership(nil) }
      return .ownership(
        try Ownership(of: place, in: snapshot) { try Task.checkCancellation() }
      )
    case .relations(let address):
      return .relations(try await RelationTree.read(address, with: connected().client))
    case .holders(let object, let cluster):
      try await findHolders(of: object, cluster, token)
      return nil
    }
  }

  /// Reads the backups of all locations one location after the other, and tells what is known after every few.
  private func findHolders(
    of object: CoverageObject,
    _ cluster: ClusterIdentity?,
    _ token: Token
  ) async throws {
    var reading = HolderReading()
    for location in try await backend.locations() {
      if let problem = location.problem {
        reading.failures[location.name] = Failure(.other, problem)
        continue
      }
      do {
        let catalog = try await backend.store(location.name).backups
        let holders = ObjectHolders(catalog: catalog, clock: backend.clock)
        try await holders.find(object, cluster: cluster) { holdings in
          reading.entries += holdings.map { holding in
            HolderReading.Entry(
              place: BackupPlace(location: location.name, name: holding.backup),
              holding: holding
            )
          }
          post(.answer(.explorer(.holders(reading)), token))
        }
      } catch {
        let failure = Failure(error)
        if failure.kind == .cancelled { throw error }
        reading.failures[location.name] = failure
      }
    }
    reading.isComplete = true
    post(.answer(.explorer(.holders(reading)), token))
  }
}
