// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The real scripts in the real shells, against the sandbox.
///
/// A shell that is not installed skips its tests, and the run says so.
@Suite(.tags(.e2e), .serialized, .timeLimit(.minutes(10)), .sandbox(.demo))
struct CompletionTests {
  /// Command lines with a key's press after what is typed, and the words that the program then gets.
  private static let lines: [(typed: String, words: String)] = [
    ("cov\t-n pay\t", "<coverage><-n><payments>"),
    (
      "backup create x --include-namespaces=shop,pay\t",
      "<backup><create><x><--include-namespaces=shop,payments>"
    ),
    (
      "backup create x --include-namespaces shop,pay\t",
      "<backup><create><x><--include-namespaces><shop,payments>"
    ),
    (
      "backup create x --include-resources deployments.a\t",
      "<backup><create><x><--include-resources><deployments.apps>"
    ),
    // A key is followed by its value without a space between them.
    (
      "backup create x -l app.kubernetes.io/part\tnoteb\t",
      "<backup><create><x><-l><app.kubernetes.io/part-of=notebook>"
    ), ("backup describe weekly\t", "<backup><describe><weekly-1>"),
    ("--contex\tsand\tbackup ge\t", "<--context><sandbox><backup><get>"),
    ("backup create x --storage-loc\td\t", "<backup><create><x><--storage-location><default>"),
    // There is no such thing: nothing happens, and nothing is said.
    ("coverage -n nosuch\t", "<coverage><-n><nosuch>"),
  ]

  private static func isInstalled(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
  }

  private static let hasBash = isInstalled("bash") && isInstalled("script")
  private static let hasZsh = isInstalled("zsh") && isInstalled("script")
  private static let hasFish = isInstalled("fish")

  /// A scene with backups, the scripts of all shells, and a `binnacle` in front of the path that answers the scripts and
  /// writes down everything else.
  private func scene() async throws -> Scene {
    let scene = try Scene()
    for name in ["weekly-1", "nightly-1"] {
      let made = try await scene.binnacle(
        "backup",
        "create",
        name,
        "--include-namespaces",
        "payments"
      ).run()
      #expect(made.exitCode == 0, "\(made.error)")
    }
    for shell in ["bash", "zsh", "fish"] {
      let script = try await scene.binnacle("completion", shell).run()
      try scene.home.write(script.output, to: "scripts/\(shell)/_binnacle")
    }
    try scene.home.write(
      """
      #!/bin/sh
      if [ "$1" = __complete ]; then exec "$BINNACLE" "$@"; fi
      printf '<%s>' "$@" >> "$HOME/typed"
      echo >> "$HOME/typed"
      """,
      to: "bin/binnacle"
    )
    chmod(scene.home.path("bin/binnacle"), 0o700)
    return scene
  }

  /// Types lines into a shell on a terminal.
  ///
  /// - Returns: The command lines that were run, and all that the terminal showed.
  private func type(_ lines: [String], into shell: String, _ scene: Scene) async throws -> (
    run: [String], screen: String
  ) {
    var command = scene.command(["script", "-qec", shell, "/dev/null"])
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    command.environment["PATH"] = scene.home.path("bin") + ":" + path
    command.environment["TERM"] = "xterm"
    command.environment["ENV"] = .some(nil)
    command.input = Array((lines + ["exit", ""]).joined(separator: "\n").utf8)
    let result = try await command.run()
    let typed = (try? readFile(scene.home.path("typed"))) ?? []
    return (
      String(decoding: typed, as: UTF8.self).split(separator: "\n").map(String.init),
      result.output
    )
  }

  private static let bash = "bash --norc --noprofile -i"
  private static let bashStart = "source scripts/bash/_binnacle"
  private static let zsh = "zsh -f -i"
  private static let zshStart =
    "fpath=($HOME/scripts/zsh $fpath); autoload -Uz compinit; compinit -u -d $HOME/zcompdump"

  @Test(.enabled(if: hasBash, "bash or script is not installed: completion in bash is not tested"))
  func `in bash a key's press finishes words`() async throws {
    let lines = Self.lines.map { "binnacle " + $0.typed }
    let result = try await type([Self.bashStart] + lines, into: Self.bash, try await scene())
    #expect(result.run == Self.lines.map(\.words))
    #expect(!result.screen.contains("error:"))
  }

  @Test(.enabled(if: hasZsh, "zsh or script is not installed: completion in zsh is not tested"))
  func `in zsh a key's press finishes words`() async throws {
    let lines = Self.lines.map { "binnacle " + $0.typed }
    let result = try await type([Self.zshStart] + lines, into: Self.zsh, try await scene())
    #expect(result.run == Self.lines.map(\.words))
    #expect(!result.screen.contains("error:"))
  }

  @Test(.enabled(if: hasBash, "bash or script is not installed: completion in bash is not tested"))
  func `in bash two presses show what there is`() async throws {
    let lines = [Self.bashStart, "binnacle backup create x --include-namespaces=shop,\t\t"]
    let result = try await type(lines, into: Self.bash, try await scene())
    for name in ["shop,data", "shop,payments", "shop,shop-staging"] {
      #expect(result.screen.contains(name))
    }
    #expect(!result.screen.contains("shop,shop "))
  }

  @Test(.enabled(if: hasZsh, "zsh or script is not installed: completion in zsh is not tested"))
  func `in zsh words come with what they mean`() async throws {
    let lines = [Self.zshStart, "binnacle backup describe \t", "binnacle coverage --u\t"]
    let result = try await type(lines, into: Self.zsh, try await scene())
    #expect(result.screen.contains("-- Completed, "))
    #expect(result.run.last == "<coverage><--unprotected>")
  }

  @Test(.enabled(if: hasFish, "fish is not installed: completion in fish is not tested"))
  func `in fish words come with what they mean`() async throws {
    let scene = try await scene()
    func offers(_ line: String) async throws -> [String] {
      var command = scene.command([
        "fish", "--no-config", "-c", "source scripts/fish/_binnacle; complete -C \"$LINE\"",
      ])
      let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      command.environment["PATH"] = scene.home.path("bin") + ":" + path
      command.environment["LINE"] = "binnacle " + line
      let result = try await command.run()
      #expect(result.error.isEmpty)
      return result.output.split(separator: "\n").map(String.init)
    }
    func words(_ line: String) async throws -> [String] {
      try await offers(line).map { String($0.prefix { $0 != "\t" }) }
    }
    #expect(try await words("coverage -n pay") == ["payments"])
    let list = "backup create x --include-namespaces=shop,pay"
    #expect(try await words(list) == ["--include-namespaces=shop,payments"])
    #expect(
      try await words("backup create x -l app.kubernetes.io/part") == [
        "app.kubernetes.io/part-of="
      ]
    )
    #expect(try await words("backup describe ") == ["nightly-1", "weekly-1"])
    #expect(try await offers("backup describe week").first?.contains("\tCompleted, ") == true)
    #expect(try await words("coverage -n nosuch").isEmpty)
  }
}
