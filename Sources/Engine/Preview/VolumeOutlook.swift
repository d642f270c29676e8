// SPDX-License-Identifier: Apache-2.0

/// What a resource policy says about the data of one volume.
///
/// Information only: a direct backup takes the objects of volumes and not their data; a Velero server acts on it.
public struct VolumeOutlook: Sendable, Hashable {
  /// The taken pod that mounts it; nil for a volume that no taken pod mounts.
  public let pod: ObjectAddress?
  /// Its name in the pod; empty without a pod.
  public let name: String
  /// The claim; nil for a volume of the pod's own.
  public let claim: ObjectAddress?
  /// The PersistentVolume; nil where there is none.
  public let volume: ObjectAddress?
  /// The rule that fits, counted from 1; nil when none does.
  public let rule: Int?
  /// What the rule wants; nil leaves it to the pods' annotations and the server's defaults.
  public let action: VolumeAction?
  /// Whether an annotation of the pod names the volume, which does not count where a rule fits.
  public let isAnnotated: Bool
  /// Whether the rule fits only with what the claim says, at which Velero does not look when it decides about snapshots of volumes.
  public let needsClaim: Bool
}

extension VolumeOutlook: CustomStringConvertible {
  /// `volume 'data' of the pod 'shop/db-0': skip, by rule 2`.
  public var description: String {
    let what =
      pod.map { "volume '\(name)' of the pod '\($0.path)'" }
      ?? volume.map { "volume '\($0.name)'" } ?? "volume"
    guard let action, let rule else {
      return "\(what): no rule fits; annotations and the server's defaults decide"
    }
    return "\(what): \(action.rawValue), by rule \(rule)"
  }
}

/// Finds out what the rules say about the volumes of taken pods, and about taken volumes beside them.
extension PreviewEvaluator {
  private static let annotations = [
    "backup.velero.io/backup-volumes", "backup.velero.io/backup-volumes-excludes",
  ]

  /// The outlooks, none where the policy has no rules for volumes; what is lacking for them is noted.
  mutating func outlooks() -> [VolumeOutlook] {
    guard let policies = selection.filter.policies, !policies.volumes.isEmpty else { return [] }
    var outlooks: [VolumeOutlook] = []
    var seen: Set<Int> = []
    if let pods = selection.type("pods"), let place = types[pods].place {
      for row in takenRows(pods) { addVolumes(ofPod: row, place, policies, &outlooks, &seen) }
    }
    if let volumes = selection.type("persistentvolumes"), let place = types[volumes].place {
      for row in takenRows(volumes) where !seen.contains(row) {
        guard let facts = ground.relationColumns.volume(row) else {
          want(.volumes, place, row)
          continue
        }
        let name = ground.inventory.row(ofType: place, index: row).name
        outlooks.append(
          VolumeOutlook(
            volume: ObjectAddress(type: "persistentvolumes", name: name),
            facts: facts,
            policies
          )
        )
      }
    }
    return outlooks
  }

  private func takenRows(_ type: Int) -> [Int] {
    types[type].column.indices.filter { isTaken(type, $0) }
  }

  private mutating func addVolumes(
    ofPod row: Int,
    _ place: Int,
    _ policies: ResourcePolicies,
    _ outlooks: inout [VolumeOutlook],
    _ seen: inout Set<Int>
  ) {
    guard let shape = ground.relationColumns.shape(ofPod: row) else {
      return want(.pods, place, row)
    }
    let statement = ground.relationColumns.shapes[shape]
    guard !statement.volumes.isEmpty else { return }
    let object = ground.inventory.row(ofType: place, index: row)
    let annotated = Set(
      Self.annotations.compactMap { object.annotation($0) }
        .flatMap { $0.split(separator: ",").map(String.init) }
    )
    for volume in statement.volumes {
      let pod = PodVolume(
        pod: ObjectAddress(type: "pods", namespace: object.namespace, name: object.name),
        volume: volume,
        isAnnotated: annotated.contains(volume.name)
      )
      if let outlook = outlook(pod, policies, &seen) { outlooks.append(outlook) }
    }
  }

  /// The outlook of a pod's volume; nil while what it needs is lacking.
  private mutating func outlook(
    _ pod: PodVolume,
    _ policies: ResourcePolicies,
    _ seen: inout Set<Int>
  ) -> VolumeOutlook? {
    guard let name = pod.volume.claim else {
      return VolumeOutlook(pod: pod, facts: pod.volume.facts, policies)
    }
    let inventory = ground.inventory
    let claim = ObjectAddress(
      type: "persistentvolumeclaims",
      namespace: pod.pod.namespace,
      name: name
    )
    guard let place = inventory.place(of: claim.type),
      let row = inventory.row(ofType: place, namespace: claim.namespace, name: name)
    else { return VolumeOutlook(pod: pod, claim: claim, facts: VolumeFacts(), policies) }
    guard let statement = ground.relationColumns.claim(row.index) else {
      want(.claims, place, row.index)
      return nil
    }
    var facts = VolumeFacts()
    var volume: ObjectAddress?
    if let name = statement.volume, let place = inventory.place(of: "persistentvolumes"),
      let row = inventory.row(ofType: place, namespace: nil, name: name)
    {
      seen.insert(row.index)
      volume = ObjectAddress(type: "persistentvolumes", name: name)
      guard let found = ground.relationColumns.volume(row.index) else {
        want(.volumes, place, row.index)
        return nil
      }
      facts = found
    }
    facts.claimLabels = row.labels
    facts.claimPhase = statement.phase
    return VolumeOutlook(pod: pod, claim: claim, volume: volume, facts: facts, policies)
  }
}

/// A volume as a pod names it.
private struct PodVolume {
  let pod: ObjectAddress
  let volume: PodStatement.Volume
  let isAnnotated: Bool
}

extension VolumeOutlook {
  fileprivate init(
    pod: PodVolume? = nil,
    claim: ObjectAddress? = nil,
    volume: ObjectAddress? = nil,
    facts: VolumeFacts,
    _ policies: ResourcePolicies
  ) {
    self.pod = pod?.pod
    name = pod?.volume.name ?? ""
    self.claim = claim
    self.volume = volume
    let place = policies.rule(for: facts)
    rule = place.map { $0 + 1 }
    action = place.map { policies.volumes[$0].action }
    isAnnotated = pod?.isAnnotated ?? false
    var bare = facts
    bare.claimLabels = [:]
    bare.claimPhase = ""
    needsClaim = volume != nil && policies.rule(for: bare) != place
  }
}
