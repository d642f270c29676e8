// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

struct PodDemandTests {
  private func demand(_ spec: String) throws -> [String: String] {
    PodDemand(try PreflightModel.object(spec)).amounts.mapValues { "\($0)" }
  }

  @Test func `containers add up, and limits stand in for requests`() throws {
    #expect(
      try demand(
        """
        containers:
        - {name: a, resources: {requests: {cpu: 100m, memory: 1Gi}, limits: {cpu: 1}}}
        - {name: b, resources: {limits: {cpu: 500m, nvidia.com/gpu: 2}}}
        """
      ) == [
        "pods": "1", "requests.cpu": "600m", "requests.memory": "1073741824",
        "requests.nvidia.com/gpu": "2", "limits.cpu": "1500m", "limits.nvidia.com/gpu": "2",
      ]
    )
  }

  @Test func `an init container counts by its peak, a sidecar beside all`() throws {
    let spec = """
      initContainers:
      - {name: first, resources: {requests: {cpu: 2}}}
      - {name: side, restartPolicy: Always, resources: {requests: {cpu: 500m}}}
      - {name: second, resources: {requests: {cpu: 1800m}}}
      containers: [{name: a, resources: {requests: {cpu: 1}}}]
      overhead: {cpu: 10m, memory: 1Mi}
      """
    #expect(try demand(spec)["requests.cpu"] == "2310m")
    #expect(try demand(spec)["requests.memory"] == "1048576")
    #expect(try demand(spec)["limits.cpu"] == nil)
  }

  @Test func `what the pod states as a whole counts`() throws {
    let spec = """
      resources: {requests: {cpu: 3}}
      containers: [{name: a, resources: {requests: {cpu: 1, memory: 5}}}]
      """
    #expect(try demand(spec)["requests.cpu"] == "3")
    #expect(try demand(spec)["requests.memory"] == "5")
  }

  @Test func `what some container leaves open is unstated`() throws {
    let spec = try PreflightModel.object(
      """
      containers:
      - {name: a, resources: {requests: {cpu: 1}, limits: {memory: 1Gi}}}
      - {name: b, resources: {requests: {cpu: 1, memory: 1Gi}}}
      """
    )
    #expect(PodDemand(spec).unstated == ["limits.cpu", "limits.memory"])
  }
}
