// SPDX-License-Identifier: Apache-2.0

import Testing

/// A few lines of source with what a rule must say about them.
struct Snippet: CustomTestStringConvertible {
  var path: String
  var code: String
  /// The one rule it breaks; empty when it breaks none.
  var rule = ""

  /// The code under the license line, which other rules than that one do not mind.
  var file: SourceFile {
    let hasLicense = rule == Habits.license.name
    let isScript = !path.contains(".")
    let license = (isScript ? "#" : "//") + " SPDX-License-Identifier: Apache-2.0\n"
    return SourceFile(path: path, text: (hasLicense ? "" : license) + code)
  }

  var testDescription: String { "\(path): \(code.prefix(60))" }
}

extension Snippet {
  private static func bad(_ rule: String, _ path: String, _ code: String) -> Snippet {
    Snippet(path: path, code: code, rule: rule)
  }

  static let bad = badImports + badNames + badHabits

  private static let badImports = [
    bad("imports", "Sources/Engine/Run.swift", "internal import HTTP"),
    bad("imports", "Sources/Sandbox/Server.swift", "import Kubernetes"),
    bad("imports", "Sources/Velero/Keys.swift", "public import struct ObjectStorage.Key"),
    bad("imports", "Sources/Kubernetes/Client.swift", "internal import CCurl"),
    bad("imports", "Sources/Nowhere/New.swift", "let new = 1"),
    bad("imports", "Sources/HTTP/Client.swift", "internal import RegexBuilder"),
    bad("imports", "Sources/Velero/Keys.swift", "internal import Foundation"),
    bad("imports", "Sources/Velero/Keys.swift", "internal import struct Foundation.Date"),
    bad("internal import of C", "Sources/HTTP/Client.swift", "import CCurl"),
    bad("internal import of C", "Sources/Primitives/Zip.swift", "public import CZlib"),
  ]

  private static let badNames = [
    bad("printing", "Sources/Engine/Run.swift", #"func run() { print("done") }"#),
    bad("printing", "Sources/HTTP/Client.swift", #"Swift.debugPrint(1)"#),
    bad("printing", "Sources/Engine/Run.swift", #"let text = "\(print(1))""#),
    bad("exiting", "Sources/Commands/Run.swift", "exit(1)"),
    bad("exiting", "Sources/Engine/Run.swift", "Glibc.exit(1)"),
    bad("wall clock", "Sources/Engine/Run.swift", "let now = Date()"),
    bad("wall clock", "Sources/Engine/Run.swift", "let clock = CLOCK_REALTIME"),
    bad("wall clock", "Sources/HTTP/Client.swift", "clock_gettime(CLOCK_REALTIME, &now)"),
    bad("environment", "Sources/Engine/Run.swift", #"getenv("HOME")"#),
    bad("environment", "Sources/Commands/Run.swift", "let all = ProcessInfo.processInfo"),
    bad("curses", "Sources/Commands/Run.swift", "initscr()"),
  ]

  private static let badHabits = [
    bad("license", "Sources/Engine/Run.swift", "let a = 1"),
    bad("license", "scripts/demo", "#!/bin/sh\necho"),
    bad("file length", "Sources/binnacle/main.swift", String(repeating: "step()\n", count: 20)),
    bad(
      "function length",
      "Tests/EngineTests/RunTests.swift",
      "func run() {\n" + String(repeating: "  step()\n", count: 59) + "}\n"
    ),
    bad("no force", "Sources/Engine/Run.swift", "let a = try! read()"),
    bad("no force", "Tests/EngineTests/RunTests.swift", "let a = b as! Int"),
    bad(
      "unchecked sendability",
      "Sources/Engine/Run.swift",
      """
      // The lock protects it.
      final class Run: @unchecked Sendable {}
      """
    ),
    bad(
      "unchecked sendability",
      "Sources/HTTP/Loop.swift",
      """
      // A class.
      final class Loop: @unchecked Sendable {}
      """
    ),
    bad(
      "unchecked sendability",
      "Sources/Sandbox/Log.swift",
      """
      // The lock protects it.

      nonisolated(unsafe) var log = 0
      """
    ),
    bad("module names", "Sources/Engine/Run.swift", "struct Engine {}"),
    bad("no catch-all names", "Sources/Primitives/Utils/Text.swift", "let a = 1"),
    bad("no catch-all names", "Sources/Engine/Helpers.swift", "let a = 1"),
    bad("nothing unfinished", "Sources/Engine/Run.swift", "let a = 1  // TODO: more"),
    bad("nothing unfinished", "Tests/EngineTests/RunTests.swift", "/* FIXME */ let a = 1"),
    bad("no sleep in tests", "Tests/EngineTests/RunTests.swift", "try await Task.sleep(for: a)"),
    bad("no sleep in tests", "Tests/EngineTests/RunTests.swift", "usleep(10)"),
  ]

  static let good = [
    Snippet(path: "Sources/Engine/Run.swift", code: "internal import Kubernetes"),
    Snippet(path: "Sources/HTTP/Loop.swift", code: "internal import CCurl"),
    Snippet(path: "Sources/Engine/Run.swift", code: #"log("print(1) and exit(1)")  // getenv"#),
    Snippet(
      path: "Sources/Engine/Run.swift",
      code: "printer.print(a)\nvar exit: Int\nlet Date = 1"
    ),
    Snippet(path: "Sources/Primitives/YAML.swift", code: "func print(_ a: Int) {}"),
    Snippet(path: "Sources/Commands/Table.swift", code: "print(1)"),
    Snippet(path: "Sources/binnacle/main.swift", code: "internal import Commands\nexit(0)"),
    Snippet(path: "Sources/Primitives/Time/Now.swift", code: "clock_gettime(CLOCK_REALTIME, &a)"),
    Snippet(
      path: "Sources/Commands/ProcessEnvironment.swift",
      code: #"getenv("HOME")"#
    ),
    Snippet(path: "Tests/EngineTests/RunTests.swift", code: "func sleep(until: Int) {}"),
    Snippet(path: "Sources/Primitives/Try.swift", code: "try? read()\nlet a = b as? Int\ntry !c"),
    Snippet(
      path: "Sources/HTTP/Loop.swift",
      code: """
        // Only the loop's thread touches what is inside.
        @available(*, deprecated)
        final class Loop: @unchecked Sendable {}
        """
    ),
  ]
}
