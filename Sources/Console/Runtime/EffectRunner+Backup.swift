// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

extension EffectRunner {
  /// Answers a question about what is in stores; nil when the answer comes by another way.
  func answer(_ question: BackupQuestion, _ token: Token) async throws -> BackupAnswer? {
    switch question {
    case .details(let place): return .details(try await details(of: place))
    case .contents(let place): return .contents(try await contents(of: place, token))
    case .object(let address, let places): return try await object(address, among: places)
    case .search(let query, let places):
      try await search(query, places, token)
      return nil
    case .difference(let subject): return .difference(try await difference(subject, token))
    case .states(let address, let subject): return try await states(of: address, subject)
    case .log(let source):
      try await log(source, token)
      return nil
    case .deletion(let places): return .deletion(try await deletion(of: places))
    }
  }

  /// Says something about a question that is not answered to its end yet.
  private func tell(_ answer: BackupAnswer, _ token: Token) {
    post(.answer(.backup(answer), token))
  }

  private func details(of place: BackupPlace) async throws -> BackupDetails {
    let catalog = try await backend.store(place.location).backups
    guard let record = try await catalog.record(place.name) else {
      throw Failure(.notFound, "there is no backup '\(place.name)' any more")
    }
    let prefix = catalog.layout.directory(ofBackup: place.name)
    let files = try await catalog.files(place.name).map {
      BackupDetails.File(name: String($0.key.dropFirst(prefix.count)), sizeBytes: $0.sizeBytes)
    }
    return BackupDetails(
      record: record,
      files: files,
      results: try await catalog.json(.results, of: place.name).map(OperationResults.init(json:)),
      description: try await backend.describe(record, catalog)
    )
  }

  private func contents(of place: BackupPlace, _ token: Token) async throws -> ArchiveIndex {
    var told: Int64 = 0
    return try await index(of: place) { readBytes, totalBytes in
      guard readBytes - told >= Self.progressBytes else { return }
      told = readBytes
      self.tell(.indexing(readBytes: readBytes, totalBytes: totalBytes), token)
    }
  }

  /// The index of a backup's archive; made when there is none.
  func index(
    of place: BackupPlace,
    onProgress: (_ readBytes: Int64, _ totalBytes: Int64) async throws -> Void = { _, _ in }
  ) async throws -> ArchiveIndex {
    if let index = indexes.index(of: place) { return index }
    let index = try await backend.store(place.location).indexes
      .index(of: place.name, onProgress: onProgress)
    indexes.keep(index, of: place)
    return index
  }

  private func object(_ address: ObjectAddress, among places: [BackupPlace]) async throws
    -> BackupAnswer
  {
    for place in places {
      try Task.checkCancellation()
      if let object = try await object(address, in: place) { return .object(object, place) }
    }
    return .object(nil, nil)
  }

  func object(_ address: ObjectAddress, in place: BackupPlace) async throws -> JSONValue? {
    let store = try await backend.store(place.location)
    return try await BackupObjects(catalog: store.backups, indexes: store.indexes)
      .object(address, in: place.name, try await index(of: place))
  }

  private func search(
    _ query: SearchQuery,
    _ places: [BackupPlace],
    _ token: Token
  ) async throws {
    let matcher = SearchMatcher(query)
    for (number, place) in places.enumerated() {
      try Task.checkCancellation()
      var step = SearchStep(
        place: place,
        hits: [],
        isCut: false,
        failure: nil,
        isLast: number == places.count - 1
      )
      do {
        let index = try await index(of: place)
        for item in index.items where matcher.matches(item) {
          guard step.hits.count < SearchScreen.limit else {
            step.isCut = true
            break
          }
          let size = item.mainCopy?.sizeBytes ?? 0
          step.hits.append(SearchStep.Hit(address: item.address, sizeBytes: size))
        }
      } catch let error as ObjectStoreError where error.code == .notFound {
        // A backup that failed early has no archive, and so no objects.
      } catch {
        let failure = Failure(error)
        if failure.kind == .cancelled { throw error }
        step.failure = failure
      }
      tell(.found(step), token)
    }
  }

  /// Gives the lines of a log, some at a time.
  private func log(_ source: LogSource, _ token: Token) async throws {
    var reader = LogReader()
    var lines: [LogEntry] = []
    var count = 0
    func flush() {
      tell(.log(lines, nil), token)
      lines.removeAll(keepingCapacity: true)
    }
    do {
      try await readLog(source) { block in
        block.withUnsafeBytes { bytes in
          reader.consume(bytes) { entry in
            if count < Self.logLimit { lines.append(entry) }
            count += 1
          }
        }
        if count > Self.logLimit { throw LogIsLong() }
        if lines.count >= Self.logSlice { flush() }
      }
      reader.finish { lines.append($0) }
      tell(.log(lines, .complete), token)
    } catch is LogIsLong {
      tell(.log(lines, .cut(limit: Self.logLimit)), token)
    } catch let error as ObjectStoreError where error.code == .notFound {
      throw Failure(
        .notFound,
        "there is no log",
        hint: "one that failed before it began has none"
      )
    }
  }

