// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// Runs a program to its end and takes what it prints; blocks its thread, so never on Swift's own pool.
struct ChildProcess {
  /// Tells a running program's waiter to give up; any thread may set it.
  final class Cancellation: Sendable {
    private let flag = Mutex(false)

    var isCancelled: Bool { flag.withLock { $0 } }

    func cancel() { flag.withLock { $0 = true } }
  }

  struct Outcome: Sendable {
    /// The exit code; negative for the signal that ended the program.
    var status: Int32
    var output: [UInt8]
    /// The beginning of what went to standard error; empty when that went to the terminal.
    var errorOutput: [UInt8]
  }

  enum Failure: Error, Sendable, Hashable {
    case cannotStart(CInt)
    case timedOut
    case tooMuchOutput
    case cancelled
  }

  /// The most output that is taken, in bytes; credentials have a few KiB.
  static let outputLimitBytes = 1 << 20
  /// How much of standard error is kept, in bytes.
  static let errorOutputLimitBytes = 4 << 10
  /// How often a wait looks at its cancellation, in milliseconds.
  private static let pollMilliseconds: Int32 = 50

  var path: String
  var arguments: [String]
  /// `NAME=value` each.
  var environment: [String]
  /// Whether the program has the terminal for standard input and standard error.
  var usesTerminal: Bool
  var timeLimit: Duration

  func run(_ cancellation: Cancellation) throws(Failure) -> Outcome {
    let output = try Pipe()
    let errors = try Pipe()
    let process = try spawn(output: output, errors: errors)
    output.closeWriteEnd()
    errors.closeWriteEnd()
    let deadline = ContinuousClock.now + timeLimit
    var outcome = Outcome(status: 0, output: [], errorOutput: [])
    do throws(Failure) {
      while true {
        let isOpen = try collect(output, errors, &outcome)
        if let status = Self.exitStatus(process) {
          _ = try collect(output, errors, &outcome)
          outcome.status = status
          return outcome
        }
        if cancellation.isCancelled { throw Failure.cancelled }
        if ContinuousClock.now >= deadline { throw Failure.timedOut }
        // Once the pipes are closed the end is near, and only waiting can tell.
        isOpen ? Pipe.wait(for: [output, errors], Self.pollMilliseconds) : Pipe.wait(for: [], 1)
      }
    } catch {
      // A program of its own session takes its children along.
      kill(usesTerminal ? process : -process, SIGKILL)
      var status: CInt = 0
      while waitpid(process, &status, 0) < 0 && errno == EINTR {}
      throw error
    }
  }

  /// Takes what is there; tells whether more may come.
  private func collect(
    _ output: Pipe,
    _ errors: Pipe,
    _ outcome: inout Outcome
  ) throws(Failure) -> Bool {
    let outputIsOpen = output.drain(into: &outcome.output, limit: Self.outputLimitBytes + 1)
    guard outcome.output.count <= Self.outputLimitBytes else { throw .tooMuchOutput }
    let errorsAreOpen = errors.drain(
      into: &outcome.errorOutput,
      limit: Self.errorOutputLimitBytes
    )
    return outputIsOpen || errorsAreOpen
  }

  /// The status when the program has ended, otherwise nil.
  private static func exitStatus(_ process: pid_t) -> Int32? {
    var status: CInt = 0
    let result = waitpid(process, &status, WNOHANG)
    if result == 0 || (result < 0 && errno == EINTR) { return nil }
    // Without a status to be had (children are ignored by this process) the output has to tell.
    guard result == process else { return 0 }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : -signal
  }

  /// How often a program that is open for writing is tried again, and the pause before each time.
  private static let busyAttempts = 100
  private static let busyPauseMilliseconds: CInt = 10

  private func spawn(output: Pipe, errors: Pipe) throws(Failure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if !usesTerminal {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_adddup2(&actions, errors.writeEnd, 2)
    }
    posix_spawn_file_actions_adddup2(&actions, output.writeEnd, 1)
    for descriptor in Self.openDescriptors() where descriptor > 2 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    configure(&attributes)
    var process: pid_t = 0
    let result = Self.withCStrings([path] + arguments) { argv in
      Self.withCStrings(environment) { envp in
        var result = posix_spawn(&process, path, &actions, &attributes, argv, envp)
        // A program that is just being written, or was open for writing in a process that is just being started.
        for _ in 0..<Self.busyAttempts where result == ETXTBSY {
          _ = poll(nil, 0, Self.busyPauseMilliseconds)
          result = posix_spawn(&process, path, &actions, &attributes, argv, envp)
        }
        return result
      }
    }
    guard result == 0 else { throw .cannotStart(result) }
    return process
  }

  /// What this process has open, so that nothing of it leaks into the program.
  private static func openDescriptors() -> [CInt] {
    guard let folder = opendir("/proc/self/fd") else { return [] }
    defer { closedir(folder) }
    var descriptors: [CInt] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let descriptor = CInt(name) { descriptors.append(descriptor) }
    }
    return descriptors
  }

  /// `POSIX_SPAWN_SETSID` of `<spawn.h>`, which the module of the C library leaves out.
  private static let newSession: CInt = 0x80

  /// Signals as a shell would leave them: none blocked, broken pipes not ignored.
  private func configure(_ attributes: inout posix_spawnattr_t) {
    var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    sigaddset(&defaults, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    if !usesTerminal {
      // A session of its own has no terminal, so that nothing can be asked by way of /dev/tty either.
      flags |= Self.newSession
    }
    posix_spawnattr_setflags(&attributes, Int16(flags))
  }

  private static func withCStrings<Result>(
    _ texts: [String],
    _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
  }
}
