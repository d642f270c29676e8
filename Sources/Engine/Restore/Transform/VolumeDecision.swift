// SPDX-License-Identifier: Apache-2.0

public import Primitives
public import Velero

/// What a restore does about a PersistentVolume of the backup.
///
/// Source: velero/05, section 5.
public enum VolumeDecision: Sendable, Hashable {
  /// The object is restored as it is, without a new volume behind it.
  case asIs
  /// A provider's snapshot is the volume's content.
  case nativeSnapshot
  /// The object is not restored, and its claim gets a new volume, for this reason.
  case provisionAnew(String)
}

/// What a backup's files say of volumes.
public struct VolumeKnowledge: Sendable, Hashable {
  /// What happened to each volume, by its name; nil for backups from before there was such a list.
  private let infos: [String: VolumeInfo]?
  private let snapshots: Set<String>
  private let claimsWithFiles: Set<String>
  private let claimsWithSnapshots: Set<String>

  /// Takes what a backup's files say.
  ///
  /// - Parameters:
  ///   - infos: `…-volumeinfo.json.gz`; nil when the backup has none.
  ///   - snapshots: `…-volumesnapshots.json.gz`.
  ///   - podVolumeBackups: `…-podvolumebackups.json.gz`.
  ///   - claimsWithSnapshots: Claims, `namespace/name`, of which the backup holds a CSI snapshot or moved data.
  public init(
    infos: [VolumeInfo]? = nil,
    snapshots: [VolumeSnapshot] = [],
    podVolumeBackups: [PodVolumeBackup] = [],
    claimsWithSnapshots: Set<String> = []
  ) {
    self.infos = infos.map { infos in
      Dictionary(infos.map { ($0.volumeName, $0) }, uniquingKeysWith: { first, _ in first })
    }
    self.snapshots = Set(snapshots.map(\.volumeName))
    self.claimsWithSnapshots = claimsWithSnapshots
    claimsWithFiles = Set(
      podVolumeBackups.compactMap { backup in
        backup.json[path: "metadata", "annotations", "velero.io/pvc-name"]?.string.map {
          "\(backup.podNamespace)/\($0)"
        }
      }
    )
  }

  /// What is done about a volume.
  ///
  /// - Parameters:
  ///   - volume: The archived object.
  ///   - restoresVolumes: The restore's `restorePVs`.
  /// - Returns: The decision with its reason.
  public func decision(on volume: JSONValue, restoresVolumes: Bool?) -> VolumeDecision {
    let name = volume[path: "metadata", "name"]?.string ?? ""
    guard let infos else { return legacyDecision(name, volume, restoresVolumes) }
    switch infos[name]?.method {
    case "NativeSnapshot": return restoresVolumes == false ? .asIs : .nativeSnapshot
    case "PodVolumeBackup": return .provisionAnew(Self.fromFiles)
    case "CSISnapshot": return .provisionAnew(Self.fromSnapshot)
    default: return Self.byReclaimPolicy(volume)
    }
  }

  /// Why the data of a volume are not restored although the backup has them; nil when it has none, or when they are.
  func loss(of volume: String) -> String? {
    guard let info = infos?[volume] else { return nil }
    if info.isDataMoved { return "its data, which were moved into the backup, \(Self.byServer)" }
    return info.method == "PodVolumeBackup"
      ? "its files, which the backup has, \(Self.byServer)" : nil
  }

  /// The volumes among archived ones that are not restored, so that their claims get others.
  public func provisionedAnew(
    among volumes: some Sequence<JSONValue>,
    restoresVolumes: Bool?
  ) -> Set<String> {
    var names: Set<String> = []
    for volume in volumes {
      if case .provisionAnew = decision(on: volume, restoresVolumes: restoresVolumes) {
        names.insert(volume[path: "metadata", "name"]?.string ?? "")
      }
    }
    return names
  }

  /// Whether a volume that is made from a native snapshot needs another name than the backup's.
  ///
  /// It does when its claim goes into another namespace and the target has a volume of the name.
  ///
  /// - Parameters:
  ///   - volume: The archived object.
  ///   - mapping: The namespaces.
  ///   - exists: Whether the target has a volume of its name.
  /// - Returns: Whether it does.
  public static func needsNewName(
    _ volume: JSONValue,
    mapping: NamespaceMapping,
    exists: Bool
  ) -> Bool {
    let namespace = volume[path: "spec", "claimRef", "namespace"]?.string
    return exists && namespace.map { mapping.names[$0] != nil } == true
  }

  private func legacyDecision(
    _ name: String,
    _ volume: JSONValue,
    _ restoresVolumes: Bool?
  ) -> VolumeDecision {
    if snapshots.contains(name) { return restoresVolumes == false ? .asIs : .nativeSnapshot }
    let claim = volume[path: "spec", "claimRef"]
    let place = "\(claim?["namespace"]?.string ?? "")/\(claim?["name"]?.string ?? "")"
    if claimsWithFiles.contains(place) { return .provisionAnew(Self.fromFiles) }
    if claimsWithSnapshots.contains(place) { return .provisionAnew(Self.fromSnapshot) }
    return Self.byReclaimPolicy(volume)
  }

  private static func byReclaimPolicy(_ volume: JSONValue) -> VolumeDecision {
    volume[path: "spec", "persistentVolumeReclaimPolicy"]?.string == "Delete"
      ? .provisionAnew(
        "its claim gets a new, empty volume, as the old one was to be deleted with its claim"
      ) : .asIs
  }

  private static let fromFiles =
    "its claim gets a new, empty volume: the files that the backup has \(byServer)"
  private static let byServer = "are restored by a Velero server with its node agents only"
  private static let fromSnapshot = "its claim gets a new volume, made from the backup's snapshot"
}