  private func readLog(_ source: LogSource, _ body: ([UInt8]) async throws -> Void) async throws {
    switch source {
    case .backup(let place):
      let catalog = try await backend.store(place.location).backups
      try await catalog.readInflated(.logs, of: place.name, body)
    case .restore(let location, let name):
      let catalog = try await backend.store(location).restores
      guard let restore = try await catalog.restore(name) else {
        throw Failure(.notFound, "there is no restore '\(name)' any more")
      }
      try await restore.place.readInflated(.logs, of: name, body)
    }
  }

  private func deletion(of places: [BackupPlace]) async throws -> [DeletionOrder] {
    var orders: [DeletionOrder] = []
    for (location, places) in Dictionary(grouping: places, by: \.location).sorted(by: {
      $0.key < $1.key
    }) {
      let store = try await backend.store(location)
      var records: [Backup] = []
      for place in places {
        if let record = try await store.backups.record(place.name) { records.append(record) }
      }
      orders += try await deletion(in: store).targets(records).map {
        DeletionOrder(location: location, target: $0)
      }
    }
    return orders
  }

  func deletion(in store: ConsoleBackend.Store) -> BackupDeletion {
    BackupDeletion(
      catalog: store.backups,
      restores: store.restores,
      journal: backend.journal,
      clock: backend.clock
    )
  }

  /// After so many bytes of an archive the progress is told.
  private static let progressBytes: Int64 = 4 << 20
  /// So many lines of a log are given at a time.
  private static let logSlice = 2000
  /// The most lines of a log that are given.
  private static let logLimit = 200_000
}

/// A log has more lines than are shown.
private struct LogIsLong: Error {}

extension EffectRunner {
  private func side(_ place: BackupPlace) async throws -> DifferenceReader.Side {
    let store = try await backend.store(place.location)
    return DifferenceReader.Side(
      catalog: store.backups,
      indexes: store.indexes,
      name: place.name
    )
  }

  private func difference(_ subject: DifferenceSubject, _ token: Token) async throws
    -> BackupDifference
  {
    if let objects = subject.objects, objects.count <= Self.singleLimit {
      return try await difference(of: objects, subject, token)
    }
    let reader = DifferenceReader(try await side(subject.before)) { progress in
      self.tell(.comparing(progress), token)
    }
    var difference: BackupDifference
    if let after = subject.after {
      difference = try await reader.compare(with: try await side(after))
    } else {
      difference = try await reader.compare(with: try connected().client, clock: backend.clock)
    }
    if let objects = subject.objects.map(Set.init) {
      difference.objects.removeAll { !objects.contains($0.address) }
      difference.uncompared.formIntersection(objects)
      difference.equalCount =
        objects.count - difference.objects.count - difference.uncomparedCount
      // Which of the objects that only noise tells apart were chosen is not known.
      difference.noisyCount = 0
    }
    return difference
  }

  /// Compares single objects, each read for itself.
  private func difference(
    of objects: [ObjectAddress],
    _ subject: DifferenceSubject,
    _ token: Token
  ) async throws -> BackupDifference {
    var difference = BackupDifference()
    for (done, address) in objects.enumerated() {
      tell(
        .comparing(DifferenceProgress("reading \(address)", done: done, total: objects.count)),
        token
      )
      guard case .states(let before, let after) = try await states(of: address, subject) else {
        continue
      }
      switch (before, after) {
      case (nil, nil): break
      case (nil, _?): difference.objects.append(ObjectDifference(address, .added))
      case (_?, nil): difference.objects.append(ObjectDifference(address, .removed))
      case (let before?, let after?):
        if ObjectNoise.changes(from: before, to: after).isEmpty {
          difference.equalCount += 1
          if before != after { difference.noisyCount += 1 }
        } else {
          difference.objects.append(ObjectDifference(address, .changed))
        }
      }
    }
    return BackupDifference(
      objects: difference.objects,
      equalCount: difference.equalCount,
      noisyCount: difference.noisyCount
    )
  }

  /// Up to so many objects are read one by one.
  private static let singleLimit = 50

  private func states(of address: ObjectAddress, _ subject: DifferenceSubject) async throws
    -> BackupAnswer
  {
    let before = try await object(address, in: subject.before)
    if let after = subject.after {
      return .states(before, try await object(address, in: after))
    }
    do {
      return .states(before, try await liveObject(address))
    } catch {
      guard Failure(error).kind == .notFound else { throw error }
      return .states(before, nil)
    }
  }
}
