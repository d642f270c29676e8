// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Synchronization

/// Does what the application wants, in the background, and posts what came of it.
///
/// The only place of the console that starts tasks. They are detached: the loop's thread belongs to no executor. What is under way is
/// counted before it starts, so that `isIdle` is exact; watches and the heartbeat do not count.
final class EffectRunner: Sendable {
  private struct State {
    var session: ClusterSession?
    var sessionTask: Task<Void, Never>?
    var questions = TaskTable<Token>()
    var operations = TaskTable<OperationID>()
    var busy = 0
    /// What the configuration said when it was last told.
    var preferences: PreferencesText?
    /// How the files looked that say so.
    var fingerprint: String?
    var isStopped = false
  }

  let backend: ConsoleBackend
  let indexes = IndexCache()
  let post: @Sendable (Message) -> Void
  private let state = Mutex(State())

  init(backend: ConsoleBackend, post: @escaping @Sendable (Message) -> Void) {
    self.backend = backend
    self.post = post
  }

  /// Whether nothing is under way that will end by itself.
  var isIdle: Bool { state.withLock { $0.busy == 0 } }

  /// The cluster that is connected; nil before the first one.
  var session: ClusterSession? { state.withLock { $0.session } }

  /// Begins an effect.
  ///
  /// Those that are the terminal's are the loop's to do and are ignored here.
  func run(_ effect: Effect) {
    switch effect {
    case .connect(let context, let generation): connect(context, generation)
    case .readPreferences: start { await $0.readPreferences() }
    case .readContexts:
      start { runner in
        let result = await runner.result { try await runner.backend.contexts() }
        runner.post(.contexts(result))
      }
    case .readLocations:
      start { runner in
        let result = await runner.result { try await runner.backend.locations() }
        runner.post(.locations(result))
      }
    case .readBackups(let location): start { await $0.readBackups(location) }
    case .readRestores(let location): start { await $0.readRestores(location) }
    case .readHealth(let location): start { await $0.readHealth(location) }
    case .probe(let location, let readsOnly): start { await $0.probe(location, readsOnly) }
    case .relist(let generation):
      if let session, session.generation == generation { start { _ in await session.relist() } }
    case .readCoverage(let generation, let attempt):
      start { await $0.readCoverage(generation, attempt) }
    case .ask(let question, let token): ask(question, token)
    case .forget(let token):
      state.withLock { $0.questions.remove(token) }?.cancel()
      session?.endPreview(token)
    case .launch(let launch, let id): begin(launch, id)
    case .cancel(let id): state.withLock { $0.operations.task(id) }?.cancel()
    case .copy, .listenToMouse, .redraw, .suspend, .quit: break
    }
  }

  /// Whether the files of the configuration may look other than last time; where nobody can tell they always may.
  func mayHaveChanged(_ fingerprint: String?) -> Bool {
    guard let fingerprint else { return true }
    return state.withLock { state in
      defer { state.fingerprint = fingerprint }
      return state.fingerprint != fingerprint
    }
  }

  /// What the configuration said when it was last told.
  var toldPreferences: PreferencesText? { state.withLock { $0.preferences } }

  /// Whether the configuration is another than last time; the first time it is not.
  func isNews(_ text: PreferencesText) -> Bool {
    state.withLock { state in
      defer { state.preferences = text }
      return state.preferences.map { $0 != text } ?? false
    }
  }

  /// How many questions and operations are held.
  var heldCount: Int { state.withLock { $0.questions.count + $0.operations.count } }

  /// Stops everything and waits until operations have cleaned up.
  ///
  /// - Parameter waitsAnyway: Whether they are waited for although the waiting task is cancelled.
  /// - Returns: Whether they have ended.
  @discardableResult func stop(waitsAnyway: Bool = true) async -> Bool {
    let (tasks, operations, session) = state.withLock { state in
      state.isStopped = true
      return (
        state.questions.tasks + [state.sessionTask].compactMap { $0 }, state.operations.tasks,
        state.session
      )
    }
    for task in tasks + operations { task.cancel() }
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    let ending = Task.detached {
      for task in operations { await task.value }
      await session?.stop()
      end.yield()
      end.finish()
    }
    if waitsAnyway {
      await ending.value
      return true
    }
    for await _ in ends { return true }
    return false
  }

  /// What a body comes to.
  func result<Value>(_ body: () async throws -> Value) async -> Result<Value, Failure> {
    do {
      return .success(try await body())
    } catch {
      return .failure(Failure(error))
    }
  }

  private func start(_ body: @escaping @Sendable (EffectRunner) async -> Void) {
    state.withLock { $0.busy += 1 }
    Task.detached { [self] in
      await body(self)
      state.withLock { $0.busy -= 1 }
    }
  }

  private func connect(_ context: String?, _ generation: Int) {
    let former = state.withLock { state in
      let former = (state.session, state.sessionTask)
      state.session = nil
      return former
    }
    former.1?.cancel()
    let task = Task.detached { [self] in
      await former.0?.stop()
      do {
        let connection = try await backend.connect(context)
        let session = ClusterSession(
          connection,
          generation: generation,
          backend: backend,
          post: post
        )
        let isWanted = state.withLock { state in
          if Task.isCancelled || state.isStopped { return false }
          state.session = session
          return true
        }
        guard isWanted else { return await session.stop() }
        post(.cluster(.connecting(connection.context), generation: generation))
        for warning in connection.warnings { post(.notice(.warning, warning, details: [])) }
        await session.run()
      } catch {
        post(.cluster(.failed(Failure(error)), generation: generation))
      }
    }
    state.withLock { $0.sessionTask = task }
  }

  private func ask(_ question: Question, _ token: Token) {
    state.withLock { state in
      state.busy += 1
      state.questions.reserve(token)
    }
    let task = Task.detached { [self] in
      do {
        if let answer = try await answer(question, token) { post(.answer(answer, token)) }
      } catch {
        let failure = Failure(error)
        if failure.kind != .cancelled { post(.answer(.failed(failure), token)) }
      }
      state.withLock { state in
        state.busy -= 1
        state.questions.remove(token)
      }
    }
    let isHeld = state.withLock { $0.questions.fill(token, task) }
    if !isHeld { task.cancel() }
  }

  private func begin(_ launch: Launch, _ id: OperationID) {
    state.withLock { state in
      state.busy += 1
      state.operations.reserve(id)
    }
    let task = Task.detached { [self] in
      let end = await carryOut(launch) { self.post(.operation($0, id: id)) }
      post(.operation(.ended(end), id: id))
      state.withLock { state in
        state.busy -= 1
        state.operations.remove(id)
      }
    }
    state.withLock { state in
      if state.isStopped { task.cancel() }
      _ = state.operations.fill(id, task)
    }
  }
}
