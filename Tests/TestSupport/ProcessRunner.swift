// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How a process ended and what it wrote.
public struct ProcessResult: Sendable {
  /// The exit code, or 128 and the signal's number when a signal ended it.
  public let exitCode: Int32
  /// What it wrote to standard output.
  public let outputBytes: [UInt8]
  /// What it wrote to standard error.
  public let errorBytes: [UInt8]

  /// Standard output as text.
  public var output: String { String(decoding: outputBytes, as: UTF8.self) }
  /// Standard error as text.
  public var error: String { String(decoding: errorBytes, as: UTF8.self) }
}

/// A command to run.
public struct Command: Sendable {
  /// The program, looked for in `$PATH`, and its arguments.
  public var words: [String]
  /// Variables set on top of this process's; nil removes one.
  public var environment: [String: String?]
  /// Where it runs; nil for here.
  public var directory: String?
  /// What it reads from standard input.
  public var input: [UInt8]
  /// After how many seconds it is killed.
  public var timeoutSeconds: Int

  /// Makes a command.
  public init(
    _ words: [String],
    environment: [String: String?] = [:],
    directory: String? = nil,
    input: [UInt8] = [],
    timeoutSeconds: Int = 60
  ) {
    precondition(!words.isEmpty, "a command has at least its program's name")
    self.words = words
    self.environment = environment
    self.directory = directory
    self.input = input
    self.timeoutSeconds = timeoutSeconds
  }

  /// Runs the command to its end.
  ///
  /// - Throws: `FileError` when the program cannot be started.
  public func run() async throws -> ProcessResult {
    await (try start()).ended
  }

  /// Starts the command; it runs until it ends by itself, is killed, or its time is up.
  ///
  /// - Throws: `FileError` when the program cannot be started.
  public func start() throws -> RunningProcess {
    let stdin = try Pipe()
    let stdout = try Pipe()
    let stderr = try Pipe()
    let number = try spawn(stdin: stdin, stdout: stdout, stderr: stderr)
    stdin.closeReading()
    stdout.closeWriting()
    stderr.closeWriting()
    let process = RunningProcess(
      number,
      ProcessExchange(stdin: stdin, stdout: stdout, stderr: stderr, input: input)
    )
    process.follow(timeoutSeconds: timeoutSeconds)
    return process
  }

  private func spawn(stdin: Pipe, stdout: Pipe, stderr: Pipe) throws
    -> pid_t
  {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, stdin.reading, 0)
    posix_spawn_file_actions_adddup2(&actions, stdout.writing, 1)
    posix_spawn_file_actions_adddup2(&actions, stderr.writing, 2)
    // Threads of a pool block signals such as SIGTERM and SIGCHLD; a child that inherits that, tmux's server above all, never ends.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var unblocked = sigset_t()
    sigemptyset(&unblocked)
    posix_spawnattr_setsigmask(&attributes, &unblocked)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var arguments = fullWords.map { strdup($0) } + [nil]
    var variables = environmentStrings().map { strdup($0) } + [nil]
    defer { for pointer in arguments + variables { free(pointer) } }
    var process: pid_t = 0
    let code = posix_spawnp(&process, fullWords[0], &actions, &attributes, &arguments, &variables)
    guard code == 0 else { throw FileError(path: words[0], action: "start", code: code) }
    return process
  }

  private var fullWords: [String] { directory.map { ["env", "-C", $0] + words } ?? words }

  private func environmentStrings() -> [String] {
    var kept: [String] = []
    var next = environ
    while let variable = next.pointee {
      let text = String(cString: variable)
      let name = String(text.prefix(while: { $0 != "=" }))
      if environment[name] == nil { kept.append(text) }
      next += 1
    }
    let added = environment.compactMap { name, value in value.map { "\(name)=\($0)" } }
    return kept + added.sorted()
  }
}

/// The bytes that go to a process and come from it.
struct ProcessExchange {
  let stdin: Pipe
  let stdout: Pipe
  let stderr: Pipe
  var input: ArraySlice<UInt8>
  var output: [UInt8] = []
  var error: [UInt8] = []

  init(stdin: Pipe, stdout: Pipe, stderr: Pipe, input: [UInt8]) {
    self.stdin = stdin
    self.stdout = stdout
    self.stderr = stderr
    self.input = input[...]
  }

  /// Moves bytes until both outputs have ended; false when the time is up.
  mutating func run(timeoutSeconds: Int) -> Bool {
    let deadline = ContinuousClock.now + .seconds(timeoutSeconds)
    if input.isEmpty { stdin.closeWriting() }
    while stdout.reading >= 0 || stderr.reading >= 0 {
      var files = [
        pollfd(fd: stdout.reading, events: Int16(POLLIN), revents: 0),
        pollfd(fd: stderr.reading, events: Int16(POLLIN), revents: 0),
        pollfd(fd: stdin.writing, events: Int16(POLLOUT), revents: 0),
      ]
      let rest = deadline - ContinuousClock.now
      if rest <= .zero { return false }
      let ready = poll(&files, 3, Int32(clamping: rest.components.seconds * 1000 + 1))
      if ready <= 0 { continue }
      if files[0].revents != 0, !Self.take(from: stdout, into: &output) { stdout.closeReading() }
      if files[1].revents != 0, !Self.take(from: stderr, into: &error) { stderr.closeReading() }
      if files[2].revents != 0 { give() }
    }
    return true
  }

  private mutating func give() {
    let count = input.prefix(4096).withUnsafeBytes {
      // A process that does not read its input is its own affair.
      send(stdin.writing, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    input = count < 0 ? [] : input.dropFirst(count)
    if input.isEmpty { stdin.closeWriting() }
  }

  private static func take(from pipe: Pipe, into bytes: inout [UInt8]) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    let count = read(pipe.reading, &buffer, buffer.count)
    if count < 0 { return errno == EINTR }
    bytes.append(contentsOf: buffer[..<count])
    return count > 0
  }
}

/// Two ends, closed one by one; what is left is closed at the end.
///
/// A pair of sockets and no pipe: no other process started meanwhile inherits it, and writing to a reader that has
/// gone raises no signal.
final class Pipe {
  private(set) var reading: Int32 = -1
  private(set) var writing: Int32 = -1

  init() throws {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw FileError(path: "socketpair", action: "make a", code: errno)
    }
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    closeReading()
    closeWriting()
  }

  func closeReading() {
    if reading >= 0 { close(reading) }
    reading = -1
  }

  func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }
}
