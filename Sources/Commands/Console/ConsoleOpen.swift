// SPDX-License-Identifier: Apache-2.0

internal import Console
internal import Primitives
internal import Sandbox
internal import Terminal

/// `console`, also without any word: the screens.
enum ConsoleOpen {
  static let demo = SandboxServe.demo
  static let readOnly = Flag.truth("read-only", "Change nothing: neither clusters nor stores")
  static let theme = Flag.text(
    "theme",
    placeholder: "NAME",
    completion: .words(ThemeCatalog.builtIn.names),
    "The colours; 'T' in the console shows all themes"
  )
  static let ascii = Flag.truth("ascii", "Draw with the characters of ASCII alone")
  static let noMouse = Flag.truth("no-mouse", "Leave the mouse to the terminal")
  static let color = Flag.choice(
    "color",
    ["auto", "never", "16", "256"],
    "How many colours are used; auto for what the terminal has"
  )

  static let command = Command(
    verb: "console",
    summary: "Open the console; the same as binnacle without a command",
    details: [
      "The console shows the cluster and the backups, composes filters and shows exactly what they take, makes backups and "
        + "restores, and shows how they go. '?' lists what can be done on each screen.",
      "Own themes are files in $XDG_CONFIG_HOME/binnacle/themes; see docs/console.md.",
      "With --demo it opens on a made-up cluster in this process, with a store of its own that is removed at the end.",
    ],
    flags: [
      FlagSpec(
        name: "demo",
        kind: .truth,
        placeholder: "",
        summary: "Open on a made-up cluster and store, to try things out"
      ),
      readOnly.spec, theme.spec, ascii.spec, noMouse.spec, color.spec,
    ],
    examples: [
      Example(explanation: "the current cluster", commandLine: "binnacle"),
      Example(explanation: "to look around without a cluster", commandLine: "binnacle --demo"),
      Example(
        explanation: "another cluster, with nothing that could be changed",
        commandLine: "binnacle --context prod --read-only"
      ),
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    guard context.output.isTerminal, context.invocation.input.isTerminal else {
      throw UsageError(
        "the console needs a terminal",
        hint: "'binnacle --help' lists commands that need none"
      )
    }
    if context[demo] == true {
      try await context.errorOutput.write("preparing the demo …\n")
      let world = try await DemoWorld.start(context)
      defer { world.stop() }
      try await open(
        world.wiring,
        context,
        name: DemoWorld.contextName,
        launches: [DemoHistory.running]
      )
    } else {
      try await open(Wiring(context), context, name: context[GlobalFlags.context])
    }
    return .done
  }

  private static func open(
    _ wiring: Wiring,
    _ context: CommandContext,
    name: String?,
    launches: [PlannedLaunch] = []
  ) async throws {
    let (preferences, problems) = wiring.consolePreferences()
    var look = try look(context)
    if !look.themes.names.contains(preferences.theme) {
      look.problems.append(unknownTheme(preferences.theme, look.themes))
    }
    look.problems = problems + look.problems
    let program = ConsoleProgram(
      backend: try backend(wiring, themes: (try? Wiring(context).directories())?.themes),
      preferences: preferences,
      look: look,
      localTime: context.invocation.localTime
    )
    let environment = context.invocation.environment
    let log = LogDescriptor(directory: try wiring.directories().state)
    defer { log.close() }
    var options = NcursesScreen.Options(
      terminal: environment["TERM"] ?? "",
      multiplexer: multiplexer(environment),
      standardError: log.descriptor
    )
    if let milliseconds = environment["ESCDELAY"].flatMap(Int.init),
      (0...5000).contains(milliseconds)
    {
      options.escapeDelayMilliseconds = milliseconds
    }
    try await program.run(
      context: name,
      launches: launches,
      tell: { try? await context.errorOutput.write($0 + "\n") },
      makeScreen: { [options] in try NcursesScreen(options) }
    )
  }

  /// What the console works with, with all that says how it is to be read away from everything else.
  private static func backend(_ wiring: Wiring, themes: String?) throws -> ConsoleBackend {
    var backend = try wiring.consoleBackend()
    let files = SettingsFiles(wiring, themes: themes)
    let (preferences, contexts, locations) = (
      backend.preferences, backend.contexts, backend.locations
    )
    backend.fingerprint = { await files.fingerprint() }
    backend.preferences = { await files.preferences(preferences) }
    backend.contexts = { try await files.read(contexts) }
    backend.locations = { try await files.read(locations) }
    return backend
  }

  /// What stands between the program and the terminal, as the environment tells.
  private static func multiplexer(_ environment: [String: String]) -> Multiplexer {
    if environment["TMUX"].map({ !$0.isEmpty }) ?? false { return .tmux }
    if environment["STY"].map({ !$0.isEmpty }) ?? false { return .screen }
    return .none
  }

  /// The themes, the user's own among them, and the colours; those of the user also in the demo.
  static func look(_ context: CommandContext) throws -> ConsoleLook {
    let folder = ThemeFolder(path: (try? Wiring(context).directories())?.themes)
    let themes = ThemeCatalog(reading: folder.files)
    if let name = context[theme], !themes.names.contains(name) {
      let nearest = Suggestion.nearest(to: name, among: themes.names)
      throw UsageError(
        "there is no theme '\(name)'",
        hint: (nearest.map { "did you mean '\($0)'? " } ?? "")
          + "there are \(themes.names.joined(separator: ", "))"
      )
    }
    var look = ConsoleLook(themes: themes)
    look.problems = folder.problems + themes.warnings.map(\.description)
    let refused = context.invocation.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    switch context[color] {
    case "never": look.depth = .mono
    case "16": look.depth = .ansi16
    case "256": look.depth = .indexed256
    default: if refused || context[GlobalFlags.noColor] == true { look.depth = .mono }
    }
    return look
  }

  private static func unknownTheme(_ name: String, _ themes: ThemeCatalog) -> String {
    let nearest = Suggestion.nearest(to: name, among: themes.names)
    return "there is no theme '\(name)'; '\(themes.standard.name)' is shown"
      + (nearest.map { ", did you mean '\($0)'?" } ?? "")
  }
}
