// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage
public import Primitives
internal import Velero

/// Finds out whether a location can be used: writes a small object, reads it back, lists it and deletes it.
///
/// In a read-only location it lists and reads only. What it has written it takes away again, also after a failure; objects
/// that probes of crashed processes have left go with the next one. Its keys lie below `metadata/`, where Velero looks for nothing.
public struct LocationProbe: Sendable {
  /// The longest time for all steps together.
  public static let timeLimit = Duration.seconds(30)
  /// What the names of its objects start with.
  public static let namePrefix = "binnacle-probe-"

  private let location: StorageLocation
  private let open: @Sendable () throws -> any ObjectStore
  private let layout = StoreLayout()
  private let clock: any Clock<Duration>
  private let wallClock: WallClock
  private let timeLimit: Duration

  /// Makes a probe.
  ///
  /// - Parameters:
  ///   - location: The location.
  ///   - clock: Measures the steps, and gives up on them.
  ///   - wallClock: Says when the probe began.
  ///   - timeLimit: The longest time for all steps together.
  ///   - open: Opens the store; what it throws is a failure of the location.
  public init(
    _ location: StorageLocation,
    clock: any Clock<Duration> = ContinuousClock(),
    wallClock: WallClock = .system,
    timeLimit: Duration = LocationProbe.timeLimit,
    open: @escaping @Sendable () throws -> any ObjectStore
  ) {
    self.location = location
    self.clock = clock
    self.wallClock = wallClock
    self.timeLimit = timeLimit
    self.open = open
  }

  /// Probes the location once.
  ///
  /// - Parameter number: Tells the probe's object from those of others; anything random.
  /// - Returns: The steps with their times, and why the location cannot be used, if it cannot.
  /// - Throws: `CancellationError`.
  public func run(number: UInt64) async throws -> ProbeResult {
    var result = ProbeResult(started: wallClock.now(), isReadOnly: location.isReadOnly)
    let store: any ObjectStore
    do {
      store = try open()
    } catch {
      result.failure = ProbeFailure(step: nil, error)
      return result
    }
    let key = layout.root + "metadata/\(Self.namePrefix)\(String(number, radix: 36))"
    let steps = ProbeSteps(store: store, layout: layout, key: key, startedAt: result.started)
    let finished = try await run(steps, on: clock, &result)
    if !finished, result.steps.contains(where: { $0.kind == .write }) {
      // A store that has just let a step hang is not waited for again.
      let isSlow = result.failure?.code == ProbeFailure.timeout
      let removal = Task { try? await store.delete(key) }
      if !isSlow { await removal.value }
    }
    return result
  }

  /// Takes the steps one after the other; false when one has failed.
  private func run<C: Clock>(
    _ steps: ProbeSteps,
    on clock: C,
    _ result: inout ProbeResult
  ) async throws -> Bool where C.Duration == Duration {
    let start = clock.now
    let kinds: [ProbeStepKind] =
      location.isReadOnly ? [.list, .read] : [.write, .read, .list, .delete]
    for kind in kinds {
      let before = clock.now
      let rest = timeLimit - start.duration(to: before)
      let outcome = await Self.race(rest, clock) {
        await steps.take(kind, isReadOnly: location.isReadOnly)
      }
      result.steps.append(ProbeStep(kind, duration: before.duration(to: clock.now)))
      try Task.checkCancellation()
      switch outcome {
      case .success(let remarks): result.remarks += remarks
      case .failure(let error): result.failure = ProbeFailure(step: kind, error)
      case nil: result.failure = tooSlow(kind, steps.store)
      }
      if result.failure != nil { return false }
    }
    return true
  }

  private func tooSlow(_ kind: ProbeStepKind, _ store: any ObjectStore) -> ProbeFailure {
    ProbeFailure(
      step: kind,
      code: ProbeFailure.timeout,
      message:
        "\(store.name) gave no answer to '\(kind.rawValue)'; all steps may take \(timeLimit)",
      hint:
        "a disk or a network that hangs does so; look whether the directory can be listed by hand"
    )
  }

