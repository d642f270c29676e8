// SPDX-License-Identifier: Apache-2.0

/// The themes there are: those built in, and the user's own.
public struct ThemeCatalog: Sendable {
  /// The deepest chain of bases.
  private static let baseLimit = 8

  /// The theme that is taken when nothing else is said.
  public static let standardName = "dark"

  /// The built-in themes alone.
  public static let builtIn = ThemeCatalog()

  /// What was not understood in the files.
  public private(set) var warnings: [ThemeWarning] = []

  private var sources: [String: ThemeSource] = [:]
  private var themes: [String: Theme] = [:]
  private var builtInNames: [String] = []

  /// Reads theme files on top of the built-in themes; one of the same name takes a built-in's place, and may be based on
  /// it.
  ///
  /// A file that holds no theme is left out.
  public init(reading files: [ThemeFile] = []) {
    for (name, text) in BuiltInThemes.texts {
      add(ThemeFile(name: name, bytes: Array(text.utf8)))
      builtInNames.append(name)
    }
    let builtIn = sources
    for file in files { add(file) }
    for name in sources.keys.sorted() { themes[name] = resolve(name, builtIn: builtIn) }
  }

  /// All names: those built in, in their order, then the others by the alphabet.
  public var names: [String] {
    builtInNames + themes.keys.filter { !builtInNames.contains($0) }.sorted()
  }

  /// A theme by its name.
  public func theme(named name: String) -> Theme? { themes[name] }

  /// The theme that is taken when nothing else is said.
  public var standard: Theme {
    themes[Self.standardName]
      ?? Theme(name: Self.standardName, entries: Role.allCases.map { _ in Theme.Entry() })
  }

  private mutating func add(_ file: ThemeFile) {
    if let source = ThemeSource(file, warnings: &warnings) { sources[file.name] = source }
  }

  /// Puts a theme on top of its bases, from the lowest up.
  private mutating func resolve(_ name: String, builtIn: [String: ThemeSource]) -> Theme? {
    guard let own = sources[name] else { return nil }
    var chain = [own]
    while let base = chain.last?.base {
      let isOwn = base.text == chain.last?.name
      let next = isOwn ? builtIn[base.text] : sources[base.text]
      guard let next, chain.count < Self.baseLimit, !chain.contains(next) else {
        let why =
          next == nil ? "there is no theme '\(base.text)'" : "the themes are based on each other"
        warnings.append(ThemeWarning(theme: name, line: base.line, message: why))
        break
      }
      chain.append(next)
    }
    // What a file of the user's does not say, be it for a slip of the pen, the standard theme says.
    if let last = chain.last, last != builtIn[last.name], let standard = builtIn[Self.standardName]
    {
      chain.append(standard)
    }
    var palette: [String: ThemeSource.Text] = [:]
    var entries = Role.allCases.map { _ in Theme.Entry() }
    for source in chain.reversed() { palette.merge(source.palette) { $1 } }
    for source in chain.reversed() {
      for role in Role.allCases {
        let index = Int(role.rawValue)
        if let text = source.roles[role] {
          entries[index].look = read(text, of: source, palette: palette)
        }
        if let text = source.sixteen[role] {
          entries[index].sixteen = read(text, of: source, palette: palette)
        }
        if let text = source.mono[role] {
          entries[index].mono = read(text, of: source, palette: [:]).face
        }
      }
    }
    let depth = chain.lazy.compactMap(\.depth).first ?? .trueColor
    return Theme(name: name, depth: depth, entries: entries)
  }

  /// Reads `foreground on background face…`.
  private mutating func read(
    _ text: ThemeSource.Text,
    of source: ThemeSource,
    palette: [String: ThemeSource.Text]
  ) -> Theme.Look {
    var look = Theme.Look()
    var isBackground = false
    for word in text.text.split(separator: " ").map(String.init) {
      if word == "on" {
        isBackground = true
      } else if let face = Self.faces[word] {
        look.face.insert(face)
      } else if let color = Self.color(palette[word]?.text ?? word) {
        if isBackground { look.background = color } else { look.foreground = color }
        isBackground = false
      } else {
        let message = "'\(word)' is neither a colour nor a face"
        let warning = ThemeWarning(theme: source.name, line: text.line, message: message)
        if !warnings.contains(warning) { warnings.append(warning) }
      }
    }
    return look
  }

  private static let faces: [String: Face] = [
    "bold": .bold, "underline": .underline, "reverse": .reverse, "dim": .dim, "italic": .italic,
    "plain": [],
  ]

  private static func color(_ text: String) -> ThemeColor? {
    if text == "default" { return .terminal }
    if let index = TerminalPalette.names.firstIndex(of: text) { return .ansi(UInt8(index)) }
    return RGB(hex: text).map { .rgb($0) }
  }
}
