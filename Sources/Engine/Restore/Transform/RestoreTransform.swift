// SPDX-License-Identifier: Apache-2.0

public import Primitives
internal import Velero

/// The changes that a restore makes to every object on its way from the archive into the cluster.
///
/// A pure function of the archived object and what is known of the backup and the target; the order of the steps is Velero's.
/// Tasks that work at the same time each have a value of their own, as `ModifierRules` asks for.
/// Source: velero/05, sections 4 to 7.
public struct RestoreTransform {
  /// What is asked for.
  public struct Options: Sendable, Hashable {
    /// The labels that every restored object gets, by `MetadataReset`.
    public var labels: [String: String]
    /// The namespaces.
    public var mapping: NamespaceMapping
    /// Whether services keep their node ports.
    public var keepsNodePorts: Bool
    /// Whether the volumes of snapshots are restored; nil where there is one.
    public var restoresVolumes: Bool?
    /// Names that are others in the target.
    public var maps: RestoreMaps
    /// The restore's name, by which its snapshots are named.
    public var restore: String

    /// Makes options for the restore of a backup.
    public init(
      backup: String,
      restore: String,
      mapping: NamespaceMapping = NamespaceMapping(),
      keepsNodePorts: Bool = false,
      restoresVolumes: Bool? = nil,
      maps: RestoreMaps = RestoreMaps()
    ) {
      labels = MetadataReset.labels(backup: backup, restore: restore)
      self.restore = restore
      self.mapping = mapping
      self.keepsNodePorts = keepsNodePorts
      self.restoresVolumes = restoresVolumes
      self.maps = maps
    }
  }

  /// What is known besides the object.
  public struct Surroundings: Sendable, Hashable {
    /// What the backup says of volumes.
    public var volumes: VolumeKnowledge
    /// The volumes of the backup that are not restored, so that their claims get others.
    public var volumesProvisionedAnew: Set<String>
    /// The volumes of the backup that are restored under another name, with it.
    public var volumeNames: [String: String]
    /// The service accounts of each namespace of the target, those that are still to be restored among them.
    public var accounts: [String: Set<String>]
    /// The snapshots that are restored, `namespace/name` as the backup has them.
    public var snapshots: Set<String>

    /// Makes a value.
    public init(
      volumes: VolumeKnowledge = VolumeKnowledge(),
      volumesProvisionedAnew: Set<String> = [],
      volumeNames: [String: String] = [:],
      accounts: [String: Set<String>] = [:],
      snapshots: Set<String> = []
    ) {
      self.volumes = volumes
      self.volumesProvisionedAnew = volumesProvisionedAnew
      self.volumeNames = volumeNames
      self.accounts = accounts
      self.snapshots = snapshots
    }
  }

  /// What comes of an object.
  public struct Outcome: Sendable, Hashable {
    /// The object as it is to be created.
    public var object: JSONValue
    /// The status that the archive has; nil when it has none.
    public var status: JSONValue?
    /// Why it is not restored; nil when it is.
    public var skip: RestoreSkip?
    /// What it brings along, where the backup has it, in namespaces of the backup.
    public var needs: [ObjectAddress]
    /// What the user should know.
    public var warnings: [String]
    /// What could not be done; the object is restored without it.
    public var problems: [String]
    /// Where it still names a namespace that is restored under another name.
    public var dangling: [DanglingReference]
  }

  private let options: Options
  private let surroundings: Surroundings
  private let modifiers: ModifierRules?

  /// Makes a transformation.
  public init(
    _ options: Options,
    surroundings: Surroundings = Surroundings(),
    modifiers: ModifierRules? = nil
  ) {
    self.options = options
    self.surroundings = surroundings
    self.modifiers = modifiers
  }

  /// Transforms an object.
  ///
  /// - Parameters:
  ///   - object: The object as the archive has it.
  ///   - place: Its type, its namespace in the backup and its name.
  /// - Returns: What comes of it.
  public func apply(to object: JSONValue, at place: ObjectAddress) -> Outcome {
    var outcome = Outcome(
      object: MetadataReset.apply(object),
      status: object["status"],
      skip: nil,
      needs: Self.needs(object, place),
      warnings: [],
      problems: [],
      dangling: []
    )
    change(&outcome, object, place)
    outcome.object = options.maps.apply(outcome.object, resource: place.type)
    if let modifiers {
      let modified = modifiers.apply(to: outcome.object, resource: place.type)
      outcome.object = modified.object
      outcome.problems += modified.problems
    }
    outcome.object = MetadataReset.address(
      outcome.object,
      namespace: place.namespace.map(options.mapping.target),
      labels: options.labels
    )
    outcome.dangling = DanglingReferences.find(in: outcome.object, mapping: options.mapping)
    return outcome
  }

  /// What an archived object brings along.
  public static func needs(_ object: JSONValue, _ place: ObjectAddress) -> [ObjectAddress] {
    switch place.type {
    case "pods": PodTransform.needs(object, namespace: place.namespace)
    case "persistentvolumeclaims":
      ClaimTransform.needs(object)
        + [SnapshotTransform.snapshot(ofClaim: object)].compactMap(\.self).map {
          ObjectAddress(type: SnapshotTransform.snapshots, namespace: place.namespace, name: $0)
        }
    case SnapshotTransform.snapshots: SnapshotTransform.needs(object)
    default: []
    }
  }

