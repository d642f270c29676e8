// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What a backup takes and how; also the template of a Schedule.
///
/// Lists of resources and namespaces may hold `*`. The old filter (`includedResources`, `excludedResources`,
/// `includeClusterResources`) and the new one (the four scoped lists) may not be used together.
public struct BackupSpec: FilterRecord {
  /// The whole object.
  public var json: JSONValue

  /// Takes an object as it is.
  public init(json: JSONValue) { self.json = json }

  /// Makes a spec that asks for nothing in particular.
  public init() { json = [:] }

  /// Resources of the cluster that are taken, in the new filter.
  public var includedClusterScopedResources: [String] {
    get { texts("includedClusterScopedResources") }
    set { set("includedClusterScopedResources", newValue) }
  }

  /// Resources of the cluster that are left out, in the new filter.
  public var excludedClusterScopedResources: [String] {
    get { texts("excludedClusterScopedResources") }
    set { set("excludedClusterScopedResources", newValue) }
  }

  /// Resources in namespaces that are taken, in the new filter.
  public var includedNamespaceScopedResources: [String] {
    get { texts("includedNamespaceScopedResources") }
    set { set("includedNamespaceScopedResources", newValue) }
  }

  /// Resources in namespaces that are left out, in the new filter.
  public var excludedNamespaceScopedResources: [String] {
    get { texts("excludedNamespaceScopedResources") }
    set { set("excludedNamespaceScopedResources", newValue) }
  }

  /// The labels of the backups that a Schedule makes of this template; without any they get the Schedule's own.
  public var templateLabels: [String: String] {
    get { BackupSpec(json: json["metadata"] ?? [:]).map("labels") }
    set {
      var metadata = BackupSpec(json: json["metadata"] ?? [:])
      metadata.set("labels", newValue)
      json["metadata"] = metadata.json.object?.isEmpty == false ? metadata.json : JSONValue?.none
    }
  }

  /// How long the backup is kept; zero means the server's default.
  public var ttl: GoDuration {
    get { duration("ttl") }
    set { set("ttl", duration: newValue) }
  }

  /// The location that the backup is stored in.
  public var storageLocation: String {
    get { text("storageLocation") ?? "" }
    set { set("storageLocation", newValue) }
  }

  /// The locations that native snapshots are stored in, one a provider.
  public var volumeSnapshotLocations: [String] {
    get { texts("volumeSnapshotLocations") }
    set { set("volumeSnapshotLocations", newValue) }
  }

  /// Whether volumes are snapshotted; nil where possible.
  public var snapshotVolumes: Bool? {
    get { flag("snapshotVolumes") }
    set { set("snapshotVolumes", newValue) }
  }

  /// Whether the data of snapshots is moved to the location; nil means the server's default.
  public var snapshotMoveData: Bool? {
    get { flag("snapshotMoveData") }
    set { set("snapshotMoveData", newValue) }
  }

  /// What moves the data; empty for the built-in mover.
  public var dataMover: String {
    get { text("datamover") ?? "" }
    set { set("datamover", newValue) }
  }

  /// Whether the files of all pod volumes are backed up; nil means the server's default.
  public var defaultVolumesToFsBackup: Bool? {
    get { flag("defaultVolumesToFsBackup") }
    set { set("defaultVolumesToFsBackup", newValue) }
  }

  /// The old name of `defaultVolumesToFsBackup`, which overrides it when true.
  public var defaultVolumesToRestic: Bool? {
    get { flag("defaultVolumesToRestic") }
    set { set("defaultVolumesToRestic", newValue) }
  }

  /// Names that go first, by resource: `ns/name`, or `name` in the cluster, with commas between.
  public var orderedResources: [String: String] {
    get { map("orderedResources") }
    set { set("orderedResources", newValue) }
  }

  /// How long to wait for a CSI snapshot; zero means ten minutes.
  public var csiSnapshotTimeout: GoDuration {
    get { duration("csiSnapshotTimeout") }
    set { set("csiSnapshotTimeout", duration: newValue) }
  }

  /// The label that puts volumes into one group of snapshots; empty means the server's default.
  public var volumeGroupSnapshotLabelKey: String {
    get { text("volumeGroupSnapshotLabelKey") ?? "" }
    set { set("volumeGroupSnapshotLabelKey", newValue) }
  }

  /// The name of the ConfigMap with the policies for volumes; empty for none.
  public var resourcePolicyName: String {
    get { configMapName("resourcePolicy") }
    set { setConfigMap("resourcePolicy", named: newValue) }
  }

  /// How many files an uploader reads at once; 0 for its own default.
  public var parallelFilesUpload: Int {
    get { Int(json[path: "uploaderConfig", "parallelFilesUpload"]?.int64 ?? 0) }
    set {
      json["uploaderConfig"] =
        newValue == 0 ? nil : ["parallelFilesUpload": .number(JSONNumber(newValue))]
    }
  }
}
