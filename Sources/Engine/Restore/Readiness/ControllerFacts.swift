// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Velero

/// The object that controls another one, as owner references name it.
struct ReadinessOwner: Sendable, Hashable {
  var kind: String
  var name: String
  var uid: String

  /// The controller among an object's owners.
  init?(_ metadata: JSONView?) {
    var owner: ReadinessOwner?
    metadata?["ownerReferences"]?.forEachElement { view in
      guard owner == nil, view["controller"]?.bool == true else { return }
      owner = ReadinessOwner(view)
    }
    guard let owner else { return nil }
    self = owner
  }

  private init(_ reference: JSONView) {
    kind = reference["kind"]?.string ?? ""
    name = reference["name"]?.string ?? ""
    uid = reference["uid"]?.string ?? ""
  }
}

/// What an object that makes pods wants and has.
struct ControllerFacts: Sendable, Hashable {
  /// The numbers of a status; what is absent is 0.
  struct Counts: Sendable, Hashable {
    var replicas = 0
    var updated = 0
    var ready = 0
    var available = 0
    /// A DaemonSet's nodes, and its pods on them.
    var desired = 0
    var updatedOnNodes = 0
    var availableOnNodes = 0
    /// A Job's pods.
    var active = 0
    var succeeded = 0
    var failed = 0
  }

  /// How pods are replaced.
  struct Strategy: Sendable, Hashable {
    var isOnDelete = false
    /// Pods of a StatefulSet with lower numbers stay as they are; nil where the object does not say.
    var partition: Int?
    /// Whether the StatefulSet's pods are still of two revisions.
    var isChangingRevision = false
  }

  let uid: String
  let owner: ReadinessOwner?
  let isLeaving: Bool
  let generation: Int
  let observedGeneration: Int
  /// The pods that are wanted, where the object says it.
  let replicas: Int
  /// Paused for Deployments, suspended for Jobs and CronJobs.
  let isHeld: Bool
  let counts: Counts
  let strategy: Strategy
  let conditions: [ReadinessCondition]
  let selector: LabelSelector?
  let podLabels: [String: String]

  init(_ view: JSONView) {
    let metadata = view["metadata"]
    let spec = view["spec"]
    let status = view["status"]
    uid = metadata?["uid"]?.string ?? ""
    owner = ReadinessOwner(metadata)
    isLeaving = metadata?["deletionTimestamp"]?.string != nil
    generation = metadata?["generation"]?.integer ?? 0
    observedGeneration = status?["observedGeneration"]?.integer ?? 0
    replicas = spec?["replicas"]?.integer ?? 1
    isHeld = (spec?["paused"] ?? spec?["suspend"])?.bool ?? false
    counts = Counts(status)
    strategy = Strategy(spec, status)
    conditions = ReadinessCondition.read(
      status,
      ["Progressing", "ReplicaFailure", "Complete", "SuccessCriteriaMet", "Failed"]
    )
    selector = Self.selector(spec?["selector"])
    podLabels = spec?["template"]?["metadata"]?["labels"]?.texts ?? [:]
  }

  /// A `LabelSelector`, or plain labels as ReplicationControllers have them.
  private static func selector(_ view: JSONView?) -> LabelSelector? {
    guard let view, view.isObject else { return nil }
    if view["matchLabels"] != nil || view["matchExpressions"] != nil {
      return try? LabelSelector(json: view.value)
    }
    let labels = view.texts
    return labels.isEmpty ? nil : LabelSelector(matchLabels: labels)
  }
}

extension ControllerFacts.Counts {
  init(_ status: JSONView?) {
    func number(_ key: StaticString) -> Int { status?[key]?.integer ?? 0 }
    self.init(
      replicas: number("replicas"),
      updated: number("updatedReplicas"),
      ready: status?["readyReplicas"]?.integer ?? number("ready"),
      available: number("availableReplicas"),
      desired: number("desiredNumberScheduled"),
      updatedOnNodes: number("updatedNumberScheduled"),
      availableOnNodes: number("numberAvailable"),
      active: number("active"),
      succeeded: number("succeeded"),
      failed: number("failed")
    )
  }
}

extension ControllerFacts.Strategy {
  init(_ spec: JSONView?, _ status: JSONView?) {
    // A DaemonSet's and a StatefulSet's; a CronJob's status has `active` as a list, and no strategy.
    let strategy = spec?["updateStrategy"]
    let update = status?["updateRevision"]?.string
    self.init(
      isOnDelete: strategy?["type"]?.string == "OnDelete",
      partition: strategy?["rollingUpdate"]?["partition"]?.integer,
      isChangingRevision: update != nil && update != status?["currentRevision"]?.string
    )
  }
}
