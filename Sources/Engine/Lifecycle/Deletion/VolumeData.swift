// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
internal import Primitives
internal import Velero

/// Whether data of a backup's volumes is kept outside of its directory, where only a Velero server can remove it.
public enum VolumeData: Sendable, Hashable {
  /// Nothing says so.
  case none
  /// Something says so.
  case elsewhere
  /// What would say so cannot be read; the reason.
  case unknown(String)
}

extension BackupCatalog {
  /// Whether there are snapshots or copies of volumes outside of a backup's directory.
  ///
  /// In doubt there are: what was tried may have left something. Source: velero 1.18, `pkg/controller/backup_controller.go` for
  /// the counters, `pkg/backup/actions/csi` for data that is moved, `internal/volume/volumes_information.go`.
  ///
  /// - Throws: `ObjectStoreError` `.unavailable` or `.cancelled`; `CancellationError`.
  func volumeData(_ record: Backup) async throws -> VolumeData {
    let status = record.status
    let attempts = [
      status.volumeSnapshotsAttempted, status.volumeSnapshotsCompleted,
      status.csiVolumeSnapshotsAttempted, status.csiVolumeSnapshotsCompleted,
      status.itemOperationsAttempted, status.itemOperationsCompleted,
    ]
    if record.spec.snapshotMoveData == true || attempts.contains(where: { $0 > 0 }) {
      return .elsewhere
    }
    var doubt = VolumeData.none
    for file in [BackupFile.podVolumeBackups, .volumeInfo, .volumeSnapshots, .csiVolumeSnapshots] {
      switch try await volumeData(file, of: record.name) {
      case .elsewhere: return .elsewhere
      case .unknown(let reason): doubt = .unknown(reason)
      case .none: break
      }
    }
    return doubt
  }

  /// What one of the lists of volumes says.
  private func volumeData(_ file: BackupFile, of name: String) async throws -> VolumeData {
    do {
      guard let json = try await json(file, of: name), json != .null else { return .none }
      guard let entries = json.array else {
        return .unknown("'\(key(file, of: name))' is no list")
      }
      let isElsewhere =
        file == .volumeInfo
        ? entries.contains { !VolumeInfo(json: $0).isSkipped } : !entries.isEmpty
      return isElsewhere ? .elsewhere : .none
    } catch let error as EngineError {
      return .unknown(error.message)
    } catch let error as ObjectStoreError
      where ![.unavailable, .cancelled].contains(error.code)
    {
      return .unknown(error.message)
    }
  }
}
