// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A shell in a terminal of tmux, gone with the value.
final class Tmux: Sendable {
  let socket: String

  /// The program built beside the tests.
  static let probe: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let places = [own, CommandLine.arguments[0]].map { ($0 as NSString).deletingLastPathComponent }
    let found = places.map { "\($0)/terminal-probe" }
      .first(where: FileManager.default.isExecutableFile)
    return found ?? "\(places[1])/terminal-probe"
  }()

  init(columns: Int = 80, rows: Int = 24) async throws {
    socket = "binnacle-\(UUID().uuidString)"
    let shell = "exec env PS1='ready> ' ENV= PATH=\"\(Self.folder):$PATH\" sh"
    let size = ["-x", "\(columns)", "-y", "\(rows)"]
    let words =
      ["tmux", "-u", "-f", "/dev/null", "-L", socket, "new-session", "-d"] + size + [shell]
    let environment = ["LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "TMUX": nil]
    let started = try await Command(words, environment: environment).run()
    try #require(
      started.exitCode == 0,
      "tmux does not start (scripts/install-dependencies installs it): \(started.error)"
    )
    try await wait(for: "ready>")
  }

  deinit {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["tmux", "-L", socket, "kill-server"]
    process.standardError = FileHandle.nullDevice
    try? process.run()
    process.waitUntilExit()
  }

  private static var folder: String { (probe as NSString).deletingLastPathComponent }

  @discardableResult
  func tmux(_ words: String...) async throws -> String {
    try await Command(["tmux", "-L", socket] + words).run().output
  }

  /// Types text, taken as it is.
  func type(_ text: String) async throws { try await tmux("send-keys", "-l", text) }

  /// Presses keys by tmux's names.
  func press(_ keys: String...) async throws {
    _ = try await Command(["tmux", "-L", socket, "send-keys"] + keys).run()
  }

  /// Runs a command line in the shell.
  func line(_ text: String) async throws {
    try await type(text)
    try await press("Enter")
  }

  /// What is on the screen.
  func screen() async throws -> String { try await tmux("capture-pane", "-p") }

  /// What tmux knows of the terminal, such as `#{alternate_on}`.
  func fact(_ format: String) async throws -> String {
    try await tmux("display-message", "-p", format).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Waits until the screen holds a text.
  func wait(
    for text: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let script = """
      for i in $(seq 400); do
        tmux -L "$1" capture-pane -p | grep -qF -- "$2" && exit 0
        sleep 0.05
      done
      exit 1
      """
    let result = try await Command(["sh", "-c", script, "sh", socket, text]).run()
    guard result.exitCode != 0 else { return }
    let shown = try await screen()
    Issue.record("'\(text)' does not come; the screen:\n\(shown)", sourceLocation: sourceLocation)
    throw CancellationError()
  }
}
