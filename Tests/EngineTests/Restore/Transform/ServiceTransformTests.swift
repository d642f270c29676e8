// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

struct ServiceTransformTests {
  private static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

  private func service(
    annotations: JSONValue = [:],
    managed: [JSONValue] = [],
    spec: JSONValue = [:]
  ) -> JSONValue {
    var object: JSONValue = [
      "metadata": ["name": "s", "annotations": annotations],
      "spec": [
        "clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"], "type": "NodePort",
        "ports": [
          ["name": "web", "port": 80, "protocol": "TCP", "nodePort": 30080],
          ["name": "admin", "port": 81, "protocol": "TCP", "nodePort": 30081],
        ],
      ],
    ]
    if !managed.isEmpty { object["metadata"]?["managedFields"] = .array(managed) }
    object["spec"] = MergePatch.apply(spec, to: object["spec"] ?? [:])
    return object
  }

  private func nodePorts(_ object: JSONValue, keeps: Bool = false) -> [Int64?] {
    let ports = ServiceTransform.apply(object, keepsNodePorts: keeps).object[path: "spec", "ports"]
    return ports?.array?.map { $0["nodePort"]?.int64 } ?? []
  }

  private func health(_ object: JSONValue) -> Int64? {
    ServiceTransform.apply(object, keepsNodePorts: false)
      .object[path: "spec", "healthCheckNodePort"]?.int64
  }

  @Test func `addresses are given up, but "None"`() {
    let plain = ServiceTransform.apply(service(), keepsNodePorts: true).object["spec"]
    #expect(plain?["clusterIP"] == nil && plain?["clusterIPs"] == nil)
    let headless = service(spec: ["clusterIP": "None", "clusterIPs": ["None"]])
    let spec = ServiceTransform.apply(headless, keepsNodePorts: false).object["spec"]
    #expect(spec?["clusterIP"] == "None" && spec?["clusterIPs"] == ["None"])
  }

  @Test func `node ports are given up unless they are to be preserved`() {
    #expect(nodePorts(service()) == [nil, nil])
    #expect(nodePorts(service(), keeps: true) == [30080, 30081])
    #expect(nodePorts(service(spec: ["type": "ExternalName"])) == [30080, 30081])
  }

  @Test func `a port that was applied with its number is kept, by name or by number`() {
    let named =
      #"{"spec":{"ports":[{"name":"admin","port":81,"nodePort":30081},{"name":"web","port":80}]}}"#
    #expect(nodePorts(service(annotations: [Self.lastApplied: .string(named)])) == [nil, 30081])
    let unnamed = #"{"spec":{"ports":[{"port":80,"nodePort":30080}]}}"#
    let ports: JSONValue = [["port": 80, "nodePort": 30080], ["port": 81, "nodePort": 30081]]
    #expect(
      nodePorts(
        service(annotations: [Self.lastApplied: .string(unnamed)], spec: ["ports": ports])
      ) == [30080, nil]
    )
  }

  @Test func `without the annotation the managers of fields decide`() {
    let fields: JSONValue = [
      "fieldsV1": [
        "f:spec": [
          "f:ports": [
            #"k:{"port":80,"protocol":"TCP"}"#: [".": [:], "f:nodePort": [:]],
            #"k:{"port":81,"protocol":"TCP"}"#: [".": [:]],
          ]
        ]
      ]
    ]
    #expect(nodePorts(service(managed: [fields])) == [30080, nil])
    let applied: JSONValue = [Self.lastApplied: #"{"spec":{}}"#]
    #expect(nodePorts(service(annotations: applied, managed: [fields])) == [nil, nil])
  }

  @Test func `an annotation that is no JSON keeps the ports and is told`() {
    let result = ServiceTransform.apply(
      service(annotations: [Self.lastApplied: "{"]),
      keepsNodePorts: false
    )
    #expect(result.warning?.contains("is no JSON") == true)
    #expect(result.object[path: "spec", "ports"] == service()[path: "spec", "ports"])
  }

  @Test
  func `the port of health checks is given up by local load balancers that did not choose it`() {
    let local: JSONValue = [
      "type": "LoadBalancer", "externalTrafficPolicy": "Local", "healthCheckNodePort": 31000,
    ]
    #expect(health(service(spec: local)) == nil)
    var other = local
    other["externalTrafficPolicy"] = "Cluster"
    #expect(health(service(spec: other)) == 31000)
    let applied: JSONValue = [Self.lastApplied: #"{"spec":{"healthCheckNodePort":31000}}"#]
    #expect(health(service(annotations: applied, spec: local)) == 31000)
    let managed: JSONValue = ["fieldsV1": ["f:spec": ["f:healthCheckNodePort": [:]]]]
    #expect(health(service(managed: [managed], spec: local)) == 31000)
  }
}
