// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// A port of a service.
struct DemoPort {
  var name: String
  var port: Int
  /// The port of the pods behind it.
  var target: Int
  var protocolName = "TCP"
}

extension DemoScene {
  /// Adds a Service with the Endpoints and the EndpointSlice of its pods; without an address it is headless.
  mutating func addService(
    _ metadata: DemoMetadata,
    selector: [String: String],
    address: String?,
    ports: [DemoPort],
    pods: [DemoPod],
    type: String = "ClusterIP"
  ) {
    let owner = add(
      .service,
      metadata,
      [
        "spec": serviceSpec(selector, address: address, ports: ports, type: type),
        "status": type == "LoadBalancer"
          ? ["loadBalancer": ["ingress": [["ip": "203.0.113.24", "ipMode": "VIP"]]]]
          : ["loadBalancer": [:]],
      ]
    )
    addEndpoints(metadata, ports: ports, pods: pods)
    addEndpointSlice(metadata, owner: owner, ports: ports, pods: pods)
  }

  private func serviceSpec(
    _ selector: [String: String],
    address: String?,
    ports: [DemoPort],
    type: String
  ) -> JSONValue {
    let isBalanced = type == "LoadBalancer"
    var spec: JSONValue = [
      "ports": .array(
        ports.map { port in
          var value: JSONValue = [
            "name": .string(port.name), "protocol": .string(port.protocolName),
            "port": .int(port.port), "targetPort": .int(port.target),
          ]
          if isBalanced { value["nodePort"] = .int(30_000 + port.port % 2768) }
          return value
        }
      ),
      "clusterIP": .string(address ?? "None"),
      "clusterIPs": [.string(address ?? "None")], "type": .string(type),
      "sessionAffinity": "None", "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack",
      "internalTrafficPolicy": "Cluster",
    ]
    if !selector.isEmpty { spec["selector"] = .texts(selector) }
    if isBalanced {
      spec["externalTrafficPolicy"] = "Local"
      spec["allocateLoadBalancerNodePorts"] = true
      spec["healthCheckNodePort"] = 31_942
    }
    return spec
  }

  private mutating func addEndpoints(
    _ service: DemoMetadata,
    ports: [DemoPort],
    pods: [DemoPod]
  ) {
    func addresses(_ pods: [DemoPod]) -> JSONValue {
      .array(
        pods.map { pod in
          [
            "ip": .string(pod.address), "nodeName": .string(pod.node),
            "targetRef": pod.reference.objectReference,
          ]
        }
      )
    }
    var subset: JSONValue = [:]
    let ready = pods.filter(\.isReady)
    let waiting = pods.filter { !$0.isReady }
    if !ready.isEmpty { subset["addresses"] = addresses(ready) }
    if !waiting.isEmpty { subset["notReadyAddresses"] = addresses(waiting) }
    subset["ports"] = .array(
      ports.map {
        ["name": .string($0.name), "port": .int($0.target), "protocol": .string($0.protocolName)]
      }
    )
    let metadata = DemoMetadata(
      service.name,
      in: service.namespace,
      labels: service.labels.merging(
        ["endpoints.kubernetes.io/managed-by": "endpoint-controller"]
      ) { $1 },
      annotations: [
        "endpoints.kubernetes.io/last-change-trigger-time": timeText(.days(6).later(30))
      ],
      age: service.age
    )
    add(.endpoints, metadata, pods.isEmpty ? [:] : ["subsets": [subset]])
  }

  private mutating func addEndpointSlice(
    _ service: DemoMetadata,
    owner: DemoReference,
    ports: [DemoPort],
    pods: [DemoPod]
  ) {
    let suffix = DemoIdentity.suffix("slice/\(service.namespace ?? "")/\(service.name)", length: 5)
    var metadata = DemoMetadata(
      "\(service.name)-\(suffix)",
      in: service.namespace,
      labels: service.labels.merging([
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        "kubernetes.io/service-name": service.name,
      ]) { $1 },
      age: service.age,
      owner: owner
    )
    metadata.generation = 7
    add(
      .endpointSlice,
      metadata,
      [
        "addressType": "IPv4",
        "endpoints": .array(
          pods.map { pod in
            let isReady = JSONValue.bool(pod.isReady)
            return [
              "addresses": [.string(pod.address)],
              "conditions": ["ready": isReady, "serving": isReady, "terminating": false],
              "targetRef": pod.reference.objectReference, "nodeName": .string(pod.node),
            ]
          }
        ),
        "ports": .array(
          ports.map {
            [
              "name": .string($0.name), "protocol": .string($0.protocolName),
              "port": .int($0.target),
            ]
          }
        ),
      ]
    )
  }

  /// Adds an Ingress for one host with TLS; `paths` are paths with the services behind them.
  mutating func addIngress(
    _ metadata: DemoMetadata,
    host: String,
    tlsSecret: String,
    paths: KeyValuePairs<String, String>
  ) {
    let rules: JSONValue = .array(
      paths.map { path, service in
        [
          "path": .string(path), "pathType": "Prefix",
          "backend": ["service": ["name": .string(service), "port": ["name": "http"]]],
        ]
      }
    )
    add(
      .ingress,
      metadata.with(\.generation, 1),
      [
        "spec": [
          "ingressClassName": "nginx",
          "tls": [["hosts": [.string(host)], "secretName": .string(tlsSecret)]],
          "rules": [["host": .string(host), "http": ["paths": rules]]],
        ],
        "status": ["loadBalancer": ["ingress": [["ip": "203.0.113.24"]]]],
      ]
    )
  }
}