  /// The types of which objects are brought along.
  public static let neededResources: Set<String> = [
    "persistentvolumeclaims", "persistentvolumes", "priorityclasses.scheduling.k8s.io",
    SnapshotTransform.snapshots, SnapshotTransform.contents,
  ]

  /// The types whose objects bring others along.
  public static let needyResources: Set<String> = [
    "pods", "persistentvolumeclaims", SnapshotTransform.snapshots,
  ]

  private func change(_ outcome: inout Outcome, _ archived: JSONValue, _ place: ObjectAddress) {
    let object = outcome.object
    switch place.type {
    case "pods": outcome.object = PodTransform.apply(object)
    case "services":
      let changed = ServiceTransform.apply(object, keepsNodePorts: options.keepsNodePorts)
      outcome.object = changed.object
      if let warning = changed.warning { outcome.warnings.append(warning) }
    case "persistentvolumeclaims":
      outcome.object = ClaimTransform.apply(object, volume: fate(of: object))
      restoreData(&outcome, archived, place)
    case SnapshotTransform.snapshots, SnapshotTransform.contents, SnapshotTransform.classes:
      changeSnapshot(&outcome, place)
    case "persistentvolumes": decide(&outcome, archived)
    case "jobs.batch": outcome.object = JobTransform.apply(object)
    case "secrets":
      let namespace = options.mapping.target(of: place.namespace ?? "")
      let accounts = surroundings.accounts[namespace, default: []].sorted()
      outcome.skip = SecretTransform.skip(object, accounts: accounts)
      outcome.object = SecretTransform.apply(object)
    case "serviceaccounts": outcome.object = AccountTransform.apply(object)
    case "rolebindings.rbac.authorization.k8s.io",
      "clusterrolebindings.rbac.authorization.k8s.io":
      outcome.object = BindingTransform.apply(object, mapping: options.mapping)
    case "mutatingwebhookconfigurations.admissionregistration.k8s.io",
      "validatingwebhookconfigurations.admissionregistration.k8s.io":
      outcome.object = WebhookTransform.apply(object)
    case "apiservices.apiregistration.k8s.io":
      outcome.skip = APIServiceTransform.skip(object)
    case RestoreWave.definitions: outcome.object = DefinitionTransform.apply(object)
    case "datauploads.velero.io":
      outcome.skip = .unneeded("it only says where the data of a volume are")
    default: break
    }
  }

  /// Has a claim's volume made from its snapshot, and says where its data are not restored.
  private func restoreData(
    _ outcome: inout Outcome,
    _ archived: JSONValue,
    _ place: ObjectAddress
  ) {
    if options.restoresVolumes == false { return }
    if let old = SnapshotTransform.snapshot(ofClaim: archived) {
      if surroundings.snapshots.contains("\(place.namespace ?? "")/\(old)") {
        let name = SnapshotTransform.name(of: old, restore: options.restore)
        outcome.object = SnapshotTransform.claim(outcome.object, from: name)
      } else {
        outcome.warnings.append(
          "it gets a new, empty volume: its snapshot '\(old)' is not restored with it"
        )
      }
      return
    }
    guard let volume = archived[path: "spec", "volumeName"]?.string,
      let loss = surroundings.volumes.loss(of: volume)
    else { return }
    outcome.warnings.append("it gets a new, empty volume: \(loss)")
  }

  private func changeSnapshot(_ outcome: inout Outcome, _ place: ObjectAddress) {
    guard options.restoresVolumes != false else {
      outcome.skip = .unneeded("the restore is asked not to restore volumes")
      return
    }
    switch place.type {
    case SnapshotTransform.snapshots:
      // One that was never bound has nothing to restore from; it is taken anew.
      guard outcome.status?["boundVolumeSnapshotContentName"]?.string != nil else { return }
      outcome.object = SnapshotTransform.snapshot(outcome.object, restore: options.restore)
    case SnapshotTransform.contents:
      guard
        let content = SnapshotTransform.content(
          outcome.object,
          status: outcome.status,
          mapping: options.mapping,
          restore: options.restore
        )
      else {
        outcome.problems.append("the backup does not know the storage's snapshot of it")
        return
      }
      outcome.object = content
    default: break
    }
  }

  private func fate(of claim: JSONValue) -> VolumeFate? {
    guard let volume = claim[path: "spec", "volumeName"]?.string else { return nil }
    if surroundings.volumesProvisionedAnew.contains(volume) { return .provisionedAnew }
    return surroundings.volumeNames[volume].map(VolumeFate.renamed) ?? .kept
  }

  private func decide(_ outcome: inout Outcome, _ volume: JSONValue) {
    let restores = options.restoresVolumes
    switch surroundings.volumes.decision(on: volume, restoresVolumes: restores) {
    case .asIs: break
    case .nativeSnapshot:
      outcome.warnings.append(
        "its content is a snapshot of the storage provider, which is not restored with it"
      )
    case .provisionAnew(let reason): outcome.skip = .unneeded(reason)
    }
    outcome.object = ClaimTransform.volume(
      outcome.object,
      mapping: options.mapping,
      name: surroundings.volumeNames[volume[path: "metadata", "name"]?.string ?? ""]
    )
  }
}
