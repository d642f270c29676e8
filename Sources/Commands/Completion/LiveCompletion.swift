// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Velero

/// Finds words for a command line in the cluster, the store and the kubeconfig.
struct LiveCompletion: Sendable {
  typealias Candidate = Completer.Candidate

  /// Up to so many backups come with what is known of each; more would take too long to read.
  static let describedBackups = 100

  let invocation: Invocation
  /// The flags that are typed so far.
  let arguments: ParsedArguments
  /// The most time that all of it may take.
  let timeLimit: Duration

  var wiring: Wiring { Wiring(invocation: invocation, arguments: arguments) }

  /// The words that may stand behind an answer's lead, in order; none when they cannot be had in time.
  func candidates(_ answer: Completer.Answer) async -> [Candidate] {
    let found = await TimeLimit.run(timeLimit) { try? await read(answer) }
    return (found.flatMap { $0 } ?? [])
      .filter { $0.word.hasPrefix(answer.typed) && !answer.taken.contains($0.word) }
  }

  private func read(_ answer: Completer.Answer) async throws -> [Candidate] {
    switch answer.source {
    case .nothing, .words, .files, .directories: []
    case .contexts: try contexts()
    case .locations: try locations()
    case .backups: try await backups(startingWith: answer.typed)
    case .backupLabels: try await backupLabels(answer.labelKey)
    case .backupSchedules: try await backupLabels(VeleroLabel.scheduleName)
    case .archivedNamespaces: try await archivedNamespaces()
    case .archivedObjects: try await archivedObjects(startingWith: answer.typed)
    case .restores: try await restores(startingWith: answer.typed)
    case .restoreLabels: try await restoreLabels(answer.labelKey)
    case .namespaces: try await withCluster { try await $0.namespaces(now: invocation.clock.now()) }
    case .resources(let scope): try await withCluster { try await $0.resources(scope) }
    case .objectLabels:
      try await withCluster { try await $0.labels(in: typedNamespaces, of: answer.labelKey) }
    case .workloads:
      try await withCluster {
        try await $0.workloads(startingWith: answer.typed, now: invocation.clock.now())
      }
    case .helmReleases:
      try await withCluster {
        try await $0.releases(startingWith: answer.typed, now: invocation.clock.now())
      }
    case .serverObjects(let objects): try await serverObjects(objects)
    }
  }

  private func contexts() throws -> [Candidate] {
    let kubeconfig = try wiring.kubeconfig()
    return kubeconfig.contexts.map {
      Candidate(word: $0.name, summary: kubeconfig.server(ofContext: $0.name) ?? "")
    }
  }

  private func locations() throws -> [Candidate] {
    try wiring.locations().locations.map { Candidate(word: $0.name, summary: $0.place) }
  }

  private func withCluster<Value: Sendable>(
    _ body: (ClusterCompletion) async throws -> Value
  ) async throws -> Value {
    let client = try wiring.quietClient(timeLimit: timeLimit)
    do {
      let value = try await body(ClusterCompletion(client: client))
      await client.shutdown()
      return value
    } catch {
      await client.shutdown()
      throw error
    }
  }

  /// The namespaces that the line names so far without patterns.
  private var typedNamespaces: [String] {
    let typed =
      arguments[BackupCreateFlags.includeNamespaces] ?? arguments[CoverageShow.namespaces] ?? []
    return typed.contains(where: NamePattern.isPattern) ? [] : typed
  }

  private func serverObjects(_ objects: ServerObjects) async throws -> [Candidate] {
    let namespace = wiring.serverNamespace
    let found = try? await withCluster { try await $0.objects(objects, in: namespace) }
    if objects == .storageLocations, found?.isEmpty ?? true {
      return try locations()
    }
    return found ?? []
  }
}

/// What stores give.
extension LiveCompletion {
  private func backups(startingWith typed: String) async throws -> [Candidate] {
    let catalog = try wiring.catalog()
    let names = try await catalog.names().filter { $0.hasPrefix(typed) }
    guard names.count <= Self.describedBackups else { return names.map { Candidate(word: $0) } }
    let now = invocation.clock.now()
    return await withTaskGroup(of: (Int, Candidate?).self) { group in
      for (index, name) in names.enumerated() {
        group.addTask { (index, await backup(name, in: catalog, now: now)) }
      }
      var found = [Candidate?](repeating: nil, count: names.count)
      for await (index, candidate) in group { found[index] = candidate }
      return found.compactMap { $0 }
    }
  }

  /// A backup with how it stands; nil for files without a record, which are no backup.
  private func backup(_ name: String, in catalog: BackupCatalog, now: Timestamp) async
    -> Candidate?
  {
    do {
      guard let record = try await catalog.record(name) else { return nil }
      let age = record.status.startTimestamp.map { ", \(HumanText.short(now - $0)) old" } ?? ""
      return Candidate(word: name, summary: record.shownPhase + age)
    } catch {
      return Candidate(word: name, summary: "its record cannot be read")
    }
  }

  private func backupLabels(_ key: String?) async throws -> [Candidate] {
    var labels = LabelTally()
    for each in try await wiring.catalog().entries({ $0.labels }).entries {
      for (key, value) in each { labels.add(key, value) }
    }
    return labels.candidates(of: key, noun: "backup")
  }
}

/// Labels with how many objects have them.
struct LabelTally: Sendable {
  private var counts: [String: [String: Int]] = [:]

  /// How many values a key is explained by.
  private static let shownValues = 3

  mutating func add(_ key: String, _ value: String) {
    counts[key, default: [:]][value, default: 0] += 1
  }

  mutating func add(_ other: LabelTally) {
    counts.merge(other.counts) { $0.merging($1, uniquingKeysWith: +) }
  }

  /// The keys, each with `=` and some of its values; or the values of a key, each with how many objects have it.
  func candidates(of key: String?, noun: String) -> [Completer.Candidate] {
    if let key {
      return (counts[key] ?? [:]).sorted { $0.key < $1.key }.map {
        Completer.Candidate(word: $0.key, summary: HumanText.counted($0.value, noun))
      }
    }
    return counts.sorted { $0.key < $1.key }.map { key, values in
      let names = values.keys.sorted()
      let some = names.prefix(Self.shownValues).joined(separator: ", ")
      return Completer.Candidate(
        word: key + "=",
        summary: names.count > Self.shownValues ? some + ", …" : some
      )
    }
  }
}
