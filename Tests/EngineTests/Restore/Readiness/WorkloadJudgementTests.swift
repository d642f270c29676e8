// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Engine

/// Deployments and their like, judged by their own status: as `kubectl rollout status` judges them.
struct WorkloadJudgementTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var type: ReadinessType
    var object: String
    var state: ReadinessState

    init(_ name: String, _ type: ReadinessType, _ object: String, _ state: ReadinessState) {
      testDescription = "\(type): \(name)"
      self.type = type
      self.object = object
      self.state = state
    }
  }

  private static func object(_ generation: Int, _ spec: String, _ status: String) -> String {
    "{\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\",\"uid\":\"u\",\"generation\":"
      + "\(generation)},\"spec\":{\(spec)},\"status\":{\(status)}}"
  }

  private static let deployments: [Row] = {
    let running =
      "\"observedGeneration\":1,\"replicas\":3,\"updatedReplicas\":3,\"readyReplicas\":3,"
      + "\"availableReplicas\":3"
    let available =
      "{\"type\":\"Available\",\"status\":\"True\",\"reason\":\"MinimumReplicasAvailable\"}"
    func row(
      _ name: String,
      _ generation: Int,
      _ spec: String,
      _ status: String,
      _ state: ReadinessState
    )
      -> Row
    {
      Row(name, .deployments, object(generation, spec, status), state)
    }
    return [
      row(
        "all are available",
        1,
        "\"replicas\":3",
        "\(running),\"conditions\":[\(available)]",
        .ready()
      ),
      row("new", 1, "\"replicas\":3", "", .waiting("its controller has not seen it yet")),
      row(
        "its change is not seen",
        2,
        "\"replicas\":3",
        running,
        .waiting("its controller has not seen it yet")
      ),
      row(
        "none is made",
        1,
        "\"replicas\":3",
        "\"observedGeneration\":1",
        .waiting("0 of 3 new replicas are made")
      ),
      row(
        "some are available",
        1,
        "\"replicas\":3",
        "\"observedGeneration\":1,\"replicas\":3,\"updatedReplicas\":3,\"availableReplicas\":1,"
          + "\"unavailableReplicas\":2",
        .waiting("1 of 3 replicas are available")
      ),
      row(
        "old ones are left",
        2,
        "\"replicas\":3",
        "\"observedGeneration\":2,\"replicas\":4,\"updatedReplicas\":3,\"availableReplicas\":4",
        .waiting("1 old replica still to go")
      ),
      row(
        "one replica unless said otherwise",
        1,
        "",
        "\"observedGeneration\":1,\"replicas\":1,\"updatedReplicas\":1,\"availableReplicas\":1",
        .ready()
      ),
      row(
        "scaled to 0",
        1,
        "\"replicas\":0",
        "\"observedGeneration\":1",
        .ready(note: "it is scaled to 0")
      ),
      row(
        "paused",
        1,
        "\"replicas\":3,\"paused\":true",
        "\"observedGeneration\":1",
        .ready(note: "it is paused")
      ),
      row(
        "past its deadline",
        1,
        "\"replicas\":3",
        "\"observedGeneration\":1,\"replicas\":3,\"updatedReplicas\":3,\"conditions\":[{\"type\":"
          + "\"Progressing\",\"status\":\"False\",\"reason\":\"ProgressDeadlineExceeded\",\"message\":"
          + "\"ReplicaSet \\\"web-5d\\\" has timed out progressing.\"}]",
        .stuck(.progressDeadline, "ReplicaSet \"web-5d\" has timed out progressing.")
      ),
      row(
        "a quota",
        1,
        "\"replicas\":3",
        "\"observedGeneration\":1,\"unavailableReplicas\":3,\"conditions\":[{\"type\":"
          + "\"ReplicaFailure\",\"status\":\"True\",\"reason\":\"FailedCreate\",\"message\":"
          + "\"pods \\\"web-5d-x\\\" is forbidden: exceeded quota: team, requested: pods=1\"}]",
        .stuck(.quota, "pods \"web-5d-x\" is forbidden: exceeded quota: team, requested: pods=1")
      ),
      row(
        "pods are refused, and the deadline is over",
        1,
        "\"replicas\":3",
        "\"observedGeneration\":1,\"conditions\":[{\"type\":\"Progressing\",\"status\":\"False\","
          + "\"reason\":\"ProgressDeadlineExceeded\",\"message\":\"late\"},{\"type\":"
          + "\"ReplicaFailure\",\"status\":\"True\",\"reason\":\"FailedCreate\",\"message\":"
          + "\"pods \\\"a\\\" is forbidden: violates PodSecurity \\\"restricted:latest\\\"\"}]",
        .stuck(.failedCreate, "pods \"a\" is forbidden: violates PodSecurity \"restricted:latest\"")
      ),
    ]
  }()

  private static let statefulSets: [Row] = {
    func row(
      _ name: String,
      _ generation: Int,
      _ spec: String,
      _ status: String,
      _ state: ReadinessState
    )
      -> Row
    {
      Row(name, .statefulSets, object(generation, spec, status), state)
    }
    let rolling = "\"updateStrategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"partition\":"
    return [
      row(
        "ready",
        1,
        "\"replicas\":2,\(rolling)0}}",
        "\"observedGeneration\":1,\"replicas\":2,\"readyReplicas\":2,\"currentReplicas\":2,"
          + "\"updatedReplicas\":2,\"currentRevision\":\"a\",\"updateRevision\":\"a\"",
        .ready()
      ),
      row(
        "not seen",
        1,
        "\"replicas\":2",
        "\"replicas\":0",
        .waiting("its controller has not seen it yet")
      ),
      row(
        "one of two",
        1,
        "\"replicas\":2,\(rolling)0}}",
        "\"observedGeneration\":1,\"replicas\":2,\"readyReplicas\":1,\"updatedReplicas\":2",
        .waiting("1 of 2 replicas are ready")
      ),
      row(
        "old ones behind a partition",
        2,
        "\"replicas\":3,\(rolling)2}}",
        "\"observedGeneration\":2,\"replicas\":3,\"readyReplicas\":3,\"updatedReplicas\":1",
        .ready()
      ),
      row(
        "old ones before the partition",
        2,
        "\"replicas\":3,\(rolling)1}}",
        "\"observedGeneration\":2,\"replicas\":3,\"readyReplicas\":3,\"updatedReplicas\":1",
        .waiting("1 of 2 replicas are of the new revision")
      ),
      row(
        "two revisions without a partition",
        2,
        "\"replicas\":2",
        "\"observedGeneration\":2,\"replicas\":2,\"readyReplicas\":2,\"updatedReplicas\":1,"
          + "\"currentRevision\":\"a\",\"updateRevision\":\"b\"",
        .waiting("1 replicas are of the new revision")
      ),
      row(
        "replaced only when deleted",
        2,
        "\"replicas\":2,\"updateStrategy\":{\"type\":\"OnDelete\"}",
        "\"observedGeneration\":2,\"replicas\":2,\"readyReplicas\":2,\"updatedReplicas\":0",
        .ready()
      ),
      row("scaled to 0", 1, "\"replicas\":0", "", .ready(note: "it is scaled to 0")),
    ]
  }()

  private static let others: [Row] = [
    Row(
      "on all nodes",
      .daemonSets,
      object(
        1,
        "",
        "\"observedGeneration\":1,\"desiredNumberScheduled\":2,\"currentNumberScheduled\":2,"
          + "\"updatedNumberScheduled\":2,\"numberReady\":2,\"numberAvailable\":2"
      ),
      .ready()
    ),
    Row(
      "on one of two nodes",
      .daemonSets,
      object(
        1,
        "",
        "\"observedGeneration\":1,\"desiredNumberScheduled\":2,\"updatedNumberScheduled\":2,"
          + "\"numberAvailable\":1,\"numberUnavailable\":1"
      ),
      .waiting("1 of 2 pods are available")
    ),
    Row(
      "half made",
      .daemonSets,
      object(
        1,
        "",
        "\"observedGeneration\":1,\"desiredNumberScheduled\":2,"
          + "\"updatedNumberScheduled\":1"
      ),
      .waiting("1 of 2 new pods are made")
    ),
    Row(
      "for no node",
      .daemonSets,
      object(1, "", "\"observedGeneration\":1,\"desiredNumberScheduled\":0"),
      .ready(note: "no node is to have it")
    ),
    Row(
      "new",
      .daemonSets,
      object(1, "", "\"currentNumberScheduled\":0,\"desiredNumberScheduled\":0"),
      .waiting("its controller has not seen it yet")
    ),
    Row(
      "available",
      .replicaSets,
      object(
        1,
        "\"replicas\":1",
        "\"observedGeneration\":1,\"replicas\":1,\"availableReplicas\":1"
      ),
      .ready()
    ),
    Row(
      "lacking",
      .replicationControllers,
      object(
        1,
        "\"replicas\":2,\"selector\":{\"app\":\"web\"}",
        "\"observedGeneration\":1,\"replicas\":2,\"availableReplicas\":1"
      ),
      .waiting("1 of 2 replicas are available")
    ),
    Row(
      "done",
      .jobs,
      object(1, "", "\"succeeded\":1,\"conditions\":[{\"type\":\"Complete\",\"status\":\"True\"}]"),
      .ready(note: "it is done")
    ),
    Row(
      "failed",
      .jobs,
      object(
        1,
        "\"backoffLimit\":0",
        "\"failed\":1,\"conditions\":[{\"type\":\"Failed\",\"status\":"
          + "\"True\",\"reason\":\"BackoffLimitExceeded\",\"message\":\"Job has reached the specified "
          + "backoff limit\"}]"
      ),
      .stuck(.jobFailed, "BackoffLimitExceeded: Job has reached the specified backoff limit")
    ),
    Row("suspended", .jobs, object(1, "\"suspend\":true", ""), .ready(note: "it is suspended")),
    Row("at work", .jobs, object(1, "", "\"active\":1,\"ready\":1"), .ready(note: "it runs")),
    Row(
      "not begun",
      .jobs,
      object(1, "", "\"active\":1,\"ready\":0"),
      .waiting("none of its pods runs yet")
    ),
    Row(
      "any",
      .cronJobs,
      object(1, "\"schedule\":\"@daily\",\"suspend\":false", "\"active\":[{\"name\":\"a\"}]"),
      .ready()
    ),
    Row(
      "suspended",
      .cronJobs,
      object(1, "\"suspend\":true", ""),
      .ready(note: "it is suspended")
    ),
  ]

  @Test(arguments: deployments + statefulSets + others)
  func `a workload is ready when its status says so of what is wanted now`(row: Row) throws {
    let facts = try ReadinessFacts.controller(row.object)
    #expect(ReadinessJudge.state(of: facts, row.type) == row.state)
  }

  @Test func `what is being deleted is stuck, whatever its status says`() throws {
    let facts = try ReadinessFacts.controller(
      "{\"metadata\":{\"uid\":\"u\",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"},\"spec\":"
        + "{\"replicas\":0}}"
    )
    #expect(ReadinessJudge.state(of: facts, .deployments).isStuck)
  }

  // MARK: With pods

  private func waiting(_ replicas: Int) throws -> ControllerFacts {
    try ReadinessFacts.controller(
      Self.object(1, "\"replicas\":\(replicas)", "\"observedGeneration\":1")
    )
  }

  private func pod(_ name: String, _ standing: PodStanding) throws -> JudgedPod {
    var pod = JudgedPod(name: name, try ReadinessFacts.podStatus("{}"), events: [])
    pod.standing = standing
    return pod
  }

  @Test func `what holds most of the pods up is the workload's cause`() throws {
    let pods = [
      try pod("c", .stuck(.crashLoop, "c crashes")), try pod("b", .stuck(.imagePull, "no image")),
      try pod("a", .stuck(.crashLoop, "a crashes")), try pod("d", .ready),
      try pod("e", .leaving),
    ]
    #expect(
      ReadinessJudge.state(of: try waiting(4), .deployments, pods: pods)
        == .stuck(.crashLoop, "2 of 4 pods, 'a' among them: a crashes")
    )
  }

  @Test func `a ready workload is ready, whatever one of its pods says`() throws {
    let facts = try ReadinessFacts.controller(
      Self.object(1, "\"replicas\":1", "\"observedGeneration\":1,\"availableReplicas\":1")
    )
    let pods = [try pod("a", .stuck(.crashLoop, "no"))]
    #expect(ReadinessJudge.state(of: facts, .replicaSets, pods: pods) == .ready())
  }

  @Test func `failed pods count for Jobs, and are left behind by others`() throws {
    let pods = [try pod("a", .stuck(.podFailed, "Evicted"))]
    #expect(ReadinessJudge.state(of: try waiting(1), .replicaSets, pods: pods).isWaiting)
    let job = try ReadinessFacts.controller(Self.object(1, "", "\"failed\":1"))
    #expect(
      ReadinessJudge.state(of: job, .jobs, pods: pods) == .stuck(.podFailed, "pod 'a': Evicted")
    )
  }

  @Test func `warnings of pods that cannot be made count as long as pods are missing`() throws {
    let events = [
      try ReadinessFacts.warning(
        "FailedCreate",
        "create Pod db-0 in StatefulSet db failed error: pods \"db-0\" is forbidden: exceeded quota: "
          + "team, requested: pods=1"
      )
    ]
    let facts = try waiting(1)
    let state = ReadinessJudge.state(of: facts, .statefulSets, events: events)
    guard case .stuck(.quota, let words) = state else {
      Issue.record("it is \(state)")
      return
    }
    #expect(words.contains("exceeded quota: team"))
    let pods = [try pod("db-0", .starting("it waits for a node"))]
    for replicas in [1, 3] {
      let facts = try waiting(replicas)
      #expect(
        ReadinessJudge.state(of: facts, .statefulSets, pods: pods, events: events)
          == .waiting("0 of \(replicas) replicas are ready"),
        "one is on its way"
      )
    }
  }
}
