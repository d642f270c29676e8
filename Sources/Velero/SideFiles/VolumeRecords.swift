// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What happened to one volume: an element of `…-volumeinfo.json.gz`.
///
/// Source: Velero 1.18, `internal/volume/volumes_information.go`.
public struct VolumeInfo: JSONRecord {
  /// The whole object.
  public var json: JSONValue

  /// Takes an object as it is.
  public init(json: JSONValue) { self.json = json }

  /// Makes an entry of a volume that was left out.
  ///
  /// - Parameters:
  ///   - claimName: The claim; empty when there is none.
  ///   - claimNamespace: Its namespace.
  ///   - volumeName: The PersistentVolume.
  ///   - reason: `<approach>: <reason>;`, repeated.
  public init(
    skipping claimName: String,
    in claimNamespace: String,
    volumeName: String,
    reason: String
  ) {
    json = [:]
    set("pvcName", claimName)
    set("pvcNamespace", claimNamespace)
    set("pvName", volumeName)
    json["skipped"] = true
    set("skippedReason", reason)
  }

  /// The claim; empty for a volume that a pod has without one.
  public var claimName: String { text("pvcName") ?? "" }

  /// The claim's namespace.
  public var claimNamespace: String { text("pvcNamespace") ?? "" }

  /// The PersistentVolume.
  public var volumeName: String { text("pvName") ?? "" }

  /// NativeSnapshot, PodVolumeBackup or CSISnapshot; empty for a volume that was left out.
  public var method: String { text("backupMethod") ?? text("restoreMethod") ?? "" }

  /// Whether the volume was left out.
  public var isSkipped: Bool { flag("skipped") ?? false }

  /// Why it was left out.
  public var skippedReason: String { text("skippedReason") ?? "" }

  /// Whether a snapshot's data was moved to the location.
  public var isDataMoved: Bool { flag("snapshotDataMoved") ?? false }

  /// When it began.
  public var startTimestamp: Timestamp? { time("startTimestamp") }

  /// When it ended.
  public var completionTimestamp: Timestamp? { time("completionTimestamp") }

  /// `succeeded` or `failed`; empty while it is not known.
  public var result: String { text("result") ?? "" }

  /// How many bytes were moved or uploaded; nil where the file does not say.
  public var sizeBytes: Int64? {
    json[path: "pvbInfo", "size"]?.int64 ?? json[path: "snapshotDataMovementInfo", "size"]?.int64
      ?? json[path: "csiSnapshotInfo", "size"]?.int64
  }

  /// The object as Go writes it.
  public var ordered: JSONValue { Self.order.applied(to: json) }

  private static let order = FieldOrder.fields([
    .init("pvcName"), .init("pvcNamespace"), .init("pvName"), .init("backupMethod"),
    .init("restoreMethod"), .init("snapshotDataMoved", absent: false),
    .init("preserveLocalSnapshot", absent: false), .init("skipped", absent: false),
    .init("skippedReason"), .init("startTimestamp"), .init("completionTimestamp"), .init("result"),
    .init("csiSnapshotInfo"), .init("snapshotDataMovementInfo"), .init("nativeSnapshotInfo"),
    .init("pvbInfo"), .init("pvrInfo"), .init("pvInfo", .names("reclaimPolicy", "labels")),
  ])
}

/// A native snapshot of a volume: an element of `…-volumesnapshots.json.gz`.
///
/// Source: Velero 1.18, `internal/volume/snapshot.go`.
public struct VolumeSnapshot: JSONRecord {
  /// The whole object.
  public var json: JSONValue

  /// Takes an object as it is.
  public init(json: JSONValue) { self.json = json }

  /// The PersistentVolume.
  public var volumeName: String { json[path: "spec", "persistentVolumeName"]?.string ?? "" }

  /// The location it is stored in.
  public var location: String { json[path: "spec", "location"]?.string ?? "" }

  /// The provider's name of the snapshot; empty before there is one.
  public var snapshotID: String { json[path: "status", "providerSnapshotID"]?.string ?? "" }

  /// New, Completed or Failed.
  public var phase: String { json[path: "status", "phase"]?.string ?? "" }
}

/// A PodVolumeBackup object: an element of `…-podvolumebackups.json.gz`.
///
/// Velero mostly leaves `kind` and `apiVersion` out of this file.
public struct PodVolumeBackup: JSONRecord {
  /// The whole object.
  public var json: JSONValue

  /// Takes an object as it is.
  public init(json: JSONValue) { self.json = json }

  /// The object's name.
  public var name: String { json[path: "metadata", "name"]?.string ?? "" }

  /// The pod's namespace.
  public var podNamespace: String { json[path: "spec", "pod", "namespace"]?.string ?? "" }

  /// The pod.
  public var podName: String { json[path: "spec", "pod", "name"]?.string ?? "" }

  /// The volume's name in the pod.
  public var volume: String { json[path: "spec", "volume"]?.string ?? "" }

  /// `kopia` or `restic`.
  public var uploaderType: String { json[path: "spec", "uploaderType"]?.string ?? "" }

  /// The snapshot in the data repository.
  public var snapshotID: String { json[path: "status", "snapshotID"]?.string ?? "" }

  /// How far it has come.
  public var phase: String { json[path: "status", "phase"]?.string ?? "" }

  /// How many bytes the volume has.
  public var totalBytes: Int64 { json[path: "status", "progress", "totalBytes"]?.int64 ?? 0 }
}
