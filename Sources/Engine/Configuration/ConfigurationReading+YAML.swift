// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension ConfigurationReading {
  /// Reads the text of a `config.yaml`.
  ///
  /// What cannot be understood is told with its line and does not keep the rest from counting. Of a key that stands twice the
  /// last value counts.
  ///
  /// - Parameter bytes: The whole file; an empty one is a configuration that sets nothing.
  public init(parsing bytes: [UInt8]) {
    self.init()
    let root: YAMLNode
    do throws(YAMLError) {
      let options = YAMLOptions(allowsRepeatedKeys: true, nodeLimit: 100_000, depthLimit: 64)
      root = try YAMLDocument(parsing: bytes, options: options).root
    } catch {
      failure = ConfigurationWarning(line: error.mark.line, message: error.message)
      return
    }
    if !root.isNull, root.pairs == nil {
      failure = ConfigurationWarning(
        line: root.mark.line,
        message: "a configuration is a mapping of keys to values"
      )
      return
    }
    var reader = SettingsReader()
    let fields = reader.fields(
      root,
      "",
      known: ["locations", "theme", "mouse", "ascii", "maxAge", "keys", "contexts"],
      protective: ["locations", "contexts"]
    )
    failure = Self.failure(fields)
    configuration = Self.configuration(fields, &reader)
    warnings = reader.warnings.sorted { $0.line < $1.line }
  }

  /// What leaves open where backups go or what is protected: without a list of locations they would go to the user's own store.
  private static func failure(_ fields: [String: YAMLNode]) -> ConfigurationWarning? {
    if let node = fields["locations"], !node.isNull, node.elements?.isEmpty != false {
      let reason =
        node.elements == nil
        ? "'locations' has to be a list"
        : "'locations' names none; without that key there is the user's own store"
      return ConfigurationWarning(line: node.mark.line, message: reason)
    }
    if let node = fields["contexts"], !node.isNull, node.pairs == nil {
      return ConfigurationWarning(
        line: node.mark.line,
        message: "'contexts' has to be a mapping of names to settings"
      )
    }
    return nil
  }

  private static func configuration(
    _ fields: [String: YAMLNode],
    _ reader: inout SettingsReader
  ) -> Configuration {
    let console = ConsoleSettings(
      theme: reader.text(fields["theme"], "theme"),
      usesMouse: reader.flag(fields["mouse"], "mouse"),
      isASCII: reader.flag(fields["ascii"], "ascii"),
      maximumAge: reader.age(fields["maxAge"], "maxAge"),
      keys: keys(fields["keys"], &reader)
    )
    return Configuration(
      locations: StorageLocation.all(fields["locations"], &reader),
      console: console,
      contexts: contexts(fields["contexts"], &reader)
    )
  }

  private static func keys(_ node: YAMLNode?, _ reader: inout SettingsReader) -> [KeySetting] {
    reader.pairs(node, "keys").compactMap { key, pair in
      reader.texts(pair.value, "keys.\(key)").map {
        KeySetting(action: key, keys: $0, line: pair.key.mark.line)
      }
    }
  }

  private static func contexts(_ node: YAMLNode?, _ reader: inout SettingsReader)
    -> [ContextSettings]
  {
    guard node?.pairs != nil else { return [] }
    return reader.pairs(node, "contexts").map { key, pair in
      let name = "contexts.\(key)"
      let fields = reader.fields(
        pair.value,
        name,
        known: ["production", "readOnly", "theme", "maxAge"],
        protective: ["production", "readOnly"]
      )
      // A context that was to be protected somehow is, whatever was meant exactly.
      let isNoMapping = !pair.value.isNull && pair.value.pairs == nil
      return ContextSettings(
        context: key,
        isProduction: reader.protection(fields["production"], "\(name).production"),
        isReadOnly: isNoMapping
          ? true : reader.protection(fields["readOnly"], "\(name).readOnly"),
        theme: reader.text(fields["theme"], "\(name).theme"),
        maximumAge: reader.age(fields["maxAge"], "\(name).maxAge")
      )
    }
  }
}
