// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// A named store of backups: the fields of a BackupStorageLocation, and what this version can do with it.
///
/// Source of the fields: Velero 1.18, `pkg/apis/velero/v1/backup_storage_location.go`.
public struct StorageLocation: Sendable, Hashable {
  /// Whether backups may be written and removed.
  public enum AccessMode: String, Sendable, Hashable, CaseIterable {
    /// They may.
    case readWrite = "ReadWrite"
    /// They may only be read.
    case readOnly = "ReadOnly"
  }

  /// The provider of directories, which this version can open.
  public static let directoryProvider = "directory"
  /// Providers of object storage that are known and cannot be opened yet.
  public static let objectProviders = ["aws", "gcp", "azure"]
  /// The name of the location that there is when none is configured.
  public static let embeddedName = "default"

  /// The name.
  public var name: String
  /// What kind of store it is; `velero.io/` before it is left out.
  public var provider: String
  /// The bucket; empty for directories.
  public var bucket: String
  /// What all keys start with; empty for none.
  public var prefix: String
  /// The authority that the store's certificate is checked with, in base64; empty for the system's.
  public var caCert: String
  /// Further settings of the provider; `path` is where a directory is.
  public var config: [String: String]
  /// Where the credentials are; nil for the provider's usual places.
  public var credential: LocationCredential?
  /// Whether backups may be written and removed.
  public var accessMode: AccessMode
  /// Whether it is used when none is named.
  public var isDefault: Bool
  /// How often a Velero server looks for backups of others; nil for its default.
  public var backupSyncPeriod: GoDuration?
  /// How often the location is validated; nil for the default, zero for never again.
  public var validationFrequency: GoDuration?

  /// What is wrong with the location as it was written, so that it must not be opened; nil for nothing.
  public var defect: String?

  /// Makes a location without settings.
  public init(name: String, provider: String) {
    self.name = name
    self.provider =
      provider.hasPrefix("velero.io/") ? String(provider.dropFirst("velero.io/".count)) : provider
    (bucket, prefix, caCert) = ("", "", "")
    config = [:]
    accessMode = .readWrite
    isDefault = false
  }

  /// A location in a directory.
  public static func directory(_ name: String, path: String) -> StorageLocation {
    var location = StorageLocation(name: name, provider: directoryProvider)
    location.config["path"] = path
    return location
  }

  /// Whether backups may only be read.
  public var isReadOnly: Bool { accessMode == .readOnly }

  /// The directory of the store as configured, its prefix included; nil for other providers and without a path.
  public var directoryPath: String? {
    guard provider == Self.directoryProvider, let path = config["path"], !path.isEmpty else {
      return nil
    }
    let parts = prefix.split(separator: "/")
    return ([path] + parts.map(String.init)).joined(separator: "/")
  }

  /// Where it is, as tables show it: the directory, or bucket and prefix.
  public var place: String {
    if let directoryPath { return directoryPath }
    return prefix.isEmpty ? bucket : "\(bucket)/\(prefix)"
  }

  /// Why the location cannot be opened; nil when it can be tried.
  public var problem: String? {
    if let defect { return defect }
    if provider == Self.directoryProvider {
      return config["path"]?.isEmpty == false
        ? nil : "'config.path' does not say which directory it is"
    }
    if provider.isEmpty { return "it does not say which provider it is of" }
    return Self.objectProviders.contains(provider)
      ? "the provider '\(provider)' is not supported yet by this version"
      : "the provider '\(provider)' is not known"
  }

  /// The spec of the object that says the same to a Velero server.
  public var spec: JSONValue {
    var storage: JSONValue = ["bucket": .string(bucket)]
    if !prefix.isEmpty { storage["prefix"] = .string(prefix) }
    if !caCert.isEmpty { storage["caCert"] = .string(caCert) }
    var spec: JSONValue = ["provider": .string(provider)]
    if !config.isEmpty {
      spec["config"] = .object(
        JSONObject(
          config.sorted { $0.key < $1.key }.map {
            JSONObject.Member(key: $0.key, value: .string($0.value))
          }
        )
      )
    }
    if let credential {
      spec["credential"] = ["name": .string(credential.name), "key": .string(credential.key)]
    }
    spec["objectStorage"] = storage
    if isDefault { spec["default"] = true }
    spec["accessMode"] = .string(accessMode.rawValue)
    if let backupSyncPeriod { spec["backupSyncPeriod"] = .string("\(backupSyncPeriod)") }
    if let validationFrequency { spec["validationFrequency"] = .string("\(validationFrequency)") }
    return spec
  }
}

/// Where the credentials of a location are: a key of a Secret.
public struct LocationCredential: Sendable, Hashable {
  /// The Secret's name.
  public var name: String
  /// The key in it.
  public var key: String

  /// Makes a value.
  public init(name: String, key: String) {
    self.name = name
    self.key = key
  }
}
