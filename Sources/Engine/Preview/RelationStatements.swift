// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What a pod says about others, beside its metadata; many pods say the same.
struct PodStatement: Sendable, Hashable {
  /// A volume that a backup may copy.
  struct Volume: Sendable, Hashable {
    var name: String
    /// The claim; nil for a volume of the pod's own.
    var claim: String?
    /// What policies ask of a volume of the pod's own.
    var facts: VolumeFacts
  }

  var relations = Relations()
  /// Without those that hold no data of their own; see velero/03, section 9.
  var volumes: [Volume] = []

  init() {}

  init(of view: JSONView) {
    relations = Relations(of: view, type: RelationKind.pods.type)
    view["spec"]?["volumes"]?.forEachElement { volume in
      let name = volume["name"]?.string ?? ""
      var facts = VolumeFacts()
      volume.forEachMember { key, source in
        if source.isObject { facts.read(String(decoding: key, as: UTF8.self), source) }
      }
      guard !Self.foreign.contains(facts.type), !name.hasPrefix("default-token") else { return }
      let claim = volume["persistentVolumeClaim"]?["claimName"]?.string
      volumes.append(Volume(name: name, claim: claim, facts: facts))
    }
  }

  private static let foreign: Set<String> = [
    "hostPath", "secret", "configMap", "projected", "downwardAPI",
  ]
}

/// What a claim says.
struct ClaimStatement: Sendable, Hashable {
  /// The volume; nil when it is not bound.
  var volume: String?
  var phase = ""
  var storageClass = ""

  init() {}

  init(of view: JSONView) {
    volume = Relations(of: view, type: RelationKind.claims.type).volume
    phase = view["status"]?["phase"]?.string ?? ""
    storageClass = view["spec"]?["storageClassName"]?.string ?? ""
  }
}

extension VolumeFacts {
  /// The fields of a PersistentVolume's spec that are sources; others are objects too.
  private static let sources: Set<String> = [
    "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume",
    "flocker", "gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local", "nfs",
    "photonPersistentDisk", "portworxVolume", "quobyte", "rbd", "scaleIO", "storageos",
    "vsphereVolume",
  ]

  /// Reads a PersistentVolume.
  init(ofVolume view: JSONView) {
    let spec = view["spec"]
    capacity = spec?["capacity"]?["storage"]?.string.flatMap(Quantity.init) ?? .zero
    storageClass = spec?["storageClassName"]?.string ?? ""
    spec?.forEachMember { key, source in
      let key = String(decoding: key, as: UTF8.self)
      if Self.sources.contains(key) { read(key, source) }
    }
  }

  /// Reads a source.
  mutating func read(_ type: String, _ source: JSONView) {
    self.type = type
    switch type {
    case "nfs":
      nfs = VolumePolicy.NFS(
        server: source["server"]?.string ?? "",
        path: source["path"]?.string ?? ""
      )
    case "csi":
      var attributes: [String: String] = [:]
      source["volumeAttributes"]?.forEachMember { key, value in
        attributes[String(decoding: key, as: UTF8.self)] = value.string
      }
      csi = VolumePolicy.CSI(driver: source["driver"]?.string ?? "", attributes: attributes)
    default: break
    }
  }
}

/// What one object says about others.
struct RelationReading: Sendable {
  enum Statement: Sendable {
    case pod(PodStatement)
    case claim(ClaimStatement)
    case binding(BindingFacts)
    case volume(VolumeFacts)
  }

  let id: RowIdentity
  let version: RowVersion
  let statement: Statement

  init(_ view: JSONView, _ kind: RelationKind) {
    let fields = ObjectFields(view)
    id = RowIdentity(fields)
    version = RowVersion(fields)
    switch kind {
    case .pods: statement = .pod(PodStatement(of: view))
    case .claims: statement = .claim(ClaimStatement(of: view))
    case .bindings: statement = .binding(BindingFacts(of: view))
    case .volumes: statement = .volume(VolumeFacts(ofVolume: view))
    }
  }
}
