// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import Testing

struct FormTests {
  private let table = "application/json;as=Table;g=meta.k8s.io;v=v1,application/json"

  @Test func `tables have the columns of their kind`() throws {
    let driver = Driver()
    try driver.cluster.load([
      [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": ["name": "p", "creationTimestamp": "2026-10-21T04:07:37Z"],
        "spec": ["containers": [["name": "c"], ["name": "d"]]],
        "status": [
          "phase": "Running",
          "containerStatuses": [["ready": true, "restartCount": 2], ["ready": false]],
        ],
      ]
    ])
    let answer = driver.get("/api/v1/namespaces/default/pods", accept: table)
    let names = answer.body["columnDefinitions"]?.array?.compactMap { $0["name"]?.string }
    #expect(names == ["Name", "Ready", "Status", "Restarts", "Age"])
    let row = answer.body["rows"]?.array?.first
    #expect(row?["cells"]?.array?.dropLast() == ["p", "1/2", "Running", 2])
    #expect(row?[path: "object", "spec"] == nil)
    let whole = driver.get("/api/v1/pods?includeObject=Object", accept: table)
    #expect(whole.body["rows"]?.array?.first?[path: "object", "status", "phase"] == "Running")
  }

  @Test func `what the server cannot write is not acceptable`() {
    #expect(Driver().get("/api/v1/pods", accept: "text/html").status == 406)
    #expect(
      Driver().get("/api/v1/pods", accept: "application/vnd.kubernetes.protobuf, */*").status == 200
    )
  }

  @Test func `protocol buffers are read for the kinds that clients send`() {
    func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
      [number << 3 | 2, UInt8(content.count)] + content
    }
    func text(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }
    let metadata = text(1, "s") + text(2, "") + field(11, text(1, "app") + text(2, "shop"))
    let secret =
      field(1, metadata) + field(2, text(1, "k") + field(2, [0, 255])) + text(3, "Opaque")
    let body =
      [0x6B, 0x38, 0x73, 0] + field(1, text(1, "v1") + text(2, "Secret")) + field(2, secret)
    let driver = Driver()
    func post(_ body: [UInt8], to resource: String) -> SandboxResponse {
      driver.cluster.handle(
        SandboxRequest(
          method: "POST",
          target: "/api/v1/namespaces/default/" + resource,
          headers: [
            SandboxHeader("Authorization", "Bearer " + driver.token),
            SandboxHeader("Content-Type", "application/vnd.kubernetes.protobuf"),
          ],
          body: body
        )
      )
    }
    #expect(post(body, to: "secrets").status == 201)
    let stored = driver.get("/api/v1/namespaces/default/secrets/s").body
    #expect(stored["data"] == ["k": "AP8="])
    #expect(stored[path: "metadata", "labels"] == ["app": "shop"])
    #expect(post(Array(body.dropLast(3)), to: "secrets").status == 415)
    #expect(
      post([0x6B, 0x38, 0x73, 0] + field(1, text(2, "Endpoints")), to: "endpoints").status == 415
    )
  }

  @Test func `documents load as they are, but for what every object has`() throws {
    let driver = Driver()
    let document = """
      { "kind" : "ConfigMap", "data": {"a" : "}\\"{", "n":"\\u00e9"}, "apiVersion":"v1",
        "metadata": {"name":"x","uid":"u-1","labels":{"l":"1"}}, "immutable" : true }
      """
    try driver.cluster.load(documents: [Array(document.utf8)])
    let loaded = driver.get("/api/v1/namespaces/default/configmaps/x").body
    #expect(loaded["data"] == ["a": "}\"{", "n": "é"])
    #expect(loaded["immutable"] == true)
    #expect(loaded[path: "metadata", "uid"] == "u-1")
    #expect(loaded[path: "metadata", "creationTimestamp"] == "2026-10-21T04:08:37Z")
    #expect(driver.get("/api/v1/configmaps?labelSelector=l%3D1").names == ["x"])
    #expect(driver.cluster.objectCount("configmaps") == 1)
  }

  @Test(arguments: [
    "[]", "{\"kind\":\"Nothing\",\"apiVersion\":\"v1\"}", "{\"a\":",
    "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}",
  ])
  func `what is no object is not loaded`(document: String) {
    #expect(throws: SandboxError.self) {
      try SandboxCluster().load(documents: [Array(document.utf8)])
    }
  }

  @Test func `services get addresses and ports of their own`() {
    let driver = Driver()
    var addresses: Set<String> = []
    var ports: Set<Int64> = []
    for number in 0..<20 {
      let answer = driver.send(
        "POST",
        "/api/v1/namespaces/default/services",
        [
          "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string("s\(number)")],
          "spec": ["type": "NodePort", "ports": [["port": 80]]],
        ]
      )
      addresses.insert(answer.body[path: "spec", "clusterIP"]?.string ?? "")
      let port = answer.body[path: "spec", "ports"]?.array?.first?["nodePort"]?.int64
      ports.insert(port ?? 0)
    }
    #expect(addresses.count == 20)
    #expect(ports.count == 20)
    #expect(ports.allSatisfy { (30_000...32_767).contains($0) })
    let patched = driver.send(
      "PATCH",
      "/api/v1/namespaces/default/services/s1",
      ["spec": ["clusterIP": "10.96.9.9"]],
      type: "application/merge-patch+json"
    )
    #expect(patched.status == 422)
  }
}
