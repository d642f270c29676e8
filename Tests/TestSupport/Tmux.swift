// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import Testing

/// A shell in a terminal of tmux, gone with the value.
public final class Tmux: Sendable {
  /// The name of the server's socket.
  public let socket: String

  /// For how many seconds a text is waited for.
  private static let patienceSeconds = 90

  /// Starts the terminal and waits for the shell's prompt, `ready> `.
  ///
  /// - Parameters:
  ///   - columns: Its width.
  ///   - rows: Its height.
  ///   - program: A program built beside the tests; the shell finds it, and its neighbours, by name.
  ///   - environment: Variables that the shell has besides; nil takes one away.
  /// - Throws: What keeps tmux from starting.
  public init(
    columns: Int = 80,
    rows: Int = 24,
    program: String,
    environment: [String: String?] = [:]
  ) async throws {
    socket = "binnacle-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    let shell = "exec env PS1='ready> ' ENV= PATH=\"\(BuiltProgram.folder(of: program)):$PATH\" sh"
    let size = ["-x", "\(columns)", "-y", "\(rows)"]
    let words =
      ["tmux", "-u", "-f", "/dev/null", "-L", socket, "new-session", "-d"] + size + [shell]
    var variables = environment
    variables["LC_ALL"] = "C.UTF-8"
    variables["TERM"] = "xterm-256color"
    variables.updateValue(nil, forKey: "TMUX")
    let started = try await Command(words, environment: variables).run()
    try #require(
      started.exitCode == 0,
      "tmux does not start (scripts/install-dependencies installs it): \(started.error)"
    )
    try await wait(for: "ready>")
  }

  deinit {
    _ = try? Command(["tmux", "-L", socket, "kill-server"]).start()
  }

  /// Runs a command of tmux.
  ///
  /// - Returns: What it prints.
  @discardableResult
  public func tmux(_ words: String...) async throws -> String {
    try await Command(["tmux", "-L", socket] + words).run().output
  }

  /// Types text, taken as it is.
  public func type(_ text: String) async throws { try await tmux("send-keys", "-l", text) }

  /// Presses keys by tmux's names.
  public func press(_ keys: String...) async throws {
    _ = try await Command(["tmux", "-L", socket, "send-keys"] + keys).run()
  }

  /// Runs a command line in the shell.
  public func line(_ text: String) async throws {
    try await type(text)
    try await press("Enter")
  }

  /// Makes the terminal another size.
  public func resize(columns: Int, rows: Int) async throws {
    try await tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
  }

  /// Sends a signal to what the shell runs.
  public func signal(_ name: String) async throws {
    let shell = try await fact("#{pane_pid}")
    _ = try await Command(["pkill", "-\(name)", "-P", shell]).run()
  }

  /// What is on the screen.
  public func screen() async throws -> String { try await tmux("capture-pane", "-p") }

  /// What tmux knows of the terminal, such as `#{alternate_on}`.
  public func fact(_ format: String) async throws -> String {
    let text = try await tmux("display-message", "-p", format)
    return String(text.drop { $0 == "\n" }.prefix { $0 != "\n" })
  }

  /// Waits until the screen holds a text.
  ///
  /// - Throws: `CancellationError` when it does not come; that has been recorded as an issue then.
  public func wait(
    for text: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await wait(forOneOf: [text], sourceLocation: sourceLocation)
  }

  /// Waits until the screen holds one of some texts.
  ///
  /// - Returns: The first of them that it holds.
  /// - Throws: As the other.
  @discardableResult
  public func wait(
    forOneOf texts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let condition = """
      for text; do
        case $shown in *"$text"*)
          printf %s "$text"
          exit 0
        esac
      done
      """
    if let text = try await poll(condition, texts) { return text }
    let wanted = texts.map { "'\($0)'" }.joined(separator: " or ")
    try await fail("\(wanted) does not come", sourceLocation)
  }

  /// Waits until the screen no longer holds a text.
  ///
  /// - Throws: As the others.
  public func wait(
    untilGone text: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let condition = #"case $shown in *"$1"*) ;; *) exit 0 ;; esac"#
    if try await poll(condition, [text]) != nil { return }
    try await fail("'\(text)' does not go", sourceLocation)
  }

  /// Looks at the screen, `$shown`, until a shell's condition exits.
  ///
  /// - Returns: What the condition prints; nil when it does not hold in time.
  private func poll(_ condition: String, _ arguments: [String]) async throws -> String? {
    let script = """
      socket=$1
      shift
      deadline=$(($(date +%s) + \(Self.patienceSeconds)))
      while [ "$(date +%s)" -lt "$deadline" ]; do
        shown=$(tmux -L "$socket" capture-pane -p)
        \(condition)
        sleep 0.05
      done
      exit 1
      """
    let words = ["sh", "-c", script, "sh", socket] + arguments
    let result = try await Command(words, timeoutSeconds: Self.patienceSeconds + 30).run()
    return result.exitCode == 0 ? result.output : nil
  }

  private func fail(_ what: String, _ sourceLocation: SourceLocation) async throws -> Never {
    let shown = try await screen()
    Issue.record("\(what); the screen:\n\(shown)", sourceLocation: sourceLocation)
    throw CancellationError()
  }

  /// The shell is back, with the terminal as it was: lines and echo, the usual screen, the cursor, no mouse.
  ///
  /// - Parameters:
  ///   - mark: A word that is not on the screen yet.
  ///   - sourceLocation: Where it is reported; leave it out.
  /// - Throws: What `wait` throws.
  public func expectSane(
    _ mark: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await line(
      "stty -a | grep -q ' icanon' && stty -a | grep -q ' echo ' && echo \(mark)-'sane'"
    )
    try await wait(for: "\(mark)-sane", sourceLocation: sourceLocation)
    let facts = try await fact(
      "alternate #{alternate_on} cursor #{cursor_flag} mouse #{mouse_any_flag} keypad #{keypad_flag}"
    )
    #expect(facts == "alternate 0 cursor 1 mouse 0 keypad 0", sourceLocation: sourceLocation)
  }
}
