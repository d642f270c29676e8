// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// How a pod stands, as its own status says it.
enum PodStanding: Sendable, Hashable {
  /// It runs and is ready.
  case ready
  /// It has done what it had to do.
  case done
  /// It is on its way; events may tell why it does not get on.
  case starting(String)
  /// It runs and is not ready; events may tell of its probes.
  case unready(String)
  /// It does not get on.
  case stuck(ReadinessCause, String)
  /// It is being deleted, and counts for nothing.
  case leaving
}

/// What is kept of a pod.
struct PodFacts: Sendable, Hashable {
  let uid: String
  let owner: ReadinessOwner?
  /// Only of pods that are followed themselves, or have no controller and may yet be taken over by one.
  let labels: [String: String]
  /// The claims that it uses.
  let claims: [String]
  let standing: PodStanding

  init(_ view: JSONView, isTarget: Bool = false) {
    let metadata = view["metadata"]
    uid = metadata?["uid"]?.string ?? ""
    owner = ReadinessOwner(metadata)
    labels = isTarget || owner == nil ? metadata?["labels"]?.texts ?? [:] : [:]
    var claims: [String] = []
    view["spec"]?["volumes"]?.forEachElement { volume in
      if let name = volume["persistentVolumeClaim"]?["claimName"]?.string { claims.append(name) }
    }
    self.claims = claims
    let isLeaving = metadata?["deletionTimestamp"]?.string != nil
    standing = isLeaving ? .leaving : PodStanding(view)
  }
}

extension PodStanding {
  /// Reads a pod's phase, conditions and containers.
  init(_ pod: JSONView) {
    let status = pod["status"]
    switch status?["phase"]?.string {
    case "Succeeded": self = .done
    case "Failed": self = .stuck(.podFailed, Self.failure(status))
    default: self = Self.running(status)
    }
  }

  private static func running(_ status: JSONView?) -> PodStanding {
    let conditions = ReadinessCondition.read(status, ["PodScheduled", "Ready"])
    if let scheduling = scheduling(conditions["PodScheduled"]) { return scheduling }
    for key in ["initContainerStatuses", "containerStatuses"] as [StaticString] {
      if let trouble = ContainerTrouble.first(in: status?[key]) {
        return .stuck(trouble.cause, trouble.words)
      }
    }
    if status?["phase"]?.string == "Running" {
      let ready = conditions["Ready"]
      if ready?.isTrue ?? false { return .ready }
      let words = ready?.message ?? ""
      return .unready(words.isEmpty ? "it is not ready yet" : words)
    }
    return .starting(
      conditions["PodScheduled"]?.isTrue ?? false
        ? "its containers are being made" : "it waits for a node"
    )
  }

  private static func scheduling(_ condition: ReadinessCondition?) -> PodStanding? {
    guard let condition, condition.isFalse else { return nil }
    let words = condition.message
    guard condition.reason != "SchedulingGated" else {
      return .starting("its scheduling is held back by a gate")
    }
    guard condition.reason == "Unschedulable" || condition.reason == "SchedulerError" else {
      return nil
    }
    // Source: kube-scheduler, volumebinding and volumerestrictions plugins.
    let isAboutVolumes = [
      "PersistentVolumeClaim", "persistentvolumeclaim", "persistent volume",
      "volume node affinity",
    ].contains { words.contains($0) }
    return .stuck(isAboutVolumes ? .unboundClaim : .unschedulable, words)
  }

  private static func failure(_ status: JSONView?) -> String {
    let reason = status?["reason"]?.string ?? ""
    let message = ReadinessWords.excerpt(status?["message"]?.string ?? "")
    if !reason.isEmpty || !message.isEmpty {
      return [reason, message].filter { !$0.isEmpty }.joined(separator: ": ")
    }
    return ContainerTrouble.lastEnd(in: status?["containerStatuses"]) ?? "it has failed"
  }
}

/// What keeps a container from running.
struct ContainerTrouble: Sendable, Hashable {
  var cause: ReadinessCause
  var words: String

  /// The first of a pod's containers that does not get on.
  static func first(in statuses: JSONView?) -> ContainerTrouble? {
    var found: ContainerTrouble?
    statuses?.forEachElement { status in
      if found == nil { found = ContainerTrouble(status) }
    }
    return found
  }

  /// How the first container that has failed ended.
  static func lastEnd(in statuses: JSONView?) -> String? {
    var found: String?
    statuses?.forEachElement { status in
      guard found == nil, let ended = status["state"]?["terminated"],
        ended["exitCode"]?.integer ?? 0 != 0
      else { return }
      found = "container '\(status["name"]?.string ?? "")' ended with \(Self.end(ended))"
    }
    return found
  }

  private init?(_ status: JSONView) {
    let name = status["name"]?.string ?? ""
    guard let waiting = status["state"]?["waiting"], let reason = waiting["reason"]?.string,
      let cause = Self.causes[reason]
    else { return nil }
    self.cause = cause
    let message = ReadinessWords.excerpt(waiting["message"]?.string ?? "")
    switch cause {
    case .imagePull:
      let image = status["image"]?.string ?? ""
      words = "image '\(image)' of container '\(name)': " + (message.isEmpty ? reason : message)
    case .crashLoop:
      let restarts = status["restartCount"]?.integer ?? 0
      let end = status["lastState"]?["terminated"].map { " with " + Self.end($0) } ?? ""
      words =
        "container '\(name)' ends\(end) again and again ("
        + ReadinessWords.count(restarts, "restart") + ")"
    default:
      words = "container '\(name)': " + (message.isEmpty ? reason : message)
    }
  }

  private static func end(_ terminated: JSONView) -> String {
    let code = "exit code \(terminated["exitCode"]?.integer ?? 0)"
    let reason = terminated["reason"]?.string ?? ""
    return reason.isEmpty || reason == "Error" ? code : "\(code), \(reason)"
  }

  /// Why a container waits, when it does not get on by itself.
  ///
  /// Source: kubelet, pkg/kubelet/images/types.go and pkg/kubelet/container/sync_result.go.
  private static let causes: [String: ReadinessCause] = [
    "ImagePullBackOff": .imagePull, "ErrImagePull": .imagePull, "InvalidImageName": .imagePull,
    "ErrImageNeverPull": .imagePull, "ImageInspectError": .imagePull,
    "RegistryUnavailable": .imagePull, "SignatureValidationFailed": .imagePull,
    "CrashLoopBackOff": .crashLoop, "CreateContainerConfigError": .configError,
    "CreateContainerError": .configError, "RunContainerError": .configError,
    "PreStartHookError": .configError, "PostStartHookError": .configError,
  ]
}
