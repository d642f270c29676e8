// SPDX-License-Identifier: Apache-2.0

internal import Console
internal import Engine
internal import Glibc
internal import ObjectStorage
internal import Primitives
internal import Synchronization
internal import Terminal
internal import Velero

/// The console over an embedded cluster, in a process of its own: how long keys take to become frames.
struct ConsoleComparison {
  let objects: String

  func run() throws {
    let server = try ServerProcess(objects: objects)
    defer { server.stop() }
    let child = try ChildProcess(["console-frames", server.kubeconfig])
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(child.outputDescriptor, &byte, 1) == 1 {
      guard byte == UInt8(ascii: "\n") else {
        line.append(byte)
        continue
      }
      let text = String(decoding: line, as: UTF8.self)
      line = []
      if text == ConsoleFrames.asksForChanges {
        server.beginChanges()
      } else {
        BenchmarkTool.writeLine(text, to: STDOUT_FILENO)
      }
    }
    close(child.inputDescriptor)
    close(child.outputDescriptor)
    var usage = rusage()
    guard child.wait(&usage) == 0 else {
      throw ChildProcess.Failure(description: "the console has failed")
    }
  }
}

/// Runs the real console on a terminal that takes the time.
struct ConsoleFrames {
  /// What is printed when the cluster is to change.
  static let asksForChanges = "changes"
  private static let keys = 1000
  private static let idleSeconds = 10.0

  let kubeconfig: String

  func run() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let start = ContinuousClock.now
    let probe = try FrameProbe()
    let program = ConsoleProgram(
      backend: try backend(scratch.path),
      preferences: Preferences(),
      look: ConsoleLook(themes: .builtIn)
    )
    let running = Task.detached {
      try await program.run(context: nil) { ProbeScreen(probe) }
    }
    let first = probe.waitForFrame(after: 0)
    BenchmarkTool.report([
      "measurement": "console, first frame",
      "ms": BenchmarkTool.rounded((first - start) / .milliseconds(1)),
    ])
    waitUntilRead()
    // The objects on the right are what is long; on the left stand the namespaces.
    for key in [Key("2"), Key(.tab)] { probe.send(.key(key)) }
    waitUntilRead()
    let loaded = ProcessUsage.own
    measureKeys("console, key to frame")
    idle()
    BenchmarkTool.writeLine(Self.asksForChanges, to: STDOUT_FILENO)
    probe.waitForFrame(after: probe.count)
    measureKeys("console, key to frame at 5,000 changes a second", pauseMicroseconds: 4000)
    BenchmarkTool.report([
      "measurement": "console, memory", "loaded_peak_mib": BenchmarkTool.rounded(loaded.peakMiB, 1),
      "peak_mib": BenchmarkTool.rounded(ProcessUsage.own.peakMiB, 1),
    ])
    probe.send(.hangup)
    try await running.value

    func measureKeys(_ name: String, pauseMicroseconds: UInt32 = 0) {
      var times: [Double] = []
      for number in 0..<Self.keys {
        // Up and down by turns, with pages between, so that every key changes the screen.
        let keys = [Key("j"), Key("j"), Key("k"), Key(.pageDown)]
        times.append(probe.time(.key(keys[number % keys.count])) / .milliseconds(1))
        // Keys come at a human distance, with changes between them.
        if pauseMicroseconds > 0 { usleep(pauseMicroseconds) }
      }
      times.sort()
      BenchmarkTool.report([
        "measurement": name, "keys": times.count,
        "p50_ms": BenchmarkTool.rounded(times[times.count / 2]),
        "p99_ms": BenchmarkTool.rounded(times[times.count * 99 / 100]),
        "max_ms": BenchmarkTool.rounded(times[times.count - 1]),
      ])
    }
  }

  /// Waits until everything is read: until a second passes that takes next to nothing of the processor.
  private func waitUntilRead() {
    var used = Double.infinity
    while used > 0.05 {
      let before = ProcessUsage.own.processorSeconds
      // A second is what is measured.
      usleep(1_000_000)
      used = ProcessUsage.own.processorSeconds - before
    }
  }

  /// What an idle console costs with all its watches open.
  private func idle() {
    let before = ProcessUsage.own.processorSeconds
    // The time that is measured.
    usleep(UInt32(Self.idleSeconds * 1_000_000))
    let used = ProcessUsage.own.processorSeconds - before
    BenchmarkTool.report([
      "measurement": "console, idle",
      "core_percent": BenchmarkTool.rounded(used / Self.idleSeconds * 100, 3),
    ])
  }

  private func backend(_ directory: String) throws -> ConsoleBackend {
    let store = DirectoryStore(root: directory + "/store")
    let backups = BackupCatalog(store: store)
    let parts = ConsoleBackend.Store(
      backups: backups,
      restores: RestoreCatalog(store: store),
      indexes: ArchiveIndexes(catalog: backups, cache: nil)
    )
    return ConsoleBackend(
      contexts: { [ContextChoice(name: "bench")] },
      connect: { _ in
        ConsoleBackend.Connection(
          client: try makeClient(kubeconfig),
          context: ContextChoice(name: "bench")
        )
      },
      locations: { [ConsoleLocation(name: "default", place: directory, isDefault: true)] },
      store: { _ in parts },
      registry: { LocationRegistry([.directory("default", path: directory)]) { _, _ in store } },
      probeHistories: ProbeHistoryFiles(store: DirectoryStore(root: directory + "/locations")),
      commandLine: { $0.name },
      describe: { backup, _ in backup.name },
      verifications: VerificationFiles(store: DirectoryStore(root: directory + "/state")),
      journal: OperationJournal(directory: directory + "/operations")
    )
  }
}

