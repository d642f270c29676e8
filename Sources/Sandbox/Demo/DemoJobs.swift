// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// One run of a CronJob.
struct DemoRun {
  /// When it started, before the present.
  var started: DemoAge
  var seconds: Int64
  var exitCode = 0
}

extension DemoScene {
  /// Adds a CronJob with the jobs of some runs and their pods.
  mutating func addCronJob(_ workload: DemoWorkload, schedule: String, runs: [DemoRun]) {
    var metadata = workload.metadata().with(\.manager, workload.manager)
    metadata.generation = 1
    var status: JSONValue = [:]
    if let last = runs.last {
      status["lastScheduleTime"] = time(last.started)
      if last.exitCode == 0 {
        status["lastSuccessfulTime"] = time(last.started.later(last.seconds))
      }
    }
    let owner = add(
      .cronJob,
      metadata,
      [
        "spec": [
          "schedule": .string(schedule), "timeZone": "Etc/UTC", "concurrencyPolicy": "Forbid",
          "suspend": false, "jobTemplate": ["metadata": [:], "spec": jobSpec(workload)],
          "successfulJobsHistoryLimit": 2, "failedJobsHistoryLimit": 1,
        ],
        "status": status,
      ]
    )
    // A real job's name ends with the minute it was due; these do not change with the present.
    let bytes = DemoIdentity.bytes("minute/\(workload.namespace)/\(workload.name)", count: 2)
    let first = 29_550_000 + bytes.reduce(0) { $0 * 256 + Int($1) } % 9000
    for (index, run) in runs.enumerated() {
      addJob(workload, name: "\(workload.name)-\(first + 1440 * index)", run: run, owner: owner)
    }
  }

  /// Adds a Job that has ended, with its pod.
  mutating func addJob(
    _ workload: DemoWorkload,
    name: String,
    run: DemoRun,
    owner: DemoReference? = nil
  ) {
    let end = run.started.later(run.seconds)
    var metadata = DemoMetadata(
      name,
      in: workload.namespace,
      labels: workload.podLabels,
      age: run.started,
      owner: owner
    )
    metadata.generation = 1
    let uid = DemoReference(kind: .job, namespace: workload.namespace, name: name).uid
    let labels = [
      "batch.kubernetes.io/controller-uid": uid, "batch.kubernetes.io/job-name": name,
      "controller-uid": uid, "job-name": name,
    ]
    var spec = jobSpec(workload, labels: labels)
    spec["selector"] = selector(["batch.kubernetes.io/controller-uid": uid])
    spec["suspend"] = false
    let job = add(.job, metadata, ["spec": spec, "status": jobStatus(run, end: end)])
    var placed = workload
    placed.podAge = run.started
    let suffix = DemoIdentity.suffix("\(workload.namespace)/\(name)", length: 5)
    addPod(
      placed,
      name: "\(name)-\(suffix)",
      index: Int(run.started.seconds),
      owner: job,
      labels: labels,
      state: .finished(exitCode: run.exitCode, end)
    )
  }

  private func jobSpec(_ workload: DemoWorkload, labels: [String: String] = [:]) -> JSONValue {
    [
      "parallelism": 1, "completions": 1, "activeDeadlineSeconds": 3600, "backoffLimit": 0,
      "template": [
        "metadata": ["labels": .texts(workload.podLabels.merging(labels) { $1 })],
        "spec": workload.podSpec(restartPolicy: "Never"),
      ],
      "completionMode": "NonIndexed",
    ]
  }

  private func jobStatus(_ run: DemoRun, end: DemoAge) -> JSONValue {
    let type = run.exitCode == 0 ? "Complete" : "Failed"
    var condition: JSONValue = [
      "type": .string(type), "status": "True", "lastProbeTime": time(end),
      "lastTransitionTime": time(end),
    ]
    if run.exitCode != 0 {
      condition["reason"] = "BackoffLimitExceeded"
      condition["message"] = "Job has reached the specified backoff limit"
    }
    var status: JSONValue = ["conditions": [condition], "startTime": time(run.started)]
    if run.exitCode == 0 { status["completionTime"] = time(end) }
    status[run.exitCode == 0 ? "succeeded" : "failed"] = 1
    status["uncountedTerminatedPods"] = [:]
    status["ready"] = 0
    return status
  }
}
