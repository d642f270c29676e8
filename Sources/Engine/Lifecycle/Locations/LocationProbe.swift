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
  /// The longest time that is waited for the removal of what was written.
  static let removalLimit = Duration.seconds(5)
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
  /// - Parameter number: Tells the probe's object from those of others; nil for the moment it begins at. Of two probes with one
  ///   number the second one fails and says so.
  /// - Returns: The steps with their times, and why the location cannot be used, if it cannot.
  /// - Throws: `CancellationError`; then what was written goes all the same.
  public func run(number: UInt64? = nil) async throws -> ProbeResult {
    var result = ProbeResult(started: wallClock.now(), isReadOnly: location.isReadOnly)
    let store: any ObjectStore
    do {
      store = try open()
    } catch {
      result.failure = ProbeFailure(step: nil, error)
      return result
    }
    let began = result.started
    let number =
      number ?? UInt64(bitPattern: began.seconds &* 1_000_000_000 &+ Int64(began.nanoseconds))
    let key = layout.root + "metadata/\(Self.namePrefix)\(String(number, radix: 36))"
    let steps = ProbeSteps(store: store, layout: layout, key: key, startedAt: began)
    var work: Task<ProbeSteps.Outcome, Never>?
    do {
      if try await run(steps, on: clock, &result, &work) { return result }
      await remove(key, from: store, after: work, result)
      return result
    } catch {
      await remove(key, from: store, after: work, result)
      throw error
    }
  }

  /// Takes away what a probe has written that came to no end, also when it was cancelled: so in a task of its own.
  private func remove(
    _ key: String,
    from store: any ObjectStore,
    after work: Task<ProbeSteps.Outcome, Never>?,
    _ result: ProbeResult
  ) async {
    guard result.steps.contains(where: { $0.kind == .write }) else { return }
    let clock = clock
    let removal = Task {
      await Self.race(
        Self.removalLimit,
        clock,
        Task {
          // A write that is still under way would come after its removal.
          _ = await work?.value
          try? await store.delete(key)
        }
      )
    }
    // A store that has just let a step hang is not waited for again.
    if result.failure?.code != ProbeFailure.timeout { _ = await removal.value }
  }

  /// Takes the steps one after the other; false when one has failed.
  private func run<C: Clock>(
    _ steps: ProbeSteps,
    on clock: C,
    _ result: inout ProbeResult,
    _ work: inout Task<ProbeSteps.Outcome, Never>?
  ) async throws -> Bool where C.Duration == Duration {
    let start = clock.now
    let kinds: [ProbeStepKind] =
      location.isReadOnly ? [.list, .read] : [.write, .read, .list, .delete]
    for kind in kinds {
      let before = clock.now
      let rest = timeLimit - start.duration(to: before)
      let isReadOnly = location.isReadOnly
      let step = Task { await steps.take(kind, isReadOnly: isReadOnly) }
      work = step
      let outcome = await Self.race(rest, clock, step)
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

  /// What comes first: the end of some work, or the end of the time or of this task, which give nil; then the work is cancelled.
  ///
  /// A call into a file system that hangs ends at no cancellation; its task is left behind.
  private static func race<Value: Sendable, C: Clock>(
    _ limit: Duration,
    _ clock: C,
    _ work: Task<Value, Never>
  ) async -> Value? where C.Duration == Duration {
    let (stream, continuation) = AsyncStream.makeStream(of: Value?.self)
    let wait = Task { continuation.yield(await work.value) }
    let alarm = Task {
      try? await clock.sleep(for: limit)
      continuation.yield(nil)
    }
    defer {
      work.cancel()
      wait.cancel()
      alarm.cancel()
      continuation.finish()
    }
    for await value in stream { return value }
    return nil
  }
}

/// The steps of one probe in a store.
private struct ProbeSteps: Sendable {
  /// What a step came to: what is worth knowing of it, or why it failed.
  typealias Outcome = Result<[String], any Error>

  let store: any ObjectStore
  let layout: StoreLayout
  let key: String
  let startedAt: Timestamp

  /// What the object holds; enough to tell a file system that mixes things up.
  private var contents: [UInt8] { Array("binnacle probe \(key) of \(startedAt)\n".utf8) }

  /// How old objects of other probes have to be before they are taken for forgotten ones.
  private static let forgottenAfter = GoDuration(seconds: 3600)

  /// Takes a step, and gives what is worth knowing of it.
  func take(_ kind: ProbeStepKind, isReadOnly: Bool) async -> Outcome {
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

  /// How many backups are looked at for one with a record.
  private static let lookedAt = 100

  /// Reads the first record there is.
  private func readRecord() async throws -> [String] {
    var request = ListRequest(prefix: layout.backups, delimiter: .slash, limit: Self.lookedAt)
    var names: [String] = []
    repeat {
      // Files that belong to no backup may stand before the first one.
      let page = try await store.listPage(request)
      names = page.prefixes.compactMap { layout.backupName(ofPrefix: $0) }
      request.after = page.next
    } while names.isEmpty && request.after != nil
    for name in names {
      let key = layout.key(.record, ofBackup: name)
      guard try await store.head(key) != nil else { continue }
      _ = try await store.get(key, limit: CatalogLimits.recordBytes)
      return []
    }
    return [
      names.first.map { "'\($0)' has no record that could be read" }
        ?? "there is no backup that could be read"
    ]
  }

  private func delete() async throws {
    try await store.delete(key)
    guard try await store.head(key) == nil else {
      throw EngineError(.corrupt, "'\(key)' was deleted from \(store.name), and is still there")
    }
  }
}
