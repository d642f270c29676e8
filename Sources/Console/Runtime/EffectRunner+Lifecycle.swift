// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives

extension EffectRunner {
  /// Answers a question about locations and expiry; nil when the answer comes by another way.
  func answer(_ question: LifecycleQuestion, _ token: Token) async throws -> LifecycleAnswer? {
    switch question {
    case .survey(let name):
      let collection = try await collection(of: name)
      let contents = try await collection.contents()
      return .survey(
        LocationSurvey(contents: contents, plan: try await collection.plan(contents))
      )
    }
  }

  func readHealth(_ name: String) async {
    let result = await result {
      let location = try await backend.registry().location(named: name)
      let reading = await backend.probeHistories.read(location)
      // A location that cannot be opened at all needs no history to be told so.
      if let problem = reading.problem, location.problem == nil {
        throw Failure(.other, problem, hint: "V looks at the location now")
      }
      return LocationHealth(location, history: reading.history)
    }
    post(.health(result, location: name))
  }

  /// Probes a location, and keeps what comes of it.
  func validate(_ name: String, _ tell: @escaping Teller) async throws -> OperationEnd {
    let registry = try await backend.registry()
    let location = try registry.location(named: name)
    if let problem = location.problem {
      throw Failure(.other, "the location '\(name)' cannot be opened: \(problem)")
    }
    tell(.stage(location.isReadOnly ? "list, read" : "write, read, list, delete"))
    let result = try await probe(location, registry)
    for step in result.steps {
      tell(.line("\(step.kind.rawValue) \(HumanText.milliseconds(step.duration))"))
    }
    var details = result.remarks
    do {
      _ = try await backend.probeHistories.add(result, to: location)
    } catch {
      details.append("what was found is not kept: \(error.message)")
    }
    guard let failure = result.failure else {
      let time = HumanText.milliseconds(result.duration)
      return OperationEnd(
        details.isEmpty ? .done : .doneWithIssues,
        "available, all steps took \(time)",
        details: details
      )
    }
    let step = failure.step.map { "'\($0.rawValue)' failed: " } ?? ""
    return OperationEnd(
      .failed,
      "unavailable, \(step)\(failure.message)",
      details: (failure.hint.map { [$0] } ?? []) + details
    )
  }

  /// Probes a location that nobody has asked about; what comes of it is its health.
  ///
  /// - Parameters:
  ///   - name: The location.
  ///   - readsOnly: Whether nothing is written although it could be.
  func probe(_ name: String, _ readsOnly: Bool) async {
    let result = await result {
      let registry = try await backend.registry()
      let location = try registry.location(named: name)
      guard location.problem == nil else { return LocationHealth(location) }
      var probed = location
      if readsOnly { probed.accessMode = .readOnly }
      let found = try await probe(probed, registry)
      do {
        return LocationHealth(
          location,
          history: try await backend.probeHistories.add(found, to: location)
        )
      } catch {
        // It is true even if it cannot be kept.
        var history = await backend.probeHistories.read(location).history
        history.add(found)
        return LocationHealth(location, history: history)
      }
    }
    post(.probed(result, location: name))
  }

  private func probe(
    _ location: StorageLocation,
    _ registry: LocationRegistry
  ) async throws -> ProbeResult {
    let probe = LocationProbe(location, clock: backend.timer, wallClock: backend.clock) {
      try registry.store(of: location)
    }
    return try await probe.run()
  }

  /// Collects backups whose time is over, location by location.
  func collect(_ orders: [CollectionOrder], _ tell: @escaping Teller) async throws -> OperationEnd {
    let files = orders.map { $0.plan.entries.reduce(0) { $0 + $1.backup.files } }
    let tally = DeletionTally(total: files.reduce(0, +), tell)
    var failures: [Failure] = []
    for (order, count) in zip(orders, files) {
      do {
        try Task.checkCancellation()
        tell(.stage("collecting in '\(order.location)'"))
        let collection = try await collection(of: order.location)
        let outcomes = try await collection.collect(order.plan, onEvent: { tally.take($0) })
        for outcome in outcomes {
          switch outcome {
          case .deleted: break
          case .held(let name, let reason):
            failures.append(Failure(.other, "'\(name)' stays: \(reason)"))
          case .failed(let name, let message, let hint):
            failures.append(Failure(.other, "'\(name)' stays: \(message)", hint: hint))
          case .untried(let name):
            failures.append(Failure(.other, "'\(name)' stays: it was not tried any more"))
          }
        }
      } catch {
        let failure = Failure(error)
        if failure.kind == .cancelled {
          return tally.stopped(orders.flatMap { $0.plan.entries.map(\.name) }, failures)
        }
        failures.append(failure)
      }
      tally.pass(count)
    }
    for failure in failures { tell(.issue(Issue(.error, failure.message, hint: failure.hint))) }
    return Self.end(of: tally.reports, failures)
  }

  private func collection(of name: String) async throws -> BackupCollection {
    let location = try await backend.registry().location(named: name)
    let store = try await backend.store(name)
    return BackupCollection(
      location,
      catalog: store.backups,
      restores: store.restores,
      journal: backend.journal,
      clock: backend.clock
    )
  }
}
