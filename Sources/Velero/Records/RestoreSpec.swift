// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What a restore brings back and how.
///
/// Of `backupName` and `scheduleName` one is given; Velero's controller then writes both. Lists of resources and
/// namespaces may hold `*`.
public struct RestoreSpec: FilterRecord {
  /// The whole object.
  public var json: JSONValue

  /// Takes an object as it is.
  public init(json: JSONValue) { self.json = json }

  /// Makes a spec that asks for nothing in particular.
  public init() { json = [:] }

  /// The backup.
  public var backupName: String {
    get { text("backupName") ?? "" }
    set { set("backupName", newValue) }
  }

  /// The schedule of whose backups the newest completed one is taken.
  public var scheduleName: String {
    get { text("scheduleName") ?? "" }
    set { set("scheduleName", newValue) }
  }

  /// For namespaces of the backup, those that their objects are restored into.
  public var namespaceMapping: [String: String] {
    get { map("namespaceMapping") }
    set { set("namespaceMapping", newValue) }
  }

  /// Whether volumes are restored from snapshots; nil where there is one.
  public var restorePVs: Bool? {
    get { flag("restorePVs") }
    set { set("restorePVs", newValue) }
  }

  /// Which resources get their status back; nil for none.
  public var restoreStatus: RestoreStatusSpec? {
    get { json["restoreStatus"]?.object.map { RestoreStatusSpec(json: .object($0)) } }
    set { json["restoreStatus"] = newValue?.json }
  }

  /// Whether services keep their node ports; nil means no.
  public var preserveNodePorts: Bool? {
    get { flag("preserveNodePorts") }
    set { set("preserveNodePorts", newValue) }
  }

  /// What is done about objects that exist: `none`, `update`, or empty, which is `none` with other words.
  public var existingResourcePolicy: String {
    get { text("existingResourcePolicy") ?? "" }
    set { set("existingResourcePolicy", newValue) }
  }

  /// The name of the ConfigMap with the resource modifiers; empty for none.
  public var resourceModifierName: String {
    get { configMapName("resourceModifier") }
    set { setConfigMap("resourceModifier", named: newValue) }
  }

  /// Whether files are written with holes where they had them; nil for the uploader's default.
  public var writeSparseFiles: Bool? {
    get { json[path: "uploaderConfig", "writeSparseFiles"]?.bool }
    set { setUploader("writeSparseFiles", newValue.map { .bool($0) }) }
  }

  /// How many files an uploader writes at once; 0 for its own default.
  public var parallelFilesDownload: Int {
    get { Int(json[path: "uploaderConfig", "parallelFilesDownload"]?.int64 ?? 0) }
    set {
      setUploader("parallelFilesDownload", newValue == 0 ? nil : .number(JSONNumber(newValue)))
    }
  }

  private mutating func setUploader(_ key: String, _ value: JSONValue?) {
    var uploader = json["uploaderConfig"] ?? [:]
    uploader[key] = value
    json["uploaderConfig"] = uploader == [:] ? .none : .some(uploader)
  }
}

/// Which resources get their status back.
public struct RestoreStatusSpec: ResourceListsRecord {
  /// The whole object.
  public var json: JSONValue

  /// Takes an object as it is.
  public init(json: JSONValue) { self.json = json }

  /// Makes a value.
  public init(includedResources: [String] = [], excludedResources: [String] = []) {
    json = [:]
    self.includedResources = includedResources
    self.excludedResources = excludedResources
  }
}
