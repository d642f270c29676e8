// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Engine

/// Pods, judged by their status and by events.
struct PodJudgementTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var status: String
    var standing: PodStanding

    init(_ name: String, _ status: String, _ standing: PodStanding) {
      testDescription = name
      self.status = status
      self.standing = standing
    }
  }

  private static let scheduled = "{\"type\":\"PodScheduled\",\"status\":\"True\"}"

  private static func pending(_ reason: String, _ message: String) -> String {
    "{\"phase\":\"Pending\",\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"False\","
      + "\"reason\":\"\(reason)\",\"message\":\"\(message)\"}]}"
  }

  private static func container(
    _ state: String,
    _ more: String = "",
    key: String = "containerStatuses"
  ) -> String {
    "{\"phase\":\"Pending\",\"conditions\":[\(scheduled)],\"\(key)\":[{\"name\":\"ok\",\"ready\":true,"
      + "\"state\":{\"running\":{}}},{\"name\":\"web\",\"image\":\"r.example.org/web:1\",\"ready\":"
      + "false,\"restartCount\":5,\"state\":{\(state)}\(more)}]}"
  }

  private static func waiting(_ reason: String, _ message: String = "") -> String {
    "\"waiting\":{\"reason\":\"\(reason)\",\"message\":\"\(message)\"}"
  }

  static let rows: [Row] = [
    Row(
      "running and ready",
      "{\"phase\":\"Running\",\"conditions\":[\(scheduled),{\"type\":\"Ready\",\"status\":\"True\"}]}",
      .ready
    ),
    Row(
      "running and not ready",
      "{\"phase\":\"Running\",\"conditions\":[\(scheduled),{\"type\":\"Ready\",\"status\":\"False\","
        + "\"reason\":\"ContainersNotReady\",\"message\":\"containers with unready status: [web]\"}]}",
      .unready("containers with unready status: [web]")
    ),
    Row("succeeded", "{\"phase\":\"Succeeded\"}", .done),
    Row(
      "evicted",
      "{\"phase\":\"Failed\",\"reason\":\"Evicted\",\"message\":\"The node was low on memory.\"}",
      .stuck(.podFailed, "Evicted: The node was low on memory.")
    ),
    Row(
      "ended with an error",
      "{\"phase\":\"Failed\",\"containerStatuses\":[{\"name\":\"job\",\"state\":{\"terminated\":"
        + "{\"exitCode\":137,\"reason\":\"OOMKilled\"}}}]}",
      .stuck(.podFailed, "container 'job' ended with exit code 137, OOMKilled")
    ),
    Row("new", "{\"phase\":\"Pending\"}", .starting("it waits for a node")),
    Row(
      "placed",
      "{\"phase\":\"Pending\",\"conditions\":[\(scheduled)],\"containerStatuses\":[{\"name\":\"web\","
        + "\"state\":{\(waiting("ContainerCreating"))}}]}",
      .starting("its containers are being made")
    ),
    Row(
      "no node",
      pending("Unschedulable", "0/3 nodes are available: 3 Insufficient memory."),
      .stuck(.unschedulable, "0/3 nodes are available: 3 Insufficient memory.")
    ),
    Row(
      "claims without volumes",
      pending(
        "Unschedulable",
        "0/3 nodes are available: 3 pod has unbound immediate PersistentVolumeClaims."
      ),
      .stuck(
        .unboundClaim,
        "0/3 nodes are available: 3 pod has unbound immediate PersistentVolumeClaims."
      )
    ),
    Row(
      "a claim that is not there",
      pending("Unschedulable", "persistentvolumeclaim \\\"data\\\" not found"),
      .stuck(.unboundClaim, "persistentvolumeclaim \"data\" not found")
    ),
    Row(
      "a volume on another node",
      pending(
        "Unschedulable",
        "0/1 nodes are available: 1 node(s) had volume node affinity conflict."
      ),
      .stuck(
        .unboundClaim,
        "0/1 nodes are available: 1 node(s) had volume node affinity conflict."
      )
    ),
    Row(
      "held back",
      pending("SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates"),
      .starting("its scheduling is held back by a gate")
    ),
    Row(
      "an image that is not there",
      container(waiting("ImagePullBackOff", "Back-off pulling image \\\"r.example.org/web:1\\\"")),
      .stuck(
        .imagePull,
        "image 'r.example.org/web:1' of container 'web': Back-off pulling image "
          + "\"r.example.org/web:1\""
      )
    ),
    Row(
      "an image's name that is none",
      container(waiting("InvalidImageName")),
      .stuck(.imagePull, "image 'r.example.org/web:1' of container 'web': InvalidImageName")
    ),
    Row(
      "a crash loop",
      container(
        waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container=web"),
        ",\"lastState\":{\"terminated\":{\"exitCode\":1,\"reason\":\"Error\"}}"
      ),
      .stuck(.crashLoop, "container 'web' ends with exit code 1 again and again (5 restarts)")
    ),
    Row(
      "a Secret that is not there",
      container(waiting("CreateContainerConfigError", "secret \\\"db\\\" not found")),
      .stuck(.configError, "container 'web': secret \"db\" not found")
    ),
    Row(
      "a command that is not there",
      container(waiting("RunContainerError", "exec: \\\"/bin/x\\\": no such file or directory")),
      .stuck(.configError, "container 'web': exec: \"/bin/x\": no such file or directory")
    ),
    Row(
      "an init container",
      container(waiting("ErrImagePull", "not found"), key: "initContainerStatuses"),
      .stuck(.imagePull, "image 'r.example.org/web:1' of container 'web': not found")
    ),
  ]

  @Test(arguments: rows)
  func `a pod's status says how it stands`(row: Row) throws {
    #expect(try ReadinessFacts.podStatus(row.status).standing == row.standing)
  }

  @Test func `a pod that is being deleted counts for nothing`() throws {
    let facts = try ReadinessFacts.pod(
      "{\"metadata\":{\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"},\"status\":{\"phase\":\"Running\"}}"
    )
    #expect(facts.standing == .leaving)
  }

  @Test func `a pod names its controller, its claims, and labels where they matter`() throws {
    let owned =
      "{\"metadata\":{\"labels\":{\"app\":\"web\"},\"ownerReferences\":[{\"kind\":\"Node\",\"name\":\"n\","
      + "\"uid\":\"1\"},{\"kind\":\"ReplicaSet\",\"name\":\"web-5d\",\"uid\":\"2\",\"controller\":true}]},"
      + "\"spec\":{\"volumes\":[{\"name\":\"a\",\"emptyDir\":{}},{\"name\":\"b\","
      + "\"persistentVolumeClaim\":{\"claimName\":\"data\"}}]}}"
    let pod = try ReadinessFacts.pod(owned)
    #expect(pod.owner?.uid == "2")
    #expect(pod.claims == ["data"])
    #expect(pod.labels.isEmpty)
    #expect(try ReadinessFacts.pod(owned, isTarget: true).labels == ["app": "web"])
    let loose = try ReadinessFacts.pod("{\"metadata\":{\"labels\":{\"app\":\"web\"}}}")
    #expect(loose.labels == ["app": "web"])
  }

  // MARK: Events

  @Test func `a mount that fails is named, as configuration where a Secret is missing`() throws {
    let starting = PodStanding.starting("its containers are being made")
    let missing = try ReadinessFacts.warning(
      "FailedMount",
      "MountVolume.SetUp failed for volume \"tls\" : secret \"tls\" not found"
    )
    #expect(
      ReadinessJudge.standing(starting, [missing])
        == .stuck(
          .configError,
          "MountVolume.SetUp failed for volume \"tls\" : secret \"tls\" not found"
        )
    )
    let attach = try ReadinessFacts.warning("FailedAttachVolume", "Multi-Attach error for volume")
    #expect(
      ReadinessJudge.standing(starting, [attach])
        == .stuck(.volumeMount, "Multi-Attach error for volume")
    )
    #expect(ReadinessJudge.standing(.ready, [attach]) == .ready)
  }

  @Test func `a probe that fails counts from the third time on`() throws {
    let unready = PodStanding.unready("not ready")
    let words = "Readiness probe failed: HTTP probe failed with statuscode: 503"
    for (count, isStuck) in [(1, false), (2, false), (3, true), (40, true)] {
      let event = try ReadinessFacts.warning("Unhealthy", words, count: count)
      let standing = ReadinessJudge.standing(unready, [event])
      #expect(standing == (isStuck ? .stuck(.probeFailing, words) : unready))
    }
  }

  @Test func `events that tell nothing of readiness are not kept`() throws {
    let text =
      "{\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"a\"},\"reason\":\"Pulled\",\"message\":\"m\"}"
    #expect(try ReadinessFacts.event(text) == nil)
    let node =
      "{\"involvedObject\":{\"kind\":\"Node\",\"name\":\"a\"},\"reason\":\"Unhealthy\"}"
    #expect(try ReadinessFacts.event(node) == nil)
    let series =
      "{\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"a\"},\"reason\":\"Unhealthy\",\"message\":\"m\","
      + "\"series\":{\"count\":7}}"
    #expect(try ReadinessFacts.event(series)?.count == 7)
  }

  @Test(
    arguments: zip(
      rows.map(\.standing),
      rows.map { row -> Bool? in
        switch row.standing {
        case .ready, .done: true
        case .starting, .unready: nil
        case .stuck, .leaving: false
        }
      }
    )
  )
  func `a pod that is followed itself stands as its status says`(
    standing: PodStanding,
    isReady: Bool?
  ) throws {
    var pod = JudgedPod(name: "a", try ReadinessFacts.podStatus("{}"), events: [])
    pod.standing = standing
    let state = ReadinessJudge.state(of: pod)
    #expect(state.isReady == (isReady ?? false))
    #expect(state.isWaiting == (isReady == nil))
  }
}
