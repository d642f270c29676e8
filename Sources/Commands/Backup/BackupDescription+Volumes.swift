// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension BackupDescription {
  /// How the data of a volume was kept, and how Velero calls that.
  private struct Method {
    var name: String
    var title: String
    var details: String
  }

  private static let methods = [
    Method(
      name: "NativeSnapshot",
      title: "Velero-Native Snapshots",
      details: "nativeSnapshotInfo"
    ),
    Method(name: "CSISnapshot", title: "CSI Snapshots", details: "csiSnapshotInfo"),
    Method(name: "PodVolumeBackup", title: "Pod Volume Backups", details: "pvbInfo"),
  ]

  /// What was done about the data of volumes.
  func addVolumes(_ text: inout TabbedText) {
    text.heading("Backup Volumes")
    for (index, method) in Self.methods.enumerated() {
      if index > 0 { text.add() }
      let volumes = self.volumes.filter { $0["backupMethod"]?.string == method.name }
      guard !volumes.isEmpty else {
        text.add("\t\(method.title): <none included>")
        continue
      }
      guard withDetails else {
        text.add("\t\(method.title): \(volumes.count) (specify --details for more information)")
        continue
      }
      text.heading(method.title, level: 1)
      for volume in volumes { addVolume(volume, method, &text) }
    }
  }

  private func addVolume(_ volume: JSONValue, _ method: Method, _ text: inout TabbedText) {
    text.heading(Self.volumeName(volume), level: 2)
    let details =
      volume["snapshotDataMoved"]?.bool == true
      ? volume["snapshotDataMovementInfo"] : volume[method.details]
    for member in details?.object?.members ?? [] {
      text.field(member.key, member.value.string ?? member.value.text(), level: 3)
    }
    text.field("result", volume["result"]?.string ?? "", level: 3)
  }

  /// The claim, or the volume, or the pod with its volume.
  private static func volumeName(_ volume: JSONValue) -> String {
    if let claim = volume["pvcName"]?.string, !claim.isEmpty {
      return "\(volume["pvcNamespace"]?.string ?? "")/\(claim)"
    }
    if let name = volume["pvName"]?.string, !name.isEmpty { return name }
    let pod = volume["pvbInfo"]
    return ["podNamespace", "podName", "volumeName"].compactMap { pod?[$0]?.string }
      .joined(separator: "/")
  }
}