/// What is sent to the console and seen of it, by a thread that is not the console's.
final class FrameProbe: Sendable {
  private struct State {
    var events: [InputEvent] = []
    var count = 0
    var time = ContinuousClock.now
  }

  private let state = Mutex(State())
  /// Wakes the console's loop.
  private let input: (read: Int32, write: Int32)
  /// Wakes the measuring thread.
  private let output: (read: Int32, write: Int32)

  init() throws {
    func open() throws -> (Int32, Int32) {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { throw ChildProcess.Failure(description: "no pipe") }
      for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
      return (ends[0], ends[1])
    }
    input = try open()
    output = try open()
  }

  /// Readable when an event waits.
  var descriptor: Int32 { input.read }

  /// How many frames there were.
  var count: Int { state.withLock { $0.count } }

  /// Has the user do something.
  func send(_ event: InputEvent) {
    state.withLock { $0.events.append(event) }
    wake(input.write)
  }

  /// The time from an event to the next frame.
  func time(_ event: InputEvent) -> Duration {
    let before = count
    let start = ContinuousClock.now
    send(event)
    return waitForFrame(after: before) - start
  }

  /// Waits until there are more frames than so many; at most a second, since not every key changes the screen.
  @discardableResult func waitForFrame(after number: Int) -> ContinuousClock.Instant {
    while true {
      let (count, time) = state.withLock { ($0.count, $0.time) }
      if count > number { return time }
      if !wait(output.read, milliseconds: 1000) { return .now }
    }
  }

  func next() -> InputEvent? {
    drain(input.read)
    return state.withLock { $0.events.isEmpty ? nil : $0.events.removeFirst() }
  }

  func presented() {
    let now = ContinuousClock.now
    state.withLock { state in
      state.count += 1
      state.time = now
    }
    wake(output.write)
  }

  private func wake(_ descriptor: Int32) {
    var byte: UInt8 = 1
    _ = write(descriptor, &byte, 1)
  }

  private func drain(_ descriptor: Int32) {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }

  private func wait(_ descriptor: Int32, milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, milliseconds) > 0 else { return false }
    drain(descriptor)
    return true
  }
}

/// A terminal of 120 columns that shows nothing; each frame is compared with the one before, as a real one would.
final class ProbeScreen: Screen {
  let size = Size(width: 120, height: 40)
  let capabilities = ScreenCapabilities()
  var inputDescriptor: Int32 { probe.descriptor }
  let signalDescriptor: Int32 = -1

  private let probe: FrameProbe
  private var shown: Grid?

  init(_ probe: FrameProbe) { self.probe = probe }

  func present(_ grid: Grid, theme: Theme, depth: ColorDepth) {
    _ = grid.changes(from: shown)
    shown = grid
    probe.presented()
  }

  func nextEvent() -> InputEvent? { probe.next() }
  func redraw() { shown = nil }
  func suspend() {}
  func resume() {}
  func stop() {}
  func close() {}
  func setMouse(_ isOn: Bool) {}
  func copy(_ text: String) -> Bool { true }
  func setTitle(_ title: String) {}
}