  /// What comes first: the end of `body`, or the end of the time, which gives nil.
  ///
  /// A call into a file system that hangs ends at no cancellation; its task is left behind.
  private static func race<Value: Sendable, C: Clock>(
    _ limit: Duration,
    _ clock: C,
    _ body: @escaping @Sendable () async -> Value
  ) async -> Value? where C.Duration == Duration {
    let (stream, continuation) = AsyncStream.makeStream(of: Value?.self)
    let work = Task { continuation.yield(await body()) }
    let alarm = Task {
      try? await clock.sleep(for: limit)
      continuation.yield(nil)
    }
    defer {
      work.cancel()
      alarm.cancel()
      continuation.finish()
    }
    for await value in stream { return value }
    return nil
  }
}

/// The steps of one probe in a store.
private struct ProbeSteps: Sendable {
  let store: any ObjectStore
  let layout: StoreLayout
  let key: String
  let startedAt: Timestamp

  /// What the object holds; enough to tell a file system that mixes things up.
  private var contents: [UInt8] { Array("binnacle probe \(key) of \(startedAt)\n".utf8) }

  /// How old objects of other probes have to be before they are taken for forgotten ones.
  private static let forgottenAfter = GoDuration(seconds: 3600)

  /// Takes a step, and gives what is worth knowing of it.
  func take(_ kind: ProbeStepKind, isReadOnly: Bool) async -> Result<[String], any Error> {
    do {
      switch kind {
      case .write: try await store.put(key, contents, condition: .ifAbsent)
      case .read where isReadOnly: return .success(try await readRecord())
      case .read: try await readBack()
      case .list where isReadOnly: return .success(try await listRoot())
      case .list: return .success(try await list())
      case .delete: try await delete()
      }
      return .success([])
    } catch {
      return .failure(error)
    }
  }

  private func readBack() async throws {
    let found = try await store.get(key, limit: 64 << 10)
    guard found == contents else {
      throw EngineError(
        .corrupt,
        "'\(key)' in \(store.name) reads back as something else than was written",
        hint: "do not trust the store with backups; look into the kernel's log with `dmesg`"
      )
    }
  }

  private func list() async throws -> [String] {
    let prefix = layout.root + "metadata/" + LocationProbe.namePrefix
    let own = try await store.list(prefix: prefix)
    guard own.objects.contains(where: { $0.key == key }) else {
      throw EngineError(.corrupt, "'\(key)' was written to \(store.name), and is not listed")
    }
    for object in own.objects where object.key != key {
      guard let modified = object.modified, modified + Self.forgottenAfter < startedAt else {
        continue
      }
      try? await store.delete(object.key)
    }
    return try await listRoot()
  }

  private func listRoot() async throws -> [String] {
    let page = try await store.list(prefix: layout.root, delimiter: .slash)
    let foreign = layout.foreignDirectories(page.prefixes)
    guard !foreign.isEmpty else { return [] }
    let names = foreign.prefix(3).joined(separator: ", ") + (foreign.count > 3 ? ", …" : "")
    return ["Velero would not use this location: it holds directories of others (\(names))"]
  }

  /// Reads the first record there is.
  private func readRecord() async throws -> [String] {
    let request = ListRequest(prefix: layout.backups, delimiter: .slash, limit: 1)
    let page = try await store.listPage(request)
    guard let name = page.prefixes.first.flatMap({ layout.backupName(ofPrefix: $0) }) else {
      return ["there is no backup that could be read"]
    }
    let key = layout.key(.record, ofBackup: name)
    guard try await store.head(key) != nil else {
      return ["'\(name)' has no record that could be read"]
    }
    _ = try await store.get(key, limit: CatalogLimits.recordBytes)
    return []
  }

  private func delete() async throws {
    try await store.delete(key)
    guard try await store.head(key) == nil else {
      throw EngineError(.corrupt, "'\(key)' was deleted from \(store.name), and is still there")
    }
  }
}
