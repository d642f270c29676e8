// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Engine

/// Services and claims, judged by what is around them.
struct ServiceJudgementTests {
  private func service(_ spec: String, status: String = "{}") throws -> ServiceFacts {
    try ReadinessFacts.service(
      "{\"metadata\":{\"uid\":\"u\"},\"spec\":{\(spec)},\"status\":\(status)}"
    )
  }

  private func state(
    _ facts: ServiceFacts,
    addresses: Known<Int> = .yes(0),
    workloads: Known<[ReadinessState]> = .yes([.ready()]),
    events: [EventFacts] = []
  ) -> ReadinessState {
    ReadinessJudge.state(
      of: facts,
      .init(readyAddresses: addresses, workloads: workloads, events: events)
    )
  }

  private let selecting = "\"selector\":{\"app\":\"web\"}"

  @Test func `a service is ready when an address behind it is`() throws {
    let facts = try service(selecting)
    #expect(state(facts, addresses: .yes(2)) == .ready())
    #expect(state(facts).isWaiting)
    #expect(state(facts, addresses: .notYet).isWaiting)
    #expect(state(facts, addresses: .no("not allowed")) == .unknown("not allowed"))
  }

  @Test func `a service is stuck when all that is behind it is`() throws {
    let facts = try service(selecting)
    let stuck = ReadinessState.stuck(.imagePull, "no image")
    guard case .stuck(.noEndpoints, _) = state(facts, workloads: .yes([stuck, stuck])) else {
      Issue.record("it is not stuck")
      return
    }
    #expect(state(facts, workloads: .yes([stuck, .waiting("soon")])).isWaiting)
  }

  @Test func `what has no pods of the restore behind it is not waited for`() throws {
    #expect(state(try service(""), workloads: .notYet) == .ready())
    #expect(state(try service("\"type\":\"ExternalName\",\"externalName\":\"a\"")) == .ready())
    #expect(
      state(try service(selecting), workloads: .yes([]))
        == .ready(note: "it selects none of the workloads")
    )
    #expect(state(try service(selecting), workloads: .notYet).isWaiting)
    #expect(state(try service(selecting), workloads: .no("why")) == .unknown("why"))
  }

  @Test func `a load balancer's service waits for its address`() throws {
    let balanced = "\"type\":\"LoadBalancer\",\(selecting)"
    #expect(state(try service(balanced), addresses: .yes(1)).isWaiting)
    let event = try ReadinessFacts.warning("SyncLoadBalancerFailed", "no quota for addresses")
    #expect(
      state(try service(balanced), addresses: .yes(1), events: [event])
        == .stuck(.loadBalancer, "no quota for addresses")
    )
    let given = try service(
      balanced,
      status: "{\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.1\"}]}}"
    )
    #expect(state(given, addresses: .yes(1), events: [event]) == .ready())
    #expect(state(given).isWaiting)
  }

  @Test func `ready addresses are counted in slices and in endpoints`() throws {
    let slice = try ReadinessFacts.slice(
      "{\"metadata\":{\"name\":\"web-x\",\"labels\":{\"kubernetes.io/service-name\":\"web\"}},\"endpoints\":"
        + "[{\"addresses\":[\"10.0.0.1\"],\"conditions\":{\"ready\":true}},{\"addresses\":[\"10.0.0.2\"],"
        + "\"conditions\":{\"ready\":false}},{\"addresses\":[\"10.0.0.3\"],\"conditions\":{}}]}"
    )
    #expect(slice?.service == "web")
    #expect(slice?.readyCount == 2)
    #expect(try ReadinessFacts.slice("{\"metadata\":{\"name\":\"a\"},\"endpoints\":null}") == nil)
    let endpoints = try ReadinessFacts.endpoints(
      "{\"metadata\":{\"name\":\"web\"},\"subsets\":[{\"addresses\":[{\"ip\":\"10.0.0.1\"}],"
        + "\"notReadyAddresses\":[{\"ip\":\"10.0.0.2\"}]},{\"addresses\":[{\"ip\":\"10.0.0.3\"}]}]}"
    )
    #expect(endpoints.service == "web")
    #expect(endpoints.readyCount == 2)
  }

  // MARK: Claims

  private func claim(_ spec: String, _ phase: String = "Pending") throws -> ClaimFacts {
    try ReadinessFacts.claim(
      "{\"metadata\":{\"uid\":\"u\"},\"spec\":{\(spec)},\"status\":{\"phase\":\"\(phase)\"}}"
    )
  }

  private func classes() throws -> [String: StorageClassFacts] {
    [
      "fast": try ReadinessFacts.storageClass("{\"volumeBindingMode\":\"Immediate\"}"),
      "local": try ReadinessFacts.storageClass(
        "{\"volumeBindingMode\":\"WaitForFirstConsumer\",\"metadata\":{\"annotations\":{"
          + "\"storageclass.kubernetes.io/is-default-class\":\"true\"}}}"
      ),
    ]
  }

  private func state(
    _ facts: ClaimFacts,
    isUsed: Known<Bool> = .yes(true),
    events: [EventFacts] = []
  ) throws -> ReadinessState {
    ReadinessJudge.state(
      of: facts,
      .init(classes: .yes(try classes()), isUsed: isUsed, events: events)
    )
  }

  @Test func `a claim is ready when it is bound, and stuck when its volume is gone`() throws {
    #expect(try state(try claim("", "Bound")) == .ready())
    #expect(
      try state(try claim("\"volumeName\":\"pv-1\"", "Lost"))
        == .stuck(.unboundClaim, "its volume 'pv-1' is gone")
    )
    #expect(
      try state(try claim("\"volumeName\":\"pv-1\""))
        == .waiting("volume 'pv-1' is not bound to it yet")
    )
  }

  @Test func `a claim whose class waits for a pod is not stuck while none uses it`() throws {
    for spec in ["\"storageClassName\":\"local\"", ""] {
      let facts = try claim(spec)
      #expect(
        try state(facts, isUsed: .yes(false))
          == .ready(note: "its volume is made when a pod uses it")
      )
      #expect(try state(facts).isWaiting)
      #expect(try state(facts, isUsed: .notYet).isWaiting)
      #expect(try state(facts, isUsed: .no("why")) == .unknown("why"))
    }
    #expect(try state(try claim("\"storageClassName\":\"fast\""), isUsed: .yes(false)).isWaiting)
  }

  @Test func `a claim without a class that makes volumes is stuck`() throws {
    #expect(
      try state(try claim("\"storageClassName\":\"gone\""))
        == .stuck(.unboundClaim, "the cluster has no storage class 'gone'")
    )
    #expect(try state(try claim("\"storageClassName\":\"\"")).isStuck)
    let around = ReadinessJudge.ClaimSurroundings(classes: .yes([:]), isUsed: .yes(true))
    #expect(ReadinessJudge.state(of: try claim(""), around).isStuck)
    let unseen = ReadinessJudge.ClaimSurroundings(classes: .no("why"), isUsed: .yes(true))
    #expect(ReadinessJudge.state(of: try claim(""), unseen) == .unknown("why"))
  }

  @Test func `a warning about a claim is its cause`() throws {
    let event = try ReadinessFacts.warning("ProvisioningFailed", "no capacity")
    #expect(
      try state(try claim("\"storageClassName\":\"fast\""), events: [event])
        == .stuck(.unboundClaim, "no capacity")
    )
  }
}
