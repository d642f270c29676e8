// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension StorageLocation {
  /// The fields of an entry.
  private static let fields = [
    "name", "provider", "objectStorage", "config", "credential", "accessMode", "default",
    "backupSyncPeriod", "validationFrequency",
  ]

  /// The locations of a list; none is dropped, however much is wrong with it.
  static func all(_ node: YAMLNode?, _ reader: inout SettingsReader) -> [StorageLocation] {
    guard let elements = node?.elements else { return [] }
    var locations: [StorageLocation] = []
    for (index, element) in elements.enumerated() {
      var location = StorageLocation(element, number: index + 1, &reader)
      location.makeUnique(among: locations, element, &reader)
      if location.isDefault, let other = locations.first(where: \.isDefault) {
        reader.warn(
          element,
          "'\(other.name)' is the default already; that of '\(location.name)' does not count"
        )
        location.isDefault = false
      }
      locations.append(location)
    }
    return locations
  }

  private init(_ node: YAMLNode, number: Int, _ reader: inout SettingsReader) {
    let place = "locations[\(number)]"
    let fields = reader.fields(
      node,
      place,
      known: Self.fields,
      protective: ["accessMode"]
    )
    var name = reader.text(fields["name"], "\(place).name") ?? ""
    if name.isEmpty {
      name = "location-\(number)"
      reader.warn(node, "'\(place)' has no name; it is called '\(name)'")
    }
    self.init(name: name, provider: reader.text(fields["provider"], "\(place).provider") ?? "")
    let storage = reader.fields(
      fields["objectStorage"],
      "\(place).objectStorage",
      known: ["bucket", "prefix", "caCert"]
    )
    bucket = reader.text(storage["bucket"], "\(place).objectStorage.bucket") ?? ""
    prefix = reader.text(storage["prefix"], "\(place).objectStorage.prefix") ?? ""
    caCert = reader.text(storage["caCert"], "\(place).objectStorage.caCert") ?? ""
    config = reader.map(fields["config"], "\(place).config")
    let secret = reader.fields(
      fields["credential"],
      "\(place).credential",
      known: ["name", "key"]
    )
    if !secret.isEmpty {
      credential = LocationCredential(
        name: reader.text(secret["name"], "\(place).credential.name") ?? "",
        key: reader.text(secret["key"], "\(place).credential.key") ?? ""
      )
    }
    accessMode = Self.accessMode(fields["accessMode"], "\(place).accessMode", &reader)
    isDefault = reader.flag(fields["default"], "\(place).default") ?? false
    backupSyncPeriod = reader.duration(fields["backupSyncPeriod"], "\(place).backupSyncPeriod")
    validationFrequency = reader.duration(
      fields["validationFrequency"],
      "\(place).validationFrequency"
    )
    explain(fields["provider"] ?? node, fields, &reader)
  }

  /// Whoever has written anything but `ReadWrite` has meant to keep something from being changed.
  private static func accessMode(
    _ node: YAMLNode?,
    _ name: String,
    _ reader: inout SettingsReader
  ) -> AccessMode {
    guard let node, !node.isNull, node.scalarText != "" else { return .readWrite }
    if let mode = node.scalarText.flatMap(AccessMode.init(rawValue:)) { return mode }
    reader.warn(
      node,
      "'\(name)' has to be ReadWrite or ReadOnly, not \(reader.shown(node)); nothing is written to the location"
    )
    return .readOnly
  }

  /// Finds out what keeps the location from being opened, and warns of it.
  private mutating func explain(
    _ node: YAMLNode,
    _ fields: [String: YAMLNode],
    _ reader: inout SettingsReader
  ) {
    if provider == Self.directoryProvider, !bucket.isEmpty {
      reader.warn(
        fields["objectStorage"] ?? node,
        "a directory has no buckets; 'config.path' of '\(name)' says where it is, and the bucket does not count"
      )
    }
    // Where a command is started must not decide where backups go.
    if provider == Self.directoryProvider, let path = config["path"], !path.isEmpty,
      !path.hasPrefix("/"), !path.hasPrefix("~/")
    {
      defect = "'config.path' is '\(path)', and has to start with / or ~/"
    }
    // Object stores are written as they have to be and wait for a version that can open them.
    guard !Self.objectProviders.contains(provider), let problem else { return }
    let nearest = Suggestion.nearest(
      to: provider,
      among: [Self.directoryProvider] + Self.objectProviders
    )
    let hint =
      provider != Self.directoryProvider ? nearest.map { "; did you mean '\($0)'?" } ?? "" : ""
    reader.warn(node, "'\(name)' cannot be opened: \(problem)\(hint)")
  }

  private mutating func makeUnique(
    among others: [StorageLocation],
    _ node: YAMLNode,
    _ reader: inout SettingsReader
  ) {
    let names = Set(others.map(\.name))
    guard names.contains(name) else { return }
    let taken = name
    var number = 2
    while names.contains("\(taken)-\(number)") { number += 1 }
    name = "\(taken)-\(number)"
    reader.warn(node, "there is a location '\(taken)' already; this one is called '\(name)'")
  }
}
