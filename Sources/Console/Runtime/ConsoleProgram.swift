// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
public import Primitives
public import Terminal

/// How the console is to look.
public struct ConsoleLook: Sendable {
  /// The themes that can be chosen.
  public var themes: ThemeCatalog
  /// The most colours that are used; nil for what the terminal has.
  public var depth: ColorDepth?
  /// What could not be understood of all that was set; told when the console opens.
  public var problems: [String] = []

  /// Describes a look.
  public init(themes: ThemeCatalog, depth: ColorDepth? = nil) {
    self.themes = themes
    self.depth = depth
  }
}

/// The console as a program: a terminal, an application, a runtime.
public struct ConsoleProgram: Sendable {
  private let backend: ConsoleBackend
  private let preferences: Preferences
  private let look: ConsoleLook
  private let localTime: LocalTime

  /// Puts a program together; nothing happens before `run`.
  public init(
    backend: ConsoleBackend,
    preferences: Preferences,
    look: ConsoleLook,
    localTime: LocalTime = .system
  ) {
    self.backend = backend
    self.preferences = preferences
    self.look = look
    self.localTime = localTime
  }

  /// Runs the console until the user ends it; operations that are under way are stopped and clean up first.
  ///
  /// While they do, cancelling the task ends the wait. Where the console itself was ended so, they are waited for all the same.
  ///
  /// - Parameters:
  ///   - context: The kubeconfig's context to look at; nil for the current one.
  ///   - launches: Operations to begin as soon as the cluster answers.
  ///   - tell: Takes lines for the terminal after it was given back: that something is waited for, and what came of it.
  ///   - makeScreen: Takes the terminal; called on the thread that uses it.
  /// - Throws: What keeps the terminal from being used; `CancellationError` when operations were not waited for to their ends.
  public func run(
    context: String?,
    launches: [PlannedLaunch] = [],
    tell: @Sendable (String) async -> Void = { _ in },
    makeScreen: @escaping @Sendable () throws -> any Screen
  ) async throws {
    let mailbox = try Mailbox()
    let runner = EffectRunner(backend: backend) { mailbox.post($0) }
    // The loop blocks: it has a thread of its own, which belongs to no executor.
    let queue = DispatchQueue(label: "binnacle.console")
    let result: Result<[Operation], any Error> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.async {
          continuation.resume(
            returning: Result {
              try loop(mailbox, runner, makeScreen) { $0.run(context: context, launches: launches) }
            }
          )
        }
      }
    } onCancel: {
      mailbox.post(.hangUp)
    }
    let wasInterrupted = Task.isCancelled
    let farewell = Farewell(operations: (try? result.get()) ?? [])
    if let announcement = farewell.announcement { await tell(announcement) }
    let isAllOver = await runner.stop(waitsAnyway: wasInterrupted)
    for line in farewell.ends(mailbox.drain()) { await tell(line) }
    _ = try result.get()
    if !isAllOver { throw CancellationError() }
  }

  private func loop(
    _ mailbox: Mailbox,
    _ runner: EffectRunner,
    _ makeScreen: () throws -> any Screen,
    _ body: (ConsoleLoop) -> [Operation]
  ) throws -> [Operation] {
    let screen = try makeScreen()
    defer { screen.close() }
    let isASCII = preferences.isASCII ?? !screen.capabilities.isUTF8
    let world = World(
      now: backend.clock.now(),
      localTime: localTime,
      glyphs: isASCII ? .ascii : .unicode,
      preferences: preferences
    )
    var application = Application(world: world, themeNames: look.themes.names)
    application.isPlainTerminal = !screen.capabilities.isUTF8
    return body(
      ConsoleLoop(application, screen: screen, runner: runner, mailbox: mailbox, look: look)
    )
  }
}
