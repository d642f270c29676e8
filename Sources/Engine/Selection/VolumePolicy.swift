// SPDX-License-Identifier: Apache-2.0

/// What is to be done about the data of a volume.
public enum VolumeAction: String, Sendable, Hashable, CaseIterable {
  /// Nothing.
  case skip
  /// Its files are backed up.
  case fsBackup = "fs-backup"
  /// It is snapshotted.
  case snapshot
  /// Velero does nothing; somebody else does.
  case custom
}

/// A rule for the data of volumes: conditions that all hold, and what is done then.
///
/// Source: velero/03, section 9.
public struct VolumePolicy: Sendable, Hashable {
  /// A volume on a file server; empty texts stand for any.
  public struct NFS: Sendable, Hashable {
    /// The server's name or address.
    public var server = ""
    /// The exported directory.
    public var path = ""

    /// Makes one that fits any.
    public init(server: String = "", path: String = "") {
      self.server = server
      self.path = path
    }
  }

  /// A volume of a CSI driver; an empty name stands for any driver.
  public struct CSI: Sendable, Hashable {
    /// The driver's name.
    public var driver = ""
    /// Attributes the volume has, with their values.
    public var attributes: [String: String] = [:]

    /// Makes one that fits any.
    public init(driver: String = "", attributes: [String: String] = [:]) {
      self.driver = driver
      self.attributes = attributes
    }
  }

  var smallest = Quantity.zero
  /// Zero for no limit.
  var largest = Quantity.zero
  var storageClasses: [String] = []
  var nfs: NFS?
  var csi: CSI?
  var volumeTypes: [String] = []
  var claimLabels: [String: String] = [:]
  var claimPhases: [String] = []
  /// What is done.
  public var action = VolumeAction.skip

  /// Whether all conditions hold for a volume.
  func matches(_ volume: VolumeFacts) -> Bool {
    matchesCapacity(volume.capacity)
      && (storageClasses.isEmpty || storageClasses.contains(volume.storageClass))
      && (nfs.map { volume.matches($0) } ?? true)
      && (csi.map { volume.matches($0) } ?? true)
      && (volumeTypes.isEmpty || volumeTypes.contains(volume.type))
      && claimLabels.allSatisfy { volume.claimLabels[$0] == $1 }
      && (claimPhases.isEmpty || claimPhases.contains(volume.claimPhase))
  }

  private func matchesCapacity(_ capacity: Quantity) -> Bool {
    capacity >= smallest && (largest == .zero || capacity <= largest)
  }
}

/// What rules for volumes ask of one.
struct VolumeFacts: Sendable, Hashable {
  /// Zero for volumes that are no PersistentVolumes.
  var capacity = Quantity.zero
  /// Empty for none.
  var storageClass = ""
  var nfs: VolumePolicy.NFS?
  var csi: VolumePolicy.CSI?
  /// The name of the source's field, such as `emptyDir`.
  var type = ""
  var claimLabels: [String: String] = [:]
  /// Empty without a claim.
  var claimPhase = ""

  func matches(_ condition: VolumePolicy.NFS) -> Bool {
    guard let nfs else { return false }
    return (condition.server.isEmpty || condition.server == nfs.server)
      && (condition.path.isEmpty || condition.path == nfs.path)
  }

  func matches(_ condition: VolumePolicy.CSI) -> Bool {
    guard let csi else { return false }
    guard !condition.driver.isEmpty else { return true }
    return condition.driver == csi.driver
      && condition.attributes.allSatisfy { csi.attributes[$0] == $1 }
  }
}
