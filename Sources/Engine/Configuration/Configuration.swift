// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What the user has set in `config.yaml`.
public struct Configuration: Sendable, Hashable {
  /// The most bytes that a file may have.
  public static let limitBytes = 1 << 20

  /// The locations in the order of the file; none when it names none.
  public var locations: [StorageLocation]
  /// How the console looks and is used.
  public var console: ConsoleSettings
  /// What is other in single contexts, in the order of the file.
  public var contexts: [ContextSettings]

  /// Makes a configuration; without values it is that of an empty file.
  public init(
    locations: [StorageLocation] = [],
    console: ConsoleSettings = ConsoleSettings(),
    contexts: [ContextSettings] = []
  ) {
    self.locations = locations
    self.console = console
    self.contexts = contexts
  }

  /// What holds in a context: each setting from the first entry that has it, an entry with just the name before patterns.
  public func settings(ofContext name: String) -> ContextSettings {
    let exact = contexts.filter { $0.context == name }
    let patterns = contexts.filter {
      $0.context != name && NamePattern.isPattern($0.context)
        && NamePattern($0.context).matches(name)
    }
    var result = ContextSettings(context: name)
    for entry in exact + patterns {
      result.isProduction = result.isProduction ?? entry.isProduction
      result.isReadOnly = result.isReadOnly ?? entry.isReadOnly
      result.theme = result.theme ?? entry.theme
      result.maximumAge = result.maximumAge ?? entry.maximumAge
    }
    return result
  }
}

/// How the console looks and is used; what is nil was not set.
public struct ConsoleSettings: Sendable, Hashable {
  /// The name of the theme.
  public var theme: String?
  /// Whether the mouse is used.
  public var usesMouse: Bool?
  /// Whether nothing but ASCII is drawn.
  public var isASCII: Bool?
  /// Backups older than this do not protect.
  public var maximumAge: GoDuration?
  /// Keys of actions, in the order of the file; whether there are such actions and keys is for the console to say.
  public var keys: [KeySetting]

  /// Makes settings.
  public init(
    theme: String? = nil,
    usesMouse: Bool? = nil,
    isASCII: Bool? = nil,
    maximumAge: GoDuration? = nil,
    keys: [KeySetting] = []
  ) {
    self.theme = theme
    self.usesMouse = usesMouse
    self.isASCII = isASCII
    self.maximumAge = maximumAge
    self.keys = keys
  }
}

/// The keys that an action has instead of its usual ones.
public struct KeySetting: Sendable, Hashable {
  /// The action's id.
  public var action: String
  /// The keys as they are written; none takes the action all its keys.
  public var keys: [String]
  /// Where it stands in the file, for messages.
  public var line: Int

  /// Makes a setting.
  public init(action: String, keys: [String], line: Int) {
    self.action = action
    self.keys = keys
    self.line = line
  }
}

/// What is other in contexts of the kubeconfig; what is nil was not set.
public struct ContextSettings: Sendable, Hashable {
  /// The context's name, or a pattern with `*`, `?` and `[…]` for several.
  public var context: String
  /// Whether mistakes are expensive there.
  public var isProduction: Bool?
  /// Whether nothing may be changed from here.
  public var isReadOnly: Bool?
  /// The name of the theme.
  public var theme: String?
  /// Backups older than this do not protect.
  public var maximumAge: GoDuration?

  /// Makes settings.
  public init(
    context: String,
    isProduction: Bool? = nil,
    isReadOnly: Bool? = nil,
    theme: String? = nil,
    maximumAge: GoDuration? = nil
  ) {
    self.context = context
    self.isProduction = isProduction
    self.isReadOnly = isReadOnly
    self.theme = theme
    self.maximumAge = maximumAge
  }
}

/// What reading a configuration came to.
public struct ConfigurationReading: Sendable, Hashable {
  /// What could be understood.
  public var configuration: Configuration
  /// What could not, in the order of the file; everything else counts all the same.
  public var warnings: [ConfigurationWarning]
  /// Why the file is none at all, or does not say what locations or contexts there are; nothing may be written to any location or
  /// cluster then, since what was meant is unknown.
  public var failure: ConfigurationWarning?

  /// Makes a reading.
  public init(
    configuration: Configuration = Configuration(),
    warnings: [ConfigurationWarning] = [],
    failure: ConfigurationWarning? = nil
  ) {
    self.configuration = configuration
    self.warnings = warnings
    self.failure = failure
  }
}

/// Something in a configuration that cannot be understood.
public struct ConfigurationWarning: Sendable, Hashable, CustomStringConvertible {
  /// The line, counted from 1.
  public var line: Int
  /// What is wrong, and what may have been meant.
  public var message: String

  /// Makes a warning.
  public init(line: Int, message: String) {
    self.line = line
    self.message = message
  }

  /// The line with the message: `line 3: …`.
  public var description: String { "line \(line): \(message)" }
}
