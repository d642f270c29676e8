// SPDX-License-Identifier: Apache-2.0

/// Names that may be used in one place only.
///
/// What a program takes from the world and gives to it has one home each, so that everything else is a function of
/// values and can be tested as one.
struct Home: Sendable {
  /// What the names do.
  var name: String
  /// Names of which every use counts.
  var words: Set<String> = []
  /// Names of which only a call counts, so that a label or a property may have them.
  var calls: Set<String> = []
  /// Folders end in `/`; all else are files.
  var places: [String]

  var rule: Rule {
    Rule(name: name) { file in
      guard file.isInSources, !places.contains(where: { isAt(file.path, $0) }) else { return [] }
      let home = places.isEmpty ? "nowhere" : places.joined(separator: ", ")
      return file.tokens.indices.filter { isUse(file.tokens, $0) }.map {
        (file.tokens[$0].line, "`\(file.tokens[$0].text)` belongs in \(home)")
      }
    }
  }

  private func isAt(_ path: String, _ place: String) -> Bool {
    place.hasSuffix("/") ? path.hasPrefix(place) : path == place
  }

  private func isUse(_ tokens: [Token], _ index: Int) -> Bool {
    guard tokens[index].kind == .word else { return false }
    let isCalled = index + 1 < tokens.count && tokens[index + 1].isMark("(")
    let text = tokens[index].text
    guard words.contains(text) || (isCalled && calls.contains(text)) else { return false }
    guard index > 0 else { return true }
    if tokens[index - 1].isWord("func") { return false }
    guard tokens[index - 1].isMark(".") else { return true }
    // A member of something else, unless the something is the module the name comes from.
    let modules: Set = ["Swift", "Glibc", "Foundation", "FoundationEssentials"]
    return index > 1 && modules.contains(tokens[index - 2].text)
  }
}

extension Home {
  static let all = [printing, exiting, wallClock, environment, curses]

  static let printing = Home(
    name: "printing",
    calls: [
      "print", "debugPrint", "dump", "puts", "fputs", "putchar", "fputc", "printf", "vprintf",
      "fprintf", "vfprintf", "perror",
    ],
    places: ["Sources/Commands/", "Sources/Benchmarks/", "Sources/binnacle/main.swift"]
  )

  static let exiting = Home(
    name: "exiting",
    calls: ["exit", "_exit", "quick_exit", "abort"],
    places: [
      "Sources/binnacle/main.swift", "Sources/Benchmarks/main.swift",
      // The second interruption ends the process at once, wherever it is.
      "Sources/Commands/Process/Interruptions.swift",
    ]
  )

  /// Everything else is given a clock.
  static let wallClock = Home(
    name: "wall clock",
    words: ["CLOCK_REALTIME"],
    calls: ["Date", "gettimeofday", "timespec_get"],
    places: ["Sources/Primitives/Time/"]
  )

  /// Everything else is given the variables as a value.
  static let environment = Home(
    name: "environment",
    words: ["getenv", "secure_getenv", "environ", "ProcessInfo", "setenv", "putenv", "unsetenv"],
    places: ["Sources/Commands/ProcessEnvironment.swift"]
  )

  static let curses = Home(
    name: "curses",
    words: [
      "initscr", "newterm", "endwin", "delscreen", "set_term", "stdscr", "curscr", "newwin",
      "newpad", "wrefresh", "wnoutrefresh", "doupdate", "wgetch", "wget_wch", "ungetch", "keypad",
      "cbreak", "noecho", "start_color", "init_pair", "init_extended_pair", "wattron", "wattroff",
      "wattr_set", "waddstr", "waddwstr", "wadd_wch", "mvwaddstr", "curs_set", "mousemask",
      "getmouse", "resizeterm", "setupterm", "tigetstr", "tigetnum", "tputs",
    ],
    places: ["Sources/C/CTerminal/"]
  )
}
