// SPDX-License-Identifier: Apache-2.0

/// How a workload stands.
public enum ReadinessState: Sendable, Hashable {
  /// It does what it is to do; with a note where that is less than one may think, such as being scaled to 0.
  case ready(note: String? = nil)
  /// It is on its way; what is missing, in words.
  case waiting(String)
  /// It does not get on by itself, as far as can be seen, but may yet: what holds it up, and the details in words.
  case stuck(ReadinessCause, String)
  /// It cannot be looked at, for this reason.
  case unknown(String)

  /// Whether it is ready.
  public var isReady: Bool { if case .ready = self { true } else { false } }
  /// Whether it is on its way.
  public var isWaiting: Bool { if case .waiting = self { true } else { false } }
  /// Whether it does not get on by itself.
  public var isStuck: Bool { if case .stuck = self { true } else { false } }
  /// Whether it cannot be looked at.
  public var isUnknown: Bool { if case .unknown = self { true } else { false } }

  /// What is to be said of it; nil for what is ready without a note.
  public var words: String? {
    switch self {
    case .ready(let note): note
    case .waiting(let words), .stuck(_, let words), .unknown(let words): words
    }
  }

  /// Whether it is ready and does less than one may think.
  var isReadyWithNote: Bool { if case .ready(.some) = self { true } else { false } }

  /// Whether another state is the same but for its words.
  func isSame(as other: ReadinessState) -> Bool {
    switch (self, other) {
    case (.ready, .ready), (.waiting, .waiting), (.unknown, .unknown): true
    case (.stuck(let cause, _), .stuck(let otherCause, _)): cause == otherCause
    default: false
    }
  }
}

/// What holds a workload up.
public enum ReadinessCause: String, Sendable, Hashable, CaseIterable {
  /// An image cannot be had.
  case imagePull = "image-pull"
  /// No node takes a pod.
  case unschedulable
  /// A container ends again and again.
  case crashLoop = "crash-loop"
  /// A container cannot be made of its configuration: a Secret, a ConfigMap or a command is missing.
  case configError = "config-error"
  /// A volume cannot be attached or mounted.
  case volumeMount = "volume-mount"
  /// A claim gets no volume.
  case unboundClaim = "unbound-claim"
  /// A quota does not allow its pods.
  case quota
  /// Its pods are refused, by admission or for what they name.
  case failedCreate = "failed-create"
  /// It has made no progress for longer than it allows itself.
  case progressDeadline = "progress-deadline"
  /// A Job has failed.
  case jobFailed = "job-failed"
  /// A pod has failed, or was evicted.
  case podFailed = "pod-failed"
  /// A service has nothing behind it.
  case noEndpoints = "no-endpoints"
  /// A service gets no address from the load balancer.
  case loadBalancer = "load-balancer"
  /// A pod runs, and says that it is not ready.
  case probeFailing = "probe-failing"
  /// It is not in the cluster.
  case missing
  /// None of these.
  case other

  /// The cause in words that can stand above a list of workloads.
  public var title: String {
    switch self {
    case .imagePull: "an image cannot be pulled"
    case .unschedulable: "no node takes the pods"
    case .crashLoop: "a container ends again and again"
    case .configError: "a container's configuration is missing or wrong"
    case .volumeMount: "a volume cannot be mounted"
    case .unboundClaim: "a claim has no volume"
    case .quota: "the quota of the namespace does not allow the pods"
    case .failedCreate: "the pods are refused"
    case .progressDeadline: "no progress within the deadline"
    case .jobFailed: "the job has failed"
    case .podFailed: "a pod has failed"
    case .noEndpoints: "nothing answers behind the service"
    case .loadBalancer: "the load balancer gives no address"
    case .probeFailing: "a probe fails"
    case .missing: "it is not in the cluster"
    case .other: "other causes"
    }
  }

  /// What the user can do about it; nil where only the words can tell.
  public var hint: String? {
    switch self {
    case .imagePull: "see that the registry has the image, and that the pods may pull it"
    case .unschedulable: "add nodes or free room on them, or change what the pods ask for"
    case .crashLoop: "look at the container's log: kubectl logs --previous"
    case .configError: "restore or create the Secret or ConfigMap that is named"
    case .volumeMount: "look at the volume and at what else uses it"
    case .unboundClaim: "create a volume that fits, or map the storage class to one of this cluster"
    case .quota: "raise the namespace's quota, or free some of it"
    case .failedCreate: "correct what refuses the pods; the controller tries again by itself"
    case .progressDeadline: "look at the pods of the Deployment"
    case .jobFailed, .podFailed: "look at the logs of the pods"
    case .noEndpoints: "look at the workloads behind the service"
    case .loadBalancer: "look at the cluster's load balancer controller"
    case .probeFailing: "look at the container's log and at its probe"
    case .missing: "see what has deleted it, then restore it again"
    case .other: nil
    }
  }
}
