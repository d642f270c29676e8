// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What is kept of a service.
struct ServiceFacts: Sendable, Hashable {
  let uid: String
  let isLeaving: Bool
  /// Empty for one that selects nothing by itself.
  let selector: [String: String]
  let isExternalName: Bool
  let isLoadBalancer: Bool
  /// Whether a load balancer has given it an address.
  let hasIngress: Bool

  init(_ view: JSONView) {
    let spec = view["spec"]
    uid = view["metadata"]?["uid"]?.string ?? ""
    isLeaving = view["metadata"]?["deletionTimestamp"]?.string != nil
    selector = spec?["selector"]?.texts ?? [:]
    isExternalName = spec?["type"]?.string == "ExternalName"
    isLoadBalancer = spec?["type"]?.string == "LoadBalancer"
    hasIngress = (view["status"]?["loadBalancer"]?["ingress"]?.count ?? 0) > 0
  }
}

/// Some of a service's endpoints.
struct EndpointFacts: Sendable, Hashable {
  /// The service's name.
  let service: String
  /// How many addresses are ready.
  let readyCount: Int

  /// Reads an EndpointSlice; nil for one of no service.
  init?(slice view: JSONView) {
    guard let service = view["metadata"]?["labels"]?["kubernetes.io/service-name"]?.string else {
      return nil
    }
    self.service = service
    var count = 0
    view["endpoints"]?.forEachElement { endpoint in
      // Unknown is to be taken for ready; source: EndpointConditions of the API reference.
      if endpoint["conditions"]?["ready"]?.bool ?? true {
        count += endpoint["addresses"]?.count ?? 0
      }
    }
    readyCount = count
  }

  /// Reads an Endpoints object, which has its service's name.
  init(endpoints view: JSONView) {
    service = view["metadata"]?["name"]?.string ?? ""
    var count = 0
    view["subsets"]?.forEachElement { count += $0["addresses"]?.count ?? 0 }
    readyCount = count
  }
}

/// What is kept of a claim.
struct ClaimFacts: Sendable, Hashable {
  let uid: String
  let isLeaving: Bool
  let phase: String
  /// The volume that it is bound to, or asks for.
  let volume: String?
  /// nil for the default class, empty for none.
  let storageClass: String?

  init(_ view: JSONView) {
    let metadata = view["metadata"]
    uid = metadata?["uid"]?.string ?? ""
    isLeaving = metadata?["deletionTimestamp"]?.string != nil
    phase = view["status"]?["phase"]?.string ?? "Pending"
    let volume = view["spec"]?["volumeName"]?.string ?? ""
    self.volume = volume.isEmpty ? nil : volume
    let annotated = metadata?["annotations"]?["volume.beta.kubernetes.io/storage-class"]
    storageClass = (annotated ?? view["spec"]?["storageClassName"])?.string
  }
}

/// What is kept of a storage class.
struct StorageClassFacts: Sendable, Hashable {
  let isDefault: Bool
  /// Whether volumes are made only when a pod that uses them is placed.
  let waitsForConsumer: Bool

  init(_ view: JSONView) {
    let annotations = view["metadata"]?["annotations"]
    isDefault =
      annotations?["storageclass.kubernetes.io/is-default-class"]?.string == "true"
      || annotations?["storageclass.beta.kubernetes.io/is-default-class"]?.string == "true"
    waitsForConsumer = view["volumeBindingMode"]?.string == "WaitForFirstConsumer"
  }
}

/// What is kept of an event: a warning about an object.
struct EventFacts: Sendable, Hashable {
  /// The type of the object that it is about.
  let subject: ReadinessType
  let place: PlacedName
  let uid: String
  let reason: String
  let message: String
  let count: Int

  /// The reasons that tell why something does not get on, and that no status tells.
  static let reasons: Set<String> = [
    "FailedCreate", "FailedMount", "FailedAttachVolume", "FailedMapVolume", "ProvisioningFailed",
    "FailedBinding", "VolumeMismatch", "ClaimMisbound", "ClaimLost", "Unhealthy",
    "SyncLoadBalancerFailed", "FailedCreatePodSandBox", "ProvisioningCleanupFailed",
  ]

  /// Reads an event; nil for one that tells nothing of readiness.
  init?(_ view: JSONView) {
    guard let reason = view["reason"]?.string, Self.reasons.contains(reason),
      let object = view["involvedObject"], let kind = object["kind"]?.string,
      let subject = ReadinessType(kind: kind), let name = object["name"]?.string
    else { return nil }
    self.subject = subject
    self.reason = reason
    place = PlacedName(namespace: object["namespace"]?.string ?? "", name: name)
    uid = object["uid"]?.string ?? ""
    message = ReadinessWords.excerpt(view["message"]?.string ?? "")
    count = max(view["count"]?.integer ?? 1, view["series"]?["count"]?.integer ?? 0)
  }
}
